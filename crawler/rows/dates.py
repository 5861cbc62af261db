"""The date of a row: in an element of its own, in the words beside the link, split over two elements, or before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from lxml.html import HtmlElement

from config.time_zone import SHANGHAI
from crawler.pages.ages import AT_END, age_alone, not_after
from crawler.pages.evidence import parse_date
from crawler.pages.page import visible_text
from crawler.rows.english_dates import labelled_day
from crawler.rows.tables import Tables
from report.numerals import chinese_number, fold_width

DATE = re.compile(
    r"(?<!\d)20\d{2}\s{0,3}(?:[-/.]|年)\s{0,3}\d{1,2}\s{0,3}(?:[-/.]|月)\s{0,3}\d{1,2}(?!\d)\s{0,3}日?"
    r"(?:\s{1,3}\d{1,2}:\d{2}(?::\d{2})?)?"
)
_ALONE = re.compile(rf"^[^\w]*(?:发布|公开|公布|发表)?(?:日期|时间)?\s*[:：]?[^\w]*({DATE.pattern})[^\w]*$")
_COMPACT = re.compile(r"^[^\w]*(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[^\w]*$")
_IN_WORDS = re.compile(
    r"([二〇○零一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_FIRST_MONTH = re.compile(r"(?<=\d年)\s{0,3}元月")
_MONTH_AND_DAY = re.compile(r"^[^\w]*(\d{1,2})\s{0,3}[-/.月]\s{0,3}(\d{1,2})日?[^\w]*$")
_YEAR = re.compile(r"^[^\w]*(20\d{2})年?[^\w]*$")
_YEAR_AND_MONTH = re.compile(r"^[^\w]*(20\d{2})\s{0,3}[-/.年]\s{0,3}(\d{1,2})月?[^\w]*$")
_DAY = re.compile(r"^[^\w]*(\d{1,2})日?[^\w]*$")
_NUMBER = re.compile(r"^[^\w]*(\d{1,2})[月日]?[^\w]*$")
_NOT_PUBLISHED = re.compile(
    r"更新|修改|成文|截止|截至|打印|有效|发文|印发|制发|生效|废止|统计|起止|公示|失效|归档|到期|期[至限]|至\s*$"
)
_BEHIND = re.compile(r"^\s{0,3}(?:[至到起~～—]|[（(]?\s{0,3}(?:更新|修改|截止))")
_PERIOD_AT_END = re.compile(rf"{DATE.pattern}\s{{0,3}}[-—–~～至到]{{1,2}}\s{{0,3}}{DATE.pattern}\s{{0,3}}[】）)\]]?$")
_NO_LONGER_SHOWN = frozenset(("del", "s", "strike"))
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_PUBLISHED = re.compile(r"发布|公开|公布|发表|上网|挂网")
_EDGES = re.compile(rf"^[\[【（(]?\s*{DATE.pattern}\s*[\]】）)]?|[\[【（(]?\s*{DATE.pattern}\s*[\]】）)]?$")
_MONTH_DAY_AT_END = re.compile(r"\s*[\[【（(]\d{1,2}[-/.月]\d{1,2}日?[\]】）)]$|\s+\d{2}-\d{2}$")
_UNSEEN = frozenset(("script", "style", "noscript", "template", "link", "meta"))
_SAYING = frozenset(("title", "datetime", "aria-label", "alt"))
_MOST_ELEMENTS = 60
_LONGEST_DATE = 40
_LONGEST_ROW = 400
_MOST_BEFORE = 20


def without_dates(text: str) -> str:
    """Words without a date at their beginning or end."""
    said = " ".join(text.split())
    if _PERIOD_AT_END.search(said) is not None:
        return said
    bare = AT_END.sub("", _MONTH_DAY_AT_END.sub("", _EDGES.sub(" ", said))).strip(" |·-—")
    return bare if bare else said


def date_of(row: HtmlElement, title: str, tables: Tables) -> str | None:
    """The date that a row shows as that of its entry, in figures; one without a year or an age where it shows no other.

    Where an attribute (``title``, ``data-time``) has an earlier one, the one that is shown only bounds the publication:
    which of them is its day nobody can tell.
    """
    shown = _shown_in(row, title, tables)
    if shown is None:
        return None
    parsed, short = parse_date(shown), _MONTH_AND_DAY.match(shown)
    for said in _said_in_attributes(row):
        day = parsed[0].date() if parsed is not None else _in_year(said.year, short)
        if day is not None and said < day:
            return not_after(f"{day}")
    return shown


def _said_in_attributes(row: HtmlElement) -> Iterator[date]:
    """The days that stand in a row's attributes for people and scripts; addresses have days of their own."""
    for number, element in enumerate(row.iter()):
        if number == _MOST_ELEMENTS:
            return
        for name, value in element.attrib.items():
            if name in _SAYING or name.startswith("data-"):
                match = DATE.search(_in_figures(value[:_LONGEST_ROW]))
                parsed = parse_date(match[0]) if match is not None else None
                if parsed is not None:
                    yield parsed[0].date()


def _in_year(year: int, month_and_day: re.Match[str] | None) -> date | None:
    if month_and_day is None:
        return None
    try:
        return date(year, int(month_and_day[1]), int(month_and_day[2]))
    except ValueError:
        return None


def _shown_in(row: HtmlElement, title: str, tables: Tables) -> str | None:
    """The date as the row shows it.

    Under a head that says what its columns are, a date of something else (更新时间, 成文日期) is none.
    """
    others = [*_of_something_else(row, tables), *_not_displayed(row)]
    short = [*_short_texts(row, others)]
    alone = [(text, match) for text in short if (match := _ALONE.match(text) or _COMPACT.match(text)) is not None]
    if alone:
        return _one_of([_day(match) for text, match in alone if not _NOT_PUBLISHED.search(text)])
    if (split := _split(short)) is not None:
        return split
    if (machine := next((one.get("datetime") or "" for one in row.iter("time") if one.get("datetime")), "")) and (
        match := DATE.search(machine[:_LONGEST_DATE])
    ):
        return match[0]
    text = _in_figures(visible_text(row))
    beside = text.replace(_in_figures(title), " ", 1) if title else text
    for other in others:
        beside = beside.replace(_in_figures(visible_text(other)), " ", 1)
    if len(beside) <= _LONGEST_ROW and (match := DATE.search(beside)) is not None:
        before, behind = beside[max(0, match.start() - 8) : match.start()], beside[match.end() :][:_LONGEST_DATE]
        return None if _NOT_PUBLISHED.search(before) or _BEHIND.match(behind) else match[0]
    edge = _EDGES.search(text)
    if edge is not None and not others and (match := DATE.search(edge[0])) is not None:
        return match[0]
    return (
        _outside(row)
        or _without_year(row, short)
        or next(filter(None, map(age_alone, short)), None)
        or _in_english(row, short, tables)
    )


def with_year(listed: str | None, report_year: int | None, now: datetime) -> str | None:
    """A row's date; one that names no year gets the only one in which a report of ``report_year`` can have stood there.

    It was published after the year that it reports on was over, and before ``now``.
    """
    if listed is None or report_year is None or DATE.search(listed) is not None:
        return listed
    match = _MONTH_AND_DAY.match(listed)
    if match is None:
        return listed
    possible = []
    today = now.astimezone(SHANGHAI).date()
    for year in range(report_year + 1, today.year + 1):
        try:
            day = date(year, int(match[1]), int(match[2]))
        except ValueError:
            continue
        possible += [day] if day <= today else []
    return f"{possible[0]:%Y-%m-%d}" if len(possible) == 1 else listed


def is_dated(row: HtmlElement, listed: str | None) -> bool:
    """Whether a row has a date beside its link, be it one without a year, or one of something else."""
    return listed is not None or _ends_dated(row) or any(_ALONE.match(text) for text in _short_texts(row))


def _in_english(row: HtmlElement, short: Sequence[str], tables: Tables) -> str | None:
    """The date in English that a row calls that of its publication, itself or by the head of a column."""
    cells = row.iterchildren("td", "th") if row.tag == "tr" else ()
    said = [*short, *(f"{tables.label_of(cell)}: {visible_text(cell)[:_LONGEST_DATE]}" for cell in cells)]
    days = {day for text in said if (day := labelled_day(text)) is not None}
    return days.pop() if len(days) == 1 else None


def _of_something_else(row: HtmlElement, tables: Tables) -> list[HtmlElement]:
    """The cells of a row whose date is not that of its publication, by the heads of their columns."""
    if row.tag != "tr":
        return []
    labels = {cell: tables.label_of(cell) for cell in row.iterchildren("td", "th")}
    published = any(_PUBLISHED.search(label) and not _NOT_PUBLISHED.search(label) for label in labels.values())
    return [
        cell
        for cell, label in labels.items()
        if _NOT_PUBLISHED.search(label)
        or (published and not _PUBLISHED.search(label) and re.search("日期|时间", label))
    ]


def _not_displayed(row: HtmlElement) -> list[HtmlElement]:
    """What is struck or not displayed within a row that is: a date there is an old one, or one for scripts."""
    return [
        inner
        for number, inner in enumerate(row.iterdescendants())
        if number < _MOST_ELEMENTS
        and isinstance(inner.tag, str)
        and (inner.tag in _NO_LONGER_SHOWN or _NOT_DISPLAYED.search(inner.get("style") or "") is not None)
    ]


def _one_of(days: Sequence[str]) -> str | None:
    """The one day that is shown; of several without a label none can be told, but that it was by the last."""
    parsed = {day: moment[0].date() for day in days if (moment := parse_date(day)) is not None}
    if len(set(parsed.values())) < 2:
        return next(iter(days), None)
    return not_after(f"{max(parsed.values())}")


def _outside(row: HtmlElement) -> str | None:
    """The date beside a row that has none in it: behind it, or before it where what holds it begins with a date."""
    parent = row.getparent()
    if parent is None:
        return None
    if _begins_with_date(parent):
        text, beside = _before(row, parent)
    else:
        text, beside = _behind(row)
    return _alone(text) or (_alone_in(beside) if beside is not None else None)


def _before(row: HtmlElement, parent: HtmlElement) -> tuple[str, HtmlElement | None]:
    """The text between a row and the element before it, and that element; scripts and styles are none."""
    text = ""
    for element in row.itersiblings(preceding=True):
        text = f"{element.tail or ''} {text}"
        if element.tag not in _UNSEEN:
            return text, element
    return f"{parent.text or ''} {text}", None


def _behind(row: HtmlElement) -> tuple[str, HtmlElement | None]:
    text = row.tail or ""
    for element in row.itersiblings():
        if element.tag not in _UNSEEN:
            return text, element
        text += f" {element.tail or ''}"
    return text, None


def _begins_with_date(parent: HtmlElement) -> bool:
    if _alone(parent.text) is not None:
        return True
    for number, child in enumerate(parent):
        if number == _MOST_BEFORE or child.tag == "a" or child.find(".//a") is not None:
            return False
        if _alone_in(child) is not None or _alone(child.tail) is not None:
            return True
    return False


def _alone_in(element: HtmlElement) -> str | None:
    if element.tag not in ("dt", "dd", "span", "em", "i", "b", "td", "th", "div", "p", "time", "font", "label"):
        return None
    return _alone(visible_text(element)[: 2 * _LONGEST_DATE])


def _alone(text: str | None) -> str | None:
    said = _in_figures(" ".join((text or "")[: 4 * _LONGEST_DATE].split()))
    match = _ALONE.match(said) or _COMPACT.match(said)
    return _day(match) if match is not None and not _NOT_PUBLISHED.search(said) else None


def _without_year(row: HtmlElement, short: list[str]) -> str | None:
    """A month and a day that stand alone, or at the end of a row; whoever knows the report's year knows theirs."""
    for text in [
        *short,
        *re.findall(r"[\[【（(](\d{1,2}[-/.月]\d{1,2}日?)[\]】）)]$", visible_text(row)[-_LONGEST_DATE:]),
    ]:
        match = _MONTH_AND_DAY.match(text)
        if match is not None and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31:
            return f"{int(match[1]):02}-{int(match[2]):02}"
    return None


def _in_figures(text: str) -> str:
    """A text with figures of one width, and dates in words (二〇二六年一月二十日) in figures."""
    plain = _FIRST_MONTH.sub("1月", fold_width(text)).replace("年元月", "年一月")
    return _IN_WORDS.sub(lambda match: "-".join(str(chinese_number(part)) for part in match.groups()), plain)


def _day(match: re.Match[str]) -> str:
    return "-".join(match.groups()) if match.re is _COMPACT else match[1]


def _ends_dated(row: HtmlElement) -> bool:
    return _MONTH_DAY_AT_END.search(visible_text(row)[-_LONGEST_DATE:]) is not None


def _split(short: list[str]) -> str | None:
    """A date of which one element has the year and another the day."""
    for first, second in ((_YEAR, _MONTH_AND_DAY), (_YEAR_AND_MONTH, _DAY)):
        years = [match for text in short if (match := first.match(text)) is not None]
        rests = [match for text in short if (match := second.match(text)) is not None]
        if len(years) == 1 and len(rests) == 1:
            return "-".join([*years[0].groups(), *rests[0].groups()])
    return _in_three(short)


def _in_three(short: list[str]) -> str | None:
    """A date whose year, month and day stand in three elements, from the year down or from the day up."""
    said = [text for number, text in enumerate(short) if number == 0 or text != short[number - 1]]
    found = {day for three in zip(said, said[1:], said[2:], strict=False) if (day := _one_of_three(three)) is not None}
    return found.pop() if len(found) == 1 else None


def _one_of_three(three: tuple[str, str, str]) -> str | None:
    year, month, day = three if _YEAR.match(three[0]) else three[::-1]
    if not (_YEAR.match(year) and _NUMBER.match(month) and _NUMBER.match(day)):
        return None
    numbers = [re.sub(r"\D", "", text) for text in (year, month, day)]
    return "-".join(numbers) if 1 <= int(numbers[1]) <= 12 else None


def _short_texts(row: HtmlElement, without: Sequence[HtmlElement] = ()) -> Iterator[str]:
    for number, inner in enumerate(row.iter()):
        if number == _MOST_ELEMENTS:
            return
        if len(inner) > 2 or inner in without:
            continue
        text = _in_figures(visible_text(inner))
        if text and len(text) <= _LONGEST_DATE:
            yield text
        tail = _in_figures(" ".join((inner.tail or "").split())) if inner is not row else ""
        if tail and len(tail) <= _LONGEST_DATE:
            yield tail
