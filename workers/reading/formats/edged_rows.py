"""Tables whose rows say where their cells' edges stand, as binary Word and RTF write them: made into a grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from report.figure import Place
from workers.reading.content import PLAIN, Cell, Grid, Piece, grid_of
from workers.reading.errors import ReadError, ReadErrorKind

# Rows of one table are not set to the very twip (a twentieth of a point).
_SAME_EDGE = 30
_MOST_CELLS = 100_000


@dataclass(frozen=True, slots=True)
class EdgedCell:
    """One cell as its row describes it: text, left and right edge in twips.

    ``goes_on_below``: it opens a vertical merge; ``from_above``: it is the rest of one. ``from_left``: it is the rest
    of a horizontal merge. ``pieces``: what stands in it besides its text.
    """

    text: str
    left: int
    right: int
    goes_on_below: bool = False
    from_above: bool = False
    from_left: bool = False
    pieces: tuple[Piece, ...] = ()


def grid_of_edges(rows: Sequence[Sequence[EdgedCell]], table: int) -> Grid:
    """The grid of a table; ``table`` is its number in the document. Raises ReadError where it is beyond all size."""
    if sum(len(row) for row in rows) > _MOST_CELLS:
        raise ReadError(ReadErrorKind.TOO_LARGE, "表格大得不合常理；请确认这是年报后由人工处理。")
    edges: list[int] = []
    for edge in sorted({edge for row in rows for cell in row for edge in (cell.left, cell.right)}):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    lines: list[list[Cell]] = []
    open_below: dict[int, Cell] = {}
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        for edged in row:
            column = _index(edges, edged.left)
            width = max(_index(edges, edged.right) - column, 1)
            above = open_below.get(column)
            if edged.from_left and cells and not edged.text.strip() and not edged.pieces:
                wider = cells[-1]._replace(width=column + width - cells[-1].column)
                open_below = {at: wider if cell is cells[-1] else cell for at, cell in open_below.items()}
                cells[-1] = wider
                continue
            if (
                edged.from_above
                and above is not None
                and above.width == width
                and not edged.text.strip()
                and not edged.pieces
            ):
                taller = above._replace(height=above.height + 1)
                lines[above.row] = [taller if each is above else each for each in lines[above.row]]
                open_below[column] = taller
                continue
            place = Place(table=table, row=number, column=column)
            cell = Cell(edged.text, number, column, 1, width, place, pieces=edged.pieces, confirmed_by=PLAIN)
            cells.append(cell)
            open_below.pop(column, None)
            if edged.goes_on_below:
                open_below[column] = cell
        lines.append(cells)
    return grid_of(lines)


def _index(edges: Sequence[int], value: int) -> int:
    return max(bisect_right(edges, value) - 1, 0)
