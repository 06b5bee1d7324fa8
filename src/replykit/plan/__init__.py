"""From a classified complaint and a policy to the moves of a reply; pure, and the same every time."""

from __future__ import annotations

from replykit.plan.conditions import verify_conditions
from replykit.plan.cues import Cues
from replykit.plan.decide import decide, reasons_for_review
from replykit.plan.kinds import GRAVE
from replykit.plan.situation import Case, Situation, open_case

__all__ = ["GRAVE", "Case", "Cues", "Situation", "decide", "open_case", "reasons_for_review", "verify_conditions"]
