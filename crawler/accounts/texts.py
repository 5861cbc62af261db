"""The runs of visible text of a page outside its links, each with the block in which it stands."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

_UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "title", "textarea", "xmp"))
_INLINE = frozenset(
    (
        "a",
        "b",
        "i",
        "em",
        "strong",
        "span",
        "font",
        "u",
        "s",
        "small",
        "big",
        "sup",
        "sub",
        "mark",
        "time",
        "label",
        "img",
    )
)
MOST_RUNS = 20_000


def text_runs(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Block and text of each run; a link in the middle of a run parts it by a stroke."""
    said: list[str] = []
    block = root
    unseen = in_link = runs = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            hidden = node.tag in _UNSEEN
            if node.tag not in _INLINE and not hidden:
                if text := _joined(said):
                    runs += 1
                    yield block, text
                said, block = [], node
            unseen += hidden
            if node.tag == "a":
                _add(said, " | ", unseen or in_link)
                in_link += 1
            _add(said, node.text, unseen or in_link)
            continue
        unseen -= node.tag in _UNSEEN
        in_link -= node.tag == "a"
        if node.tag not in _INLINE and node.tag not in _UNSEEN:
            if text := _joined(said):
                runs += 1
                yield node, text
            said, block = [], node.getparent() if node.getparent() is not None else root
        _add(said, node.tail if node is not root else None, unseen or in_link)
        if runs > MOST_RUNS:
            return


def _add(said: list[str], text: str | None, hidden: int) -> None:
    if text and not hidden:
        said.append(text)


def _joined(said: list[str]) -> str:
    text = " ".join("".join(said).split())
    return text if text.strip("| ") else ""
