"""What a message says, before any channel gives it a shape."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class LetterCell:
    """One cell of a form: its name in a letter, what the report says, and what it probably should say."""

    label: str
    found: str
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: whom it is about, what there is, and where the original is."""

    name: str
    sentence: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened: ``level`` gives the colour, ``tag`` the word before its heading.

    ``matter`` is its number (事项编号), by which somebody answers.
    ``desk`` is its page at the desk: a path, and an address where there is a desk (:func:`with_desk`).
    """

    level: str
    tag: str
    heading: str
    sentence: str
    cells: tuple[LetterCell, ...] = ()
    basis: str = ""
    expected: str = ""
    link: str = ""
    lines: tuple[Line, ...] = ()
    matter: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the list below: a word and its value; ``link`` where the value is an address to open.

    ``page`` is a page of the desk that shows it: a link where there is a desk (:func:`with_desk`).
    """

    name: str
    value: str
    link: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter about several reports says of one: what happened, what to do, and what it rests on."""

    heading: str
    items: tuple[Item, ...]
    advice: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: to whom, what happened, what to do, what it rests on, and how to stop such messages.

    ``english`` is a summary for who asked for one, before everything else. ``parts`` are the reports in it that are
    told in full, after ``items``.
    """

    subject: str
    greeting: str
    lead: str
    items: tuple[Item, ...]
    advice: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    contact: str = ""
    english: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def with_desk(letter: Letter, address: str | None) -> Letter:
    """The letter with links to the pages of the desk at an address; as it is where there is none."""
    if address is None:
        return letter

    def linked(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        return tuple(replace(one, link=address.rstrip("/") + one.page) if one.page else one for one in facts)

    def placed(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(replace(one, desk=address.rstrip("/") + one.desk) if one.desk else one for one in items)

    parts = tuple(replace(part, items=placed(part.items), facts=linked(part.facts)) for part in letter.parts)
    return replace(letter, items=placed(letter.items), facts=linked(letter.facts), parts=parts)
