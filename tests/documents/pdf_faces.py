"""Letters for PDFs that are made here: one font by its name alone, one with Latin digits, one embedded with its map.

A face writes text as operators and tells how wide it is; what stands in the file for it are its objects.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

_NOTO = Path(__file__).resolve().parents[2] / "monitor/charts/fonts/NotoSansCJKsc-Regular-subset.otf"
_TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Told def /CMapType 2 def\n"
    "1 begincodespacerange <0000> <ffff> endcodespacerange\n{lines}endcmap end end"
)
Object = str | bytes


class Face(Protocol):
    """Letters of one kind."""

    def show(self, text: str, size: float) -> str:
        """The operators that write a text, inside BT and ET."""

    def width(self, character: str) -> float:
        """How wide a character is, in its size."""

    def objects(self, first: int) -> tuple[str, list[Object]]:
        """The entries of a page's font dictionary, and the objects for them, numbered from ``first``."""


@dataclass
class Song:
    """STSong-Light, which every reader knows and no file carries; ``taken_for`` makes its text layer lie."""

    taken_for: Mapping[str, str] = field(default_factory=dict)

    def show(self, text: str, size: float) -> str:
        return f"/F1 {size} Tf <{text.encode('utf-16-be').hex()}> Tj"

    def width(self, character: str) -> float:
        return 0.5 if character.isascii() else 1.0

    def objects(self, first: int) -> tuple[str, list[Object]]:
        told = f" /ToUnicode {first + 3} 0 R" if self.taken_for else ""
        made: list[Object] = [
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            f" /DescendantFonts [{first + 1} 0 R]{told} >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo"
            f" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /W [1 95 500] /FontDescriptor {first + 2}"
            " 0 R >>",
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
            " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
        if self.taken_for:
            lies = "".join(f"<{ord(one):04x}> <{ord(other):04x}>\n" for one, other in self.taken_for.items())
            lines = "1 beginbfrange <0020> <ffef> <0020> endbfrange\n"
            lines += f"{len(self.taken_for)} beginbfchar\n{lies}endbfchar\n"
            made.append(stream(_TO_UNICODE.format(lines=lines)))
        return f"/F1 {first} 0 R", made


@dataclass
class SongAndTimes(Song):
    """The same, with digits and Latin letters in Times, as word processors set them."""

    def show(self, text: str, size: float) -> str:
        parts = []
        for latin, letters in groupby(text, key=lambda one: one.isascii() and one not in "()\\"):
            part = "".join(letters)
            parts.append(f"/F2 {size} Tf ({part}) Tj" if latin else super().show(part, size))
        return " ".join(parts)

    def objects(self, first: int) -> tuple[str, list[Object]]:
        entries, made = super().objects(first)
        made.append("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
        return f"{entries} /F2 {first + len(made) - 1} 0 R", made


@dataclass
class Embedded:
    """A subset of Noto Sans carried by the file, glyphs by number, their characters in a ToUnicode map."""

    taken_for: Mapping[str, str] = field(default_factory=dict)
    used: dict[int, str] = field(default_factory=dict)

    def show(self, text: str, size: float) -> str:
        glyphs = _noto()[1]
        codes = []
        for character in text:
            number = glyphs.get(ord(character), 0)
            self.used[number] = self.taken_for.get(character, character)
            codes.append(f"{number:04x}")
        return f"/F3 {size} Tf <{''.join(codes)}> Tj"

    def width(self, character: str) -> float:
        return _noto()[2].get(ord(character), 1.0)

    def objects(self, first: int) -> tuple[str, list[Object]]:
        data, _, widths, numbers = _noto()
        told = "".join(f"<{number:04x}> <{ord(character):04x}>\n" for number, character in sorted(self.used.items()))
        lines = f"{len(self.used)} beginbfchar\n{told}endbfchar\n"
        wide = " ".join(f"{number} [{round(widths[code] * 1000)}]" for number, code in sorted(numbers.items()))
        return f"/F3 {first} 0 R", [
            "<< /Type /Font /Subtype /Type0 /BaseFont /NOTOAA+NotoSans /Encoding /Identity-H"
            f" /DescendantFonts [{first + 1} 0 R] /ToUnicode {first + 4} 0 R >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /NOTOAA+NotoSans /CIDSystemInfo << /Registry (Adobe)"
            f" /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [{wide}] /FontDescriptor {first + 2} 0 R >>",
            "<< /Type /FontDescriptor /FontName /NOTOAA+NotoSans /Flags 4 /FontBBox [-200 -300 1200 1100] /ItalicAngle"
            f" 0 /Ascent 880 /Descent -120 /CapHeight 733 /StemV 80 /FontFile3 {first + 3} 0 R >>",
            stream(data, " /Subtype /OpenType"),
            stream(_TO_UNICODE.format(lines=lines)),
        ]


def stream(content: Object, entries: str = "") -> bytes:
    """A stream object."""
    data = content.encode("latin-1") if isinstance(content, str) else content
    return f"<< /Length {len(data)}{entries} >>\nstream\n".encode() + data + b"\nendstream"


@cache
def _noto() -> tuple[bytes, dict[int, int], dict[int, float], dict[int, int]]:
    """A small subset: its bytes, the glyph of each character, the width of each character, the character of each."""
    # Here: whoever only collects the tests needs no fonts.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font: Any = TTFont(_NOTO)
    options = Options()
    options.retain_gids, options.layout_features, options.notdef_outline = False, [], True
    subsetter = Subsetter(options)
    subsetter.populate(text=_characters())
    subsetter.subset(font)
    cmap, metrics, upem = font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
    glyphs = {code: font.getGlyphID(name) for code, name in cmap.items()}
    widths = {code: metrics[name][0] / upem for code, name in cmap.items()}
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue(), glyphs, widths, {number: code for code, number in glyphs.items()}


def _characters() -> str:
    """All that a report made here has, and some more."""
    from tests.documents.report_source import drawn

    texts = []
    for form, year in (("2019", 2020), ("2021", 2023)):
        source = drawn("青山区人民政府", year, form, seed=1)
        texts += [source.title, source.opening()]
        texts += [text for heading, own in source.sections() for text in (heading, *own)]
        for rows in (*source.table_two(), source.head_three(), source.body_three(), source.table_four()):
            texts += [text for row in rows for text, _, _ in row]
    return "".join(sorted({*"".join(texts), *(chr(code) for code in range(32, 127)), *"①②③注※内部资料草稿"}))
