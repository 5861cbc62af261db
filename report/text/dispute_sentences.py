"""What a sentence says of reviews and lawsuits over disclosure against this agency, and of how they ended."""

from __future__ import annotations

from collections.abc import Sequence

from report.text.grammar import Clause
from report.text.said import Doubt, NoWitness, Topic
from report.text.sentence import Sentence

# What every pattern on disputes yields: of one kind, of each kind, or of both together.
DISPUTES = {"review": ("review",), "litigation": ("litigation",), "each": ("review", "litigation")}
RESULTS = ("upheld", "corrected", "other", "pending")
_DISPUTED = ("复议", "诉讼", "起诉", "应诉", "争议")
_ABOUT_DISCLOSURE = ("信息公开", "依申请公开", "公开类")
# What else may be told of how a dispute ended; which of the four results it is, nobody knows.
_ENDED = (
    "维持",
    "纠正",
    "审结",
    "败诉",
    "胜诉",
    "驳回",
    "撤销",
    "改判",
    "确认违法",
    "责令",
    "审理",
    "结案",
    "撤诉",
    "撤回",
)
CLOSED = "closed"


def read_disputes(one: Sentence, before: Sequence[str]) -> Sequence[str]:
    """Reads a sentence; ``before`` are the kinds of dispute that the last one spoke of. Gives those of this one."""
    spoken_of = before if one.goes_on else ()
    if not spoken_of and not any(word in one.text for word in _DISPUTED):
        return ()
    if one.kind != "disputes" and not spoken_of and not any(words in one.text for words in _ABOUT_DISCLOSURE):
        return ()
    of_others = next((clause for clause in one.clauses if clause.has("otherperiod", "body")), None)
    current, ruled = list(spoken_of), False
    for clause in one.clauses:
        if of_others is not None:
            if clause.has("dispute") and clause.has("number", "none", "about"):
                one.note(Topic.DISPUTE, clause, [], one.scope(of_others.tokens))
            continue
        told = clause.has("number", "none", "about")
        if clause.has("dispute") and (told or (not current and "零" not in clause.text)):
            kinds = _read_dispute(one, clause)
            if kinds:
                current, ruled = ([] if ruled else current) + [kind.partition("_")[0] for kind in kinds], False
        elif clause.has("dispute") and "零" in clause.text:
            one.note(Topic.DISPUTE, clause, [], NoWitness.NOT_UNDERSTOOD)  # 均为零, 零发生
        elif "争议" in clause.text and told:
            one.note(Topic.DISPUTE, clause, [], NoWitness.NOT_UNDERSTOOD)
        elif current:
            ruled = _read_result(one, clause, list(dict.fromkeys(current))) or ruled
    return tuple(dict.fromkeys(current))


def _read_dispute(one: Sentence, clause: Clause) -> Sequence[str]:
    """Reads a clause with a word for a dispute; gives the kinds that it tells the number of."""
    if not clause.has("number", "none", "about"):
        return ()
    if any(token.is_a("procedure") for token in clause.tokens):
        return ()
    match = one.grammar.match(clause, ("disputes",))
    if match is None:
        if not clause.has("part") or any(words in clause.text for words in _ABOUT_DISCLOSURE):
            one.note(Topic.DISPUTE, clause, [], _scope(one, clause))
        return ()
    if "." in match.figure:
        one.read(clause, match)
        return (match.figure.partition(".")[0],)
    kinds = DISPUTES.get(match.figure, (match.figure,))
    if match.figure == "disputes" and (match.value == 0 or "均" in clause.text):
        kinds = ("review", "litigation")
    # 行政复议5件，其中涉及政府信息公开的行政复议2件
    doubt = Doubt.OF_ANOTHER if clause.has("part") else None
    for kind in kinds:
        one.state(kind, match.value, clause, doubt=doubt)
    return ("review", "litigation") if match.figure == "disputes" else kinds


def _scope(one: Sentence, clause: Clause) -> NoWitness:
    """Of what else a clause on disputes is; what it says of complaints beside them leaves it one on disputes."""
    why = one.scope([token for token in clause.tokens if not token.is_a("part")])
    if why is NoWitness.OTHER_BUSINESS and not clause.has("none"):
        return why  # 行政复议备案57件
    return why if why in (NoWitness.OTHER_PERIOD, NoWitness.OTHER_BODY, NoWitness.ABOUT) else NoWitness.NOT_UNDERSTOOD


def _read_result(one: Sentence, clause: Clause, kinds: list[str]) -> bool:
    """Reads how disputes ended, or how many of them are over disclosure; whether it was a result."""
    rulings = [token.kinds["ruling"] for token in clause.tokens if "ruling" in token.kinds]
    if not rulings:
        if any(words in clause.text for words in _ENDED):
            one.note(Topic.DISPUTE, clause, [], NoWitness.NOT_UNDERSTOOD)
        elif clause.has("number") and any(words in clause.text for words in _ABOUT_DISCLOSURE):
            numbers = [token.value for token in clause.tokens if token.value is not None]
            if len(kinds) == 1 and len(numbers) == 1:
                one.state(kinds[0], numbers[0], clause, doubt=Doubt.OF_ANOTHER)
            else:
                one.note(Topic.DISPUTE, clause, [], NoWitness.NOT_UNDERSTOOD)
        return False
    match = one.grammar.match(clause, ("disputes",)) if clause.has("number") else None
    every = any(token.kinds.get("adverb") == "every" for token in clause.tokens)
    if match is not None and len(kinds) == 1 and match.figure in RESULTS:
        one.state(f"{kinds[0]}.{match.figure}", match.value, clause)
    elif clause.has("number", "about") or len(set(rulings)) > 1 or not (every or clause.has("none")):
        one.note(Topic.DISPUTE, clause, [], NoWitness.NOT_UNDERSTOOD)
    else:
        _read_in_general(one, clause, kinds, rulings[0])
    return True


def _read_in_general(one: Sentence, clause: Clause, kinds: list[str], ruling: str) -> None:
    """均维持, 已全部审结, 无纠正情况: none of the other results, none pending, none of this one."""
    is_none = clause.has("none")
    if is_none and ruling == CLOSED:
        one.note(Topic.DISPUTE, clause, [], NoWitness.NOT_UNDERSTOOD)
        return
    results = (
        [ruling] if is_none else ["pending"] if ruling == CLOSED else [other for other in RESULTS if other != ruling]
    )
    for kind in kinds:
        if kind in ("review", "litigation"):
            one.state(f"{kind}.{'+'.join(results)}", 0, clause, doubt=Doubt.IN_GENERAL)
