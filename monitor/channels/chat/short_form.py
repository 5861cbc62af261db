"""A letter as a few lines for a chat group: what happened, to whom, and where the original is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.channels.chat.limits import Limit, fitted
from monitor.channels.mail.render import harmless, openable
from monitor.letters.letter import Item, Letter

# As much as any service takes; each is given what it takes when it is sent (monitor.channels.chat.limits).
MOST_BYTES = 20_000
_LONGEST_LINE = 160
# What a chat program might take for a tag or a call to everybody.
_NO_MARKUP = str.maketrans({"<": "＜", ">": "＞", "@": "＠"})


def short_form(letter: Letter, number: str) -> str:
    """The letter in plain text of at most MOST_BYTES bytes; ``number`` is its Message-ID.

    A message that came twice is known by the number at its end.
    """
    return fitting(lines_of(letter), number)


def fitting(lines: Iterable[str], number: str) -> str:
    """As many of the lines as have room, how many were left out, and the number by which a copy is known."""
    end = f"（编号 {number.strip('<>')[:8]}）"
    return fitted("", "\n".join([*lines, end]), Limit(MOST_BYTES, lambda subject, text: len(text.encode())))


def plain(value: str) -> str:
    """Untrusted text on one line, truncated to a limit, that no chat program interprets as markup."""
    line = str(harmless(value)).strip().translate(_NO_MARKUP)
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def lines_of(letter: Letter) -> Iterator[str]:
    """A letter line by line, as a chat group gets it."""
    yield from map(plain, letter.english)
    yield plain(letter.lead)
    for heading, items, facts in [
        ("", letter.items, ()),
        *((part.heading, part.items, part.facts) for part in letter.parts),
        ("", (), letter.facts),
    ]:
        if heading:
            yield plain(heading)
        for item in items:
            yield from _of_item(item)
        for fact in facts:
            if fact.link and openable(fact.link):
                yield f"{plain(fact.name)}：{_address(fact.link)}"


def _of_item(item: Item) -> Iterator[str]:
    words = "，".join(plain(part) for part in (item.heading, item.sentence) if part)
    yield f"【{plain(item.tag)}】{words}"
    for line in item.lines:
        yield f"· {plain(line.name)}：{plain(line.sentence)}"
    if item.link and openable(item.link):
        yield _address(item.link)


def _address(address: str) -> str:
    return str(harmless(address)).replace("<", "%3C").replace(">", "%3E")
