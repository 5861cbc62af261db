"""The sections of a report, found by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from config.forms import FormSection, SectionKind
from report.labels import LabelBook, label_book
from report.numerals import chinese_number, fold_width
from report.report import Section

_HEADING = re.compile(r"[（(]?(?:第)?([一二三四五六七八九十]{1,2})(?:部分)?[）)]?\s*[、.．,，:：\s]\s*(.+)", re.DOTALL)
_SENTENCE_ENDS = re.compile(r"[。；！？!?;]")
_ENDS_HEADING = re.compile(r"[。：:；\s]")
_LONGEST_HEADING = 40
_SHORTEST_CONTENTS = 4
# 四、结转下年度继续办理 is the last row of table three.
_TABLE_ROW = "结转下年度"


@dataclass
class _Open:
    """A section whose text is still being gathered."""

    number: int | None
    heading: str
    kind: SectionKind | None
    page: int | None
    lines: list[str] = field(default_factory=list)

    def close(self) -> Section:
        return Section(self.number, self.heading, self.kind, "\n".join(line for line in self.lines if line), self.page)


def heading_book(sections: Iterable[FormSection]) -> LabelBook:
    """The headings of the form's sections with their variants."""
    entries = {(text, section.kind) for section in sections for text in (section.heading, *section.variants)}
    return label_book(tuple(sorted(entries)))


def is_heading(text: str, book: LabelBook) -> bool:
    """Whether a line is the heading of one of the form's sections."""
    return _known_heading(text, book) is not None


def split_sections(
    paragraphs: Iterable[tuple[str, int | None]], book: LabelBook, dropped: frozenset[str] = frozenset()
) -> tuple[list[str], tuple[Section, ...]]:
    """The lines before the first section, and the sections in the order of the document.

    ``paragraphs`` are (text, page); lines in ``dropped`` (headings of table blocks) are left out. A heading is known by
    its words; an unknown one counts where it is short and its number follows the last one's.
    """
    opening: list[str] = []
    sections: list[_Open] = []
    for text, page in paragraphs:
        if text in dropped:
            continue
        last = sections[-1] if sections else None
        found = _known_heading(text, book) or _next_heading(text, last.number if last else 0)
        if found is None:
            (last.lines if last else opening).append(text)
            continue
        number, heading, kind, rest = found
        if _is_contents(sections, kind):
            opening += sections[-1].lines
            sections = []
        # A table of contents names the sections before they come.
        sections = [
            section for section in sections if section.kind is None or section.kind != kind or any(section.lines)
        ]
        sections.append(_Open(number, heading, kind, page, [rest] if rest else []))
    return opening, tuple(section.close() for section in _by_their_place(sections))


def _is_contents(sections: Sequence[_Open], kind: SectionKind | None) -> bool:
    """Whether the headings so far are a table of contents: the first comes again, and only the last has text."""
    return (
        len(sections) >= _SHORTEST_CONTENTS
        and kind is not None
        and sections[0].kind == kind
        and not any(any(section.lines) for section in sections[:-1])
    )


def _by_their_place(sections: list[_Open]) -> list[_Open]:
    """The sections, those of other words known by their place: a numbered heading in its place is that part.

    In its place is the third part, say, where it is numbered 三, no other is called so, and what stands before and
    after it is not of a later and not of an earlier part. A report of another structure numbers its parts otherwise.
    """
    order = list(_KINDS.values())
    if any(one.kind is not None and one.number not in (None, order.index(one.kind) + 1) for one in sections):
        return sections
    for at, section in enumerate(sections):
        number = section.number
        if section.kind is not None or number is None or not 1 <= number <= len(order):
            continue
        if any(other.kind == order[number - 1] for other in sections):
            continue
        before = [order.index(other.kind) for other in sections[:at] if other.kind is not None]
        behind = [order.index(other.kind) for other in sections[at + 1 :] if other.kind is not None]
        if all(place < number - 1 for place in before) and all(place > number - 1 for place in behind):
            section.kind = order[number - 1]
    return sections


_Found = tuple[int | None, str, SectionKind | None, str]


def _known_heading(text: str, book: LabelBook) -> _Found | None:
    """Number, heading, kind and the text that follows in the same paragraph."""
    text = text.strip()
    if not text or text[0] in "（(0123456789":
        return None
    match = _HEADING.match(fold_width(text[: _LONGEST_HEADING + 20]))
    if match is None:
        # Without a number only the very words are a heading.
        kind = book.exact(text) if len(text) <= _LONGEST_HEADING else None
        return (None, text, _kind(kind), "") if kind and text not in _TOO_COMMON else None
    number = chinese_number(match[1])
    end = _ENDS_HEADING.search(text, match.start(2))
    if end is not None and end.start() <= _LONGEST_HEADING:
        kind = book.exact(text[: end.start()])
        if kind is not None:
            return number, text[: end.start()], _kind(kind), text[end.end() :].strip()
    if len(text) <= _LONGEST_HEADING and not _SENTENCE_ENDS.search(text):
        kind = book.find(text)
        if kind is not None:
            return number, text, _kind(kind), ""
    return None


_TOO_COMMON = frozenset({"概述"})
_KINDS: dict[str, SectionKind] = {
    "overview": "overview", "proactive": "proactive", "requests": "requests", "disputes": "disputes",
    "problems": "problems", "other": "other",
}  # fmt: skip


def _kind(key: str | None) -> SectionKind | None:
    return _KINDS.get(key or "")


def _next_heading(text: str, last: int | None) -> _Found | None:
    """A heading of another wording: short, no sentence, bracketless, and numbered one after the last."""
    text = text.strip()
    match = _HEADING.match(text) if len(text) <= _LONGEST_HEADING else None
    if match is None or text[0] in "（(" or _SENTENCE_ENDS.search(text) or last is None or _TABLE_ROW in text:
        return None
    number = chinese_number(match[1])
    return (number, text, None, "") if number == last + 1 else None


def missing_kinds(sections: Sequence[Section], wanted: Iterable[FormSection]) -> list[FormSection]:
    """The form's sections that are not there."""
    there = {section.kind for section in sections}
    return [section for section in wanted if section.kind not in there]
