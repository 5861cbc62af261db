"""A PDF's figures seen a second time (design, decision 18): by another engine, and in the pictures of their cells.

::

    figures on which an error would rest ─► pdf-oxide reads the same? ─► their pictures say the same? ─► confirmed
                                                └─ no: uncertain             └─ no: the text is not what is printed,
                                                                                the pages are recognised as scans are
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from report.figure import ABSENT, BLANK, UNREADABLE, Confirmation, Figure
from report.form import Form
from report.report import Gap, Report, Unread
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.form.accusing import accusing, compared, difference
from workers.reading.paged.cell_pictures import cells_with_ink, of_figures, of_years, pictures_agree
from workers.reading.paged.second_engine import read_alike

_DRAWN = "格中印有内容，但文件没有说明是什么字"
_OTHERWISE = "另一种读法没有读出同样的内容"
_NOT_AS_PRINTED = "PDF里的文字与页面上看到的不一致"


def seen_twice(data: bytes, report: Report, form: Form, from_pictures: Callable[[], Report]) -> Report:
    """The report with what other looks say of every figure on which an error would rest.

    A figure that a second engine reads otherwise is not certain, and accuses nobody. Where a picture says something
    else than the text, nothing of the text is believed: ``from_pictures`` reads the document without it, and a gap
    says so. Raises ReadError (scan) where pictures have to be looked at, and scans are left to others.
    """
    report = _with_blanks_looked_at(data, report)
    figures = report.figures
    accused = {key for key in accusing(figures, form) if not figures[key].confirmed_by}
    asked = accused | {key for key in compared(figures, form) if not figures[key].confirmed_by}
    alike = read_alike(data, [figures[key] for key in sorted(asked)])
    grave = sorted(accused & alike)
    printed = of_figures([figures[key] for key in grave]) + of_years(data, _years_in_question(report, form))
    shown = pictures_agree(data, printed)
    if shown is not None and not all(shown):
        return _without_text(report, form, from_pictures)
    by_engine = (Confirmation.SECOND_ENGINE,)
    ways: dict[str, tuple[Confirmation, ...]] = dict.fromkeys(alike, by_engine)
    if shown is not None:
        ways |= dict.fromkeys(grave, (Confirmation.PICTURE, *by_engine))
    return _confirmed(report, ways, accused - alike)


def _with_blanks_looked_at(data: bytes, report: Report) -> Report:
    """The report with those cells as unreadable that hold no text and yet something that is drawn."""
    blank = [figure for figure in report.figures.values() if figure.state is BLANK and not figure.confirmed_by]
    drawn = cells_with_ink(data, blank)
    if not drawn:
        return report
    figures = {key: _unreadable(figure) if key in drawn else figure for key, figure in report.figures.items()}
    gap = Gap(Unread.CELLS_MISSING, _DRAWN, tuple(sorted(drawn)))
    return replace(report, figures=figures, gaps=(*report.gaps, gap))


def _confirmed(report: Report, ways: Mapping[str, tuple[Confirmation, ...]], doubted: set[str]) -> Report:
    figures: dict[str, Figure] = dict(report.figures)
    figures |= {key: replace(figures[key], confirmed_by=way) for key, way in ways.items()}
    figures |= {key: replace(figures[key], certain=False) for key in doubted}
    gaps = (Gap(Unread.DISAGREEING, _OTHERWISE, tuple(sorted(doubted))),) if doubted else ()
    return replace(report, figures=figures, gaps=(*report.gaps, *gaps))


def _years_in_question(report: Report, form: Form) -> list[int]:
    """The years that a document names, where one of them would accuse: they differ, or the form is not theirs."""
    years = sorted({*report.years.values(), *([report.year] if report.year is not None else [])})
    return years if len(years) > 1 or not all(form.holds_for(year) for year in years) else []


def _without_text(report: Report, form: Form, from_pictures: Callable[[], Report]) -> Report:
    """The report as its pages show it, of a file whose text is not what is printed.

    A number of such a file stands only where text and picture agree, or where every sum that it is in does: so nobody
    is accused by it.
    """
    try:
        read = from_pictures()
    except ReadError as error:
        if error.kind is ReadErrorKind.SCAN:
            raise
        read = report
    if read.form != report.form or read is report:
        figures = {key: _unreadable(figure) for key, figure in report.figures.items()}
        gap = Gap(Unread.DISAGREEING, _NOT_AS_PRINTED)
        return replace(report, figures=figures, gaps=(*report.gaps, gap), years={}, period=None, may_be_cut=True)
    sums = [(each, difference(each, read.figures)) for each in form.sums(read.figures)]
    held = {key for each, excess in sums if excess == 0 for key in (*each.parts, *each.totals)}
    held -= {key for each, excess in sums if excess != 0 for key in (*each.parts, *each.totals)}
    figures = {
        key: figure if key in held or _is_the_same(figure, report.figures.get(key)) else _unreadable(figure)
        for key, figure in read.figures.items()
    }
    doubted = tuple(key for key, figure in figures.items() if figure is not read.figures[key])
    gap = Gap(Unread.DISAGREEING, f"{_NOT_AS_PRINTED}，已改按页面图像识别", doubted)
    # What recognition did not find is perhaps there.
    return replace(read, figures=figures, gaps=(*read.gaps, gap), may_be_cut=True)


def _is_the_same(one: Figure, other: Figure | None) -> bool:
    return other is not None and (one.state, one.value) == (other.state, other.value)


def _unreadable(figure: Figure) -> Figure:
    if figure.state is ABSENT:
        return figure
    return replace(figure, state=UNREADABLE, value=None, certain=False, confirmed_by=())
