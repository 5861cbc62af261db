"""One sentence: its words and clauses, whose and when they are, and what was made of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise

from report.text.grammar import Clause, Match, clauses, grammar
from report.text.own_names import Speaker
from report.text.said import Doubt, NoWitness, Statement, Topic, Unclear
from report.text.tokens import Token

# In this order: the first reason whose words stand in the clause or before it.
_REASONS: tuple[tuple[NoWitness, tuple[str, ...]], ...] = (
    (NoWitness.OTHER_PERIOD, ("otherperiod",)),
    (NoWitness.OTHER_BODY, ("body",)),
    (NoWitness.OTHER_BUSINESS, ("foreign",)),
    (NoWitness.APPLICANTS, ("applicants",)),
    (NoWitness.CHANNEL, ("channel",)),
    (NoWitness.SUBJECT_MATTER, ("topic",)),
    (NoWitness.ABOUT, ("about",)),
)
_GOES_ON = ("part", "result", "outcome", "adverb", "after", "ruling")
_NEW_SUBJECT = ("number", "about", "receive", "accept", "otherperiod", "body", "foreign", "dispute", "document", "act")
# A clause of nothing but these has no subject of its own.
BARE = ("outcome", "receive", "none", "number", "unit", "period", "adverb", "request", "self", "after", "ordinal")
_REQUESTS_NAMED = re.compile("依申请公开|信息公开申请")
# What requests, cases and documents are counted in; days, meetings and rooms are not.
_COUNTED_IN = frozenset({"件", "件次", "宗", "份", "起", "例", "条", "封"})


class Sentence:
    """One sentence, the one before it, and the kind of section that it stands in."""

    def __init__(self, text: str, before: str, kind: str, page: int | None, year: int | None, who: Speaker) -> None:
        self.text = text
        self.before = before
        self.kind = kind
        self.page = page
        self.own_level = who.own_level
        self.grammar = grammar()
        self.tokens = self.grammar.lexicon.tokens(text, year, who)
        self.clauses = list(clauses(self.tokens))
        self.unclear: list[Unclear] = []
        # What makes all numbers of it doubtful; set before it is read.
        self.doubt: Doubt | None = None
        # The clauses that tell what was received: behind them it is about this agency's requests again.
        self.received_at: set[int] = set()
        self._statements: list[Statement] = []
        self._taken: set[int] = set()

    @cached_property
    def of_requests_from(self) -> int:
        """The first clause before which requests for information were named; behind the last where nowhere."""
        ends = list(accumulate((len(clause.text) for clause in self.clauses), initial=len(self.before)))
        said = self.before + "".join(clause.text for clause in self.clauses)
        named = _REQUESTS_NAMED.search(said)
        return bisect_left(ends, named.end()) if named else len(ends)

    @property
    def goes_on(self) -> bool:
        """Whether it goes on about what the last one spoke of: 其中…, 从办理结果看，…, 全年办结9件."""
        if not self.tokens or self.tokens[0].is_a(*_GOES_ON):
            return bool(self.tokens)
        first = self.clauses[0] if self.clauses else None
        if first is None or not first.has("result", "outcome"):
            return False
        return not first.has(*_NEW_SUBJECT) or all(token.is_a(*BARE, "lead") for token in first.tokens)

    def state(
        self,
        figure: str,
        value: int | Decimal,
        clause: Clause,
        *,
        doubt: Doubt | None = None,
        only_new: bool = False,
        step: int | Decimal = 0,
        taken: bool = True,
    ) -> Statement:
        """Takes a clause for a statement; not ``taken``: its number may be a part of one before it."""
        # None of more is none of this.
        is_none_of_more = value == 0 and self.doubt in (Doubt.OVER_YEARS, Doubt.NOT_ALL_DISCLOSURE)
        of_all = None if is_none_of_more else self.doubt
        if taken and doubt is not Doubt.IN_GENERAL:
            self._taken.update(token.start for token in clause.tokens if token.value is not None)
        one = Statement(figure, value, clause.text, self.text, self.page, only_new, doubt or of_all, step=step)
        self._statements.append(one)
        return one

    def statements(self, totals: frozenset[int | Decimal]) -> list[Statement]:
        """All that it says, once it was read; ``totals`` are numbers of the next sentence that sum it up."""
        if not self._statements:
            return []
        beside, compared = set[int | Decimal](), set(totals)
        for clause in self.clauses:
            numbers = {
                number.value
                for number, unit in pairwise(clause.tokens)
                if number.value is not None and number.start not in self._taken and unit.text in _COUNTED_IN
            }
            (compared if self.is_comparison(clause) else beside).update(numbers)
        over_years = any(one.doubt is Doubt.OVER_YEARS for one in self._statements)
        return [
            replace(
                one,
                doubt=one.doubt or (Doubt.OVER_YEARS if over_years else None),
                beside=frozenset(beside),
                compared=frozenset(compared),
            )
            for one in self._statements
        ]

    def read(
        self, clause: Clause, match: Match, *, doubt: Doubt | None = None, only_new: bool = False, taken: bool = True
    ) -> Statement:
        """Takes what a pattern made of a clause for a statement."""
        return self.state(
            match.figure, match.value, clause, doubt=doubt, only_new=only_new, step=match.step, taken=taken
        )

    def head(self, index: int) -> list[Clause]:
        """The clauses before one that may narrow it: a semicolon begins anew, unless parts of a whole are listed."""
        head = self.clauses[:index]
        if not any(one.mark == "colon" or one.has("part") for one in head):
            anew = max((at + 1 for at, one in enumerate(head) if one.mark == "semicolon"), default=0)
            head = head[anew:]
        return head

    def narrowed(self, clause: Clause, head: Sequence[Clause], until: str | None = "verb") -> NoWitness | None:
        """By what the scope of a clause is narrowed to less than all of this agency in this year."""
        own = clause.tokens if until is None else clause.tokens[: first_at(clause, "receive", "accept", "none")]
        if (why := self.scope(own)) is not None:
            return why
        for earlier in head:
            why = self.scope(earlier.tokens)
            if why is NoWitness.OTHER_BODY and any(token.is_a("self") for token in own):
                why = None  # 按照区政府要求，我局收到
            if why is NoWitness.CHANNEL and earlier.has("work"):
                why = None  # 畅通网络、信函等渠道
            if why in (NoWitness.OTHER_PERIOD, NoWitness.PART, NoWitness.OTHER_BODY, NoWitness.CHANNEL):
                return why
        return None

    def scope(self, tokens: Sequence[Token]) -> NoWitness | None:
        """By what some words narrow the scope; None: they leave it at all of this agency in this year."""
        if any(token.is_a("part") for token in tokens):
            return NoWitness.PART
        bodies = [token.text for token in tokens if token.is_a("body")]
        if bodies and self.own_level.issuperset(bodies):
            # 区政府 in a government's report: its own level, or all that it reports for
            return NoWitness.NOT_UNDERSTOOD
        return next((why for why, kinds in _REASONS if any(token.is_a(*kinds) for token in tokens)), None)

    def note(self, topic: Topic, clause: Clause, head: Sequence[Clause], why: NoWitness | None = None) -> None:
        """Notes a clause as no witness, for ``why`` or for what its words tell."""
        why = why or self.scope(clause.tokens) or self.narrowed(clause, head) or NoWitness.NOT_UNDERSTOOD
        not_known = (one for one in (*head, clause) if one.has("other"))
        unknown = tuple(token.text for one in not_known for token in one.tokens if token.is_a("other"))
        self.unclear.append(Unclear(topic, why, clause.text, self.page, unknown))

    def is_comparison(self, clause: Clause) -> bool:
        """Whether a clause only tells of how much more or less there was before: 较上年增加2件."""
        return clause.has("compared") and clause.has("change") and not clause.has("outcome", "receive", "accept")


def first_at(clause: Clause, *kinds: str) -> int:
    """Where the first word of one of these kinds stands in a clause; its end where there is none."""
    return next((at for at, token in enumerate(clause.tokens) if token.is_a(*kinds)), len(clause.tokens))
