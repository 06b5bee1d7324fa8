"""A customer's words are shown to a terminal, never obeyed by it."""

from __future__ import annotations

import re

# C0 and C1 controls but for tab and line feed, and the marks that turn the reading direction: a message could use
# them to move the cursor, to rename the window or to show other words than it holds.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with line ends as line feeds and every control character as a visible sign, one for one."""
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
