"""N rules: what the running text says, against the tables."""

from __future__ import annotations

from collections.abc import Iterator

from report.form import Form
from report.narrative import received_statements
from report.report import Report
from workers.rules.catalogue import Broken, Held, Undecided, Verdict, rule
from workers.rules.cells import place_of
from workers.rules.context import Context

RECEIVED = "requests.received.total"
CARRIED_IN = "requests.carried_in.total"


@rule("N01", basis="《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息；正文与表格应一致")
def n01(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Requests received in the text = received, or received + carried in, of table three.

    A sentence of another scope (year, agency, way of applying, consultations, reviews) is no witness. Where the
    text gives several numbers and one agrees, the others are of a scope that it leaves open. What it says of
    requests accepted (受理) counts only where it says nothing of requests received (收到).
    """
    government = None if context.agency_kind is None else context.agency_kind == "government"
    statements = received_statements(report, context.agency_names, government)
    statements = [one for one in statements if not one.only_accepted] or statements
    if not statements:
        yield Undecided("正文没有给出收到申请的数量")
        return
    received = report.number(RECEIVED)
    carried_in = report.number(CARRIED_IN)
    if received is None:
        yield Undecided(f"{form.names[RECEIVED].label}没有确定的数字")
        return
    both = None if carried_in is None else received + carried_in
    if any(one.value in (received, both) for one in statements):
        yield Held()
    elif both is None:
        yield Undecided(f"{form.names[CARRIED_IN].label}没有确定的数字")
    else:
        said = statements[0]
        yield Broken(
            message=(
                f"正文写“{said.quote}”，表三“{form.names[RECEIVED].row}”总计为{received}，"
                f"加上“{form.names[CARRIED_IN].row}”{carried_in}为{both}，与正文的{said.value}不一致"
            ),
            message_en=(
                f"The text speaks of {said.value} requests received; table three has {received}, "
                f"or {both} with those carried in."
            ),
            cells=(RECEIVED, CARRIED_IN),
            expected=received,
            found=said.value,
            place=place_of(report, (RECEIVED,)),
        )
