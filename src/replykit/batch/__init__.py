"""Thousands of complaints: rows in, drafts out, none lost and none drafted twice."""

from replykit.batch.desk import Terms
from replykit.batch.engine import run_batch
from replykit.batch.rows import Source
from replykit.batch.settings import KitSettings
from replykit.batch.summary import Summary
from replykit.batch.waves import run_waves

__all__ = ["KitSettings", "Source", "Summary", "Terms", "run_batch", "run_waves"]
