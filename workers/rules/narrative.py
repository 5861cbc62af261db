"""N rules: what the running text says, against the tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule, rule
from report.form import Form
from report.report import Report
from report.text.listings import Share, listings, shares
from report.text.rates import rates
from report.text.said import ACCEPTED, RECEIVED, Said, Topic
from report.text.statements import outcome_named
from workers.rules.cells import place_of
from workers.rules.context import Context
from workers.rules.narrative_tables import agreeing, doubted, in_quotes, total_keys, why_doubtful

RECEIVED_TOTAL = "requests.received.total"
CARRIED_IN = "requests.carried_in.total"
PROCESSED = "requests.processed_total.total"
BASIS = "《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息"


@rule("N01", basis=BASIS)
def n01(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Requests received in the text = received, or received + carried in, of table three.

    A sentence of another scope (year, agency, way of applying, consultations, reviews) is no witness. Where the
    text gives several numbers and one agrees, a person has to see of what scope the others are. What it says of
    requests accepted (受理) counts only where it says nothing of requests received (收到). Sums over
    years, and numbers of bodies that were merged, may agree and accuse nobody.
    """
    said = context.said(report)
    statements = said.of(RECEIVED) or said.of(ACCEPTED)
    if all(one.doubt for one in statements):
        statements = said.of(RECEIVED, ACCEPTED)
    if not statements:
        yield _no_number(said)
        return
    received, carried_in = report.number(RECEIVED_TOTAL), report.number(CARRIED_IN)
    if received is None:
        yield Undecided(f"{form.names[RECEIVED_TOTAL].label}没有确定的数字")
        return
    both = None if carried_in is None else received + carried_in
    right = {received} if both is None else {received, both}
    if verdicts := agreeing(statements, right, "表三"):
        yield from verdicts
        return
    sure = [one for one in statements if not why_doubtful(one, right)]
    if not sure:
        yield doubted(statements[0], right, "表三")
    elif both is None:
        yield Undecided(f"{form.names[CARRIED_IN].label}没有确定的数字")
    else:
        said_first = sure[0]
        yield Broken(
            message=(
                f"正文写“{said_first.quote}”，表三“{form.names[RECEIVED_TOTAL].row}”总计为{received}，"
                f"加上“{form.names[CARRIED_IN].row}”{carried_in}为{both}，与正文的{said_first.value}不一致"
            ),
            message_en=(
                f"The text speaks of {said_first.value} requests received; table three has {received}, "
                f"or {both} with those carried in."
            ),
            cells=(RECEIVED_TOTAL, CARRIED_IN),
            expected=received,
            found=said_first.value,
            place=place_of(report, (RECEIVED_TOTAL,)),
            quote=said_first.quote,
        )


def _no_number(said: Said) -> Undecided:
    unclear = said.not_understood(Topic.RECEIVED)
    if unclear:
        return Undecided(f"正文“{unclear[0].quote}”没有读懂{in_quotes(unclear[0])}，不能与表三对照")
    return Undecided("正文没有给出收到申请的数量")


@formless_rule("N04", basis=BASIS)
def n04(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Where the text gives a total and its parts, the parts add up to it.

    Parts that are together more than their total are wrong only where all are of one measure (ways of applying,
    classes), one part that is more than its total is always; parts that are less only where the text says that they
    are all. Halves and quarters of a year, and places of publication that are together more than their total, are
    for a person to look at.
    """
    for listing in listings(report):
        added = sum(listing.parts)
        if added in listing.totals:
            yield Held()
            continue
        if len(set(listing.totals)) != 1:
            continue
        if listing.by_period or (
            added > listing.totals[0] >= max(listing.parts) and listing.beside and not listing.one_measure
        ):
            yield Undecided(
                f"正文写“{listing.quote}”，各项之和为{added}，与总数{listing.totals[0]}不同，可能有重复，须由人核对"
            )
            continue
        total, most = listing.totals[0], max(listing.parts)
        if most > total and listing.beside:
            yield Broken(
                message=f"正文写“{listing.quote}”，其中一项为{most}，大于总数{total}",
                message_en=f"One of the parts that the text lists is {most}, more than its total {total}.",
                expected=total,
                found=most,
                quote=listing.quote,
            )
        elif listing.one_measure and (added > total or listing.complete):
            parts = "＋".join(str(part) for part in listing.parts)
            yield Broken(
                message=f"正文写“{listing.quote}”，{parts}＝{added}，与总数{total}相差{abs(added - total)}",
                message_en=f"The parts that the text lists add up to {added}, not to its total {total}.",
                expected=total,
                found=added,
                quote=listing.quote,
            )


@formless_rule("N05", basis=BASIS)
def n05(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """A percentage in the text is the share of its part, to the last digit printed, where the whole is known.

    It holds where the part has this share of any number that the text gives before it or of the totals of table
    three; it is wrong only where the same sentence says of which total it is a part, or where it is an outcome of all
    requests, with the number that table three has. One that compares (比上年增长30%) or rates (办结率95%) holds
    where two numbers of the sentence, or of this year's table and last year's, make it true; else it cannot be told.
    """
    tables = [number for key in (RECEIVED_TOTAL, PROCESSED) if (number := report.number(key)) is not None]
    yield from _rates(report, context)
    if len(tables) == 2 and (carried_in := report.number(CARRIED_IN)) is not None:
        tables.append(tables[0] + carried_in)
    for share in shares(report):
        total = share.total
        held = [whole for whole in (*share.wholes, *tables) if _is_share(share.part, whole, share.percent)]
        if held and (total is None or total in held):
            yield Held()
            continue
        if held:
            yield Undecided(f"正文“{share.quote}”与{held[0]}相符，与同一句的总数{total}不符，须由人核对")
            continue
        if total is None and share.of_all and len(tables) == 3 and _is_outcome(report, share):
            total = int(tables[1])  # what is said to be a share of all, of an outcome that the table has as well
        if total is None or total < share.part:
            yield Undecided(f"正文“{share.quote}”没有可供核对的总数")
            continue
        right = _rounded(share.part, total, share.percent)
        yield Broken(
            message=f"正文写“{share.quote}”，{share.part}÷{total}＝{right}%，与所写的{share.percent}%不符",
            message_en=f"{share.part} of {total} is {right} %, the text says {share.percent} %.",
            expected=right,
            found=share.percent,
            quote=share.quote,
        )


def _rates(report: Report, context: Context) -> Iterator[Verdict]:
    """Percentages that compare with last year or rate what was handled."""
    previous = context.previous
    last_year = previous.number(RECEIVED_TOTAL) if previous is not None else None
    this_year = report.number(RECEIVED_TOTAL)
    for rate in rates(report):
        now, before = set(rate.numbers), set(rate.numbers)
        if rate.of_requests and this_year is not None and last_year is not None:
            now.add(int(this_year))
            before.add(int(last_year))
        if rate.holds_for(now, before):
            yield Held()
        else:
            yield Undecided(f"正文“{rate.quote}”没有可供核对的数")


def _is_outcome(report: Report, share: Share) -> bool:
    """Whether a part is an outcome of requests, with the number that table three has for it."""
    figure = outcome_named(share.label)
    numbers = [report.number(key) for key in total_keys(report, figure)] if figure else []
    known = [number for number in numbers if number is not None]
    return bool(known) and len(known) == len(numbers) and sum(known) == share.part


def _is_share(part: int, whole: int | Decimal, percent: Decimal) -> bool:
    """Whether ``part`` is ``percent`` of ``whole``, with one unit of the last digit for whoever cut it off."""
    last_digit = Decimal(1).scaleb(int(percent.as_tuple().exponent))
    return whole > 0 and abs(Decimal(part) * 100 / whole - percent) < last_digit


def _rounded(part: int, whole: int, like: Decimal) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(like)
