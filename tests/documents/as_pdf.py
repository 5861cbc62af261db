"""A source as a PDF, set as word processors set it: cells as high as their text, rows that go on over a page.

What breaks is where a page ends, and only by lines: a row's part on the next page has borders of its own, the cells
that reach over several rows go on beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.documents.make_pdf import HEIGHT, LEFT, WIDTH, Pdf
from tests.documents.pdf_faces import Face, Song
from tests.documents.report_source import Source, Spans

Ruling = Literal["all", "rows", "outer", "none", "boxes", "fills", "dashed"]
# Writes the text of a cell's line: the page, where its base line begins, the text, the size.
Write = Callable[[Pdf, float, float, str, float], None]

FIRST, LAST = 72.0, 770.0
_PAD = 2.0
_LEADING = 1.25
THREE = (26, 50, 117, 36, 36, 36, 36, 36, 36, 36)
EVEN = (44.5,) * 10


def plain(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
    """The text and nothing else."""
    pdf.text(x, y, text, size)


@dataclass(frozen=True)
class Setting:
    """How a report is set. ``space`` stands before table three, in points.

    ``may_break``: rows go on over a page. ``repeat``: the heads of table three stand on every page. ``middle``: the
    text stands in the middle of its cell, else on top. ``write`` writes the cells that hold a number.
    """

    size: float = 9
    space: float = 0
    may_break: bool = True
    repeat: bool = False
    middle: bool = False
    ruling: Ruling = "all"
    widths: tuple[float, ...] = THREE
    write: Write = plain
    turned: bool = False
    rotated: bool = False


@dataclass
class _Cell:
    """A cell of a table, its lines, and those of its extents (page, left, top, right, bottom) where it is drawn."""

    text: str
    row: int
    column: int
    down: int
    across: int
    lines: list[str]
    extents: list[tuple[int, float, float, float, float]] = field(default_factory=list)


def pdf_of(source: Source, setting: Setting = Setting(), face: Face | None = None) -> Pdf:
    """The report, its three tables in their places; to be changed before ``data()`` makes the file."""
    pdf = Pdf(face=face or Song(), turned=setting.turned, rotated=setting.rotated)
    pdf.y = FIRST
    _paragraph(pdf, source.title, 16)
    _paragraph(pdf, source.opening(), 12)
    for number, (heading, texts) in enumerate(source.sections()):
        for text in (heading, *texts):
            _paragraph(pdf, text, 12)
        if number == 1:
            for rows in [source.table_two_as_one()]:
                _table(pdf, rows, _even(rows), setting, 0)
        elif number == 2:
            pdf.y += setting.space
            if pdf.y > LAST - 30:
                pdf.new_page()
                pdf.y = FIRST
            rows = [*source.head_three(), *source.body_three()]
            _table(pdf, rows, setting.widths, setting, len(source.head_three()))
        elif number == 3:
            _table(pdf, source.table_four(), (29.5,) * 15, setting, 0)
    return pdf


def _even(rows: Spans) -> tuple[float, ...]:
    count = max(sum(across for _, _, across in row) for row in rows)
    return (440 / count,) * count


def _paragraph(pdf: Pdf, text: str, size: float) -> None:
    for line in _wrapped(pdf.face, " " * 4 + text if size == 12 else text, WIDTH - 2 * LEFT, size):
        if pdf.y + size * 1.5 > LAST:
            _new_page(pdf)
        pdf.y += size * 1.5
        pdf.text(LEFT, pdf.y, line, size)
    pdf.y += 4


def _new_page(pdf: Pdf) -> None:
    pdf.new_page()
    pdf.y = FIRST


def _wrapped(face: Face, text: str, room: float, size: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for character in text:
        wide = face.width(character) * size
        if line and used + wide > room:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + character, used + wide
    return [*lines, line] if line else lines


def _table(pdf: Pdf, rows: Spans, widths: Sequence[float], setting: Setting, head: int) -> None:
    pdf.y += 6
    xs = [LEFT + sum(widths[:index]) for index in range(len(widths) + 1)]
    cells = list(_cells(pdf.face, rows, xs, setting.size))
    leading = setting.size * _LEADING
    heights = _heights(cells, len(rows), leading)
    first_page = len(pdf.pages) - 1
    # Which part of which row stands where: row, page, top, bottom.
    parts: list[tuple[int, int, float, float]] = []
    page, y = first_page, pdf.y
    repeated = sum(heights[:head]) if setting.repeat else 0.0
    heads: list[tuple[int, float]] = []

    def turn() -> None:
        nonlocal page, y
        page, y = page + 1, FIRST
        if repeated:
            heads.append((page, y))
            y += repeated

    if repeated and repeated > LAST - y:
        # Heads that are repeated stay together.
        page, y = page + 1, FIRST
    for row, height in enumerate(heights):
        room = LAST - y
        if height <= room + 0.01:
            parts.append((row, page, y, y + height))
            y += height
            continue
        lines_there = int((room - 2 * _PAD) / leading)
        if not setting.may_break or lines_there < 1 or (row < head and setting.repeat):
            turn()
            parts.append((row, page, y, y + height))
            y += height
            continue
        parts.append((row, page, y, LAST))
        left = max((len(cell.lines) - lines_there for cell in cells if cell.row == row and cell.down == 1), default=1)
        turn()
        rest = max(left, 1) * leading + 2 * _PAD
        parts.append((row, page, y, y + rest))
        y += rest
    for cell in cells:
        own = [part for part in parts if cell.row <= part[0] < cell.row + cell.down]
        for number in dict.fromkeys(part[1] for part in own):
            here = [part for part in own if part[1] == number]
            box = (
                number,
                xs[cell.column],
                min(p[2] for p in here),
                xs[cell.column + cell.across],
                max(p[3] for p in here),
            )
            cell.extents.append(box)
    while len(pdf.pages) - 1 < page:
        pdf.new_page()
    for cell in cells:
        _draw(pdf, cell, setting, leading)
    for number, top in heads:
        shift = top - next(part[2] for part in parts if part[0] == 0)
        for cell in cells:
            if cell.row < head:
                _, x0, y0, x1, y1 = cell.extents[0]
                again = _Cell(cell.text, cell.row, cell.column, cell.down, cell.across, cell.lines)
                again.extents = [(number, x0, y0 + shift, x1, y1 + shift)]
                _draw(pdf, again, setting, leading)
    _frame(pdf, parts, xs, setting)
    pdf.y = y + 6


def _cells(face: Face, rows: Spans, xs: Sequence[float], size: float) -> Iterator[_Cell]:
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + i, column + j) for i in range(down) for j in range(across)}
            room = xs[column + across] - xs[column] - 2 * _PAD
            yield _Cell(text, number, column, down, across, _wrapped(face, text, room, size))
            column += across


def _heights(cells: Sequence[_Cell], rows: int, leading: float) -> list[float]:
    heights = [
        max((len(cell.lines) for cell in cells if cell.row == row and cell.down == 1), default=1) * leading + 2 * _PAD
        for row in range(rows)
    ]
    for cell in cells:
        wanted = len(cell.lines) * leading + 2 * _PAD
        there = sum(heights[cell.row : cell.row + cell.down])
        heights[cell.row + cell.down - 1] += max(wanted - there, 0)
    return heights


def _draw(pdf: Pdf, cell: _Cell, setting: Setting, leading: float) -> None:
    left = list(cell.lines)
    last = len(cell.extents) - 1
    for index, (page, x0, top, x1, bottom) in enumerate(cell.extents):
        _borders(pdf, page, (x0, top, x1, bottom), setting.ruling, cell)
        count = len(left) if index == last else int((bottom - top - 2 * _PAD) / leading + 0.01)
        here, left = left[:count], left[count:]
        free = bottom - top - 2 * _PAD - len(here) * leading
        y = top + _PAD + (max(free, 0) / 2 if setting.middle else 0)
        for line in here:
            x = x0 + _PAD
            if _is_number(cell.text) and len(cell.lines) == 1:
                x += (x1 - x0 - 2 * _PAD - sum(map(pdf.face.width, line)) * setting.size) / 2
            write = setting.write if _is_number(cell.text) else plain
            _on(pdf, page, lambda line=line, x=x, y=y, write=write: write(pdf, x, y + setting.size, line, setting.size))  # type: ignore[misc]
            y += leading


def _is_number(text: str) -> bool:
    return bool(text) and all(character in "0123456789.-" for character in text)


def _on(pdf: Pdf, page: int, act: Callable[[], None]) -> None:
    """Does something on an earlier page: what writes goes to the last one."""
    after = pdf.pages[page + 1 :]
    del pdf.pages[page + 1 :]
    act()
    pdf.pages += after


def _borders(pdf: Pdf, page: int, box: tuple[float, float, float, float], ruling: Ruling, cell: _Cell) -> None:
    x0, top, x1, bottom = box
    y0, y1 = HEIGHT - bottom, HEIGHT - top
    lines = {
        "all": f"{x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re S",
        "dashed": f"[2 2] 0 d {x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re S [] 0 d",
        "rows": f"{x0:.2f} {y0:.2f} m {x1:.2f} {y0:.2f} l S {x0:.2f} {y1:.2f} m {x1:.2f} {y1:.2f} l S",
        "boxes": f"{x0 + 1:.2f} {y0 + 1:.2f} {x1 - x0 - 2:.2f} {y1 - y0 - 2:.2f} re S",
        "fills": f"q {'0.9' if (cell.row + cell.column) % 2 else '0.96'} g {x0:.2f} {y0:.2f} {x1 - x0:.2f}"
        f" {y1 - y0:.2f} re f Q",
    }
    if ruling in lines:
        pdf.pages[page].append(lines[ruling])


def _frame(pdf: Pdf, parts: Sequence[tuple[int, int, float, float]], xs: Sequence[float], setting: Setting) -> None:
    if setting.ruling != "outer":
        return
    for page in dict.fromkeys(part[1] for part in parts):
        top, bottom = (
            min(part[2] for part in parts if part[1] == page),
            max(part[3] for part in parts if part[1] == page),
        )
        pdf.pages[page].append(f"{xs[0]} {HEIGHT - bottom:.2f} {xs[-1] - xs[0]} {bottom - top:.2f} re S")
