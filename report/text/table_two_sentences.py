"""What a sentence says of documents, decisions and fees."""

from __future__ import annotations

from report.text.grammar import LONGEST_CLAUSE, Clause
from report.text.said import Doubt, NoWitness, Topic
from report.text.sentence import Sentence

_NO_FEE = ("零", "不收", "不涉及")
_THERE_ARE = ("新增", "现行", "有效", "增加")


def read_table_two(one: Sentence) -> None:
    """Reads every clause of a sentence that tells a number of table two, or may."""
    documents: set[str] = set()
    for index, clause in enumerate(one.clauses):
        if len(clause.tokens) > LONGEST_CLAUSE:
            continue
        if clause.mark == "colon" and clause.has("document") and not clause.has("number", "act", "other"):
            documents = {token.kinds["document"] for token in clause.tokens if "document" in token.kinds}
        if _hints(clause):
            one.note(Topic.TABLE_TWO, clause, one.head(index), NoWitness.NOT_UNDERSTOOD)
        if not clause.has("number", "about", "none"):
            continue
        if clause.has("act") and not clause.has("document") and len(documents) == 1:
            match = one.grammar.match(clause, ("documents",))
            if match is not None:
                figure = f"proactive.{next(iter(documents))}.{match.figure}"
                one.state(figure, match.value, clause, doubt=Doubt.OF_ANOTHER)  # 制定规范性文件2件，废止1件
        elif not _speaks(clause):
            _read_decisions(one, clause, index)
            continue
        match = one.grammar.match(clause, ("table_two",))
        why = one.narrowed(clause, one.head(index), until=None)
        # 其中网站公开120条；作出行政处罚决定35件: what parts are listed of before may be something else.
        behind_parts = why is NoWitness.PART and not clause.has("part")
        if match is None:
            one.note(Topic.TABLE_TWO, clause, one.head(index), NoWitness.NOT_UNDERSTOOD if behind_parts else why)
        elif behind_parts:
            one.read(clause, match, doubt=Doubt.OF_ANOTHER)
        elif why is not None:
            one.note(Topic.TABLE_TWO, clause, [], why)
        else:
            one.read(clause, match)
            documents = {token.kinds["document"] for token in clause.tokens if "document" in token.kinds} or documents


def _hints(clause: Clause) -> bool:
    """Whether it may tell a number of documents or fees in words that no pattern has: 无新增规范性文件, 收费为零."""
    if clause.has("fee"):
        return not clause.has("number", "none", "information") and any(words in clause.text for words in _NO_FEE)
    named = clause.has("document") and not clause.has("act")
    return named and clause.has("number", "none") and any(words in clause.text for words in _THERE_ARE)


def _speaks(clause: Clause) -> bool:
    return (
        (clause.has("document") and clause.has("act"))
        or (clause.has("matter") and clause.has("made"))
        or (clause.has("fee") and clause.has("money", "none", "number"))
    )


def _read_decisions(one: Sentence, clause: Clause, index: int) -> None:
    """行政处罚30件, 办理行政许可205件: decisions, or what was asked for, looked into or published."""
    if not clause.has("matter") or clause.has("information", "document", "fee", "request", "receive", "accept"):
        return
    matters = {token.kinds["matter"] for token in clause.tokens if "matter" in token.kinds}
    numbers = [token.value for token in clause.tokens if token.value is not None]
    narrower = one.scope(clause.tokens) or one.narrowed(clause, one.head(index), until=None)
    if narrower not in (None, NoWitness.NOT_UNDERSTOOD):
        return
    if len(matters) == 1 and (len(numbers) == 1 or (not numbers and clause.has("none"))):
        value = numbers[0] if numbers else 0
        one.state(f"proactive.{matters.pop()}.decisions", value, clause, doubt=Doubt.IN_GENERAL)
    else:
        one.note(Topic.TABLE_TWO, clause, [], NoWitness.NOT_UNDERSTOOD)
