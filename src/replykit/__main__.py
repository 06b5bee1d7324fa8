"""`python -m replykit` is the command line."""

from __future__ import annotations

from replykit.cli import main

if __name__ == "__main__":
    main()
