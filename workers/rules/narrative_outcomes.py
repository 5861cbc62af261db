"""N02 and N03: what the text says of outcomes, carry-overs, reviews and lawsuits, against tables three and four."""

from __future__ import annotations

from collections.abc import Iterator

from report.figure import State
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form
from report.report import Report
from report.text.disputes_in_text import DisputeStatement, dispute_statements
from report.text.disputes_in_text import Kind as Dispute
from report.text.outcomes_in_text import Outcome, OutcomeStatement, outcome_statements
from workers.rules.cells import place_of, row_label
from workers.rules.context import Context

BASIS = "《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息"
# The rows of table three that an outcome of the text is the sum of, by the beginning of their keys.
ROWS: dict[Outcome, str] = {
    "granted": "requests.granted.",
    "partly_granted": "requests.partly_granted.",
    "refused": "requests.refused.",
    "not_provided": "requests.not_provided.",
    "not_handled": "requests.not_handled.",
    "other": "requests.other.",
    "processed": "requests.processed_total.",
    "carried_in": "requests.carried_in.",
    "carried_out": "requests.carried_out.",
}
CARRIED_IN = "requests.carried_in.total"
LITIGATION = ("litigation_direct.total", "litigation_after_review.total")


@rule("N02", basis=BASIS)
def n02(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Outcomes and carry-overs in the text = those of table three.

    Only a clause that is nothing but outcome and number is a witness, in a sentence on all requests of this agency and
    year. Where the text counts the newly received only, those carried in may account for the difference.
    """
    stated: dict[Outcome, list[OutcomeStatement]] = {}
    government = None if context.agency_kind is None else context.agency_kind == "government"
    for statement in outcome_statements(report, context.agency_names, government):
        stated.setdefault(statement.outcome, []).append(statement)
    for outcome, statements in stated.items():
        keys = tuple(key for key in report.figures if key.startswith(ROWS[outcome]) and key.endswith(".total"))
        numbers = [report.number(key) for key in keys]
        known = [number for number in numbers if number is not None]
        carried_in = report.number(CARRIED_IN)
        if not keys or len(known) < len(numbers):
            yield Undecided(f"正文写“{statements[0].quote}”，表三相应的格子没有确定的数字")
            continue
        total = sum(known)
        if any(one.value == total for one in statements):
            yield Held()
        elif carried_in is None or any(_of_the_new(one, total, carried_in) for one in statements):
            yield Undecided(f"正文“{statements[0].quote}”可能不含上年结转的申请")
        else:
            yield _differs(report, form, statements[0], keys, total)


@rule("N03", basis=BASIS)
def n03(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Reviews and lawsuits in the text = those of table four.

    Reviews may be counted with or without those pending, lawsuits together or by their two kinds. What a body says of
    reviews that it hears or files itself is no witness.
    """
    stated: dict[Dispute, list[DisputeStatement]] = {}
    government = None if context.agency_kind is None else context.agency_kind == "government"
    for statement in dispute_statements(report, context.agency_names, government):
        stated.setdefault(statement.kind, []).append(statement)
    for kind, statements in stated.items():
        keys = ("review.total",) if kind == "review" else LITIGATION
        numbers = [report.number(key) for key in keys]
        known = [number for number in numbers if number is not None]
        if len(known) < len(keys):
            yield Undecided(f"正文写“{statements[0].quote}”，表四相应的总计没有确定的数字")
            continue
        total = sum(known)
        right = {total, *known} if total else {total}
        pending = report.number("review.pending") if kind == "review" else None
        right |= {total - pending} if pending else set()
        if any(one.value in right for one in statements):
            yield Held()
            continue
        said = statements[0]
        totals = "总计" if len(keys) == 1 else "总计之和"
        names = "与".join(f"“{form.names[key].row}”" for key in keys)
        yield Broken(
            message=f"正文写“{said.quote}”，表四{names}的{totals}为{total}，相差{abs(total - said.value)}",
            message_en=f"The text speaks of {said.value} cases ({kind}); table four has {total}.",
            cells=keys,
            expected=total,
            found=said.value,
            place=place_of(report, keys),
        )


def _of_the_new(statement: OutcomeStatement, total: Number, carried_in: Number) -> bool:
    """Whether the text may count the newly received only, so that up to all that were carried in are missing."""
    if statement.outcome in ("carried_in", "carried_out"):
        return False
    counts_new = statement.only_new or statement.outcome == "processed"
    return counts_new and total - carried_in <= statement.value < total


def _differs(report: Report, form: Form, said: OutcomeStatement, keys: tuple[str, ...], total: Number) -> Broken:
    printed = [key for key in keys if report.figures[key].state is not State.ABSENT]
    name = row_label(form, keys[0]) if len(keys) == 1 else form.names[keys[0]].row.split(" ")[0]
    words = f"“{name}”总计为{total}" if len(keys) == 1 else f"“{name}”{len(keys)}项的总计之和为{total}"
    return Broken(
        message=f"正文写“{said.quote}”，表三{words}，相差{abs(total - said.value)}",
        message_en=f"The text says {said.value} ({said.outcome.replace('_', ' ')}); table three has {total}.",
        cells=keys,
        expected=total,
        found=said.value,
        place=place_of(report, printed),
    )
