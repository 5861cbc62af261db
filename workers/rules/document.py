"""D rules: the document as a whole, its year, period, sections and form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from config.time_zone import chinese_day
from report.figure import State
from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule
from report.form import Form, form_for
from report.report import Report, Unread
from workers.rules.cells import place_of
from workers.rules.context import Context

YEAR_PLACES = {"title": "标题", "period": "统计期限", "text": "正文", "folder": "栏目或指定的年度"}
SECTION_NOT_READ = (
    Unread.SECTION_MISSING, Unread.GARBLED_TEXT, Unread.NO_TEXT, Unread.NOT_A_REPORT, Unread.DISAGREEING,
)  # fmt: skip


@formless_rule("D02", basis="《中华人民共和国政府信息公开条例》第六条、第四十九条：公布上一年度的年度报告")
def d02(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The year agrees in title, period, text and folder.

    By whichever year the report calls itself in its opening is rule D13's.
    """
    years = {YEAR_PLACES[place]: year for place, year in report.years.items() if place in YEAR_PLACES}
    if context.expected_year is not None:
        years[YEAR_PLACES["folder"]] = context.expected_year
    if len(years) < 2:
        yield Undecided("年度不足两处可供比较" if years else "没有读到年度")
        return
    if len(set(years.values())) == 1:
        yield Held()
        return
    usual = context.expected_year or Counter(years.values()).most_common(1)[0][0]
    others = sorted({year for year in years.values() if year != usual})
    said = "，".join(f"{place}为{year}年" for place, year in years.items())
    yield Broken(
        message=f"年度前后不一致：{said}",
        message_en=f"The report names different years: {', '.join(str(year) for year in (usual, *others))}.",
        expected=usual,
        found=others[0] if len(others) == 1 else "、".join(str(year) for year in others),
    )


@formless_rule("D04", basis="《中华人民共和国政府信息公开条例》第四十九条：上一年度，即1月1日至12月31日")
def d04(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The period of the statistics runs from 1 January to 31 December of one year."""
    if report.period is None:
        yield Undecided("没有读到统计期限")
        return
    first, last = report.period
    if (first.month, first.day) == (1, 1) and last == date(first.year, 12, 31):
        yield Held()
        return
    yield Broken(
        message=f"统计期限写为{chinese_day(first)}至{chinese_day(last)}，应为1月1日至12月31日",
        message_en=f"The period runs from {first} to {last}, not from 1 January to 31 December.",
        expected=f"{first.year}-01-01/{first.year}-12-31",
        found=f"{first}/{last}",
    )


@formless_rule("D05", basis="《中华人民共和国政府信息公开条例》第五十条；政府信息公开工作年度报告格式")
def d05(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The six sections of the form are there, in their order; a report of a year before 2019 had others."""
    right = form or (form_for(report.year, context.forms.values()) if report.year is not None else None)
    if right is None:
        if report.year is None:
            yield Undecided("没有认出报告的年度和表式")
        return
    numbers = {section.kind: section.number for section in right.file.sections}
    headings = {section.kind: section.heading for section in right.file.sections}
    there = list(dict.fromkeys(section.kind for section in report.sections if section.kind is not None))
    in_order = sorted(there, key=lambda kind: numbers[kind])
    if there != in_order and len(there) < sum(section.kind is not None for section in report.sections):
        yield Undecided("同一部分的标题出现了不止一次，可能是目录，也可能含有另一份报告，无法判断次序")
        return
    if there != in_order:
        printed = "、".join(headings[kind] for kind in there)
        yield Broken(
            message=f"各部分次序不符合格式：报告依次为{printed}",
            message_en="The sections are not in the order of the form.",
            expected="、".join(headings[kind] for kind in in_order),
            found=printed,
        )
    missing = [kind for kind in numbers if kind not in there]
    if not missing:
        yield Held()
        return
    names = "、".join(f"“{headings[kind]}”" for kind in missing)
    if report.may_be_cut or not there or any(gap.why in SECTION_NOT_READ for gap in report.gaps):
        yield Undecided(f"没有读到{names}，文档可能不完整")
        return
    yield Broken(
        message=f"缺少{names}{len(missing)}个部分，年度报告应有六个部分",
        message_en=f"{len(missing)} of the six sections are missing.",
        expected=len(numbers),
        found=len(numbers) - len(missing),
    )


@formless_rule(
    "D07",
    basis="《中华人民共和国政府信息公开条例》第五十条第二款；国办公开办函〔2019〕60号、国办公开办函〔2021〕30号",
)
def d07(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The form is the one in force for the report year, without rows that belong to another form."""
    year = report.year if report.year is not None else context.expected_year
    if year is None:
        yield Undecided("没有读到报告年度")
        return
    if year < min(known.file.years.first for known in context.forms.values()):
        return
    right = form_for(year, context.forms.values())
    if right is None or report.form is None:
        yield Undecided("没有认出报告使用的表式" if report.form is None else f"没有{year}年度应使用的表式")
        return
    if form is None or not form.holds_for(year):
        printed = form.file.instrument if form is not None else "2019年以前"
        yield Broken(
            message=f"{year}年度应使用{right.file.instrument}规定的格式，报告使用的是{printed}的格式",
            message_en=f"A report for {year} uses the form of {right.name}; this one uses that of {report.form}.",
            expected=right.name,
            found=report.form,
        )
        return
    yield from _foreign_rows(report, form) or [Held()]


def _foreign_rows(report: Report, form: Form) -> list[Verdict]:
    """One finding for each row that the report prints though its form does not have it."""
    rows = [("requests", row) for row in form.file.table_three.rows]
    rows += [("proactive", row) for block in form.file.table_two for row in block.rows]
    broken: list[Verdict] = []
    for table, row in rows:
        if row.in_form:
            continue
        keys = tuple(
            key
            for key, figure in report.figures.items()
            if key.rpartition(".")[0] == f"{table}.{row.key}" and figure.state is not State.ABSENT
        )
        if not keys:
            continue
        if not any(report.figures[key].certain for key in keys):
            broken.append(Undecided(f"“{row.label}”一行没有读清"))
            continue
        count = len(row.stands_for)
        broken.append(
            Broken(
                message=f"{form.file.instrument}规定的格式中“{row.label}”分为{count}行填报，报告只印了一行",
                message_en=f"The form of {form.name} has {count} rows where the report prints one ({row.key}).",
                cells=keys,
                expected=count,
                found=1,
                place=place_of(report, keys),
            )
        )
    return broken
