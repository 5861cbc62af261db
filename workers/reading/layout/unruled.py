"""Tables without lines, or with lines between rows alone: columns by how numbers stand below each other.

What stands below each other is a table of the form only where the form says so: seven numbers a row beside its labels,
fifteen below its heads, one to three beside those of table two. A label of several lines is taken as one where its
lines together are a label of the form; what is not found so stays running text, and nothing is read from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from report.labels import bare
from workers.reading.content import Cell, Grid, grid_of
from workers.reading.form.cell_value import is_value
from workers.reading.form.skeleton import Skeleton
from workers.reading.layout.glyph import Glyph, PdfPage
from workers.reading.layout.pdf_tables import Box
from workers.reading.layout.text_lines import line_of, rows_of, text_of

# Of the height of the letters: how far apart words stand, and lines of one label.
_WORD_GAP = 0.3
_NEXT_LINE = 2.2
_MOST_LINES = 14
_FEWEST_ROWS = 2
_MOST_HEAD_ROWS = 9
# In points: how far above the first or below the last row of numbers the name of its group may reach.
_MOST_GROUP_LINES = 16.0
# Of the distance of two columns: how far a number stands from the middle of its column.
_ASIDE = 0.42
_AROUND = 1.0


@dataclass(frozen=True, eq=False)
class _Word:
    text: str
    box: Box
    glyphs: tuple[Glyph, ...]

    @property
    def middle(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def is_value(self) -> bool:
        return is_value(self.text)


Row = list[_Word]


def unruled_tables(
    glyphs: Sequence[Glyph], page: PdfPage, skeleton: Skeleton
) -> tuple[list[tuple[float, Grid]], list[list[Glyph]]]:
    """The tables of the form that plain glyphs outside ruled tables make, each with its top; the others in rows."""
    rows = rows_of(glyphs)
    apart = [_words(row) for row in rows]
    if not any(is_value(text_of(word).strip()) for row in apart for word in row):
        return [], rows
    words = [[made for word in row if (made := _word(word)) is not None] for row in apart]
    finder = _Finder(words, page, skeleton)
    grids = [*finder.table_three(), *finder.table_four(), *finder.table_two()]
    if not finder.taken:
        return [], rows
    taken = {id(glyph) for word in finder.taken for glyph in word.glyphs}
    return grids, rows_of([glyph for glyph in glyphs if id(glyph) not in taken])


def _words(row: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs of a row, those that stand close to each other together."""
    words: list[list[Glyph]] = []
    end = -math.inf
    for glyph in row:
        _, x0, top, x1, bottom, _, _, _, _ = glyph
        if x0 - end <= _WORD_GAP * (bottom - top):
            words[-1].append(glyph)
        else:
            words.append([glyph])
        end = x1
    return words


def _word(glyphs: Sequence[Glyph]) -> _Word | None:
    line = line_of(glyphs)
    if line is None:
        return None
    top, x0, x1, bottom, text = line
    return _Word(text.strip(), (x0, top, x1, bottom), tuple(glyphs))


class _Finder:
    """The rows of a page's words, and those that a table has taken."""

    def __init__(self, rows: Sequence[Row], page: PdfPage, skeleton: Skeleton) -> None:
        self._rows, self._page, self._skeleton = rows, page, skeleton
        self.taken: list[_Word] = []

    def table_three(self) -> Iterator[tuple[float, Grid]]:
        """The rows of table three on the page, with its heads where they stand there."""
        width = self._skeleton.width_three
        numbered = [index for index, row in enumerate(self._rows) if len(_values(row)) == width]
        if len(numbered) < _FEWEST_ROWS:
            return
        columns = [median(_values(self._rows[index])[at].middle for index in numbered) for at in range(width)]
        places = _Columns(columns)
        lines: list[tuple[float, str, list[_Word], list[_Word | None]]] = []
        free = [word for row in self._rows for word in row if word.box[2] < places.left and not word.is_value]
        for index in range(numbered[0], numbered[-1] + 1):
            values = places.of([word for word in self._rows[index] if word.box[0] >= places.left])
            if values is None or not any(values):
                continue
            middle = _middle([word for word in values if word is not None])
            label = self._label(free, middle, self._skeleton.rows_three)
            free = [word for word in free if word not in label]
            lines.append((middle, "".join(word.text for word in label), label, values))
        known = sum(bare(text) in self._skeleton.rows_three for _, text, _, _ in lines)
        if known < _FEWEST_ROWS:
            return
        heads = self._heads(numbered[0], places)
        named = [self._skeleton.columns_three.find(text) for text, _ in heads]
        made = [self._head_row(heads, places)] if sum(name is not None for name in named) > 2 else []
        for middle, text, label, values in lines:
            made.append(self._value_row(len(made), middle, text, label, values, places))
        if sum(name is not None for name in named) > 2:
            self.taken += [word for row in self._rows_above(numbered[0]) for word in row]
        self.taken += [word for _, _, label, values in lines for word in (*label, *filter(None, values))]
        # Beside the labels of rows stand those of their groups.
        top, bottom = lines[0][0] - _MOST_GROUP_LINES, lines[-1][0] + _MOST_GROUP_LINES
        self.taken += [word for word in free if top < (word.box[1] + word.box[3]) / 2 < bottom]
        yield lines[0][0] - 1, grid_of(made, page=self._page.number)

    def table_four(self) -> Iterator[tuple[float, Grid]]:
        """The one row of table four with its heads."""
        width = self._skeleton.width_four
        for index, row in enumerate(self._rows):
            values = _values(row)
            if len(values) != width or len(row) != width:
                continue
            places = _Columns([word.middle for word in values])
            heads = self._heads(index, places)
            if not all(self._skeleton.columns_four.find(text) for text, _ in heads):
                continue
            groups = [word for word in self._wide(index, places) if self._skeleton.groups_four.find(word.text)]
            heights = sorted({round(word.box[1]) for word in groups})
            made: list[list[Cell]] = []
            for height in heights:
                own = [word for word in groups if round(word.box[1]) == height]
                made.append([self._cell(word.text, len(made), places.at(word), word.box) for word in own])
            made.append([self._cell(text, len(made), at, _around(words)) for at, (text, words) in enumerate(heads)])
            made.append([self._cell(word.text, len(made), at, word.box) for at, word in enumerate(values)])
            self.taken += [*values, *(word for above in self._rows_above(index) for word in above)]
            yield values[0].box[1] - 1, grid_of(made, page=self._page.number)
            return

    def table_two(self) -> Iterator[tuple[float, Grid]]:
        """The blocks of table two: heads, and below them rows of a label and as many numbers."""
        made: list[list[Cell]] = []
        heads: Row = []
        top = 0.0
        for row in self._rows:
            left = [word for word in row if word not in self.taken]
            found = [word for word in left if self._skeleton.heads_two.find(word.text)]
            if found and not any(word.is_value for word in left):
                if len(made) > 1:
                    yield top, grid_of(made, page=self._page.number)
                heads, top = found, row[0].box[1]
                made = [[self._cell("信息内容", 0, 0, row[0].box)]]
                made[0] += [self._cell(word.text, 0, at, word.box) for at, word in enumerate(heads, 1)]
                self.taken += left
                continue
            values = _values(left)
            label = [word for word in left if not word.is_value]
            if not heads or len(label) != 1 or not values or bare(label[0].text) not in self._skeleton.rows_two:
                continue
            places = [_nearest(word, heads) for word in values]
            if None in places or len(set(places)) < len(places):
                continue
            line = [self._cell(label[0].text, len(made), 0, label[0].box)]
            by_place = dict(zip(places, values, strict=True))
            for at, head in enumerate(heads):
                word = by_place.get(at)
                box = word.box if word is not None else (head.box[0], label[0].box[1], head.box[2], label[0].box[3])
                line.append(self._cell(word.text if word is not None else "", len(made), at + 1, box))
            made.append(line)
            self.taken += left
        if len(made) > 1:
            yield top, grid_of(made, page=self._page.number)

    def _label(self, free: Sequence[_Word], middle: float, labels: frozenset[str]) -> list[_Word]:
        """The words that are the label of a row: lines below each other that together are one of the form."""
        by_line = sorted(free, key=lambda word: (word.box[1], word.box[0]))
        near = [word for word in by_line if abs((word.box[1] + word.box[3]) / 2 - middle) < _MOST_LINES * word.height]
        found: list[list[_Word]] = []
        for first in range(len(near)):
            chain: list[_Word] = []
            for word in near[first:]:
                if chain and not _goes_on(chain[-1], word):
                    continue
                chain.append(word)
                if len(chain) > _MOST_LINES:
                    break
                if _surround(chain, middle) and bare("".join(each.text for each in chain)) in labels:
                    found.append(list(chain))
        beside = [word for word in near if word.box[1] < middle < word.box[3]]
        # That of the row stands next to its numbers, that of its group before it.
        best = max(found, key=lambda chain: max(word.box[2] for word in chain), default=[])
        if best and not any(word.box[0] > max(each.box[2] for each in best) for word in beside):
            return best
        return beside[-1:]

    def _heads(self, row: int, places: _Columns) -> list[tuple[str, list[_Word]]]:
        """What stands over each column, read from top to bottom."""
        above = [word for each in self._rows_above(row) for word in each if self._is_head(word, places)]
        columns: list[list[_Word]] = [[] for _ in places.middles]
        for word in sorted(above, key=lambda word: word.box[1]):
            columns[places.at(word)].append(word)
        return [("".join(word.text for word in words), words) for words in columns]

    def _wide(self, row: int, places: _Columns) -> Row:
        """What stands over several columns."""
        return [word for each in self._rows_above(row) for word in each if not self._is_head(word, places)]

    def _is_head(self, word: _Word, places: _Columns) -> bool:
        """Whether a word above the numbers is of one column, and no name of several."""
        books = (self._skeleton.groups, self._skeleton.groups_four)
        return places.holds(word) and not any(book.exact(word.text) for book in books)

    def _rows_above(self, row: int) -> list[Row]:
        """The rows of heads over a row of numbers: down from the last line that is none."""
        found: list[Row] = []
        for each in reversed(self._rows[max(row - _MOST_HEAD_ROWS, 0) : row]):
            height = max(word.height for word in each) if each else 0
            below = (found[-1] if found else self._rows[row])[0]
            if not each or height > 1.15 * below.height or any(word.is_value for word in each):
                break
            found.append(each)
        return found

    def _head_row(self, heads: Sequence[tuple[str, list[_Word]]], places: _Columns) -> list[Cell]:
        cells = [self._cell("", 0, 0, (0, 0, 0, 0))]
        return cells + [
            self._cell(text, 0, at, _around(words) if words else (0, 0, 0, 0))
            for at, (text, words) in enumerate(heads, 1)
        ]

    def _value_row(
        self,
        row: int,
        middle: float,
        text: str,
        label: Sequence[_Word],
        values: Sequence[_Word | None],
        places: _Columns,
    ) -> list[Cell]:
        height = next(word.height for word in values if word is not None)
        first = _around(label) if label else (0.0, middle - height / 2, places.left, middle + height / 2)
        cells = [self._cell(text, row, 0, first)]
        for at, word in enumerate(values):
            box = word.box if word is not None else (*places.span(at, middle, height),)
            cells.append(self._cell(word.text if word is not None else "", row, at + 1, box))
        return cells

    def _cell(self, text: str, row: int, column: int, box: Box) -> Cell:
        left, top, right, bottom = box
        place = self._page.place((left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND))
        return Cell(text, row, column, place=place, confirmed_by=self._page.confirmed_by)


class _Columns:
    """Where the columns of numbers stand, by their middles."""

    def __init__(self, middles: Sequence[float]) -> None:
        self.middles = list(middles)
        apart = [other - one for one, other in pairwise(self.middles)]
        between = [(one + other) / 2 for one, other in pairwise(self.middles)]
        self._edges = [self.middles[0] - apart[0] / 2, *between, self.middles[-1] + apart[-1] / 2]

    @property
    def left(self) -> float:
        """Where the first column begins."""
        return self._edges[0]

    def at(self, word: _Word) -> int:
        """The column in which the middle of a word stands."""
        return max(range(len(self.middles)), key=lambda at: -abs(self.middles[at] - word.middle))

    def holds(self, word: _Word) -> bool:
        """Whether a word stands in one column."""
        at = self.at(word)
        wide = self._edges[at + 1] - self._edges[at]
        aside = abs(word.middle - self.middles[at]) <= _ASIDE * wide
        return aside and word.box[2] - word.box[0] <= 1.02 * wide

    def of(self, words: Sequence[_Word]) -> list[_Word | None] | None:
        """The words by their columns; None where one belongs to none, or two to the same."""
        found: list[_Word | None] = [None] * len(self.middles)
        for word in words:
            at = self.at(word)
            if found[at] is not None or not self.holds(word) or not word.is_value:
                return None
            found[at] = word
        return found

    def span(self, at: int, middle: float, height: float) -> Box:
        """The place of a column at some height."""
        return self._edges[at], middle - height / 2, self._edges[at + 1], middle + height / 2


def _values(row: Sequence[_Word]) -> Row:
    return [word for word in row if word.is_value]


def _middle(words: Sequence[_Word]) -> float:
    return sum((word.box[1] + word.box[3]) / 2 for word in words) / len(words)


def _goes_on(above: _Word, below: _Word) -> bool:
    """Whether a word stands right below another, as lines of one text do."""
    over = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    narrower = min(above.box[2] - above.box[0], below.box[2] - below.box[0])
    return over > 0.4 * narrower and 0 < below.box[1] - above.box[1] < _NEXT_LINE * above.height


def _surround(chain: Sequence[_Word], middle: float) -> bool:
    """Whether a row of numbers stands beside some lines."""
    return chain[0].box[1] < middle < chain[-1].box[3]


def _around(words: Sequence[_Word]) -> Box:
    return (
        min(word.box[0] for word in words),
        min(word.box[1] for word in words),
        max(word.box[2] for word in words),
        max(word.box[3] for word in words),
    )


def _nearest(word: _Word, heads: Sequence[_Word]) -> int | None:
    """The head under which a number stands."""
    distances = [abs(head.middle - word.middle) for head in heads]
    best = min(range(len(heads)), key=lambda at: distances[at])
    room = min((abs(other.middle - heads[best].middle) / 2 for other in heads if other is not heads[best]), default=1e9)
    return best if distances[best] < room else None
