"""A01: a government's figures against those of its agencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from report.comparing.digest import Digest
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form
from report.report import Report
from workers.rules.cells import place_of
from workers.rules.context import Context

# So many figures that differ are one thing to look at: the government does not sum up its agencies.
MOST_SINGLY = 6
# Of more agencies than this no pair is looked for.
MOST_COMPARED = 200


@rule("A01", basis="《中华人民共和国政府信息公开条例》第四十九条第二款：本级政府的政府信息公开工作年度报告")
def a01(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """A government's figures are the sums of its agencies' where all are known, and at least each one's otherwise.

    Compared are the counts of table two and the totals of tables three and four; an agency's total that its own row
    contradicts (T05, T08) is not taken. Where one or two agencies' numbers are the very difference, they are named.
    """
    if not context.is_government(report):
        return
    if not context.agencies:
        yield Undecided("没有所属机关的报告可供核对")
        return
    comparable = {name: other for name, other in context.agencies.items() if other.form == report.form}
    complete = context.agencies_complete and len(comparable) == len(context.agencies)
    beside = {one.totals[0]: one.parts for one in form.sums(report.figures) if one.rule in ("T05", "T08")}
    broken: list[Broken] = []
    for key in report.figures:
        name = form.names[key]
        if (name.table in (3, 4) and name.column_key != "total") or name.kind == "change":
            continue
        found = report.number(key)
        if found is None:
            yield Undecided(f"{name.label}没有确定的数字")
            continue
        numbers = {agency: _sure(other, key, beside.get(key, ())) for agency, other in comparable.items()}
        parts = {agency: number for agency, number in numbers.items() if number is not None}
        if complete and len(parts) == len(comparable):
            verdict = _equals_sum(report, form, key, found, parts)
        elif parts:
            verdict = _at_least_each(report, form, key, found, parts)
        else:
            verdict = Undecided(f"所属机关的报告中{name.label}没有确定的数字")
        if isinstance(verdict, Broken):
            broken.append(verdict)
        else:
            yield verdict
    if len(broken) > MOST_SINGLY:
        yield _all_at_once(report, broken)
    else:
        yield from broken


def _all_at_once(report: Report, broken: list[Broken]) -> Broken:
    cells = tuple(key for one in broken for key in one.cells)
    return Broken(
        message=f"有{len(cells)}项数字与所属机关的不符，疑未汇总所属机关，例如：{broken[0].message}",
        message_en=f"{len(cells)} figures do not agree with those of the agencies; the report may not sum them up.",
        cells=cells,
        expected=broken[0].expected,
        found=broken[0].found,
        place=place_of(report, cells),
    )


def _equals_sum(report: Report, form: Form, key: str, found: Number, parts: Mapping[str, Number]) -> Verdict:
    added = sum(parts.values())
    if added == found:
        return Held()
    explained = _explained(found - added, parts)
    return Broken(
        message=(
            f"{form.names[key].label}填报{found}，{len(parts)}个所属机关之和为{added}，"
            f"相差{abs(added - found)}{explained}"
        ),
        message_en=f"{key} is {found}; the {len(parts)} agencies together have {added}.",
        cells=(key,),
        expected=added,
        found=found,
        place=place_of(report, (key,)),
    )


def _sure(other: Report | Digest, key: str, parts: tuple[str, ...]) -> Number | None:
    """An agency's number; None where the applicants or outcomes beside it do not add up to it (T05, T08)."""
    number = other.number(key)
    known = [value for part in parts if (value := other.number(part)) is not None]
    return None if parts and len(known) == len(parts) and sum(known) != number else number


def _explained(difference: Number, parts: Mapping[str, Number]) -> str:
    """Which agencies' numbers are the difference: one left out or counted twice, or two left out; "" where none is."""
    if not difference or len(parts) > MOST_COMPARED:
        return ""
    what = "，恰为{}的数，疑未计入" if difference < 0 else "，恰为{}的数，疑计入两次"
    one = [agency for agency, number in parts.items() if number == abs(difference)]
    if len(one) == 1:
        return what.format(f"“{one[0]}”")
    if one or difference > 0:
        return ""
    two = [
        (first, second)
        for (first, number), (second, other) in combinations(parts.items(), 2)
        if number and other and number + other == -difference
    ]
    return what.format("“" + "”与“".join(two[0]) + "”") if len(two) == 1 else ""


def _at_least_each(report: Report, form: Form, key: str, found: Number, parts: Mapping[str, Number]) -> Verdict:
    agency, most = max(parts.items(), key=lambda part: part[1])
    if found >= most:
        return Held()
    return Broken(
        message=f"{form.names[key].label}填报{found}，少于所属机关“{agency}”一家的{most}",
        message_en=f"{key} is {found}, less than the {most} of {agency} alone.",
        cells=(key,),
        expected=most,
        found=found,
        place=place_of(report, (key,)),
    )
