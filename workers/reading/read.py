"""From the bytes of a document to a Report, in one process and with no side effect.

::

    bytes ─► kind ─► one reader a format ─► Content (paragraphs, grids) ─► which form ─► table two, three, four ─► Report
                                                        └────────────────► title, agency, year, period, sections ─┘
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from report.agency_in_text import agency_in_text
from report.figure import Figure, State
from report.form import Form, form_for
from report.labels import LabelBook, bare
from report.period import find_period, year_of_text
from report.report import Gap, Report, Section, Unread
from report.sections import heading_book, is_heading, missing_kinds, split_sections
from report.titles import judge_title, year_in
from workers.reading import kind
from workers.reading.content import LINE_BREAK, Content, Grid, Paragraph
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.pdf import read_pdf, read_pdf_again
from workers.reading.plain_text import read_plain_text
from workers.reading.running_text import clean, is_page_number, starts_anew
from workers.reading.table_four import read_table_four
from workers.reading.table_reading import TableReading, naming
from workers.reading.table_three import read_table_three
from workers.reading.table_two import read_table_two
from workers.reading.version import READER_VERSION as READER_VERSION
from workers.reading.web_page import read_web_page
from workers.reading.which_form import BEFORE_2019, block_headings, has_form_tables, which_form
from workers.reading.word import read_word

_LARGEST = 60 * 2**20
_TITLE_LINES = 4
_FEWEST_SECTIONS = 3

_READERS: dict[str, Callable[[bytes, LabelBook], Content]] = {
    kind.PDF: lambda data, headings: read_pdf(data),
    kind.HTML: read_web_page,
    kind.TEXT: lambda data, headings: read_plain_text(data),
    kind.DOCX: lambda data, headings: read_word(data),
}
_NOT_READ = {
    kind.OLE: "这是旧版 Word 或 WPS 文件（doc/wps），目前读不了；请另存为 docx 或 PDF 后再试。",
    kind.RTF: "这是 RTF 文件，目前读不了；请另存为 docx 或 PDF 后再试。",
    kind.OFD: "这是 OFD 版式文件，目前读不了；请转为 PDF 后再试。",
    kind.ZIP: "这是压缩包；请解压后逐个提供其中的年报文件。",
    **dict.fromkeys(kind.IMAGES, "这是图片，目前读不了；请提供 PDF、Word 或网页版本。"),
}


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known from elsewhere: form, year and agency override what is detected.

    ``title`` is what the list page or the article called the document, used where the document has none itself.
    """

    form: str | None = None
    year: int | None = None
    agency: str | None = None
    title: str | None = None


@dataclass
class _Tables:
    """What the tables of a document gave: every figure of the form, the alternative rows it prints, what is not there."""

    figures: dict[str, Figure] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    missing: list[Gap] = field(default_factory=list)
    ends_early: bool = False


def read_document(data: bytes, *, source: str, forms: Mapping[str, Form], hints: Hints = Hints()) -> Report:  # noqa: B008
    """Reads one document. ``source`` is its name for people; ``forms`` are the forms by name.

    Raises ReadError where it cannot be read at all; what could not be read in part stands in ``Report.gaps``.
    """
    if len(data) > _LARGEST:
        raise ReadError(ReadErrorKind.TOO_LARGE, f"文件超过 {_LARGEST // 2**20} MB；请确认这是一份年报。")
    media_type = kind.media_type_of(data)
    if media_type in _NOT_READ:
        raise ReadError(ReadErrorKind.KIND_NOT_READ, _NOT_READ[media_type])
    headings = heading_book(section for form in forms.values() for section in form.file.sections)
    content = _READERS[media_type](data, headings)
    report = _understand(content, headings, forms, hints)
    if media_type == kind.PDF and report.form in forms:
        pages = _doubtful_pages(report, forms[report.form], content)
        again = read_pdf_again(data, pages) if pages else None
        if again is not None:
            report = _with_second_opinion(report, _tables(again, forms[report.form]))
    return replace(report, source=source, sha256=hashlib.sha256(data).hexdigest(), media_type=media_type)


def _understand(content: Content, headings: LabelBook, forms: Mapping[str, Form], hints: Hints) -> Report:
    """The Report of a document's content; source, sha256 and media type are left empty."""
    lines = list(_running_lines(content, headings))
    dropped = block_headings(forms.values())
    opening, sections = split_sections(
        ((text, page) for text, page in lines if bare(text) not in dropped), headings
    )
    title, opening = _own_title(opening)
    title = title or content.title or hints.title
    texts = ["\n".join(opening), *(section.text for section in sections)]
    whole = "\n".join(texts)
    years = _years(title, whole)
    period = find_period(whole)
    if period is not None:
        years["period"] = period[1].year
    year = hints.year or years.get("title") or years.get("period") or years.get("text")
    judgement = judge_title(title) if title else None
    agency = hints.agency or (judgement.agency_text if judgement else None)
    agency = agency or agency_in_text(texts, content.margins)
    form = hints.form or which_form(content, forms)
    gaps: list[Gap] = []
    if form is None:
        form = _form_of_year(content, sections, year, forms)
        if form is not None:
            gaps.append(Gap(Unread.UNKNOWN_FORM, "表式只能按年度推定：文件里没有某一版表式特有的栏目"))
    if form is None and len([section for section in sections if section.kind]) < _FEWEST_SECTIONS and not (
        judgement and judgement.is_report
    ):
        raise ReadError(
            ReadErrorKind.NOT_A_REPORT, "这份文件里没有政府信息公开工作年度报告的标题、章节或表格；请确认文件是否正确。"
        )
    if content.garbled:
        gaps.append(Gap(Unread.GARBLED_TEXT, "部分文字读出来是乱码"))
    tables = _tables(content, forms[form]) if form in forms else _Tables()
    missing_sections = missing_kinds(sections, forms[form].file.sections) if form in forms else []
    pictured = bool(content.images) and any(gap.why is Unread.TABLE_MISSING for gap in tables.missing)
    cut = content.may_be_cut or pictured
    cut = cut or (tables.ends_early and any(section.kind == "disputes" for section in missing_sections))
    gaps += tables.gaps
    if cut:
        gaps += tables.missing
        gaps += [Gap(Unread.SECTION_MISSING, section.heading) for section in missing_sections]
    return Report(
        "", "", "", title, agency, year, period, form, "\n".join(opening), sections, tables.figures, tuple(gaps), cut, years
    )


def _running_lines(content: Content, headings: LabelBook) -> list[tuple[str, int | None]]:
    """The clean paragraphs outside tables, with their pages; a heading that fills a row of a table is one too."""
    lines: list[tuple[str, int | None]] = []
    for block in content.blocks:
        if isinstance(block, Paragraph):
            lines += [(text, block.page) for part in _split_lines(block.text) if (text := clean(part))]
        else:
            lines += [(text, block.page) for text in _texts_in_grid(block, headings)]
    return [(text, page) for text, page in lines if not is_page_number(text)]


def _split_lines(text: str) -> list[str]:
    """A paragraph at those of its author's line breaks that end a sentence or open a numbered one."""
    if LINE_BREAK not in text:
        return [text]
    parts: list[str] = []
    for line in text.split(LINE_BREAK):
        before = parts[-1].rstrip() if parts else ""
        if not before or before[-1] in "。；：！？" or starts_anew(line) or starts_anew(before) and len(before) < 20:
            parts.append(line)
        elif line.startswith(("\u3000", "\u00a0\u00a0")):
            parts.append(line)
        else:
            parts[-1] += line
    return parts


def _texts_in_grid(grid: Grid, headings: LabelBook) -> list[str]:
    """Running text that stands in a table: the cells of one column alone, and headings over its whole width."""
    texts = []
    for row in range(len(grid.rows)):
        filled = [cell for cell in grid.own_cells(row) if cell.text.strip()]
        if len(filled) == 1 and (grid.width == 1 or is_heading(filled[0].text, headings)):
            texts += [clean(line) for line in filled[0].text.split("\n")]
    return [text for text in texts if text]


def _own_title(opening: list[str]) -> tuple[str | None, list[str]]:
    """The title that opens the text, joined over its lines, and the lines after it."""
    for start in range(min(len(opening), _TITLE_LINES)):
        for stop in range(start + 1, min(start + _TITLE_LINES, len(opening)) + 1):
            joined = "".join(opening[start:stop])
            if any(mark in joined for mark in "，。；："):
                break
            judgement = judge_title(joined)
            if judgement.is_report and (judgement.agency_text or judgement.year):
                if judgement.agency_text is None and start > 0:
                    continue
                return joined, opening[:start] + opening[stop:]
    return None, opening


def _years(title: str | None, text: str) -> dict[str, int]:
    """The year that the title and the text name."""
    years = {"title": year_in(title) if title else None, "text": year_of_text(text)}
    return {place: year for place, year in years.items() if year is not None}


def _form_of_year(content: Content, sections: tuple[Section, ...], year: int | None, forms: Mapping[str, Form]) -> str | None:
    """The form of the year where the document has its sections or tables but no label that only one form has."""
    known = sum(section.kind is not None for section in sections)
    if year is None or (known < _FEWEST_SECTIONS and not has_form_tables(content, forms)):
        return None
    form = form_for(year, forms.values())
    return form.name if form else BEFORE_2019


def _tables(content: Content, form: Form) -> _Tables:
    """Every figure of the form: read, or absent."""
    grids = content.grids()
    two, three, four = read_table_two(grids, form), read_table_three(grids, form), read_table_four(grids, form)
    printed = [f"proactive.{row}" for row in two.rows] + [f"requests.{row}" for row in three.rows]
    printed = [row for row in printed if row in form.alternatives()]
    found = two.figures | three.figures | four.figures
    result = _Tables(gaps=[*two.gaps, *three.gaps, *four.gaps])
    for key in form.keys(printed):
        result.figures[key] = found.get(key) or Figure(key, State.ABSENT)
    _note_missing(result, form, (two, three, four))
    processed, carried = form.file.table_three.processed_total, form.file.table_three.balance.right[-1]
    result.ends_early = three.started and processed not in three.rows and carried not in three.rows
    return result


def _note_missing(result: _Tables, form: Form, readings: tuple[TableReading, TableReading, TableReading]) -> None:
    """What of the form is not in the document: whole tables, else rows."""
    rows: dict[tuple[int, str], list[str]] = {}
    for key in result.figures:
        name = form.names[key]
        rows.setdefault((name.table, name.row_key if name.table < 4 else "disputes"), []).append(key)
    for number, (table, reading) in enumerate(zip(("表二", "表三", "表四"), readings, strict=True), 2):
        own = {row: keys for (of, row), keys in rows.items() if of == number}
        if not reading.started:
            result.missing.append(Gap(Unread.TABLE_MISSING, table, tuple(key for keys in own.values() for key in keys)))
            continue
        for row, keys in own.items():
            if row not in reading.rows:
                result.missing.append(Gap(Unread.ROW_MISSING, naming(form, keys[0]), tuple(keys)))


def _doubtful_pages(report: Report, form: Form, content: Content) -> set[int]:
    """The pages where a sum does not agree; every page with a table where figures are missing or unreadable."""
    if any(figure.state in (State.ABSENT, State.UNREADABLE) for figure in report.figures.values()):
        return {grid.page for grid in content.grids() if grid.page is not None} or {
            paragraph.page for paragraph in content.paragraphs() if paragraph.page is not None
        }
    pages: set[int] = set()
    for equation in form.sums(report.figures):
        parts, totals = ([report.figures[key] for key in keys] for keys in (equation.parts, equation.totals))
        values = [[figure.value for figure in side if figure.value is not None] for side in (parts, totals)]
        if len(values[0]) == len(parts) and len(values[1]) == len(totals) and sum(values[0]) != sum(values[1]):
            pages |= {figure.place.page for figure in (*parts, *totals) if figure.place.page is not None}
    return pages


def _with_second_opinion(report: Report, second: _Tables) -> Report:
    """What the first reading could not tell is taken from the second; where both have a number and differ, neither counts."""
    figures = dict(report.figures)
    settled, disputed = set(), []
    for key, figure in second.figures.items():
        own = figures.get(key)
        if own is None or figure.state is not State.NUMBER or not figure.certain:
            continue
        if own.state in (State.ABSENT, State.UNREADABLE):
            figures[key] = figure
            settled.add(key)
        elif own.state is State.NUMBER and own.value != figure.value:
            figures[key] = Figure(key, State.UNREADABLE, None, own.text, own.place, False)
            disputed.append(key)
    gaps = [replace(gap, cells=tuple(key for key in gap.cells if key not in settled)) if gap.cells else gap for gap in report.gaps]
    gaps = [gap for gap, old in zip(gaps, report.gaps, strict=True) if gap.cells or not old.cells]
    if disputed:
        gaps.append(Gap(Unread.UNCERTAIN, "两种读法读出的数不同", tuple(disputed)))
    return replace(report, figures=figures, gaps=tuple(gaps))
