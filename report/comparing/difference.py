"""What differs between two versions of one report, so that a person can read it: figures, sentences, title, period.

What one version does not give, because it could not be read, is no difference: it is named as not compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from report.figure import Figure, State
from report.numerals import fold_width, without_space
from report.report import Report, Section, Unread
from report.text.sentences import sentences

OPENING = "开头"
MOST_FIGURES = 20
MOST_SENTENCES = 12
LONGEST = 60
_MOST_COMPARED = 2000
_UNKNOWN = (State.ABSENT, State.UNREADABLE)
_TEXT_UNREAD = (Unread.GARBLED_TEXT, Unread.NO_TEXT, Unread.NOT_A_REPORT, Unread.DISAGREEING)
_NOT_COMPARED = "在其中一个版本中未能读出，没有对照"
_WORDS = {State.BLANK: "空白", State.SLASH: "“/”", State.DASH: "“-”"}


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that both versions give, each in its own way, as written."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """The sentences of one section that were changed (before, after), added, and removed."""

    heading: str
    changed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportDifference:
    """What differs between two versions.

    ``title``, ``period`` and ``form`` are (before, after) where they differ. ``not_compared`` are figure keys that only
    one version gives, the other having them unread; ``sections_not_compared`` headings for which that holds.
    """

    title: tuple[str, str] | None = None
    period: tuple[str, str] | None = None
    form: tuple[str, str] | None = None
    figures: tuple[FigureChange, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    not_compared: tuple[str, ...] = ()
    sections_not_compared: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs in what could be compared."""
        return not (self.title or self.period or self.form or self.figures or self.sections)


def difference_between(before: Report, after: Report) -> ReportDifference:
    """What was changed from the one version to the other. Both are to be readings of the same reader version."""
    figures, not_compared = _figures(before, after)
    sections, sections_not_compared = _sections(before, after)
    return ReportDifference(
        _changed(before.title, after.title),
        _changed(_period(before), _period(after)),
        _changed(before.form, after.form),
        figures,
        sections,
        not_compared,
        sections_not_compared,
    )


def in_words(
    difference: ReportDifference,
    label: Callable[[str], str],
    most_figures: int = MOST_FIGURES,
    most_sentences: int = MOST_SENTENCES,
) -> list[tuple[str, str]]:
    """The difference in Chinese as (where, what), shortened to what a letter holds; ``label`` names a figure's cell."""
    lines = [
        (name, f"由“{_short(pair[0])}”改为“{_short(pair[1])}”")
        for name, pair in (("标题", difference.title), ("统计期限", difference.period), ("表式", difference.form))
        if pair is not None
    ]
    figures = [(label(one.key), f"由{_short(one.before)}改为{_short(one.after)}") for one in difference.figures]
    lines += _at_most(figures, most_figures, "数字")
    lines += _at_most(
        [line for section in difference.sections for line in _in_section(section)], most_sentences, "文字"
    )
    if difference.not_compared:
        count = len(difference.not_compared)
        more = f"等{count}处" if count > 1 else ""
        lines.append((label(difference.not_compared[0]) + more, _NOT_COMPARED))
    lines += [(_short(name), f"文字{_NOT_COMPARED}") for name in difference.sections_not_compared]
    return lines


def _at_most(lines: list[tuple[str, str]], most: int, what: str) -> list[tuple[str, str]]:
    rest = len(lines) - most
    return lines if rest <= 0 else [*lines[:most], ("另有", f"{rest}处{what}改动")]


def _in_section(section: SectionChange) -> Iterator[tuple[str, str]]:
    where = _short(section.heading)
    yield from ((where, f"“{one}”改为“{other}”") for one, other in map(_around_the_change, section.changed))
    yield from ((where, f"增加“{_short(sentence)}”") for sentence in section.added)
    yield from ((where, f"删去“{_short(sentence)}”") for sentence in section.removed)


def _figures(before: Report, after: Report) -> tuple[tuple[FigureChange, ...], tuple[str, ...]]:
    changes, not_compared = [], []
    for key in dict.fromkeys((*before.figures, *after.figures)):
        one, other = before.figures.get(key), after.figures.get(key)
        if one is None or other is None:
            # A row that only the one form has is no matter, for that the form differs is said.
            if before.form == after.form:
                not_compared.append(key)
        elif _is_known(one) != _is_known(other):
            not_compared.append(key)
        elif _is_known(one) and _differ(one, other):
            changes.append(FigureChange(key, _written(one), _written(other)))
    return tuple(changes), tuple(not_compared)


def _is_known(figure: Figure) -> bool:
    return figure.certain and figure.state not in _UNKNOWN


def _differ(one: Figure, other: Figure) -> bool:
    if one.state is not other.state:
        return True
    if one.state is State.NUMBER:
        return one.value != other.value
    return one.state is State.TEXT and without_space(fold_width(one.text)) != without_space(fold_width(other.text))


def _written(figure: Figure) -> str:
    if figure.state is State.NUMBER:
        return figure.text.strip() or str(figure.value)
    return _WORDS.get(figure.state, f"“{figure.text.strip()}”")


def _sections(before: Report, after: Report) -> tuple[tuple[SectionChange, ...], tuple[str, ...]]:
    one, other = _by_name(before), _by_name(after)
    changes, not_compared = [], []
    for name in dict.fromkeys((*one, *other)):
        heading = (other.get(name) or one[name]).heading
        unread = (name not in one and _may_be_unread(before)) or (name not in other and _may_be_unread(after))
        if unread or _text_unread(before) or _text_unread(after):
            not_compared.append(heading)
            continue
        change = _section(heading, one.get(name), other.get(name))
        if change.changed or change.added or change.removed:
            changes.append(change)
    return tuple(changes), tuple(not_compared)


def _by_name(report: Report) -> dict[str, Section]:
    """The sections by what they are, and by their heading where that is unknown; and the text before the first."""
    found = {"": Section(None, OPENING, None, report.opening)} if report.opening.strip() else {}
    for section in report.sections:
        found.setdefault(section.kind or without_space(section.heading), section)
    return found


def _may_be_unread(report: Report) -> bool:
    return report.may_be_cut or any(gap.why is Unread.SECTION_MISSING for gap in report.gaps)


def _text_unread(report: Report) -> bool:
    return any(gap.why in _TEXT_UNREAD for gap in report.gaps)


def _section(heading: str, one: Section | None, other: Section | None) -> SectionChange:
    before, after = _sentences(one), _sentences(other)
    one_key, other_key = ([without_space(fold_width(sentence)) for sentence in text] for text in (before, after))
    changed: list[tuple[str, str]] = []
    added: list[str] = []
    removed: list[str] = []
    for tag, start, end, there, there_end in SequenceMatcher(None, one_key, other_key, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, new = before[start:end], after[there:there_end]
        pairs = min(len(gone), len(new))
        changed += zip(gone[:pairs], new[:pairs], strict=True)
        removed += gone[pairs:]
        added += new[pairs:]
    return SectionChange(heading, tuple(changed), tuple(added), tuple(removed))


def _sentences(section: Section | None) -> list[str]:
    return [] if section is None else list(sentences(section.text))[:_MOST_COMPARED]


def _period(report: Report) -> str | None:
    return None if report.period is None else f"{report.period[0].isoformat()}至{report.period[1].isoformat()}"


def _changed(before: str | None, after: str | None) -> tuple[str, str] | None:
    """Both, where both versions say something and not the same."""
    if before is None or after is None or without_space(fold_width(before)) == without_space(fold_width(after)):
        return None
    return " ".join(before.split()), " ".join(after.split())


def _around_the_change(pair: Sequence[str]) -> tuple[str, str]:
    """Two sentences from a little before the place where they part, so that the change is in what is shown."""
    one, other = pair
    alike = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, alike - LONGEST // 3)
    return _from(one, start), _from(other, start)


def _from(sentence: str, start: int) -> str:
    return ("…" if start else "") + _short(sentence[start:])


def _short(text: str) -> str:
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in text)
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
