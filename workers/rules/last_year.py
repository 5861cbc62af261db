"""Y rules: this year's figures against last year's report of the same agency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.comparing.carry_overs import balances
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form
from report.report import Report
from report.text.sentences import sentences
from workers.rules.cells import place_of, row_label
from workers.rules.context import Context

BALANCE = "《中华人民共和国政府信息公开条例》第六条；政府信息公开工作年度报告格式"
OTHER_FORM = "上一年度的报告使用另一版表式，这一项不可比"
# A jump needs a factor of five and a number big enough that it is none of chance.
JUMP = 5
SMALL = 30
JUMP_FIGURES = (
    "requests.received.total",
    "requests.processed_total.total",
    "review.total",
    "litigation_direct.total",
    "litigation_after_review.total",
    "proactive.licensing.decisions",
    "proactive.penalties.decisions",
    "proactive.compulsory_measures.decisions",
)
COMPARES = ("同比", "较上年", "比上年", "较去年", "比去年", "与上年", "与去年", "较往年", "上年度相比", "上一年度相比")


@rule("Y01", basis=f"{BALANCE}表三：上年结转即上一年度报告的结转下年度")
def y01(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """In every column of table three: carried in = carried out of last year's report, whatever its form.

    A column of last year's report that does not balance in itself is no witness.
    """
    reason = context.not_last_years(report)
    previous = context.previous
    if reason is not None or previous is None:
        yield Undecided(reason or "没有上一年度的报告可供对照")
        return
    for key in report.figures:
        if not key.startswith("requests.carried_in."):
            continue
        column = key.rpartition(".")[2]
        out = f"requests.carried_out.{column}"
        carried_in, carried_out = report.number(key), previous.number(out)
        name = form.names[key]
        if carried_in is None:
            yield Undecided(f"{name.label}没有确定的数字")
        elif carried_out is None:
            yield Undecided(f"上一年度报告表三“四、结转下年度继续办理”行“{name.column}”列没有确定的数字")
        elif carried_in == carried_out:
            yield Held()
        elif not balances(previous, column):
            yield Undecided(f"上一年度报告表三“{name.column}”列自身不平衡，不能作为依据")
        else:
            yield Broken(
                message=(
                    f"{name.label}填报{carried_in}，上一年度报告同列“{row_label(form, out)}”为{carried_out}，"
                    f"相差{abs(carried_in - carried_out)}"
                ),
                message_en=f"Column {name.column}: {carried_in} carried in, but {carried_out} carried out last year.",
                cells=(key,),
                expected=carried_out,
                found=carried_in,
                place=place_of(report, (key,)),
            )


@rule("Y02", basis=f"{BALANCE}表二：现行有效件数")
def y02(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """In force = last year's in force + issued − repealed, for regulations and normative documents."""
    yield from _rolled_forward(
        report,
        form,
        context,
        ("regulations", "normative_documents"),
        "in_force",
        ("in_force",),
        ("issued",),
        ("repealed",),
    )


@rule("Y03", basis=f"{BALANCE}（试行）表二：上一年项目数量", forms=("2019",))
def y03(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Form 2019: items of last year = those that last year's report started from + its change, in every row."""
    rows = tuple(key.split(".")[1] for key in report.figures if key.endswith(".previous_items"))
    yield from _rolled_forward(report, form, context, rows, "previous_items", ("previous_items", "change"), (), ())


@rule("Y04", basis="《中华人民共和国政府信息公开条例》第四十七条：日常指导和监督检查")
def y04(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """No figure is more than five times last year's or less than a fifth of it, small numbers left aside.

    Where the text compares itself with last year, the jump is taken for explained.
    """
    reason = context.not_last_years(report)
    previous = context.previous
    if reason is not None or previous is None:
        yield Undecided(reason or "没有上一年度的报告可供对照")
        return
    if previous.form != report.form:
        yield Undecided(OTHER_FORM)
        return
    explained = any(word in sentence for text in report.texts() for sentence in sentences(text) for word in COMPARES)
    for key in JUMP_FIGURES:
        if key not in report.figures:
            continue
        now, before = report.number(key), previous.number(key)
        if now is None or before is None:
            yield Undecided(f"{form.names[key].label}两年中有一年没有确定的数字")
        elif max(now, before) < SMALL or explained or max(now, before) <= JUMP * min(now, before):
            yield Held()
        else:
            yield _jump(report, form, key, now, before)


def _jump(report: Report, form: Form, key: str, now: Number, before: Number) -> Broken:
    times = "" if not (now and before) else f"，为上年的{(Decimal(now) / Decimal(before)).quantize(Decimal('0.01'))}倍"
    return Broken(
        message=f"{form.names[key].label}本年{now}，上一年度{before}{times}，增减异常而正文没有说明",
        message_en=f"{key} is {now} after {before} last year, and the text does not say why.",
        cells=(key,),
        expected=before,
        found=now,
        place=place_of(report, (key,)),
    )


def _rolled_forward(
    report: Report,
    form: Form,
    context: Context,
    rows: tuple[str, ...],
    target: str,
    then: tuple[str, ...],
    plus: tuple[str, ...],
    minus: tuple[str, ...],
) -> Iterator[Verdict]:
    """In every row: ``target`` = ``then`` of last year's report + ``plus`` − ``minus`` of this one."""
    keys = {row: f"proactive.{row}.{target}" for row in rows if f"proactive.{row}.{target}" in report.figures}
    if not keys:
        return
    reason = context.not_last_years(report)
    previous = context.previous
    if reason is not None or previous is None:
        yield Undecided(reason or "没有上一年度的报告可供对照")
        return
    if previous.form != report.form:
        yield Undecided(OTHER_FORM)
        return
    for row, key in keys.items():
        found = report.number(key)
        earlier = [previous.number(f"proactive.{row}.{column}") for column in then]
        added = [report.number(f"proactive.{row}.{column}") for column in plus]
        taken = [report.number(f"proactive.{row}.{column}") for column in minus]
        label = form.names[key].label
        known = [number for number in (*earlier, *added, *taken) if number is not None]
        if found is None or len(known) < len(earlier) + len(added) + len(taken):
            yield Undecided(f"{label}两年中有一处没有确定的数字")
            continue
        numbers = iter(known)
        terms = [
            f"{sign if position else ''}{when}{form.names[f'proactive.{row}.{column}'].column}{next(numbers)}"
            for position, (sign, when, column) in enumerate(
                [("＋", "上一年度", column) for column in then]
                + [("＋", "", column) for column in plus]
                + [("－", "", column) for column in minus]
            )
        ]
        expected = sum(known[: len(earlier) + len(added)]) - sum(known[len(earlier) + len(added) :])
        if found == expected:
            yield Held()
            continue
        yield Broken(
            message=f"{label}填报{found}，{''.join(terms)}＝{expected}，相差{abs(found - expected)}",
            message_en=f"{key} is {found}; rolled forward from last year's report it is {expected}.",
            cells=(key,),
            expected=expected,
            found=found,
            place=place_of(report, (key,)),
        )
