"""From the bytes of a document to a Report, in one process and with no side effect.

::

    bytes ─► kind ─► one reader a format ─► Content ─► which form ─► table two, three, four ─► Report
                            (paragraphs, grids)  └─► title, agency, year, period, sections ─┘
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from report.account import CLOSED, PieceKind
from report.form import Form, form_for
from report.labels import LabelBook, bare
from report.period import find_period
from report.report import Gap, Report, Section, Unread
from report.sections import heading_book, is_heading, missing_kinds, split_sections
from report.text.agency_in_text import agency_in_text
from report.titles import judge_title, year_in
from report.years_named import years_named
from workers.reading import kind
from workers.reading.account import Line, accounted
from workers.reading.content import LINE_BREAK, UNREAD, Cell, Content, Embedded, Grid, Paragraph
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.form.cut_off import with_last_row_in_doubt
from workers.reading.form.doubtful_sums import with_doubts
from workers.reading.form.form_figures import FormFigures, read_figures
from workers.reading.form.skeleton import skeleton_of
from workers.reading.form.which_form import BEFORE_2019, block_headings, has_form_tables, likely_form, which_form
from workers.reading.formats.archive import only_document
from workers.reading.formats.doc import read_doc
from workers.reading.formats.mhtml import read_web_archive
from workers.reading.formats.office_files import read_spreadsheet, read_text_document
from workers.reading.formats.open_document import read_open_document
from workers.reading.formats.plain_text import read_plain_text
from workers.reading.formats.rtf import read_rtf
from workers.reading.formats.web_page import read_web_page
from workers.reading.formats.word import read_word
from workers.reading.hints import NOTHING_KNOWN, Hints
from workers.reading.own_title import own_title
from workers.reading.paged.ofd import read_ofd
from workers.reading.paged.page_image import read_page_image
from workers.reading.paged.second_opinion import read_pdf_twice
from workers.reading.running_text import clean, is_page_number, starts_anew

_LARGEST = 60 * 2**20
_NEW_OBJECTS = 70_000
_LONGEST_TITLE = 80
_BEHIND_TABLES = frozenset({"problems", "other"})
_FEWEST_SECTIONS = 3
_LONGEST_SUBHEADING = 20
_SHORTEST_REPORT = 300
# Ten times the longest report that was ever seen.
_LONGEST_TEXT = 100_000
_FORM_BY_YEAR = "表式只能按年度推定：文件里没有某一版表式特有的栏目"
_LIKELY_FORM = "没有年度，也没有某一版表式特有的栏目，暂按最相近的一版读取"
_NO_FORM = "认不出是哪一版表式：文件里没有任何一版表式的表格"

_READERS: dict[str, Callable[[bytes, LabelBook], Content]] = {
    kind.HTML: read_web_page,
    kind.TEXT: lambda data, headings: read_plain_text(data),
    kind.DOCX: lambda data, headings: read_word(data),
    kind.DOC: lambda data, headings: read_doc(data),
    kind.RTF: lambda data, headings: read_rtf(data),
    kind.MHTML: read_web_archive,
    kind.FLAT_WORD: lambda data, headings: read_word(data),
    kind.WORD_2003_XML: lambda data, headings: read_text_document(data),
    kind.ODT: lambda data, headings: read_open_document(data),
    kind.SPREADSHEET: read_spreadsheet,
}
_READERS |= {media_type: lambda data, headings: read_page_image(data) for media_type in kind.IMAGES}
_NOT_READ = {
    kind.OLE: "这是旧版 Office 的文件，但不是 Word 文档，读不了；请提供年报的 Word、PDF 或网页版本。",
}


def read_document(data: bytes, *, source: str, forms: Mapping[str, Form], hints: Hints = NOTHING_KNOWN) -> Report:
    """Reads one document. ``source`` is its name for people; ``forms`` are the forms by name.

    Raises ReadError where it cannot be read at all; what could not be read in part stands in ``Report.gaps``.
    """
    if len(data) > _LARGEST:
        raise ReadError(ReadErrorKind.TOO_LARGE, f"文件超过 {_LARGEST // 2**20} MB；请确认这是一份年报。")
    with _rarely_collecting():
        return _read(data, source, forms, hints)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """While this lasts, Python looks for circles of dead objects a hundred times more seldom.

    A document becomes tens of thousands of objects that are all alive, and hardly a circle: to look for some takes
    a twelfth of the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], _NEW_OBJECTS), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read(data: bytes, source: str, forms: Mapping[str, Form], hints: Hints) -> Report:
    media_type = kind.media_type_of(data)
    if media_type == kind.ZIP:
        inside = read_document(
            only_document(data, {*_READERS, kind.PDF, kind.OFD}), source=source, forms=forms, hints=hints
        )
        return replace(inside, sha256=hashlib.sha256(data).hexdigest(), media_type=media_type)
    if media_type in _NOT_READ:
        raise ReadError(ReadErrorKind.KIND_NOT_READ, _NOT_READ[media_type])
    headings = heading_book(section for form in forms.values() for section in form.file.sections)

    def understand(content: Content) -> Report:
        return _understand(content, headings, forms, hints)

    if media_type == kind.PDF:
        report = read_pdf_twice(data, forms, understand)
    elif media_type == kind.OFD:
        report = understand(read_ofd(data, skeleton_of(forms)))
    else:
        report = understand(_READERS[media_type](data, headings))
    return replace(report, source=source, sha256=hashlib.sha256(data).hexdigest(), media_type=media_type)


def _understand(content: Content, headings: LabelBook, forms: Mapping[str, Form], hints: Hints) -> Report:
    """The Report of a document's content; source, sha256 and media type are left empty."""
    gaps: list[Gap] = []
    dropped = block_headings(forms.values())
    lines = [line for line in _running_lines(content, headings) if bare(line[0]) not in dropped]
    kept, left_out = _capped(lines)
    opening, sections = split_sections(((text, page) for text, page, _ in kept), headings)
    title, opening = own_title(opening)
    title = title or content.title or hints.title
    if title is not None and UNREAD in title:
        # A title in which a character was not read is none that can be judged.
        gaps.append(Gap(Unread.GARBLED_TEXT, f"标题“{title[:_LONGEST_TITLE]}”"))
        title = hints.title
    texts = ["\n".join(opening), *(section.text for section in sections)]
    whole = "\n".join(texts)
    period = find_period(whole, year_in(title) if title else None)
    years = years_named(title, period, whole)
    year = hints.year or years.get("title") or years.get("period") or years.get("text")
    judgement = judge_title(title) if title else None
    agency = hints.agency or (judgement.agency_text if judgement else None)
    agency = agency or agency_in_text(texts, content.margins)
    form = hints.form or which_form(content, forms)
    guessed = False
    if form is None:
        form = _form_of_year(content, sections, year, forms)
        if form is None and year is None:
            form = likely_form(content, forms)
            guessed = form is not None
        _refuse_what_is_no_report(judgement is not None and judgement.is_report, form, content, sections, whole)
        gaps.append(Gap(Unread.UNKNOWN_FORM, _LIKELY_FORM if guessed else _FORM_BY_YEAR if form else _NO_FORM))
    if left_out:
        gaps.append(Gap(Unread.UNACCOUNTED, f"正文超过{_LONGEST_TEXT // 10000}万字，其后{left_out}段没有读"))
    if content.garbled:
        gaps.append(Gap(Unread.GARBLED_TEXT, "部分文字读出来是乱码"))
    printed = forms.get(form or "")
    tables = read_figures(content, printed, forms.values()) if printed else FormFigures()
    if printed and content.pictures:
        tables.figures, doubts = with_doubts(tables.figures, printed, content.pictures)
        gaps += [doubts] if doubts else []
    account = accounted(content, lines, sections, tables, printed)
    tables.figures = account.figures
    missing_sections = missing_kinds(sections, printed.file.sections) if printed else []
    closed = any(isinstance(block, Embedded) and block.kind in CLOSED for block in content.blocks)
    pictured = (closed or bool(content.images)) and any(gap.why is Unread.TABLE_MISSING for gap in tables.missing)
    # Rows that a form has and the document has not may be those of the other form.
    cut = content.may_be_cut or content.breaks_off or pictured or bool(left_out) or guessed
    cut = cut or (tables.ends_early and any(section.kind == "disputes" for section in missing_sections))
    gaps += [*tables.gaps, *account.gaps]
    if cut or {section.kind for section in missing_sections} >= _BEHIND_TABLES:
        tables.figures, broken_off = with_last_row_in_doubt(tables.figures, content)
        gaps += [broken_off] if broken_off else []
    if cut:
        told = {key for gap in account.gaps for key in gap.cells}
        gaps += [gap for gap in tables.missing if told.isdisjoint(gap.cells)]
        gaps += [Gap(Unread.SECTION_MISSING, section.heading) for section in missing_sections]
    return Report(
        "",
        "",
        "",
        title,
        agency,
        year,
        period,
        form,
        "\n".join(opening),
        sections,
        tables.figures,
        tuple(gaps),
        cut,
        years,
        account.account,
        tables.unknown_labels,
    )


def _refuse_what_is_no_report(
    titled: bool, form: str | None, content: Content, sections: tuple[Section, ...], text: str
) -> None:
    """Raises ReadError where a document has neither the sections of a report nor, under its title, a text."""
    if form is not None or sum(section.kind is not None for section in sections) >= _FEWEST_SECTIONS:
        return
    if titled and len(text) >= _SHORTEST_REPORT:
        return
    pictures = any(isinstance(block, Embedded) and block.kind is PieceKind.PICTURE for block in content.blocks)
    if titled and (content.images or pictures):
        raise ReadError(
            ReadErrorKind.NO_TEXT, "只有标题，正文是图片，目前读不了；请提供 PDF、Word 或有文字的网页版本。"
        )
    raise ReadError(
        ReadErrorKind.NOT_A_REPORT, "这份文件里没有政府信息公开工作年度报告的标题、章节或表格；请确认文件是否正确。"
    )


def _running_lines(content: Content, headings: LabelBook) -> list[Line]:
    """The clean paragraphs outside tables, with their pages and the numbers of their blocks.

    A heading that fills a row of a table is one too.
    """
    lines: list[Line] = []
    for number, block in enumerate(content.blocks):
        if isinstance(block, Paragraph):
            lines += [(text, block.page, number) for part in _split_lines(block.text) if (text := clean(part))]
        elif isinstance(block, Grid):
            lines += [(text, block.page, number) for text in _texts_in_grid(block, headings)]
    return [line for line in lines if not is_page_number(line[0])]


def _capped(lines: list[Line]) -> tuple[list[Line], int]:
    """The lines up to the most text that a report may have, and how many were left out: rules look at every word."""
    length = 0
    for number, (text, _, _) in enumerate(lines):
        length += len(text)
        if length > _LONGEST_TEXT:
            return lines[:number], len(lines) - number
    return lines, 0


def _split_lines(text: str) -> list[str]:
    """A paragraph at those of its author's line breaks that end a sentence or open a numbered one."""
    if LINE_BREAK not in text:
        return [text]
    parts: list[str] = []
    for line in text.split(LINE_BREAK):
        before = parts[-1].rstrip() if parts else ""
        indented = line.startswith(("\u3000", "\u00a0\u00a0"))
        after_heading = starts_anew(before) and len(before) < _LONGEST_SUBHEADING
        if not before or before[-1] in "。；：！？" or indented or after_heading or starts_anew(line):
            parts.append(line)
        else:
            parts[-1] += line
    return parts


def _texts_in_grid(grid: Grid, headings: LabelBook) -> list[str]:
    """Running text that stands in a table: the cells of one column alone, and headings over its whole width."""
    texts = []
    for row in range(len(grid.rows)):
        only = _only_filled(grid.own_cells(row))
        if only is not None and (grid.width == 1 or is_heading(only.text, headings)):
            texts += [clean(line) for line in only.text.split("\n")]
    return [text for text in texts if text]


def _only_filled(cells: Sequence[Cell]) -> Cell | None:
    """The one cell of a row in which something stands; None where there are several or none."""
    found = None
    for cell in cells:
        if cell.text.strip():
            if found is not None:
                return None
            found = cell
    return found


def _form_of_year(
    content: Content, sections: tuple[Section, ...], year: int | None, forms: Mapping[str, Form]
) -> str | None:
    """The form of the year where the document has its sections or tables but no label that only one form has."""
    known = sum(section.kind is not None for section in sections)
    if year is None or (known < _FEWEST_SECTIONS and not has_form_tables(content, forms)):
        return None
    form = form_for(year, forms.values())
    return form.name if form else BEFORE_2019
