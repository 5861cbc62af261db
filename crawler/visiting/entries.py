"""From an entry of a list to what it is: a report of which agency and year, or none, and why; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from config.portals import PortalColumn
from crawler.rows.dates import DATE, without_dates
from crawler.rows.titles import CUT, is_poor
from crawler.visiting.register import Register
from ledger.crawling.account_kinds import PieceName
from report.numerals import YEAR
from report.title_marks import bare_title
from report.titles import TitleKind, judge_title, year_in

_YEAR = re.compile(rf"{YEAR}年?度?")
_YEAR_OF_PLACE = re.compile(r"^(20\d{2})(?:年度?|$)(?!\d{1,2}月)[^\d]{0,30}$")
# What a heading or a row says beside the name: that here are reports, and how to open them.
_OF_A_LIST = re.compile(r"政府信息公开|信息公开|工作|年度?报告?|列表|专栏|目录|查看|下载|预览|全文|详情|[—\-/|·>»\s]")
_ORDINAL = re.compile(r"^\s*\d{1,4}\s?[.、．)）]?\s+")
_ABOUT_DISCLOSURE = re.compile(r"政[府务]信|信息公开|年度?报")
# Letters that were lost on the way: nobody can tell what they said. And letters at all.
LOST = re.compile(r"[?？]{4,}|\ufffd")
_PACKED = re.compile(r"\.(?:zip|rar|7z|xlsx?|et)$", re.IGNORECASE)
# A report's words in traditional letters, in which the register names nobody.
_TRADITIONAL = re.compile(r"公開.{0,8}(?:報告|年報)|年度報告|年報")
_WORDS = re.compile(r"[A-Za-z\u4e00-\u9fff]")
# What a report is called where its title is shorter than the standard wording.
_CALLED_REPORT = re.compile(r"年报|年度报告|信息公开.{0,8}报告|公开年度|工作报告")
# Folders by report year: /2019nb/, /2024n/, /gknb2025/, /dcqjd2025/. A bare /2023/ is a date, six digits are a month,
# and what follows a suffix like that of 2024n78 means nothing.
_YEAR_FOLDER = re.compile(r"/(?:[a-z_-]*(20\d{2})(?:nb|n|nd|nnb|ndbg)|[a-z_-]+(20\d{2}))(?=/)", re.IGNORECASE)
_NAMES = {
    TitleKind.REPORT: PieceName.REPORT,
    TitleKind.INTERPRETATION: PieceName.INTERPRETATION,
    TitleKind.NOTICE: PieceName.NOTICE,
    TitleKind.ABOUT_REPORT: PieceName.ABOUT_REPORT,
    # Whose reports these are no list tells: they may be anybody's.
    TitleKind.COLLECTION: PieceName.UNKNOWN,
    TitleKind.PART_OF_YEAR: PieceName.PART_OF_YEAR,
    TitleKind.NOT_YEARLY: PieceName.OTHER_DOCUMENT,
    TitleKind.COLUMN_NAME: PieceName.COLUMN_NAME,
    TitleKind.OTHER_DOCUMENT: PieceName.OTHER_DOCUMENT,
    TitleKind.NO_WORDS: PieceName.OTHER_SUBJECT,
    TitleKind.NO_TITLE: PieceName.UNKNOWN,
}
# Titles that do not say what they are: only the page can tell.
SAYS_LITTLE = frozenset({TitleKind.NO_WORDS, TitleKind.NO_TITLE, TitleKind.COLUMN_NAME, TitleKind.NOT_YEARLY})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a title (and the place where it stands) says.

    ``needs_page``: the list says too little, and only the page can tell. ``name`` is what a program decides on;
    ``named`` is how the title names an agency that is not in the register, ``why`` the sentence on a title that is no
    report. ``slipped``: the year in the title is probably a slip, and only the period in the report counts.
    """

    is_report: bool
    agency: str | None = None
    year: int | None = None
    needs_page: bool = False
    name: PieceName = PieceName.REPORT
    named: str | None = None
    why: str = ""
    slipped: bool = False

    @property
    def reason(self) -> str:
        """One sentence for people: why it is no report, or what could not be told of it."""
        if self.why or not self.is_report or self.needs_page:
            return self.why
        reasons = []
        if self.agency is None:
            reasons.append(f"“{self.named}”不在机关名录中" if self.named else "标题没有写明机关")
        if self.year is None:
            reasons.append("看不出是哪一年度的报告")
        return "；".join(reasons)


def judge_entry(
    title: str,
    address: str,
    column: PortalColumn,
    register: Register,
    folder_year: int | None = None,
    row: str = "",
    place: Sequence[str] = (),
) -> Judgement:
    """Judges an entry by its title, then its folder (``folder_year`` where the list says one), column, row, place."""
    cut = title.rstrip().endswith(CUT)
    judged = judge_title(title.rstrip().rstrip("….．\ufffd"))
    if judged.is_report:
        beside = without_dates(row.replace(title, " ", 1)) if row else ""
        year = judged.year or folder_year or year_of_place(address, column) or year_in(beside) or _year_above(place)
        agency = register.agency_in(judged.agency_text, column.kinds) if judged.agency_text else None
        if agency is None and not judged.agency_text and beside:
            agency = register.agency_in(_YEAR.sub("", beside), column.kinds)
        if agency is None and not judged.agency_text:
            agency = _agency_above(place, column, register)
        if judged.year is not None and _is_slip(judged.year, row.replace(title, " ", 1), register):
            why = f"标题写的是{judged.year}年，与公布日期不符"
            return Judgement(True, agency, None, True, PieceName.TO_OPEN, judged.agency_text, why, slipped=True)
        return Judgement(True, agency, year, named=judged.agency_text)
    packed = _PACKED.search(urlsplit(address).path) or _PACKED.search(title)
    if packed and not judged.is_report and _CALLED_REPORT.search(title) and register.watches(judged.year):
        # Whose reports are in it, or whose it lists, nobody has looked.
        return Judgement(False, year=judged.year, name=PieceName.UNKNOWN, why="汇总的文件，没有打开")
    if not judged.is_report and _TRADITIONAL.search(title):
        return _to_open(judged.year, "列表上的标题是繁体字")
    if LOST.search(title.rstrip("….．\ufffd")):
        # Another encoding than the page's: nobody can tell what is called so, whatever is left of it.
        return _to_open(judged.year, "列表上的标题无法辨认")
    if cut and judged.kind in (TitleKind.NO_WORDS, TitleKind.OTHER_DOCUMENT) and _cut_may_be(title, column, register):
        return _to_open(judged.year, "列表上的标题不完整")
    if row and not cut and judged.kind in SAYS_LITTLE and not _WORDS.search(title):
        return _to_open(judged.year, "列表上的标题无法辨认")
    if not cut and judged.kind in SAYS_LITTLE and _may_be(title, " ".join((row, *place)), column, register):
        year = (
            judged.year
            or year_in(title.strip())
            or _year_above(place)
            or year_in(row.replace(title, " ", 1))
            or folder_year
        )
        if year is not None and not register.watches(year):
            return Judgement(False, year=year, name=PieceName.OTHER_YEAR, why=f"写的是{year}年，不在监测范围内")
        agency = _agency_above(place, column, register) or register.agency_in(_bare(row), column.kinds)
        return replace(_to_open(year, "列表上的标题说得太少"), agency=agency)
    return Judgement(False, year=judged.year, name=_NAMES[judged.kind], why=judged.reason or "标题不是年度报告")


def _agency_above(place: Sequence[str], column: PortalColumn, register: Register) -> str | None:
    """The agency that the place of a row names; None where the nearest text with a name is not plainly one."""
    for text in place:
        if register.mentioned(text) or register.agency_in(_bare(text), column.kinds) is not None:
            return register.agency_in(_bare(text), column.kinds)
    return None


def _year_above(place: Sequence[str]) -> int | None:
    """The year of a heading or of the head of a column: 2025, 2025年度, 2025年度政府信息公开年报."""
    for text in place:
        match = _YEAR_OF_PLACE.match(text.strip())
        if match is not None:
            return int(match[1])
    return None


def _bare(text: str) -> str:
    return _YEAR.sub("", _OF_A_LIST.sub("", without_dates(_ORDINAL.sub("", text))))


def _is_slip(year: int, beside: str, register: Register) -> bool:
    """Whether a report is listed in a year in which the one of the year before, or after, is due: a slip of one."""
    listed = {int(match[0][:4]) for match in DATE.finditer(beside)}
    if len(listed) != 1:
        return False
    due = listed.pop() - 1
    return abs(due - year) == 1 and register.watches(due)


def _to_open(year: int | None, why: str) -> Judgement:
    return Judgement(True, year=year, needs_page=True, name=PieceName.TO_OPEN, why=why)


def _cut_may_be(cut: str, column: PortalColumn, register: Register) -> bool:
    """Whether what is left of a title speaks of disclosure, says no more than a name and a year, or not even that."""
    named = cut.rstrip().rstrip("….．\ufffd")
    if _ABOUT_DISCLOSURE.search(named):
        return True
    without = _YEAR.sub("", named).removesuffix("政")
    return register.agency_in(without, column.kinds) is not None or register.may_go_on_with_a_name(without)


def _may_be(title: str, row: str, column: PortalColumn, register: Register) -> bool:
    """Whether a title that says little may be a report's: it names an agency, or calls itself a report of a year."""
    letters = bare_title(title)
    called = _CALLED_REPORT.search(letters) is not None
    without = _YEAR.sub("", _CALLED_REPORT.sub("", letters)).strip("的工作政府信息公开（）()")
    names_agency = bool(without) and register.agency_in(without, column.kinds) is not None
    if names_agency:
        return True
    if called and (_YEAR.search(letters) or register.mentioned(letters)):
        return not without or bool(register.mentioned(letters)) or register.begins_a_name(without)
    says_nothing = is_poor(title) or not without
    return says_nothing and bool(register.mentioned(row.replace(title, " ", 1)))


def year_of_place(address: str, column: PortalColumn) -> int | None:
    """The report year of the folder in an address, or of a column for one year only."""
    match = _YEAR_FOLDER.search(urlsplit(address).path)
    if match is not None:
        return int(match[1] or match[2])
    return column.years[0] if len(column.years) == 1 else None
