"""From a plan to the moves of a reply, and from moves to a text."""

from __future__ import annotations

from replykit.write.compose import compose, subject_line
from replykit.write.offline import as_move, write_move, write_offline
from replykit.write.story import Story, Wording

__all__ = ["Story", "Wording", "as_move", "compose", "subject_line", "write_move", "write_offline"]
