"""The account of a document (design, decision 16), and what may be called absent because of it (decision 17).

Every visible piece ends as understood, named as something else, or unaccounted. A table, row, column, cell or section
that was not found is absent only where nothing unaccounted could be the thing: no picture, frame, object or link where
it would stand, none of its labels in the running text, in a cell that no table used, or in a text not displayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from config.forms import SectionKind
from report.account import CLOSED, UNDERSTOOD, Account, Example, Fate, PieceKind, account_of
from report.figure import ABSENT, BLANK, NOWHERE, UNREADABLE, Figure, Place
from report.form import Form
from report.labels import LabelBook, bare, label_book
from report.numerals import without_space
from report.report import Gap, Section, Unread
from workers.reading.content import LINE_BREAK, Block, Cell, Content, Embedded, Grid, Paragraph
from workers.reading.form.cell_value import is_value
from workers.reading.form.form_figures import FormFigures
from workers.reading.running_text import clean, is_page_number

TABLES = {2: "表二", 3: "表三", 4: "表四"}
_SECTION_OF: dict[int, SectionKind] = {2: "proactive", 3: "requests", 4: "disputes"}
# Words of the printed form that are no label of a row or a column.
_FORM_WORDS = ("信息内容", "申请人情况", "本列数据的勾稽关系", "指标", "项目", "单位", "序号")
_KIND_NAMES = {
    PieceKind.PICTURE: "图片", PieceKind.DRAWING: "图形", PieceKind.FRAME: "框架页", PieceKind.OBJECT: "嵌入对象",
    PieceKind.FIELD: "表单域", PieceKind.SYMBOL: "符号", PieceKind.GENERATED: "样式生成的内容",
    PieceKind.SCRIPT: "脚本", PieceKind.LINK: "附件链接", PieceKind.ANNOTATION: "批注",
    PieceKind.HIDDEN: "未显示的文字", PieceKind.TEXT: "正文中的行名", PieceKind.CELL: "未读懂的表格",
}  # fmt: skip
_ELSEWHERE = re.compile(r"(?:详?见|参见|如|另)(?:所)?(?:附[表件图后]|下图|链接)|附后|另附")
_LONGEST_LABEL_LINE = 60
_MOST_PARTS = 20
_LONGEST_CELL = 120
_SHORTEST_LABEL = 3
_FEWEST_LABELS_HIDDEN = 3
_SHORT_SECTION = 30
_TEXT_SECTIONS = ("overview", "problems", "other")

# Of what was understood no example is kept.
_UNDERSTOOD = Example(PieceKind.CELL, UNDERSTOOD)
_UNDERSTOOD_CELL: tuple[Example, None] = (_UNDERSTOOD, None)

Line = tuple[str, int | None, int]  # text, page, index of its block


@dataclass(frozen=True, slots=True)
class Accounted:
    """The figures with what may not be called absent made unreadable, the gaps that say so, and the account."""

    figures: dict[str, Figure]
    gaps: tuple[Gap, ...]
    account: Account


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen and not understood: its kind, the block where it stands, and the labels of the form in it."""

    kind: PieceKind
    block: int
    labels: frozenset[str] = frozenset()


def accounted(
    content: Content, lines: Sequence[Line], sections: Sequence[Section], tables: FormFigures, form: Form | None
) -> Accounted:
    """What became of everything in a document.

    ``lines`` are its running text, ``tables`` is what was read of its tables.
    """
    entries: list[Example] = []
    seen: list[_Seen] = []
    # By the objects themselves: a cell's place is its figure's, and comparing them takes longer than all else here.
    read = [figure.place for figure in tables.figures.values() if figure.state is not ABSENT]
    used = {id(place) for place in read if place is not NOWHERE}
    books = {} if form is None else {table: form.once(_TABLE_LABELS[table]) for table in TABLES}
    known: frozenset[str] = frozenset().union(*(book.labels() for book in books.values()))
    words = form.once(_form_words) if form is not None else frozenset()
    for index, block in enumerate(content.blocks):
        for entry, thing in _pieces_of(block, index, books, used, known, words):
            entries.append(entry)
            if thing is not None:
                seen.append(thing)
    entries += [Example(PieceKind.MARGIN, Fate.NAMED, text) for text in content.margins]
    regions = _regions(lines, sections, len(content.blocks))
    figures, gaps = dict(tables.figures), []
    if form is not None:
        for table in TABLES:
            gap = _not_absent(table, figures, form, seen, regions, tables)
            gaps += [gap] if gap else []
    gaps += _sections_in_doubt(sections, seen, regions, form)
    return Accounted(figures, tuple(gaps), account_of(entries))


def _pieces_of(
    block: Block,
    index: int,
    books: dict[int, LabelBook],
    used: set[int],
    known: frozenset[str],
    words: frozenset[str],
) -> Iterator[tuple[Example, _Seen | None]]:
    """The pieces of a block with their fates, and, of those that may be something of the form, what they may be."""
    if isinstance(block, Paragraph):
        yield _paragraph(block, index, books)
    elif isinstance(block, Embedded):
        yield _embedded(block, index, books)
    else:
        yield from _cells(block, index, books, used, known, words)


def _paragraph(block: Paragraph, index: int, books: dict[int, LabelBook]) -> tuple[Example, _Seen | None]:
    place = Place(page=block.page)
    text = clean(block.text)
    if is_page_number(text):
        return Example(PieceKind.MARGIN, Fate.NAMED, text, place), None
    if _ELSEWHERE.search(text[:4000]):
        # 见附表: what is not here is said to be there.
        return Example(PieceKind.LINK, Fate.NAMED, text, place), _Seen(PieceKind.LINK, index)
    labels = frozenset(label for line in block.text.split(LINE_BREAK) for label in _labels_in_line(line, books))
    if labels:
        return Example(PieceKind.TEXT, Fate.UNACCOUNTED, text, place), _Seen(PieceKind.TEXT, index, labels)
    return Example(PieceKind.TEXT, UNDERSTOOD, text, place), None


def _embedded(block: Embedded, index: int, books: dict[int, LabelBook]) -> tuple[Example, _Seen | None]:
    if block.kind is PieceKind.FIELD and not block.text:
        # An empty field (a search box) shows nothing.
        return Example(block.kind, Fate.NAMED, "", block.place), None
    if block.kind in CLOSED:
        return Example(block.kind, Fate.UNACCOUNTED, block.text, block.place), _Seen(block.kind, index)
    text = bare_long(block.text)
    labels = frozenset(label for book in books.values() for label in book.labels() if label in text)
    thing = _Seen(block.kind, index, labels) if len(labels) >= _FEWEST_LABELS_HIDDEN else None
    return Example(block.kind, Fate.NAMED, block.text, block.place), thing


def _cells(
    grid: Grid,
    index: int,
    books: dict[int, LabelBook],
    used: set[int],
    known: frozenset[str],
    words: frozenset[str],
) -> Iterator[tuple[Example, _Seen | None]]:
    cells = [cell for row in range(len(grid.rows)) for cell in grid.own_cells(row)]
    is_used = any(id(cell.place) in used for cell in cells)
    labels = known.intersection(
        [bare(cell.text) for cell in cells if _SHORTEST_LABEL <= len(cell.text) <= _LONGEST_CELL]
    )
    if not is_used and not labels:
        # A table of something else: what was published by channel, say.
        yield (
            Example(PieceKind.TABLE, Fate.NAMED, " ".join(cell.text for cell in cells[:6]), Place(page=grid.page)),
            None,
        )
        if any(piece.kind in CLOSED for cell in cells for piece in cell.pieces):
            yield (
                Example(PieceKind.PICTURE, Fate.UNACCOUNTED, "", Place(page=grid.page)),
                _Seen(PieceKind.PICTURE, index),
            )
        return
    for cell in cells:
        if not cell.pieces:
            if id(cell.place) in used:
                yield _UNDERSTOOD_CELL
                continue
            if not cell.text.strip():
                continue
        fate = _fate(cell, used, books, words, known)
        yield _UNDERSTOOD if fate is UNDERSTOOD else Example(PieceKind.CELL, fate, cell.text, cell.place), None
        for piece in cell.pieces:
            fate = Fate.UNACCOUNTED if piece.kind in CLOSED else Fate.NAMED
            yield Example(piece.kind, fate, piece.text, cell.place), None
    if labels and not is_used:
        yield (
            Example(PieceKind.TABLE, Fate.UNACCOUNTED, "", Place(page=grid.page)),
            _Seen(PieceKind.CELL, index, labels),
        )
    elif labels:
        yield Example(PieceKind.TABLE, UNDERSTOOD, "", Place(page=grid.page)), _Seen(PieceKind.CELL, -1, labels)


def _fate(
    cell: Cell, used: set[int], books: dict[int, LabelBook], words: frozenset[str], labels: frozenset[str]
) -> Fate:
    if id(cell.place) in used:
        return UNDERSTOOD
    if is_value(cell.text):
        return Fate.UNACCOUNTED
    letters = bare(cell.text)
    if not letters or letters in words or letters in labels or letters.startswith(_FORM_WORDS):
        return UNDERSTOOD
    known = any(book.find(cell.text) is not None for book in books.values())
    return UNDERSTOOD if known else Fate.UNACCOUNTED


def _labels_in_line(text: str, books: dict[int, LabelBook]) -> frozenset[str]:
    """The label of the form that a line is, or that a line of a label and numbers begins with."""
    parts = text.split()[:_MOST_PARTS]
    line = clean(text[: 4 * _LONGEST_LABEL_LINE])
    if line[-1:] in "。；：，":
        return frozenset()
    # 结果维持 结果纠正 其他结果: the heads of a row, one behind the other.
    letters = [bare(part) for part in parts] if len(parts) > 1 else []
    letters += [bare(line).rstrip("0123456789")] if len(line) <= _LONGEST_LABEL_LINE else []
    return frozenset(one for one in letters if len(one) > 1 and any(book.exact(one) for book in books.values()))


def _regions(lines: Sequence[Line], sections: Sequence[Section], blocks: int) -> dict[str, range]:
    """The blocks of each section by its kind, from its heading to the next one.

    Found from the end: a table of contents names the headings before they come.
    """
    starts: list[tuple[int, str | None]] = []
    at = len(lines)
    for section in reversed(sections):
        found = next((i for i in range(at - 1, -1, -1) if lines[i][0].startswith(section.heading)), None)
        if found is not None:
            starts.append((lines[found][2], section.kind))
            at = found
    regions: dict[str, range] = {}
    stop = blocks
    for start, kind in starts:
        if kind is not None:
            regions[kind] = range(start, stop)
        stop = start
    return regions


def _not_absent(
    table: int,
    figures: dict[str, Figure],
    form: Form,
    seen: Sequence[_Seen],
    regions: dict[str, range],
    tables: FormFigures,
) -> Gap | None:
    """Makes unreadable what of a table was not found or is blank and may stand in something that was not understood."""
    keys = [key for key in figures if form.names[key].table == table]
    absent = [key for key in keys if figures[key].state is ABSENT]
    region = regions.get(_SECTION_OF[table])
    closed = [thing for thing in seen if thing.kind in CLOSED]
    near = [thing for thing in closed if thing.kind is not PieceKind.LINK and (region is None or thing.block in region)]
    whole = len(absent) == len(keys)
    doubted: list[str] = []
    suspects: list[_Seen] = []
    if whole:
        # A table that is not where it should be may hang on the end of the document, or on a link.
        own = form.once(_TABLE_LABELS[table]).labels()
        suspects = closed + [thing for thing in seen if thing.labels & own]
        doubted = absent if suspects else []
    elif absent:
        suspects = list(near)
        doubted = absent if near else []
        for key in absent if not near else ():
            labels = _labels_of(form, key)
            found = [thing for thing in seen if thing.labels & labels and _may_be(thing, key, tables, form)]
            suspects += found
            doubted += [key] if found else []
    blank = [key for key in keys if figures[key].state is BLANK] if near else []
    suspects += near if blank else []
    for key in (*doubted, *blank):
        figures[key] = replace(figures[key], state=UNREADABLE, value=None, certain=False)
    if not doubted and not blank:
        return None
    if whole and any(thing.kind in CLOSED for thing in suspects):
        return Gap(Unread.TABLE_MISSING, TABLES[table], tuple(doubted))
    names = "、".join(dict.fromkeys(_KIND_NAMES.get(thing.kind, "其他内容") for thing in suspects))
    return Gap(Unread.UNACCOUNTED, f"{TABLES[table]}（{names}）", (*doubted, *blank))


def _may_be(thing: _Seen, key: str, tables: FormFigures, form: Form) -> bool:
    """Whether a label that was seen is that of a row or column which was not read; a head of other rows is not."""
    if thing.block >= 0:
        return True
    name = form.names[key]
    others = [one for one, figure in tables.figures.items() if figure.state is not ABSENT]
    row = bare(name.row) in thing.labels
    return row and not any(
        form.names[one].row_key == name.row_key and form.names[one].table == name.table for one in others
    )


def _sections_in_doubt(
    sections: Sequence[Section], seen: Sequence[_Seen], regions: dict[str, range], form: Form | None
) -> list[Gap]:
    """Sections that are not there, or have no text, where something closed may hold them."""
    closed = [thing for thing in seen if thing.kind in CLOSED or thing.kind is PieceKind.HIDDEN]
    if not closed or form is None:
        return []
    there = {section.kind for section in sections}
    gaps = [Gap(Unread.SECTION_MISSING, one.heading) for one in form.file.sections if one.kind not in there]
    for section in sections:
        region = regions.get(section.kind or "")
        short = section.kind in _TEXT_SECTIONS and section.characters < _SHORT_SECTION
        if short and region and any(thing.block in region for thing in closed):
            gaps.append(Gap(Unread.SECTION_MISSING, section.heading))
    return gaps


def bare_long(text: str) -> str:
    """A long text without white space and punctuation, in which labels may be looked for."""
    return "".join(character for character in without_space(text) if character.isalnum())


@lru_cache(maxsize=32)
def _labels_once(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(bare(text) for text in texts)


def _labels_of(form: Form, key: str) -> frozenset[str]:
    """The labels of a figure's row and column."""
    name = form.names[key]
    return _labels_once((name.row, name.row.rpartition(" ")[2], name.column))


def _table_labels(form: Form, table: int) -> LabelBook:
    """The labels of one table that say where they belong: 其他 and 总计 do not."""
    two, three, four = form.file.table_two, form.file.table_three, form.file.table_four
    if table == 2:
        labels = {text for block in two for row in block.rows for text in (row.label, *row.variants)}
        labels |= {text for block in two for column in block.columns for text in (column.label, *column.variants)}
    elif table == 3:
        labels = {text for row in three.rows for text in (row.label, *row.variants)}
        labels |= {text for column in three.columns for text in (column.label, *column.variants)}
    else:
        labels = {text for group in four.groups for text in (group.label, *group.variants)}
        labels |= {text for column in four.columns for text in (column.label, *column.variants)}
    return label_book(tuple((label, label) for label in sorted(labels) if len(bare(label)) > 2 or label == "规章"))


def _form_words(form: Form) -> frozenset[str]:
    """The words of the printed form besides its labels: groups of rows and columns, heads of blocks."""
    two, three, four = form.file.table_two, form.file.table_three, form.file.table_four
    texts = [text for block in two for text in (block.heading, *block.variants)]
    texts += [group for row in three.rows if (group := row.group)]
    texts += [group for column in three.columns if (group := column.group)]
    texts += [group for one in four.groups if (group := one.group)]
    texts += [text for column in three.columns for text in (column.label, *column.variants)]
    texts += [text for column in four.columns for text in (column.label, *column.variants)]
    texts += [text for row in three.rows for text in (row.label, *row.variants)]
    return frozenset(bare(text) for text in texts)


_TABLE_LABELS = {table: partial(_table_labels, table=table) for table in TABLES}
