"""From an entry of a list to what it is: a report of which agency and year, or none, and why; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.portals import PortalColumn
from crawler.visiting.register import Register
from report.titles import judge_title

_CUT = ("…", "...", "．．．")
_YEAR = re.compile(r"(?:20\d{2}|二[〇○零0][一二三四五六七八九〇○零]{2})年度?")
_ABOUT_DISCLOSURE = re.compile(r"政[府务]信|信息公开|年度?报")
# Folders by report year: /2019nb/, /2024n/, /gknb2025/, /dcqjd2025/. A bare /2023/ is a date, six digits are a month,
# and what follows a suffix like that of 2024n78 means nothing.
_YEAR_FOLDER = re.compile(r"/(?:[a-z_-]*(20\d{2})(?:nb|n|nd|nnb|ndbg)|[a-z_-]+(20\d{2}))(?=/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a title (and the place where it stands) says.

    ``needs_page``: the list cuts the title short, and only the page can tell. ``reason`` is one sentence where it is
    no report, or where agency or year could not be told.
    """

    is_report: bool
    agency: str | None = None
    year: int | None = None
    needs_page: bool = False
    reason: str = ""


def judge_entry(
    title: str, address: str, column: PortalColumn, register: Register, folder_year: int | None = None
) -> Judgement:
    """Judges an entry by its title, then its folder (``folder_year`` where the list calls it so) and its column."""
    cut = title.rstrip().endswith(_CUT)
    judged = judge_title(title.rstrip().rstrip("….．"))
    if not judged.is_report:
        if cut and (judged.reason or "").startswith("标题里没有") and _may_be_a_report(title, column, register):
            return Judgement(True, year=judged.year, needs_page=True, reason="列表上的标题不完整")
        return Judgement(False, year=judged.year, reason=judged.reason or "标题不是年度报告")
    year = judged.year or folder_year or year_of_place(address, column)
    agency = register.agency_in(judged.agency_text, column.kinds) if judged.agency_text else None
    return Judgement(True, agency, year, reason=_reason(agency, judged.agency_text, year))


def _may_be_a_report(cut: str, column: PortalColumn, register: Register) -> bool:
    """Whether what is left of a title speaks of disclosure, or says no more than an agency's name and a year."""
    named = cut.rstrip().rstrip("….．")
    if _ABOUT_DISCLOSURE.search(named):
        return True
    return register.agency_in(_YEAR.sub("", named).removesuffix("政"), column.kinds) is not None


def year_of_place(address: str, column: PortalColumn) -> int | None:
    """The report year of the folder in an address, or of a column for one year only."""
    match = _YEAR_FOLDER.search(urlsplit(address).path)
    if match is not None:
        return int(match[1] or match[2])
    return column.years[0] if len(column.years) == 1 else None


def _reason(agency: str | None, named: str | None, year: int | None) -> str:
    reasons = []
    if agency is None:
        reasons.append(f"“{named}”不在机关名录中" if named else "标题没有写明机关")
    if year is None:
        reasons.append("看不出是哪一年度的报告")
    return "；".join(reasons)
