"""The numbers that Word puts before paragraphs by itself (一、 （二） 3.): they are printed, but stand in no text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting"}
)
_DIGITS = "〇一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")
_MOST = 99


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts: its format, its text (%1、) and its first number."""

    format: str
    text: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document, asked in their order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        """``numbering`` and ``styles`` are the XML roots of the document's parts, None where it has none."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._styles: dict[str, Any] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if numbering is not None:
            abstract = {
                each.get(qn("w:abstractNumId")): _levels_of(each) for each in numbering.iter(qn("w:abstractNum"))
            }
            for each in numbering.iter(qn("w:num")):
                reference = each.find(qn("w:abstractNumId"))
                if reference is not None and reference.get(qn("w:val")) in abstract:
                    self._levels[each.get(qn("w:numId"))] = abstract[reference.get(qn("w:val"))]
        if styles is not None and self._levels:
            for style in styles.iter(qn("w:style")):
                place = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
                if place is not None:
                    self._styles[style.get(qn("w:styleId"))] = place

    def before(self, paragraph: Any) -> str:
        """What Word prints before a paragraph; nothing where it is not numbered."""
        if not self._levels:
            return ""
        place = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if place is None:
            style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            place = self._styles.get(style.get(qn("w:val"))) if style is not None else None
        if place is None:
            return ""
        number, depth = _value(place, "w:numId", "0"), _value(place, "w:ilvl", "0")
        levels = self._levels.get(number, {})
        level = levels.get(int(depth)) if depth.isascii() and depth.isdigit() and len(depth) < 3 else None
        if level is None:
            return ""
        own = int(depth)
        self._counts[number, own] = self._counts.get((number, own), level.start - 1) + 1
        for deeper in range(own + 1, 9):
            self._counts.pop((number, deeper), None)
        return _PLACE.sub(lambda match: self._written(number, levels, int(match[1]) - 1), level.text)

    def _written(self, number: str, levels: dict[int, _Level], depth: int) -> str:
        level = levels.get(depth)
        if level is None:
            return ""
        count = self._counts.get((number, depth), level.start)
        return _in_chinese(count) if level.format in _CHINESE else str(count)


def _levels_of(abstract: Any) -> dict[int, _Level]:
    levels = {}
    for level in abstract.iter(qn("w:lvl")):
        depth = level.get(qn("w:ilvl")) or ""
        form, text = _value(level, "w:numFmt", "none"), _value(level, "w:lvlText", "")
        start = _value(level, "w:start", "1")
        if depth.isascii() and depth.isdigit() and len(depth) < 3 and (form in _CHINESE or form == "decimal"):
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 1
            levels[int(depth)] = _Level(form, text[:20], first)
    return levels


def _value(element: Any, name: str, otherwise: str) -> str:
    child = element.find(qn(name))
    value = None if child is None else child.get(qn("w:val"))
    return otherwise if value is None else str(value)


def _in_chinese(count: int) -> str:
    if not 0 < count <= _MOST:
        return str(count)
    tens, ones = divmod(count, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")
