"""What the running text says in numbers of requests, outcomes, reviews and table two, and why a clause is no witness.

Running text speaks of many things: other years, other agencies, parts of the whole, consultations, reviews. A clause
is a witness only where a pattern of config/sentences.yaml covers all of its words, and what stands before it leaves the
scope at this agency and year. All else is said to be of another scope, by name, or not to be understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from report.report import Report
from report.text.grammar import HANDLED, LONGEST_CLAUSE, Clause, Match, clauses, grammar
from report.text.own_names import Speaker, speaker
from report.text.sentences import sentences
from report.text.tokens import Token

RECEIVED, ACCEPTED = "requests.received", "requests.accepted"
# What every pattern on disputes yields: of one kind, of each kind, or of both together.
DISPUTES = {"review": ("review",), "litigation": ("litigation",), "each": ("review", "litigation")}
# Nothing is looked for where none of these stands.
_WORDS = (
    "申请", "复议", "诉讼", "结转", "规范性文件", "规章", "行政许可", "行政处罚", "行政强制", "事业性收费", "公开",
    "办结", "处理", "提供", "办理", "答复",
)  # fmt: skip
_NUMBERS = re.compile(r"[\d〇零两二三四五六七八九十百]|一(?![是定系些直体般])|未|没|无|不存在")
_GOES_ON = ("part", "result", "outcome", "adverb", "after")
_NEW_SUBJECT = ("number", "about", "receive", "accept", "otherperiod", "body", "foreign", "dispute", "document", "act")
# Whatever is said of these beside a number is of carry-overs.
_CARRIED = ("结转", "转入下")
# A clause of nothing but these has no subject of its own.
_BARE = ("outcome", "receive", "none", "number", "unit", "period", "adverb", "request", "self", "after", "ordinal")
_DISPUTED = ("复议", "诉讼", "起诉", "应诉")
_ABOUT_DISCLOSURE = ("信息公开", "依申请公开")


class Topic(StrEnum):
    """What a clause speaks of, as far as its words tell."""

    RECEIVED = "received"
    OUTCOME = "outcome"
    DISPUTE = "dispute"
    TABLE_TWO = "table_two"


class NoWitness(StrEnum):
    """Why a clause with a number says nothing of this report's tables. NOT_UNDERSTOOD: it may, but nobody knows."""

    OTHER_PERIOD = "other_period"
    PART = "part"
    OTHER_BODY = "other_body"
    CHANNEL = "channel"
    APPLICANTS = "applicants"
    SUBJECT_MATTER = "subject_matter"
    OTHER_BUSINESS = "other_business"
    ABOUT = "about"
    NOT_UNDERSTOOD = "not_understood"


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


@dataclass(frozen=True, slots=True)
class Statement:
    """The text says that a figure is ``value``.

    ``figure`` is a row of the form without its column (``requests.granted``), several joined by "+" where their sum is
    said; ``requests.accepted`` and ``requests.handled`` are words of the text alone; ``review``, ``litigation``,
    ``disputes`` (both together). ``only_new``: the sentence counts no requests carried in. ``quote`` is the clause,
    ``sentence`` where it stands, ``page`` its section's.
    """

    figure: str
    value: int | Decimal
    quote: str
    sentence: str
    page: int | None
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """A clause that speaks of something the tables have, and is no witness; ``unknown`` are the words nobody knows."""

    topic: Topic
    why: NoWitness
    quote: str
    page: int | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """All statements of a text in order, and the clauses that are none."""

    statements: tuple[Statement, ...]
    unclear: tuple[Unclear, ...]

    def of(self, *figures: str) -> list[Statement]:
        """The statements on one of these figures."""
        return [one for one in self.statements if one.figure in figures]

    def not_understood(self, topic: Topic) -> list[Unclear]:
        """The clauses on a topic that may be about this report's tables, and were not understood."""
        return [one for one in self.unclear if one.topic is topic and one.why is NoWitness.NOT_UNDERSTOOD]


def said_in(report: Report, names: tuple[str, ...] = (), government: bool | None = None) -> Said:
    """What a report's running text says of its own tables.

    ``names`` are further names of the agency; ``government`` says whether it reports for a whole place (None: to be
    told from its name).
    """
    texts = (("overview", report.opening, None), *((one.kind or "", one.text, one.page) for one in report.sections))
    return _read(tuple(texts), report.year, speaker(report, names, government))


def outcome_named(label: str) -> str | None:
    """The outcome of requests that a label in the text is the name of (其中予以公开); None where it is none."""
    tokens = grammar().lexicon.tokens(label, None, Speaker((), government=False))
    senses = {token.kinds["outcome"] for token in tokens if "outcome" in token.kinds}
    known = all(token.is_a("outcome", "part", "request", "information", "particle", "adverb") for token in tokens)
    return senses.pop() if known and len(senses) == 1 else None


@lru_cache(maxsize=16)
def _read(texts: tuple[tuple[str, str, int | None], ...], year: int | None, who: Speaker) -> Said:
    reader = _Reader(year, who)
    for kind, text, page in texts:
        reader.read(kind, text, page)
    return Said(tuple(reader.statements), tuple(reader.unclear))


class _Reader:
    """Goes through a text sentence by sentence, and remembers what the last one was about."""

    def __init__(self, year: int | None, who: Speaker) -> None:
        self.year = year
        self.who = who
        self.statements: list[Statement] = []
        self.unclear: list[Unclear] = []

    def read(self, kind: str, text: str, page: int | None) -> None:
        before, going_on, only_new, unknown = "", False, True, False
        for sentence in sentences(text):
            if _NUMBERS.search(sentence) is None or not any(word in sentence for word in _WORDS):
                before, going_on, unknown = sentence, False, False
                continue
            one = _Sentence(sentence, before, kind, page, self)
            received = one.received() if kind != "proactive" else []
            self.statements.extend(received)
            if kind != "proactive":
                own = bool(received) or one.is_of_all_requests()
                if own or (going_on and one.goes_on):
                    only_new = "结转" not in sentence and (only_new or bool(received))
                    self.statements.extend(one.outcomes(only_new))
                # What goes on about requests of which nobody knows whose they are is not understood either.
                unknown = not own and (one.is_not_understood or (unknown and one.goes_on))
                if unknown:
                    one.note_outcomes()
                going_on = own or (going_on and one.goes_on)
            if kind in ("overview", "requests", "disputes", "other"):
                self.statements.extend(one.disputes())
            if kind in ("overview", "proactive", "other"):
                self.statements.extend(one.table_two())
            self.unclear.extend(one.unclear)
            before = sentence


class _Sentence:
    """One sentence: its clauses, and what they say."""

    def __init__(self, sentence: str, before: str, kind: str, page: int | None, reader: _Reader) -> None:
        self.text = sentence
        self.before = before
        self.kind = kind
        self.page = page
        self.own_level = reader.who.own_level
        self.grammar = grammar()
        self.tokens = self.grammar.lexicon.tokens(sentence, reader.year, reader.who)
        self.clauses = list(clauses(self.tokens))
        self.unclear: list[Unclear] = []

    @property
    def goes_on(self) -> bool:
        """Whether it goes on about what the last one spoke of: 其中…, 从办理结果看，…, 全年办结9件."""
        if not self.tokens or self.tokens[0].is_a(*_GOES_ON):
            return bool(self.tokens)
        first = self.clauses[0] if self.clauses else None
        if first is None or not first.has("result", "outcome"):
            return False
        return not first.has(*_NEW_SUBJECT) or all(token.is_a(*_BARE) for token in first.tokens)

    @property
    def is_not_understood(self) -> bool:
        """Whether it may be about this agency's requests, and nobody knows."""
        return any(one.topic is Topic.RECEIVED and one.why is NoWitness.NOT_UNDERSTOOD for one in self.unclear)

    def note_outcomes(self) -> None:
        """Notes each number of an outcome as not understood."""
        for clause in self.clauses:
            if clause.has("outcome") and clause.has("number", "about") and not clause.has("receive", "accept"):
                self._note(Topic.OUTCOME, clause, [])

    def received(self) -> list[Statement]:
        """What it says of the requests received or accepted."""
        found = []
        for index, clause in enumerate(self.clauses):
            if not clause.has("receive", "accept", "none", "amount"):
                continue
            if not self._is_about_requests(clause, index):
                if (
                    clause.has("receive")
                    and clause.has("request")
                    and all(token.is_a(*_BARE) for token in clause.tokens)
                ):
                    self._note(Topic.RECEIVED, clause, [])  # 我局收申请5件: of what, nobody says
                continue
            match = self.grammar.match(clause, (None,))
            if match is None:
                if clause.has("number", "about"):
                    self._note(Topic.RECEIVED, clause, self._head(index))
            elif (why := self._narrowed(clause, self._head(index))) is not None:
                self._note(Topic.RECEIVED, clause, [], why)
            else:
                found.append(self._statement(match.figure, match, clause))
        return found

    def is_of_all_requests(self) -> bool:
        """Whether a sentence that does not say what was received speaks of this agency's requests all the same."""
        if any(clause.has("receive", "accept") for clause in self.clauses):
            return False
        at = next((index for index, clause in enumerate(self.clauses) if clause.has("outcome")), None)
        if at is None:
            return False
        about = any("申请" in clause.text for clause in self.clauses[: at + 1]) or "依申请公开" in self.before
        first = self.clauses[0]
        scope = first.tokens if at else first.tokens[: self._at(first, "outcome")]
        return about and self._scope(scope) is None and not any(token.is_a("other") for token in scope)

    def outcomes(self, only_new: bool) -> list[Statement]:
        """What it says became of the requests, clause by clause, until it comes to something else."""
        found = []
        group = 0
        for index, clause in enumerate(self.clauses):
            if clause.has("otherperiod", "foreign", "body", "dispute"):
                if clause.has("outcome") and clause.has("number"):
                    self._note(Topic.OUTCOME, clause, [])
                break
            divided = any(one.has("channel", "applicants", "topic") for one in self.clauses[group:index])
            if clause.mark == "semicolon":
                group = index + 1
            if not clause.has("number", "about"):
                continue
            if not clause.has("outcome"):
                if any(words in clause.text for words in _CARRIED):
                    self._note(Topic.OUTCOME, clause, [])
                continue
            match = self.grammar.match(clause, ("requests",))
            if match is not None and not divided:
                found.append(self._statement(match.figure, match, clause, only_new))
            elif not clause.has("receive", "accept") and (clause.has("request") or not _only(clause, HANDLED)):
                self._note(Topic.OUTCOME, clause, [], NoWitness.PART if divided and match else None)
        return found

    def disputes(self) -> list[Statement]:
        """What it says of reviews and lawsuits over disclosure that were brought against this agency."""
        found: list[Statement] = []
        if not any(word in self.text for word in _DISPUTED):
            return []
        if self.kind != "disputes" and not any(words in self.text for words in _ABOUT_DISCLOSURE):
            return []
        of_others = next((clause for clause in self.clauses if clause.has("otherperiod", "body")), None)
        for clause in self.clauses:
            if not clause.has("dispute") or not clause.has("number", "none", "about"):
                continue
            if of_others is not None:
                self._note(Topic.DISPUTE, clause, [], self._scope(of_others.tokens))
                continue
            if any(token.is_a("procedure") and not token.is_a("part") for token in clause.tokens) or clause.has("part"):
                continue
            match = self.grammar.match(clause, ("disputes",))
            if match is None:
                self._note(Topic.DISPUTE, clause, [])
                continue
            kinds = DISPUTES.get(match.figure, (match.figure,))
            if match.figure == "disputes" and (match.value == 0 or "均" in clause.text):
                kinds = ("review", "litigation")
            found.extend(self._statement(kind, match, clause) for kind in kinds)
        return found

    def table_two(self) -> list[Statement]:
        """What it says of documents, decisions and fees."""
        found = []
        for index, clause in enumerate(self.clauses):
            spoken = (
                (clause.has("document") and clause.has("act"))
                or (clause.has("matter") and clause.has("made"))
                or (clause.has("fee") and clause.has("money"))
            )
            if not spoken or not clause.has("number", "about", "none") or len(clause.tokens) > LONGEST_CLAUSE:
                continue
            match = self.grammar.match(clause, ("table_two",))
            if match is None:
                self._note(Topic.TABLE_TWO, clause, self._head(index))
            elif (why := self._narrowed(clause, self._head(index), until=None)) is not None:
                self._note(Topic.TABLE_TWO, clause, [], why)
            else:
                found.append(self._statement(match.figure, match, clause))
        return found

    def _statement(self, figure: str, match: Match, clause: Clause, only_new: bool = False) -> Statement:
        return Statement(figure, match.value, clause.text, self.text, self.page, only_new)

    def _is_about_requests(self, clause: Clause, index: int) -> bool:
        """The object is a request for information; a bare 申请 is one where the text just spoke of such requests."""
        if not clause.has("request"):
            return False
        if clause.has("information") or any("依申请" in token.text for token in clause.tokens if token.is_a("request")):
            return True
        said = self.before + "".join(one.text for one in self.clauses[:index])
        return "依申请公开" in said or "信息公开申请" in said

    def _head(self, index: int) -> list[Clause]:
        """The clauses before one that may narrow it: a semicolon begins anew, unless parts of a whole are listed."""
        head = self.clauses[:index]
        if not any(one.mark == "colon" or one.has("part") for one in head):
            anew = max((at + 1 for at, one in enumerate(head) if one.mark == "semicolon"), default=0)
            head = head[anew:]
        return head

    def _narrowed(self, clause: Clause, head: Sequence[Clause], until: str | None = "verb") -> NoWitness | None:
        """By what the scope of a clause is narrowed to less than all of this agency in this year."""
        own = clause.tokens if until is None else clause.tokens[: self._at(clause, "receive", "accept", "none")]
        if (why := self._scope(own)) is not None:
            return why
        for earlier in head:
            why = self._scope(earlier.tokens)
            if why is NoWitness.OTHER_BODY and any(token.is_a("self") for token in own):
                why = None  # 按照区政府要求，我局收到
            if why is NoWitness.CHANNEL and earlier.has("work"):
                why = None  # 畅通网络、信函等渠道
            if why in (NoWitness.OTHER_PERIOD, NoWitness.PART, NoWitness.OTHER_BODY, NoWitness.CHANNEL):
                return why
        return None

    def _scope(self, tokens: Sequence[Token]) -> NoWitness | None:
        if any(token.is_a("part") for token in tokens):
            return NoWitness.PART
        bodies = [token.text for token in tokens if token.is_a("body")]
        if bodies and self.own_level.issuperset(bodies):
            return (
                NoWitness.NOT_UNDERSTOOD
            )  # 区政府 in a government's report: its own level, or all that it reports for
        return next((why for why, kinds in _REASONS if any(token.is_a(*kinds) for token in tokens)), None)

    def _note(self, topic: Topic, clause: Clause, head: Sequence[Clause], why: NoWitness | None = None) -> None:
        tokens = [token for one in (*head, clause) for token in one.tokens]
        why = why or self._scope(clause.tokens) or self._narrowed(clause, head) or NoWitness.NOT_UNDERSTOOD
        unknown = tuple(token.text for token in tokens if token.is_a("other"))
        self.unclear.append(Unclear(topic, why, clause.text, self.page, unknown))

    def _at(self, clause: Clause, *kinds: str) -> int:
        return next((at for at, token in enumerate(clause.tokens) if token.is_a(*kinds)), len(clause.tokens))


def _only(clause: Clause, sense: str) -> bool:
    senses = {token.kinds["outcome"] for token in clause.tokens if "outcome" in token.kinds}
    return senses == {sense}
