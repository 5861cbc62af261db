"""What the running text says in numbers of requests, outcomes, reviews and table two, and why a clause is no witness.

Running text speaks of many things: other years, other agencies, parts of the whole, consultations, reviews. A clause
is a witness only where a pattern of config/sentences.yaml covers all of its words, and what stands before it leaves the
scope at this agency and year. All else is said to be of another scope, by name, or not to be understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from report.report import Report
from report.text.dispute_sentences import read_disputes
from report.text.doubts import doubt_of, doubt_of_disputes, is_restated, merged_in
from report.text.grammar import grammar
from report.text.own_names import Speaker, speaker
from report.text.request_sentences import (
    is_of_all_requests,
    may_be_of_requests,
    note_outcomes,
    note_stray,
    read_outcomes,
    read_received,
)
from report.text.said import Doubt, Said, Statement, Unclear
from report.text.sentence import Sentence
from report.text.sentences import sentences
from report.text.table_two_sentences import read_table_two

# Nothing is looked for where none of these stands.
_WORDS = re.compile(
    r"申请|复议|诉|结转|规范性文件|规章|行政许可|行政处罚|行政强制|事业性收费|办结|处理|提供|办理|答复|维持|纠正|审结|争议"
    r"|(?:予|以|意|分|部|不|未|件|条|已)公开|公开(?:类|的|共|数|\d)"
)
_NUMBERS = re.compile(
    r"[\d〇零两二三四五六七八九十百]|一(?![是定系些直体般])|未|没|无|不(?:存在|收|涉及)|(?:均|全部)[^，。；]{0,12}(?:办结|办理|答复|公开|处理|维持|审结)"
)
# How far behind a number of disputes the text may say of how many of them it speaks.
_SENTENCES_AHEAD = 3
_SUMS_UP = re.compile(
    r"^(?:以上|上述|两|全系统)?[^，。；\d]{0,10}?(?:合计|共计|总计|共)[^。；\d办答处予不]{0,16}(\d{1,9})[件宗份起例条]"
)


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
        """Reads the text of one section."""
        before, going_on, only_new, unknown = "", False, True, False
        doubt: Doubt | None = None
        disputes: Sequence[str] = ()
        all_of_it = sentences(text)
        of_section = Doubt.OF_MERGED if merged_in(all_of_it, self.who) else None
        for index, sentence in enumerate(all_of_it):
            following = all_of_it[index + 1] if index + 1 < len(all_of_it) else ""
            if _NUMBERS.search(sentence) is None or _WORDS.search(sentence) is None:
                before, going_on, unknown, disputes = sentence, False, False, ()
                continue
            one = Sentence(sentence, before, kind, page, self.year, self.who)
            doubt = doubt_of(one) or (doubt if one.goes_on else None)
            one.doubt = of_section or doubt
            if kind != "proactive":
                received = read_received(one, is_restated(one.text + following))
                own = received or is_of_all_requests(one)
                if own or (going_on and one.goes_on):
                    only_new = "结转" not in sentence and (only_new or received)
                    read_outcomes(one, only_new)
                # What goes on about requests of which nobody knows whose they are is not understood either.
                unknown = not own and (may_be_of_requests(one) or (unknown and one.goes_on))
                if unknown:
                    note_outcomes(one)
                elif not own and not (going_on and one.goes_on):
                    note_stray(one)
                going_on = own or (going_on and one.goes_on)
            one.doubt = doubt
            if kind in ("overview", "proactive", "other"):
                read_table_two(one)
            if kind in ("overview", "requests", "disputes", "other"):
                one.doubt = doubt or doubt_of_disputes(
                    one, "".join(all_of_it[index + 1 : index + 1 + _SENTENCES_AHEAD])
                )
                disputes = read_disputes(one, disputes)
            said = one.statements(frozenset(map(int, _SUMS_UP.findall(following))))
            if any(statement.doubt is Doubt.OVER_YEARS for statement in said):
                doubt = Doubt.OVER_YEARS  # 其中予以公开200件 goes on about them
            self.statements.extend(said)
            self.unclear.extend(one.unclear)
            before = sentence
