"""Tables for pages: a head, rows, numbers set flush right; where the page is narrow, a row becomes a small list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup

from replykit.display.html.frame import render

MOST_NARROW = 2
"""More columns than this do not fit on a telephone."""

Cell = str | int | float | Markup | None


def table(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], *, numbers: Collection[int] = (), caption: str = ""
) -> Markup:
    """A table.

    Args:
        head: The names of the columns.
        rows: The cells of each row; plain text is escaped, None is an empty cell.
        numbers: Which columns hold numbers.
        caption: What the table shows, for those who cannot see it.
    """
    cells = [["" if cell is None else cell for cell in row] for row in rows]
    return render(
        "table", head=list(head), rows=cells, numbers=set(numbers), caption=caption, stack=len(head) > MOST_NARROW
    )
