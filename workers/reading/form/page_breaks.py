"""Tables that a page breaks: put together again, and with them the cells that the break cut through.

Word processors let a row go on over the page: 7.属于 with its numbers on one page, 行政执法案卷 on the next, or 165 on
one and the last digit of 1658 on the other. A page also ends between two rows, through a cell that reaches over both.
Which it is, the label of the row says: its two parts together are one of the form, or one of them is empty. What two
parts of a cell say is kept, a line each; that two lines are one number is for its sums to say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
        pages = _pages(block)
        if before is not None and ends is not None and pages and pages[0] == ends + 1:
            pair = _on_same_columns(before, block)
            if pair is not None:
                block = _joined(*pair, is_label)
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


def _on_same_columns(above: Grid, below: Grid) -> tuple[Grid, Grid] | None:
    """Both with the columns of the one that has more, None where they are not parts of one table.

    On a page with the head or the last rows alone a column of labels is not divided.
    """
    edges = [_edges(above), _edges(below)]
    fewer, more = sorted(edges, key=len)
    if len(fewer) < 2 or not (_near(fewer[0], more[0]) and _near(fewer[-1], more[-1])):
        return None
    if not all(any(_near(one, other) for other in more) for one in fewer):
        return None
    if len(fewer) == len(more):
        return above, below
    return (_on_columns(above, more), below) if edges[1] is more else (above, _on_columns(below, more))


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_EDGE


def _on_columns(grid: Grid, edges: Sequence[float]) -> Grid:
    rows = []
    for row in range(len(grid.rows)):
        cells = []
        for cell in grid.own_cells(row):
            left, right = (cell.place.bbox or (edges[0], 0, edges[-1], 0))[0::2]
            column = bisect_left(edges, left - _SAME_EDGE)
            cells.append(cell._replace(column=column, width=max(bisect_left(edges, right - _SAME_EDGE) - column, 1)))
        rows.append(cells)
    return grid_of(rows, page=grid.page)


def _joined(above: Grid, below: Grid, is_label: IsLabel) -> Grid:
    lines = [above.own_cells(row) for row in range(len(above.rows))]
    rest = [below.own_cells(row) for row in range(len(below.rows))]
    repeated = 0
    most = min(_MOST_HEADING_ROWS, len(rest) - 1, len(lines))
    while repeated < most and _same(lines[repeated], rest[repeated], after_heading=repeated > 0):
        repeated += 1
    last = len(lines) - 1
    over = dict.fromkeys(cell for cell in above.rows[last] if cell is not None)
    ending = {(cell.column, cell.width): cell for cell in over}
    break_ = _Break(ending, rest[repeated], _first_of_values(above, below), is_label)
    one_row = break_.is_within_a_row()
    shift = len(lines) - repeated - one_row
    parts = {id(cell): (ending[cell.column, cell.width], cell) for cell in break_.going_on(one_row)}
    grown: dict[int, Cell] = {}
    for cell, part in parts.values():
        height = last + 1 - cell.row + part.height - one_row
        grown[id(cell)] = _with_rest(cell, part, height)
    lines = [[grown.get(id(cell), cell) for cell in row] for row in lines]
    new = [[each._replace(row=each.row + shift) for each in row if id(each) not in parts] for row in rest[repeated:]]
    if one_row:
        lines[-1] = sorted([*lines[-1], *new.pop(0)], key=lambda cell: cell.column)
    return grid_of([*lines, *new], page=above.page)


def _same(one: Sequence[Cell], other: Sequence[Cell], *, after_heading: bool) -> bool:
    """Whether two rows are the same heading: with numbers in it a row is one only where headings that repeat say so."""
    texts = [cell.text for cell in one]
    return texts == [cell.text for cell in other] and any(texts) and (after_heading or not any(map(is_value, texts)))


def _first_of_values(*grids: Grid) -> int:
    """The column where most rows begin to hold numbers; 0 where none does."""
    counts: dict[int, int] = {}
    for grid in grids:
        for row in range(len(grid.rows)):
            columns = [cell.column for cell in grid.own_cells(row) if is_value(cell.text)]
            if columns:
                counts[min(columns)] = counts.get(min(columns), 0) + 1
    return max(counts, key=lambda column: (counts[column], -column), default=0)


def _with_rest(cell: Cell, rest: Cell, height: int) -> Cell:
    """A cell with its part on the next page. A number stands where its first digits do."""
    place = cell.place if cell.text.strip() or not rest.text.strip() else rest.place
    text = "\n".join(text for text in (cell.text, rest.text) if text.strip())
    confirmed_by = cell.confirmed_by if not (cell.text.strip() and rest.text.strip()) else ()
    return cell._replace(
        text=text,
        height=height,
        place=place,
        certain=cell.certain and rest.certain,
        pieces=(*cell.pieces, *rest.pieces),
        confirmed_by=confirmed_by,
    )


@dataclass(frozen=True)
class _Break:
    """The cells that end on a page, by column and width, and those of the first row on the next."""

    above: dict[tuple[int, int], Cell]
    below: Sequence[Cell]
    first_of_values: int
    is_label: IsLabel

    def is_within_a_row(self) -> bool:
        """Whether the page ends within a row, and not between two."""
        pairs = self._pairs()
        alone = [cell for cell in self.below if (cell.column, cell.width) not in self.above]
        if any(cell.text.strip() for cell in alone) or len(pairs) < 2:
            return False
        texts = [(one.text.strip(), other.text.strip()) for one, other in pairs]
        if not any(other for _, other in texts):
            return True
        values = [any(is_value(text) for text in side if text) for side in zip(*texts, strict=True)]
        label = next((pair for pair in pairs if self._is_label_cell(pair[0])), None)
        if label is None or not any(values):
            return self._is_within_a_row_of_heads(texts, values)
        one, other = (cell.text.strip() for cell in label)
        if not one:
            own = [text for text, _ in texts if text]
            return bool(other) and (values[0] or not own)
        return not other or self._is_one_label(one, other)

    def going_on(self, one_row: bool) -> list[Cell]:
        """The cells of the next page that are the rest of one on this page."""
        if one_row:
            return [other for _, other in self._pairs()]
        pairs = self._pairs()
        no_values = not any(is_value(cell.text) for pair in pairs for cell in pair)
        found = []
        for one, other in pairs:
            text = other.text.strip()
            tall = one.height > 1 or other.height > 1 or no_values
            if (not text and tall) or (text and self._is_one_label(one.text.strip(), text)):
                found.append(other)
        return found

    def _pairs(self) -> list[tuple[Cell, Cell]]:
        return [
            (self.above[cell.column, cell.width], cell)
            for cell in self.below
            if (cell.column, cell.width) in self.above
        ]

    def _is_label_cell(self, cell: Cell) -> bool:
        return cell.column < self.first_of_values <= cell.column + cell.width

    def _is_within_a_row_of_heads(self, texts: Sequence[tuple[str, str]], values: Sequence[bool]) -> bool:
        """The same for a row without a label of its own: one of heads, or the numbers of table four."""
        both = [(one, other) for one, other in texts if one and other]
        if any(self._is_one_label(one, other) for one, other in both):
            return True
        numbers = all(values) and all(is_value(text) for pair in texts for text in pair if text)
        return numbers or not any(one for one, _ in texts)

    def _is_one_label(self, one: str, other: str) -> bool:
        together = one + other
        return bool(one) and self.is_label(together) and not (self.is_label(one) and self.is_label(other))
