"""The rules of publication (P): each judges what is known around a report, and asks nobody.

P01 and P02 are standings (missing, late). The others are findings; what they rest on is gathered by the monitor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from config.time_zone import chinese_day as _day
from report.findings.catalogue import (
    Broken,
    Held,
    Input,
    Rule,
    Undecided,
    Verdict,
    enter_standing_rule,
    publication_rule,
    rules_on,
)
from report.findings.finding import Change
from report.findings.published import Comparison, Published, Spot

# A list may show the day of release and the page that of approval; record ids were seen a day beside the page's date.
TOLERANCE = timedelta(days=2)
# What was sent back is given so long before it counts as not handed in again.
TO_MEND = timedelta(days=7)
MOST_SHOWN = 3


def publication_rules() -> dict[str, Rule]:
    """Every rule that the monitor judges and no reading does, by code in the order of the catalogue."""
    return {**rules_on(Input.STANDING), **rules_on(Input.PUBLICATION)}


_STANDINGS = "monitor.standings.judge"

enter_standing_rule(
    "P01",
    "The agency's report is published. Only two complete, healthy looks at the columns where it belongs, both begun "
    "after the due date, show that it is not; the standing is then ``missing``.",
    basis="《中华人民共和国政府信息公开条例》第四十九条",
    module=_STANDINGS,
)
enter_standing_rule(
    "P02",
    "The report was published by its due date. What is not proven by evidence that agrees is no ``late``, but "
    "``date_disputed``.",
    basis="《中华人民共和国政府信息公开条例》第四十九条",
    module=_STANDINGS,
)


@publication_rule("P03", basis="《中华人民共和国政府信息公开条例》第四十九条")
def p03(published: Published) -> Iterator[Verdict]:
    """The evidence for the publication date agrees: page label, visible date, list, address, record id, first seen.

    Days that lie two days or less apart agree. Where the records of many reports were made anew on one day, the portal
    was moved, and nothing is said. Whoever changes a date leaves traces; so does a clerk who uploads late: a person
    has to look.
    """
    shown = [one for one in published.witnesses if not one.record]
    if not shown:
        yield Undecided("页面和列表都没有日期")
        return
    earliest, latest = (min(shown, key=lambda one: one.day), max(shown, key=lambda one: one.day))
    if latest.day - earliest.day > TOLERANCE:
        yield _disagree(
            f"{earliest.name}为{_day(earliest.day)}，{latest.name}为{_day(latest.day)}", earliest.day, latest.day
        )
        return
    made = max((one for one in published.witnesses if one.record), key=lambda one: one.day, default=None)
    if made is not None and made.day - latest.day > TOLERANCE:
        if published.rebuilt:
            yield Undecided("门户上多份报告的记录在同一天重新生成，可能是网站迁移")
        else:
            yield _disagree(f"{latest.name}为{_day(latest.day)}，{made.name}为{_day(made.day)}", latest.day, made.day)
        return
    if published.absent_on is not None and published.absent_on - latest.day > TOLERANCE:
        seen = f"系统在{_day(published.absent_on)}完整查看栏目时还没有这份报告"
        yield _disagree(f"{latest.name}为{_day(latest.day)}，但{seen}", latest.day, published.absent_on)
        return
    yield Held()


@publication_rule("P04", basis="《中华人民共和国政府信息公开条例》第四十九条：公布上一年度的报告")
def p04(published: Published) -> Iterator[Verdict]:
    """It was not created before its period ended, on 31 December of the report year."""
    end = date(published.year, 12, 31)
    early = min(published.witnesses, key=lambda one: one.day, default=None)
    if published.first_seen <= end:
        yield _created_early(f"系统在{_day(published.first_seen)}已经查到这份报告", published.first_seen, end)
    elif early is None:
        yield Undecided("没有说明制作时间的证据")
    elif early.day <= end:
        yield _created_early(f"{early.name}为{_day(early.day)}", early.day, end)
    else:
        yield Held()


@publication_rule("P05", basis="《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息")
def p05(published: Published) -> Iterator[Verdict]:
    """It is still reachable and its figures are unchanged; a change is a new version, kept beside the first."""
    if published.gone_on is not None:
        gone = published.gone_on
        yield Broken(
            f"{_day(gone)}起已无法访问",
            f"It can no longer be opened since {gone}.",
            found=f"gone {gone.isoformat()}",
            change=Change.GONE,
        )
    elif published.change is not None and published.change.differences:
        count, shown, cells = _told(published, published.change, "由{0}改为{1}")
        yield Broken(
            f"公布之后改动了{count}处数字：{shown}",
            f"{count} figures were changed after publication.",
            cells,
            found=_fingerprint(published.change),
            change=Change.FIGURES,
        )
    else:
        yield Held()


@publication_rule("P06", basis="《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息")
def p06(published: Published) -> Iterator[Verdict]:
    """One report for an agency and year: its copies (page, attachment, another page) give the same figures.

    Figures are compared that both copies give as certain numbers. A copy that was not read, or that gives no figures
    (a covering letter), proves nothing.
    """
    first = published.copies[0] if published.copies else None
    for copy in published.copies[1:]:
        assert first is not None  # noqa: S101 - there is a first where there is another
        if first.unread or copy.unread:
            name, why = (first.name, first.unread) if first.unread else (copy.name, copy.unread)
            yield Undecided(f"{name}{why}，不能对照")
        elif copy.beside is None or not copy.beside.compared:
            yield Undecided(f"{first.name}与{copy.name}没有可以对照的数字")
        elif copy.beside.differences:
            count, shown, cells = _told(published, copy.beside, "分别为{0}和{1}")
            yield Broken(
                f"同一份报告的{first.name}与{copy.name}有{count}处数字不同：{shown}",
                f"Two copies of the report differ in {count} figures.",
                cells,
                found=_fingerprint(copy.beside),
            )
        else:
            yield Held()


@publication_rule("P07", basis="《中华人民共和国政府信息公开条例》第二十四条：政府信息公开平台集中、分类公开")
def p07(published: Published) -> Iterator[Verdict]:
    """It stands in the column and year folder where it belongs, or a copy of it does.

    A folder that is named after the year of publication, as its other reports show, is no wrong one.
    """
    told = [verdict for spot in published.spots for verdict in _placed(published, spot)]
    if any(isinstance(one, Held) for one in told):
        yield Held()
        return
    yield from told[:1] if all(isinstance(one, Broken) for one in told) else _undecided(told)


@publication_rule(
    "P08",
    basis="《中华人民共和国政府信息公开条例》第四十九条：每年1月31日前向本级政府信息公开工作主管部门提交年度报告",
)
def p08(published: Published) -> Iterator[Verdict]:
    """The report was filed with the office by the date, where the office keeps a register of filings.

    A report that was sent back and handed in again was filed when it came first; a week is given for it. Who is not in
    the register has not filed only where the register is whole until a day on or after the date.
    """
    if published.filed is None:
        return
    due, kept, filing = published.filed.due, published.filed.kept_until, published.filed.filing
    if filing is None:
        if kept < due:
            yield Undecided(f"报送登记只到{_day(kept)}，报送期限为{_day(due)}")
        else:
            yield _not_filed(f"截至{_day(kept)}的报送登记中没有这份报告，报送期限为{_day(due)}", due, "none")
    elif filing.filed > due:
        yield _not_filed(f"{_day(filing.filed)}报送，报送期限为{_day(due)}", due, filing.filed.isoformat())
    elif filing.returned is None or filing.again is not None:
        yield Held()
    elif kept < max(due, filing.returned + TO_MEND):
        yield Undecided(f"{_day(filing.returned)}退回修改，报送登记只到{_day(kept)}，是否再次报送未能核对")
    else:
        what = f"{_day(filing.returned)}退回修改，截至{_day(kept)}的报送登记中没有再次报送"
        yield _not_filed(what, due, f"returned {filing.returned.isoformat()}")


@publication_rule(
    "P09", basis="《中华人民共和国政府信息公开条例》第二十四条：政府信息公开平台集中发布，具备检索、查阅功能"
)
def p09(published: Published) -> Iterator[Verdict]:
    """The agency's reports of former years, once seen in the column, are still there.

    Gone is only what two complete looks after it was seen last prove to be absent, as for a report that is missing:
    every row accounted for, nothing left over that could be it. It may have been moved: a person has to look.
    """
    for former in published.former:
        if former.unproved:
            reason = (
                f"{former.year}年度的报告在栏目“{former.column}”中没有查到，但不能认定已经撤下（{former.unproved}）"
            )
            yield Undecided(reason, about=str(former.year))
        elif former.gone_on is None:
            yield Held()
        else:
            yield Broken(
                f"{former.year}年度的报告曾在栏目“{former.column}”公布，{_day(former.gone_on)}第二次完整查看仍未查到",
                f"The report for {former.year} was in the column and was not found in two complete looks.",
                expected="there",
                found=str(former.year),
            )


def _placed(published: Published, spot: Spot) -> Iterator[Verdict]:
    wrong_year = spot.folder_year is not None and spot.folder_year != published.year
    if spot.belongs is False:
        yield Broken(
            f"报告放在栏目“{spot.column}”，不是该机关报告应在的栏目",
            "The report stands in a column where it does not belong.",
            found=spot.column,
        )
    elif wrong_year and spot.of_report_years:
        yield Broken(
            f"{published.year}年度的报告放在{spot.folder_year}年度的文件夹（栏目“{spot.column}”）",
            f"The report for {published.year} stands in the folder for {spot.folder_year}.",
            expected=published.year,
            found=spot.folder_year,
        )
    elif wrong_year:
        yield Undecided(f"栏目“{spot.column}”的年度文件夹不一定按报告年度命名")
    elif spot.belongs is None:
        yield Undecided(f"门户文件没有写明栏目“{spot.column}”放哪些机关的报告")
    else:
        yield Held()


def _undecided(told: list[Verdict]) -> Iterator[Verdict]:
    return (one for one in told if isinstance(one, Undecided))


def _disagree(what: str, one: date, other: date) -> Broken:
    return Broken(
        f"公布日期的证据不一致：{what}",
        f"The evidence for the date of publication disagrees: {one} and {other}.",
        expected=one.isoformat(),
        found=other.isoformat(),
    )


def _created_early(what: str, day: date, end: date) -> Broken:
    return Broken(
        f"统计期限到{_day(end)}为止，而{what}",
        f"The period ends on {end}, but the report is dated {day}.",
        expected=f"> {end.isoformat()}",
        found=day.isoformat(),
    )


def _not_filed(what: str, due: date, found: str) -> Broken:
    english = {"none": "The register of filings does not name the report."}.get(
        found, f"The report was filed late or sent back and not handed in again ({found})."
    )
    return Broken(what, english, expected=f"<= {due.isoformat()}", found=found)


def _told(published: Published, comparison: Comparison, words: str) -> tuple[int, str, tuple[str, ...]]:
    found = comparison.differences
    shown = "；".join(published.label(one.key) + words.format(one.one, one.other) for one in found[:MOST_SHOWN])
    more = "；等" if len(found) > MOST_SHOWN else ""
    return len(found), f"{shown}{more}", tuple(one.key for one in found)


def _fingerprint(comparison: Comparison) -> str:
    return " ".join(f"{one.one}≠{one.other}" for one in comparison.differences)
