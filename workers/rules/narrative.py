"""N rules: what the running text says, against the tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule, rule
from report.form import Form
from report.report import Report
from report.text.listings import listings, shares
from report.text.narrative import received_statements
from workers.rules.cells import place_of
from workers.rules.context import Context

RECEIVED = "requests.received.total"
CARRIED_IN = "requests.carried_in.total"
PROCESSED = "requests.processed_total.total"
BASIS = "《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息"


@rule("N01", basis=BASIS)
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


@formless_rule("N04", basis=BASIS)
def n04(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Where the text gives a total and its parts, the parts add up to it.

    Parts that are more than their total are wrong only where all are of one measure (ways of applying, classes);
    parts that are less only where the text also says that they are all.
    """
    for listing in listings(report):
        added = sum(listing.parts)
        if added in listing.totals:
            yield Held()
            continue
        if not listing.one_measure or len(set(listing.totals)) != 1:
            continue
        total = listing.totals[0]
        if added > total or listing.complete:
            parts = "＋".join(str(part) for part in listing.parts)
            yield Broken(
                message=f"正文写“{listing.quote}”，{parts}＝{added}，与总数{total}相差{abs(added - total)}",
                message_en=f"The parts that the text lists add up to {added}, not to its total {total}.",
                expected=total,
                found=added,
            )


@formless_rule("N05", basis=BASIS)
def n05(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """A percentage in the text is the share of its part, to the last digit printed, where the whole is known.

    It holds where the part has this share of any number that the text gives before it or of the totals of table
    three; it is wrong only where the same sentence says of which total it is a part.
    """
    tables = [number for key in (RECEIVED, PROCESSED) if (number := report.number(key)) is not None]
    if len(tables) == 2 and (carried_in := report.number(CARRIED_IN)) is not None:
        tables.append(tables[0] + carried_in)
    for share in shares(report):
        if any(_is_share(share.part, whole, share.percent) for whole in (*share.wholes, *tables)):
            yield Held()
        elif share.total is None or share.total < share.part:
            yield Undecided(f"正文“{share.quote}”没有可供核对的总数")
        else:
            right = _rounded(share.part, share.total, share.percent)
            yield Broken(
                message=f"正文写“{share.quote}”，{share.part}÷{share.total}＝{right}%，与所写的{share.percent}%不符",
                message_en=f"{share.part} of {share.total} is {right} %, the text says {share.percent} %.",
                expected=right,
                found=share.percent,
            )


def _is_share(part: int, whole: int | Decimal, percent: Decimal) -> bool:
    """Whether ``part`` is ``percent`` of ``whole``, with one unit of the last digit for whoever cut it off."""
    last_digit = Decimal(1).scaleb(int(percent.as_tuple().exponent))
    return whole > 0 and abs(Decimal(part) * 100 / whole - percent) < last_digit


def _rounded(part: int, whole: int, like: Decimal) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(like)
