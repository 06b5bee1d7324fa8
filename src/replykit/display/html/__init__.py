"""HTML for notebooks and reports: nothing from outside the page, everything escaped, light and dark."""

from replykit.display.html.charts import Bar, Series, bars, calibration, confusion, grouped_bars
from replykit.display.html.frame import fragment, page, render, section
from replykit.display.html.marks import Mark, excerpts, pieces
from replykit.display.html.tables import table
from replykit.display.html.trends import columns, heat

__all__ = [
    "Bar",
    "Mark",
    "Series",
    "bars",
    "calibration",
    "columns",
    "confusion",
    "excerpts",
    "fragment",
    "grouped_bars",
    "heat",
    "page",
    "pieces",
    "render",
    "section",
    "table",
]
