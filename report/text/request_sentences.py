"""What a sentence says of requests: how many were received or accepted, and what became of them."""

from __future__ import annotations

import re
from itertools import pairwise

from report.text.grammar import HANDLED, Clause
from report.text.said import RECEIVED, Doubt, NoWitness, Topic
from report.text.sentence import BARE, Sentence, first_at

PROCESSED, CARRIED_OUT = "requests.processed_total", "requests.carried_out"
_OUTCOMES = (
    "requests.granted", "requests.partly_granted", "requests.refused", "requests.not_provided",
    "requests.not_handled", "requests.other",
)  # fmt: skip
# Whatever is said of these beside a number is of carry-overs.
_CARRIED = ("结转", "转入下")
# 对公文逐件确定公开属性，其中不予公开18件
_OF_PAPERS = re.compile("公文|文件|属性|发文")
_PIECES = ("条", "项", "个", "份")
_LAST_YEAR, _NEXT_YEAR = ("上年", "上一年", "上年度"), ("下年", "下一年", "次年")


def read_received(one: Sentence, restated: bool) -> bool:
    """Reads what a sentence says of the requests received or accepted; whether it says anything of this agency's.

    ``restated``: the text goes on to say that not all that was received is counted.
    """
    said = False
    for index, clause in enumerate(one.clauses):
        if said and _is_of_this_year(one, index):
            number = next(token.value for token in clause.tokens if token.value is not None)
            one.state(RECEIVED, number, clause, doubt=Doubt.OVER_YEARS)
            continue
        if not clause.has("receive", "accept", "none", "amount"):
            continue
        if not _is_about_requests(one, clause, index):
            if clause.has("receive") and clause.has("request") and all(token.is_a(*BARE) for token in clause.tokens):
                one.note(Topic.RECEIVED, clause, [])  # 我局收申请5件: of what, nobody says
            continue
        match = one.grammar.match(clause, (None,))
        head = one.head(index)
        if match is None:
            if clause.has("number", "about"):
                one.note(Topic.RECEIVED, clause, head)
        elif (why := one.narrowed(clause, head)) is not None:
            one.note(Topic.RECEIVED, clause, [], why)
        else:
            one.read(clause, match, doubt=Doubt.OF_ANOTHER if restated else None)
            one.received_at.add(index)
            said = True
    return said


def is_of_all_requests(one: Sentence) -> bool:
    """Whether a sentence that does not say what was received speaks of this agency's requests all the same."""
    if any(clause.has("receive", "accept") for clause in one.clauses):
        return False
    at = next((index for index, clause in enumerate(one.clauses) if clause.has("outcome")), None)
    if at is None:
        return False
    about = any("申请" in clause.text for clause in one.clauses[: at + 1]) or "依申请公开" in one.before
    first = one.clauses[0]
    scope = first.tokens if at else first.tokens[: first_at(first, "outcome")]
    return about and one.scope(scope) is None and not any(token.is_a("other") for token in scope)


def may_be_of_requests(one: Sentence) -> bool:
    """Whether it may be about this agency's requests, and nobody knows."""
    return any(unclear.topic is Topic.RECEIVED and unclear.why is NoWitness.NOT_UNDERSTOOD for unclear in one.unclear)


def note_outcomes(one: Sentence) -> None:
    """Notes each number of an outcome, and what is said of all or none, as not understood."""
    for index, clause in enumerate(one.clauses):
        if not clause.has("outcome") or clause.has("receive", "accept"):
            continue
        if clause.has("number", "about", "none") or _is_all(one, clause, index):
            one.note(Topic.OUTCOME, clause, [])


def note_stray(one: Sentence) -> None:
    """Notes outcomes of requests in a sentence of which nobody knows whether it is about this agency's requests."""
    if (
        "申请" not in one.text
        or _OF_PAPERS.search(one.text)
        or any(clause.has("otherperiod", "body", "dispute") for clause in one.clauses)
    ):
        return
    if not any(first.is_a("number") and second.is_a("unit") for first, second in pairwise(one.tokens)):
        return
    for clause in one.clauses:
        if _is_specific(clause) and not clause.has("receive", "accept", "document", "about"):
            one.note(Topic.OUTCOME, clause, [], NoWitness.NOT_UNDERSTOOD)


def read_outcomes(one: Sentence, only_new: bool) -> None:
    """Reads what a sentence says became of the requests, clause by clause, until it comes to something else."""
    group, elsewhere = 0, False
    doubt: Doubt | None = None
    for index, clause in enumerate(one.clauses):
        divided = any(other.has("channel", "applicants", "topic") for other in one.clauses[group:index])
        if clause.mark == "semicolon":
            group = index + 1
        if index in one.received_at:
            elsewhere, doubt = False, None
        if one.is_comparison(clause):
            doubt = Doubt.OF_ANOTHER  # 比上年增加3件，其中予以公开2件
        elif _carried_from(one, clause) or _says_none_carried(one, clause, index):
            continue
        elif clause.has("otherperiod", "body", "dispute") or (clause.has("foreign") and not _outcomes_of(clause)):
            if clause.has("outcome") and clause.has("number"):
                one.note(Topic.OUTCOME, clause, [])
            elsewhere = True
        elif elsewhere or clause.has("foreign"):
            if _outcomes_of(clause) and not clause.has("about"):
                one.note(Topic.OUTCOME, clause, [], NoWitness.NOT_UNDERSTOOD)
        elif clause.has("number", "about"):
            inside = index > 0 and one.clauses[index - 1].mark == "open"
            part = doubt if clause.has("part") else None
            _read_number(one, clause, only_new, divided, Doubt.OF_ANOTHER if inside else part)
        elif clause.has("outcome"):
            _read_in_general(one, clause, index)


def _read_number(one: Sentence, clause: Clause, only_new: bool, divided: bool, doubt: Doubt | None) -> None:
    if not clause.has("outcome"):
        # 公开5件, 1件未公开: whether in full, nobody says
        openly = "公开" in clause.text and "信息" not in clause.text and not clause.has("request", "receive", "accept")
        if openly or any(words in clause.text for words in _CARRIED):
            one.note(Topic.OUTCOME, clause, [], NoWitness.NOT_UNDERSTOOD if openly else None)
        return
    match = one.grammar.match(clause, ("requests",))
    if doubt is None and _is_of_pieces(one, clause):
        doubt = Doubt.OF_ANOTHER
    if match is not None and not divided:
        one.read(clause, match, doubt=doubt, only_new=only_new, taken=doubt is None)
    elif clause.has("receive", "accept") or (not clause.has("request") and _only(clause, HANDLED)):
        return
    elif divided:
        one.note(Topic.OUTCOME, clause, [], NoWitness.PART if match else None)
    else:
        why = one.scope([token for token in clause.tokens if not token.is_a("part")])
        one.note(Topic.OUTCOME, clause, [], why or NoWitness.NOT_UNDERSTOOD)


def _is_of_pieces(one: Sentence, clause: Clause) -> bool:
    """Whether an outcome is counted in pieces of information and the requests are not: 申请6件，予以公开12条."""
    unit = _unit(clause)
    return unit in _PIECES and all(_unit(one.clauses[index]) != unit for index in one.received_at)


def _unit(clause: Clause) -> str:
    return next((unit.text for number, unit in pairwise(clause.tokens) if number.value is not None), "")


def _read_in_general(one: Sentence, clause: Clause, index: int) -> None:
    """均予以公开, 没有不予公开的情形: nothing of another outcome, or nothing of this one."""
    senses = {token.kinds["outcome"] for token in clause.tokens if "outcome" in token.kinds}
    match = one.grammar.match(clause, ("requests",))
    if match is not None:
        one.read(clause, match)
    elif clause.has("none"):
        for sense in senses - {HANDLED, PROCESSED}:
            one.state(sense, 0, clause, doubt=Doubt.IN_GENERAL)
    elif _is_all(one, clause, index):
        specific = senses.intersection(_OUTCOMES)
        if specific:
            others = "+".join(outcome for outcome in _OUTCOMES if outcome not in specific)
            one.state(others, 0, clause, doubt=Doubt.IN_GENERAL)
        elif senses & {HANDLED, PROCESSED}:
            one.state(CARRIED_OUT, 0, clause, doubt=Doubt.IN_GENERAL)


def _is_all(one: Sentence, clause: Clause, index: int) -> bool:
    """Whether a clause without a number speaks of all requests: 均…, 全部…, 办结率100%."""
    if "及时" in clause.text and "率" in clause.text:
        return False
    every = any(token.kinds.get("adverb") == "every" or token.text.startswith("全部") for token in clause.tokens)
    whole = (
        clause.has("percent") and "100%" in clause.text and not any(words in clause.text for words in ("按时", "按期"))
    )
    return (every or whole) and (index > 0 or one.goes_on)


def _carried_from(one: Sentence, clause: Clause) -> bool:
    """Reads 含2023年结转1件; whether a clause is one."""
    numbers = [token.value for token in clause.tokens if token.value is not None]
    if not clause.has("otherperiod") or "结转" not in clause.text or _is_specific(clause) or len(numbers) != 1:
        return False
    one.state("requests.carried_in", numbers[0], clause, doubt=Doubt.OF_ANOTHER)
    return True


def _says_none_carried(one: Sentence, clause: Clause, index: int) -> bool:
    """Reads 上年无结转, 本年无结转; whether a clause is one."""
    if clause.has("number", "about", "outcome") or not clause.has("none") or "结转" not in clause.text:
        return False
    if any(words in clause.text for words in _LAST_YEAR):
        one.state("requests.carried_in", 0, clause, doubt=Doubt.IN_GENERAL)
    elif any(words in clause.text for words in _NEXT_YEAR):
        one.state(CARRIED_OUT, 0, clause, doubt=Doubt.IN_GENERAL)
    else:
        one.note(Topic.OUTCOME, clause, [], NoWitness.NOT_UNDERSTOOD)
    return True


def _is_of_this_year(one: Sentence, index: int) -> bool:
    """Whether a clause behind a total is this year's part of it: 其中本年6件."""
    clause = one.clauses[index]
    opened = index > 0 and one.clauses[index - 1].mark == "open"
    return (
        (clause.has("part") or opened)
        and any(token.kinds.get("period") == "this" for token in clause.tokens)
        and sum(token.value is not None for token in clause.tokens) == 1
        and all(token.is_a(*BARE, "part", "accept", "information", "particle") for token in clause.tokens)
        and not clause.has("outcome", "none")
    )


def _outcomes_of(clause: Clause) -> bool:
    """Whether a number stands beside an outcome that is more than that something was handled."""
    return _is_specific(clause) and clause.has("number", "about")


def _is_specific(clause: Clause) -> bool:
    """Whether it tells an outcome that is more than that something was handled."""
    senses = {token.kinds["outcome"] for token in clause.tokens if "outcome" in token.kinds}
    return bool(senses - {HANDLED, PROCESSED})


def _is_about_requests(one: Sentence, clause: Clause, index: int) -> bool:
    """The object is a request for information; a bare 申请 is one where the text just spoke of such requests."""
    if not clause.has("request"):
        # 政府信息公开申请办理情况：本年新收21件
        return clause.has("receive") and any(
            other.mark == "colon"
            and other.has("request")
            and (other.has("information") or "依申请" in other.text)
            and not other.has("number")
            for other in one.head(index)[-1:]
        )
    if clause.has("information") or any("依申请" in token.text for token in clause.tokens if token.is_a("request")):
        return True
    return index >= one.of_requests_from


def _only(clause: Clause, sense: str) -> bool:
    return {token.kinds["outcome"] for token in clause.tokens if "outcome" in token.kinds} == {sense}
