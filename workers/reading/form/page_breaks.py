"""Tables that a page breaks: put together again, and with them the rows that the break cut through their lines of text.

Word processors let a row go on over the page: 7.属于 with its numbers on one page, 行政执法案卷 on the next. Two parts
are taken for one row only where their texts together are a label of the form, and neither part is one by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from workers.reading.content import Block, Cell, Grid, grid_of
from workers.reading.form.cell_value import is_value

_SAME_EDGE = 3.0
_MOST_HEADING_ROWS = 4

IsLabel = Callable[[str], bool]


def over_page_breaks(blocks: Sequence[Block], is_label: IsLabel) -> list[Grid]:
    """The tables in order; one that goes on at the top of the next page, with the same columns, is one table.

    ``is_label`` tells whether a text is a label or a heading of the form.
    """
    grids: list[Grid] = []
    ends = before = None
    for block in blocks:
        if not isinstance(block, Grid):
            before = None
            continue
        pages, edges = _pages(block), _edges(block)
        if before is not None and ends is not None and pages and pages[0] == ends + 1 and _agree(edges, _edges(before)):
            block = _joined(before, block, is_label)
            grids.pop()
        grids.append(block)
        before, ends = block, pages[-1] if pages else None
    return grids


def _pages(grid: Grid) -> list[int]:
    return sorted({cell.place.page for row in grid.rows for cell in row if cell is not None and cell.place.page})


def _edges(grid: Grid) -> list[float]:
    """Where its columns begin and end, to the width of a line."""
    edges: list[float] = []
    boxes = [cell.place.bbox for row in grid.rows for cell in row if cell is not None and cell.place.bbox]
    for value in sorted({x for box in boxes for x in (box[0], box[2])}):
        if not edges or value - edges[-1] > _SAME_EDGE:
            edges.append(value)
    return edges


def _agree(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _SAME_EDGE for a, b in zip(one, other, strict=True))


def _joined(above: Grid, below: Grid, is_label: IsLabel) -> Grid:
    lines = [above.own_cells(row) for row in range(len(above.rows))]
    rest = [below.own_cells(row) for row in range(len(below.rows))]
    repeated = 0
    while repeated < min(_MOST_HEADING_ROWS, len(rest) - 1, len(lines)) and _same(lines[repeated], rest[repeated]):
        repeated += 1
    rest = rest[repeated:]
    shift = len(lines) - repeated
    going_on = {column for column, cell in enumerate(above.rows[-1]) if cell is not None and cell.height > 1}
    if _is_one_row(lines[-1], [cell for cell in rest[0] if cell.text or cell.column not in going_on], is_label):
        parts = {(cell.column, cell.width): cell for cell in rest[0]}
        lines[-1] = [_with_rest(cell, parts.get((cell.column, cell.width))) for cell in lines[-1]]
        rest = rest[1:]
        shift -= 1
    lines += [[replace(cell, row=cell.row + shift) for cell in row] for row in rest]
    return grid_of(lines, page=above.page)


def _same(one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether two rows are the same heading: with numbers in it a row is none."""
    texts = [cell.text for cell in one]
    return texts == [cell.text for cell in other] and any(texts) and not any(map(is_value, texts))


def _with_rest(cell: Cell, rest: Cell | None) -> Cell:
    if rest is None or not rest.text.strip():
        return cell
    # A number stands where its part of the row does.
    place = rest.place if not cell.text.strip() else cell.place
    return replace(cell, text="\n".join(filter(None, (cell.text, rest.text))), place=place)


def _is_one_row(above: Sequence[Cell], below: Sequence[Cell], is_label: IsLabel) -> bool:
    """Whether the last row of a page and the first of the next are one: together they have one label."""
    whole = {(cell.column, cell.width): cell.text.strip() for cell in above if cell.height == 1}
    parts = {(cell.column, cell.width): cell.text.strip() for cell in below if cell.height == 1}
    if not whole or whole.keys() != parts.keys():
        return False
    pairs = [(text, parts[where]) for where, text in whole.items()]
    values = [any(is_value(text) for text in side) for side in zip(*pairs, strict=True)]
    if all(values):
        return False
    cut = [(one, other) for one, other in pairs if one and other]
    if cut:
        whole_labels = all(is_label(one + other) for one, other in cut)
        return whole_labels and any(not is_label(one) and not is_label(other) for one, other in cut)
    # The label stands on one page and its numbers on the other, where nothing else does.
    labels = [[text for text in side if text and not is_value(text)] for side in zip(*pairs, strict=True)]
    if any(cell.text.strip() for cell in below if cell.height > 1) or not any(values) or all(labels):
        return False
    with_numbers, with_label = (0, 1) if values[0] else (1, 0)
    return not labels[with_numbers] and any(map(is_label, labels[with_label]))
