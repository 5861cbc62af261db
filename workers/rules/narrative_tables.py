"""N02, N03 and N06: what the text says of outcomes, reviews, documents and decisions, against the tables."""

from __future__ import annotations

from collections.abc import Iterator

from report.figure import State
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form
from report.report import Report
from report.text.grammar import HANDLED
from report.text.statements import Said, Statement, Topic, Unclear
from workers.rules.cells import place_of, row_label
from workers.rules.context import Context

BASIS = "《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息"
CARRIED = ("requests.carried_in", "requests.carried_out")
RECEIVED, CARRIED_IN = "requests.received.total", "requests.carried_in.total"
PROCESSED = "requests.processed_total"
LITIGATION = ("litigation_direct.total", "litigation_after_review.total")
DISPUTES = {
    "review": ("review.total",), "litigation": LITIGATION, "disputes": ("review.total", *LITIGATION),
}  # fmt: skip
# What a number of the text is called in table two of each form.
TABLE_TWO = {"issued": ("issued", "made"), "repealed": ("repealed",), "in_force": ("in_force",)}
NOT_OF_THE_TEXT = ("requests.received", "requests.accepted")


def in_quotes(unclear: Unclear) -> str:
    """The words of a clause that nobody knows, to be put behind it: （不认识“…”）; "" where each word is known."""
    words = "”“".join(unclear.unknown[:3])
    return f"（不认识“{words}”）" if words else ""


def not_understood(said: Said, topic: Topic, table: str) -> Iterator[Verdict]:
    """One verdict for the first clause on a topic that was not understood."""
    for unclear in said.not_understood(topic)[:1]:
        yield Undecided(f"正文“{unclear.quote}”没有读懂{in_quotes(unclear)}，不能与{table}对照")


@rule("N02", basis=BASIS)
def n02(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Outcomes and carry-overs in the text = those of table three.

    Only a clause that is nothing but outcome and number is a witness, in a sentence on all requests of this agency and
    year. Where the text counts the newly received only, those carried in may account for the difference. 办理, 处理 and
    答复 may count what was received.
    """
    said = context.said(report)
    stated: dict[str, list[Statement]] = {}
    for statement in said.statements:
        if statement.figure.startswith("requests.") and statement.figure not in NOT_OF_THE_TEXT:
            stated.setdefault(statement.figure, []).append(statement)
    for figure, statements in stated.items():
        keys = total_keys(report, figure.replace(HANDLED, PROCESSED))
        numbers = [report.number(key) for key in keys]
        known = [number for number in numbers if number is not None]
        if not keys or len(known) < len(numbers):
            yield Undecided(f"正文写“{statements[0].quote}”，表三相应的格子没有确定的数字")
            continue
        total, carried_in = sum(known), report.number(CARRIED_IN)
        right = {total, *(_received(report) if figure == HANDLED else ())}
        others = [one for one in statements if one.value not in right]
        if len(others) < len(statements):
            yield Held()
            if others:
                yield Undecided(f"正文另写“{others[0].quote}”，与表三不同，所说的范围须由人核对")
        elif carried_in is None or any(_of_the_new(one, total, carried_in) for one in statements):
            yield Undecided(f"正文“{statements[0].quote}”可能不含上年结转的申请")
        else:
            yield _differs(report, form, statements[0], keys, total)
    yield from not_understood(said, Topic.OUTCOME, "表三")


@rule("N03", basis=BASIS)
def n03(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Reviews and lawsuits in the text = those of table four.

    Reviews may be counted with or without those pending, lawsuits together or by their two kinds. What a body says of
    reviews that it hears or files itself is no witness.
    """
    said = context.said(report)
    for kind, keys in DISPUTES.items():
        statements = said.of(kind)
        if not statements:
            continue
        numbers = [report.number(key) for key in keys]
        known = [number for number in numbers if number is not None]
        if len(known) < len(keys):
            yield Undecided(f"正文写“{statements[0].quote}”，表四相应的总计没有确定的数字")
            continue
        total = sum(known)
        right = {total, *known} if total and kind == "litigation" else {total}
        pending = report.number("review.pending") if kind != "litigation" else None
        right |= {total - pending} if pending else set()
        others = [one for one in statements if one.value not in right]
        if len(others) < len(statements):
            yield Held()
            if others:
                yield Undecided(f"正文另写“{others[0].quote}”，与表四不同，所说的范围须由人核对")
            continue
        first = others[0]
        totals = "总计" if len(keys) == 1 else "总计之和"
        names = "与".join(f"“{form.names[key].row}”" for key in keys)
        yield Broken(
            message=f"正文写“{first.quote}”，表四{names}的{totals}为{total}，相差{abs(total - first.value)}",
            message_en=f"The text speaks of {first.value} cases ({kind}); table four has {total}.",
            cells=keys,
            expected=total,
            found=first.value,
            place=place_of(report, keys),
        )
    yield from not_understood(said, Topic.DISPUTE, "表四")


@rule("N06", basis=BASIS)
def n06(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Documents issued, repealed and in force, decisions and fees in the text = table two.

    A sentence of another year or body is no witness, nor is one on documents that were only published or explained.
    """
    said = context.said(report)
    stated: dict[str, list[Statement]] = {}
    for statement in said.statements:
        if statement.figure.startswith("proactive."):
            stated.setdefault(statement.figure, []).append(statement)
    for figure, statements in stated.items():
        head, _, column = figure.rpartition(".")
        keys = [key for name in TABLE_TWO.get(column, (column,)) if (key := f"{head}.{name}") in report.figures]
        if not keys:
            continue
        number = report.number(keys[0])
        others = [one for one in statements if one.value != number]
        if number is None:
            yield Undecided(f"正文写“{statements[0].quote}”，{form.names[keys[0]].label}没有确定的数字")
        elif len(others) < len(statements):
            yield Held()
            if others:
                yield Undecided(f"正文另写“{others[0].quote}”，与表二不同，所说的范围须由人核对")
        else:
            first = others[0]
            yield Broken(
                message=(
                    f"正文写“{first.quote}”，{form.names[keys[0]].label}为{number}，相差{abs(number - first.value)}"
                ),
                message_en=f"The text says {first.value}; table two has {number} ({keys[0]}).",
                cells=(keys[0],),
                expected=number,
                found=first.value,
                place=place_of(report, keys),
            )
    yield from not_understood(said, Topic.TABLE_TWO, "表二")


def total_keys(report: Report, figure: str) -> tuple[str, ...]:
    """The totals of the rows that a figure of the text is the sum of."""
    rows = tuple(f"{row}." for row in figure.split("+"))
    return tuple(key for key in report.figures if key.startswith(rows) and key.endswith(".total"))


def _received(report: Report) -> set[Number]:
    """What may be meant by 办理 and 答复 as well: the requests received, and those with what was carried in."""
    received, carried_in = report.number(RECEIVED), report.number(CARRIED_IN)
    if received is None:
        return set()
    return {received} if carried_in is None else {received, received + carried_in}


def _of_the_new(statement: Statement, total: Number, carried_in: Number) -> bool:
    """Whether the text may count the newly received only, so that up to all that were carried in are missing."""
    if statement.figure in CARRIED:
        return False
    counts_new = statement.only_new or statement.figure in (PROCESSED, HANDLED)
    return counts_new and total - carried_in <= statement.value < total


def _differs(report: Report, form: Form, said: Statement, keys: tuple[str, ...], total: Number) -> Broken:
    printed = [key for key in keys if report.figures[key].state is not State.ABSENT]
    groups = list(dict.fromkeys(form.names[key].row.split(" ")[0] for key in keys))
    if len(keys) == 1:
        words = f"“{row_label(form, keys[0])}”总计为{total}"
    elif len(groups) == 1:
        words = f"“{groups[0]}”{len(keys)}项的总计之和为{total}"
    else:
        words = f"{'与'.join(f'“{group}”' for group in groups)}的总计之和为{total}"
    return Broken(
        message=f"正文写“{said.quote}”，表三{words}，相差{abs(total - said.value)}",
        message_en=f"The text says {said.value} ({said.figure.replace('requests.', '')}); table three has {total}.",
        cells=keys,
        expected=total,
        found=said.value,
        place=place_of(report, printed),
    )
