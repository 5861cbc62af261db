"""Which links of a page are rows of a list: those of a container with dated rows, and every report by its title.

A row is the largest element around a link in which it is the only one that says what it leads to; thumbnails before it
and "PDF版" behind it belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from crawler.pages.evidence import parse_date
from crawler.pages.page import Page, visible_text
from crawler.rows.dates import date_of, is_dated
from crawler.rows.place import place_of
from crawler.rows.standing import Standing, lists_among, standing_of
from crawler.rows.tables import Tables
from crawler.rows.targets import target_of
from crawler.rows.titles import CUT, is_poor, score, title_of
from report.titles import judge_title

MOST_LINKS = 5000
_REPORTISH = re.compile(r"年度?报告?|年报|信息公开.{0,12}报告")
_BEGINS_LIKE_ONE = re.compile(r"20\d{2}年|政[府务]信|信息公开|年度?报")
_LEADS_ON = re.compile(
    r"^(?:更多|more|查看更多|加载更多|[首上下前后尾末]一?页|\[?\d{1,4}\]?|[<>«»‹›])\W*$", re.IGNORECASE
)
_YEAR_ALONE = re.compile(r"^20\d{2}\s{0,3}年?度?$")
_ROWS = ("li", "tr", "dd", "article")
_CELLS = frozenset(
    ("td", "th", "dt", "span", "em", "b", "strong", "i", "font", "h3", "h4", "h5", "p", "div", "label", "a", "section")
)
_HIGHEST = 6
_LONGEST_ROW = 400


@dataclass(frozen=True)
class Row:
    """One row: the link's element, its absolute address, title and date, and what the whole row says (bounded).

    ``place``: what the cells beside it and the headings above it say. ``beside``: where reports stand is known, and it
    stands elsewhere, in a box beside the list.
    """

    link: HtmlElement
    row: HtmlElement
    address: str
    title: str
    listed: str | None
    dated: bool
    text: str
    place: tuple[str, ...] = ()
    beside: bool = False

    @property
    def says_when(self) -> bool:
        """Whether its link says no more than a year, or how to open something: its place may say the rest."""
        shown = visible_text(self.link)
        return _YEAR_ALONE.match(self.title) is not None or (bool(shown) and is_poor(shown))

    @property
    def is_report(self) -> bool:
        """Whether the title is that of a report."""
        return judge_title(self.title).is_report

    @property
    def is_cut(self) -> bool:
        """Whether the title is cut short, and what is left of it may be the beginning of a report's."""
        return self.title.endswith(CUT) and _BEGINS_LIKE_ONE.search(self.title) is not None


def rows_of(page: Page, known_as: Callable[[str], str], lists_stand: set[Standing] | None = None) -> list[Row]:
    """The rows of a page in the document's order, each address (as ``known_as`` has it) once, with its best title.

    ``lists_stand`` are the places at which reports stood on the pages of the list before; those of this one are added.
    """
    links = _links(page)
    tables = Tables(page)
    menus = page.menus
    listed = [
        row
        for link, address in links.items()
        if (row := _read(link, address, links, tables, only_report=menus.hold(link))) is not None
    ]
    reports = [(_container(one.row), one.row.tag in _ROWS) for one in listed if one.is_report]
    of_reports = lists_among(reports)
    known = set() if lists_stand is None else lists_stand
    known |= {standing_of(container) for container in of_reports}
    of_reports |= {
        container
        for container in {_container(one.row) for one in listed if not menus.hold(one.link)} - of_reports
        if known and standing_of(container) in known
    }
    own = [one for one in listed if _container(one.row) in of_reports and not _LEADS_ON.match(one.title)]
    dated = [one for one in listed if one.dated and not menus.hold(one.link)]
    taken = {id(one) for one in own}
    if dated:
        lists = {_container(one.row) for one in dated}
        taken |= {id(one) for one in listed if _container(one.row) in lists or one.is_report or one.is_cut}
    else:
        taken |= {
            id(one)
            for one in listed
            if _REPORTISH.search(one.title) or one.is_cut or (one.says_when and in_cell(one.link))
        }
    inside = {id(one) for one in own}
    rows = [replace(one, beside=bool(known) and id(one) not in inside) for one in listed if id(one) in taken]
    return _each_once(rows, known_as)


def in_cell(link: HtmlElement) -> bool:
    """Whether a link stands in a table, or in a list within a list: where it stands says what it is."""
    return any(outer.tag in ("td", "th", "dd", "details") for outer in link.iterancestors()) or (
        sum(outer.tag == "li" for outer in link.iterancestors()) > 1
    )


def _says_little(title: str) -> bool:
    """Whether a title names no agency, so that only its place can tell whose it is."""
    return judge_title(title).agency_text is None


def _links(page: Page) -> dict[HtmlElement, str]:
    found: dict[HtmlElement, str] = {}
    for element in page.tree.iter("a", "tr", "li", "div", "span", "p", "td"):
        if element.tag != "a" and not element.get("onclick"):
            continue
        if len(found) == MOST_LINKS:
            break
        address = target_of(page, element)
        if address is not None:
            found[element] = address
    return found


def _read(
    link: HtmlElement, address: str, links: dict[HtmlElement, str], tables: Tables, *, only_report: bool
) -> Row | None:
    """The row of a link; None for one that is no report, where only a report is a row."""
    row = _row(link, address, links)
    title = title_of(link, row)
    if only_report and not judge_title(title).is_report:
        return None
    listed = date_of(row, title, tables)
    text = " ".join(visible_text(row).split())[:_LONGEST_ROW]
    place = place_of(row, tables) if _says_little(title) else ()
    if row.tag == "tr" and (cell := next(link.iterancestors("td", "th"), None)) is not None:
        place = (tables.label_of(cell), *place)
    return Row(link, row, address, title, listed, is_dated(row, listed), text, tuple(filter(None, place)))


def _row(link: HtmlElement, address: str, links: dict[HtmlElement, str]) -> HtmlElement:
    """The largest element around a link in which nothing else is linked by a title of its own."""
    row = link
    if link.tag in _ROWS:
        return link
    for height, outer in enumerate(link.iterancestors()):
        if outer.tag not in _ROWS and (height == _HIGHEST or outer.tag not in _CELLS):
            break
        if _holds_another(outer, link, address, links):
            break
        if outer.tag not in _ROWS and len(visible_text(outer)) > _LONGEST_ROW:
            break
        row = outer
        if outer.tag in _ROWS:
            break
    return row


def _holds_another(outer: HtmlElement, link: HtmlElement, address: str, links: dict[HtmlElement, str]) -> bool:
    """Whether an element holds a link to somewhere else that says more than how to open something."""
    for other in outer.iter("a"):
        if other is link or links.get(other, address) == address:
            continue
        if not is_poor(visible_text(other)):
            return True
    return False


def _container(row: HtmlElement) -> HtmlElement:
    parent = row.getparent()
    return row if parent is None else parent


def _each_once(rows: list[Row], known_as: Callable[[str], str]) -> list[Row]:
    """Of several links to one address that with the best title, where the first of them stood, with any date."""
    by_address: dict[str, list[Row]] = {}
    for one in rows:
        by_address.setdefault(known_as(one.address), []).append(one)
    found = []
    titled = {id(one.row) for one in rows if not is_poor(visible_text(one.link))}
    for same in by_address.values():
        best = max(same, key=lambda one: (*score(one.title), not is_poor(visible_text(one.link))))
        if is_poor(visible_text(best.link)) and (not best.title or _belongs_to_another(best, titled)):
            continue
        listed = _earliest([one.listed for one in (best, *same) if one.listed])
        found.append(replace(best, listed=listed, beside=all(one.beside for one in same)))
    return found


def _earliest(dates: list[str]) -> str | None:
    """Of the dates of several rows for one page the first day: a row that is put on top gets a new one."""
    parsed = [(moment[0], written) for written in dates if (moment := parse_date(written)) is not None]
    return min(parsed)[1] if parsed else next(iter(dates), None)


def _belongs_to_another(row: Row, titled: set[int]) -> bool:
    """Whether a link that says nothing stands in the row of one that does: another form of the same thing."""
    return any(id(outer) in titled for outer in (row.row, *row.row.iterancestors()))
