"""N02, N03 and N06: what the text says of outcomes, reviews, documents and decisions, against the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.listed_documents import CountedDocuments
from report.figure import ABSENT
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form
from report.report import Report
from report.text.grammar import HANDLED
from report.text.said import Doubt, NoWitness, Said, Statement, Topic, Unclear
from workers.rules.cells import place_of, row_label
from workers.rules.context import Context

BASIS = "《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息"
CARRIED = ("requests.carried_in", "requests.carried_out")
RECEIVED, CARRIED_IN = "requests.received.total", "requests.carried_in.total"
PROCESSED = "requests.processed_total"
LITIGATION_ROWS = ("litigation_direct", "litigation_after_review")
LITIGATION = tuple(f"{row}.total" for row in LITIGATION_ROWS)
DISPUTES = {
    "review": ("review.total",), "litigation": LITIGATION, "disputes": ("review.total", *LITIGATION),
}  # fmt: skip
# What a number of the text is called in table two of each form.
TABLE_TWO = {"issued": ("issued", "made"), "repealed": ("repealed",), "in_force": ("in_force",)}
DOCUMENTS = "proactive.normative_documents"
_DOUBTS = {
    Doubt.OVER_YEARS: "可能是历年累计数",
    Doubt.OF_MERGED: "可能是合并、所属的机关中一家的数",
    Doubt.NOT_ALL_DISCLOSURE: "可能不都因政府信息公开而起",
    Doubt.OF_ANOTHER: "可能是另一总数中的一部分",
    Doubt.IN_GENERAL: "只是概括的说法",
}
NOT_OF_THE_TEXT = ("requests.received", "requests.accepted")


def in_quotes(unclear: Unclear) -> str:
    """The words of a clause that nobody knows, to be put behind it: （不认识“…”）; "" where each word is known."""
    words = "”“".join(unclear.unknown[:3])
    return f"（不认识“{words}”）" if words else ""


def not_understood(said: Said, topic: Topic, table: str) -> Iterator[Verdict]:
    """One verdict for the first clause on a topic that was not understood, and one for the first round number."""
    for unclear in said.not_understood(topic)[:1]:
        yield Undecided(f"正文“{unclear.quote}”没有读懂{in_quotes(unclear)}，不能与{table}对照")
    for about in [one for one in said.unclear if one.topic is topic and one.why is NoWitness.ABOUT][:1]:
        yield Undecided(f"正文“{about.quote}”是约数，不能与{table}对照")


@rule("N02", basis=BASIS)
def n02(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Outcomes and carry-overs in the text = those of table three.

    Only a clause that is nothing but outcome and number is a witness, in a sentence on all requests of this agency and
    year. Where the text counts the newly received only, those carried in may account for the difference. 办理, 处理 and
    答复 may count what was received. That there was none of an outcome is a number; 均予以公开 and 均已办结 may
    agree, and accuse nobody.
    """

    def differs(statements: list[Statement], keys: tuple[str, ...], total: Number) -> Verdict:
        carried_in = report.number(CARRIED_IN)
        if carried_in is None or any(_of_the_new(one, total, carried_in) for one in statements):
            return Undecided(f"正文“{statements[0].quote}”可能不含上年结转的申请")
        return _differs(report, statements[0], keys, total, f"表三{_in_table_three(report, form, keys)}为{total}")

    yield from _against(report, context.said(report), "N02", "表三", Topic.OUTCOME, differs)


@rule("N03", basis=BASIS)
def n03(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Reviews and lawsuits in the text = those of table four.

    Reviews may be counted with or without those pending, lawsuits together or by their two kinds. What a body says of
    reviews that it hears or files itself is no witness. Where the text says, before or behind, that only some are over
    disclosure, its numbers accuse nobody. Results (维持, 纠正) are compared too.
    """

    def differs(statements: list[Statement], keys: tuple[str, ...], total: Number) -> Verdict:
        names = "与".join(dict.fromkeys(f"“{form.names[key].row}”" for key in keys))
        columns = "、".join(dict.fromkeys(form.names[key].column for key in keys))
        return _differs(
            report, statements[0], keys, total, f"表四{names}的{columns}{'之和' if len(keys) > 1 else ''}为{total}"
        )

    yield from _against(report, context.said(report), "N03", "表四", Topic.DISPUTE, differs)


@rule("N06", basis=BASIS)
def n06(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Documents issued, repealed and in force, decisions and fees in the text = table two.

    A sentence of another year or body is no witness, nor is one on documents that were only published or explained.
    Where the office has given the list of normative documents, table two agrees with it too; a government's report
    counts its whole area, and is not compared with it. Numbers in 万 and amounts may be rounded.
    """

    def differs(statements: list[Statement], keys: tuple[str, ...], total: Number) -> Verdict:
        return _differs(report, statements[0], keys, total, f"{form.names[keys[0]].label}为{total}")

    yield from _against(report, context.said(report), "N06", "表二", Topic.TABLE_TWO, differs)
    if context.listed is not None and not context.is_government(report):
        yield from _as_listed(report, form, context.listed)


def rule_of(figure: str) -> str:
    """The rule that compares what the text says of a figure."""
    if figure.startswith("requests."):
        return "N01" if figure in NOT_OF_THE_TEXT else "N02"
    return "N06" if figure.startswith("proactive.") else "N03"


def said_by_tables(report: Report, figure: str) -> tuple[tuple[str, ...], set[Number]]:
    """The figures that the text means by one of its own, and every number that is right for it; none: not known."""
    if figure in NOT_OF_THE_TEXT:
        return (RECEIVED, CARRIED_IN), _received(report)
    if figure.startswith("proactive."):
        head, _, column = figure.rpartition(".")
        keys = [key for name in TABLE_TWO.get(column, (column,)) if (key := f"{head}.{name}") in report.figures][:1]
        number = report.number(keys[0]) if keys else None
        return tuple(keys), set() if number is None else {number}
    keys_of = _disputed(figure) or total_keys(report, figure.replace(HANDLED, PROCESSED))
    numbers = [report.number(key) for key in keys_of]
    known = [number for number in numbers if number is not None]
    if not keys_of or len(known) < len(numbers):
        return keys_of, set()
    right: set[Number] = {sum(known)}
    if figure == HANDLED:
        right |= _received(report)
    if figure == "litigation" or figure.startswith("litigation."):
        right |= {number for number in known if number}  # of one kind only; that there were none is said of both
    pending = report.number("review.pending") if figure in ("review", "disputes") else None
    return keys_of, right | {sum(known) - pending} if pending and pending < sum(known) else right


def _disputed(figure: str) -> tuple[str, ...]:
    """The cells of table four that a number of disputes, or of their results (review.upheld+other), is the sum of."""
    kind, _, results = figure.partition(".")
    rows = LITIGATION_ROWS if kind == "litigation" else (kind,)
    if not results or kind not in ("review", "litigation", *LITIGATION_ROWS):
        return DISPUTES.get(figure, ())
    return tuple(f"{row}.{result}" for row in rows for result in results.split("+"))


def total_keys(report: Report, figure: str) -> tuple[str, ...]:
    """The totals of the rows that a figure of the text is the sum of."""
    rows = tuple(f"{row}." for row in figure.split("+"))
    return tuple(key for key in report.figures if key.endswith(".total") and key.startswith(rows))


def _against(
    report: Report,
    said: Said,
    rule_code: str,
    table: str,
    topic: Topic,
    differs: Callable[[list[Statement], tuple[str, ...], Number], Verdict],
) -> Iterator[Verdict]:
    """What the text says of a table's figures against that table; ``differs`` judges what no statement agrees with."""
    stated: dict[str, list[Statement]] = {}
    for statement in said.statements:
        if rule_of(statement.figure) == rule_code:
            stated.setdefault(statement.figure, []).append(statement)
    for figure, statements in stated.items():
        keys, right = said_by_tables(report, figure)
        if not keys and topic is Topic.TABLE_TWO:
            continue  # this form has no such figure
        if not right:
            yield Undecided(f"正文写“{statements[0].quote}”，{table}相应的格子没有确定的数字")
            continue
        explicit = [one for one in statements if one.doubt is not Doubt.IN_GENERAL] or statements
        sure = [one for one in explicit if not why_doubtful(one, right)]
        if verdicts := agreeing(explicit, right, table):
            yield from verdicts
        elif not sure:
            yield doubted(explicit[0], right, table)
        else:
            yield differs(sure, keys, sum(report.number(key) or 0 for key in keys))
    yield from not_understood(said, topic, table)


def _as_listed(report: Report, form: Form, listed: CountedDocuments) -> Iterator[Verdict]:
    """The normative documents of table two against the list that the office has given."""
    for column, number in (("issued", listed.issued), ("repealed", listed.repealed), ("in_force", listed.in_force)):
        keys, right = said_by_tables(report, f"{DOCUMENTS}.{column}")
        if number is None or not keys:
            continue
        label = form.names[keys[0]].label
        if not right:
            yield Undecided(f"规范性文件清单为{number}件，{label}没有确定的数字")
        elif number in right:
            yield Held()
        else:
            found = next(iter(right))
            yield Broken(
                message=f"{label}为{found}，司法行政部门的规范性文件清单为{number}件，相差{abs(found - number)}",
                message_en=f"Table two has {found} ({keys[0]}); the list of normative documents has {number}.",
                cells=keys,
                expected=number,
                found=found,
                place=place_of(report, keys),
            )


def agreeing(statements: list[Statement], right: set[Number], table: str) -> list[Verdict]:
    """The verdicts where at least one of the statements agrees with its table; none where no one does."""
    others = [one for one in statements if not one.agrees(right)]
    if len(others) == len(statements):
        in_parts = len(statements) > 1 and sum(one.value for one in statements) in right
        return [Held()] if in_parts else []
    asked = [one for one in others if not why_doubtful(one, right)][:1]
    return [Held(), *(Undecided(f"正文另写“{one.quote}”，与{table}不同，所说的范围须由人核对") for one in asked)]


def why_doubtful(statement: Statement, right: set[Number]) -> str:
    """Why a statement accuses nobody: its words are of another scope, or its sentence has a number that is right."""
    if statement.doubt is not None:
        return _DOUBTS[statement.doubt]
    return "同一处还有别的数，可能各是一部分" if statement.may_mean(right) else ""


def doubted(statement: Statement, right: set[Number], table: str) -> Undecided:
    """The verdict on a statement that differs from its table and accuses nobody."""
    return Undecided(f"正文写“{statement.quote}”，与{table}不同，{why_doubtful(statement, right)}，须由人核对")


def _received(report: Report) -> set[Number]:
    """The requests received, and those with what was carried in: what may be meant by 收到, 办理 and 答复."""
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


def _in_table_three(report: Report, form: Form, keys: tuple[str, ...]) -> str:
    """What a letter calls the sum of some totals of table three."""
    groups = list(dict.fromkeys(form.names[key].row.split(" ")[0] for key in keys))
    if len(keys) == 1:
        return f"“{row_label(form, keys[0])}”总计"
    if len(groups) == 1:
        return f"“{groups[0]}”{len(keys)}项的总计之和"
    return f"{'与'.join(f'“{group}”' for group in groups)}的总计之和"


def _differs(report: Report, said: Statement, keys: tuple[str, ...], total: Number, table: str) -> Broken:
    """A statement that its table contradicts; ``table`` names figure and number."""
    printed = [key for key in keys if report.figures[key].state is not ABSENT]
    figure = said.figure.replace("requests.", "")
    return Broken(
        message=f"正文写“{said.quote}”，{table}，相差{abs(total - said.value)}",
        message_en=f"The text says {said.value} ({figure}); the table has {total}.",
        cells=keys,
        expected=total,
        found=said.value,
        place=place_of(report, printed),
        quote=said.quote,
    )
