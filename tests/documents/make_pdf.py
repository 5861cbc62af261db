"""Makes small PDF reports: ruled tables drawn in the ways that word processors draw them, over several pages.

The font is one of those that every reader knows by name and that are not embedded (STSong-Light), so that no font file
is needed; the characters are written as UCS-2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["strokes", "boxes", "thin"]
Spans = list[list[tuple[str, int, int]]]

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 595, 842, 75, 80, 760
SIZE, LINE = 9, 12


@dataclass
class Pdf:
    """Pages being written; ``style`` is how ruled lines are drawn, ``rotated`` turns every page by 90 degrees.

    ``taken_for`` makes the text layer lie: its ToUnicode map gives other characters for those that are printed.
    """

    style: Style = "strokes"
    rotated: bool = False
    taken_for: Mapping[str, str] = field(default_factory=dict)
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = TOP

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        """One line of text; ``y`` is its base line from the top."""
        code = text.encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {size} Tf {x:.2f} {HEIGHT - y:.2f} Td <{code}> Tj ET")

    def paragraph(self, text: str, size: float = 12) -> None:
        """A paragraph, its first line indented by two characters, broken at the right margin."""
        room = WIDTH - 2 * LEFT - 2 * size
        indent = 2 * size
        while text:
            if self.y > BOTTOM:
                self.new_page()
            length = 0
            while length < len(text) and room > 0:
                room -= size / 2 if text[length].isascii() else size
                length += 1
            length -= room < 0
            self.y += size * 1.8
            self.text(LEFT + indent, self.y, text[:length], size)
            text, indent, room = text[length:], 0, WIDTH - 2 * LEFT

    def new_page(self) -> None:
        """The next page, with the number of the last one at its foot."""
        self.text(WIDTH / 2 - 15, 800, f"- {len(self.pages)} -")
        self.pages.append([])
        self.y = TOP

    def table(self, rows: Spans, widths: Sequence[float], height: float = 20, open_below: bool = False) -> None:
        """A ruled table of (text, rowspan, colspan) cells; ``open_below`` leaves its last border out."""
        self.y += LINE
        taken: set[tuple[int, int]] = set()
        lefts = [LEFT + sum(widths[:index]) for index in range(len(widths) + 1)]
        for number, row in enumerate(rows):
            column = 0
            for text, down, across in row:
                while (number, column) in taken:
                    column += 1
                taken |= {(number + i, column + j) for i in range(down) for j in range(across)}
                x0, x1 = lefts[column], lefts[column + across]
                top, bottom = self.y + number * height, self.y + (number + down) * height
                self._cell(x0, top, x1, bottom, last=open_below and number + down == len(rows))
                self._in_cell(text, x0, top, x1, bottom)
                column += across
        self.y += len(rows) * height

    def _cell(self, x0: float, top: float, x1: float, bottom: float, last: bool) -> None:
        edges = [(x0, top, x1, top), (x0, top, x0, bottom), (x1, top, x1, bottom)]
        edges += [] if last else [(x0, bottom, x1, bottom)]
        if self.style == "boxes" and not last:
            self.pages[-1].append(f"{x0} {HEIGHT - bottom} {x1 - x0} {bottom - top} re S")
            return
        for a, b, c, d in edges:
            if self.style == "thin":
                width, depth = max(c - a, 0.5), max(d - b, 0.5)
                self.pages[-1].append(f"{a} {HEIGHT - b - depth} {width} {depth} re f")
            else:
                self.pages[-1].append(f"{a} {HEIGHT - b} m {c} {HEIGHT - d} l S")

    def _in_cell(self, text: str, x0: float, top: float, x1: float, bottom: float) -> None:
        """The text, broken to the width of its cell, as small as it must be."""
        size: float = SIZE
        while True:
            wide = [character.isascii() for character in text]
            per_line = max(1, int((x1 - x0 - 2) / size))
            lines = [text[i : i + per_line] for i in range(0, len(text), per_line)] if not all(wide) else [text]
            if len(lines) * (size + 1) <= bottom - top or size <= 3:
                break
            size -= 0.5
        y = (top + bottom) / 2 - (len(lines) - 1) * (size + 1) / 2 + size / 3
        for index, line in enumerate(lines):
            self.text(x0 + 2, y + index * (size + 1), line, size)

    def _to_unicode(self) -> str:
        lies = "".join(f"<{ord(printed):04x}> <{ord(told):04x}>\n" for printed, told in self.taken_for.items())
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Lying def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            "1 beginbfrange <0020> <ffef> <0020> endbfrange\n"
            f"{len(self.taken_for)} beginbfchar\n{lies}endbfchar endcmap end end"
        )

    def data(self) -> bytes:
        """The file."""
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "",
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            " /DescendantFonts [4 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo"
            " << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>",
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
            " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
        kids = []
        for page in self.pages:
            content = "\n".join([*(["0 1 -1 0 842 0 cm"] if self.rotated else []), *page])
            box = "[0 0 842 595] /Rotate 90" if self.rotated else "[0 0 595 842]"
            objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
            kids.append(f"{len(objects) + 1} 0 R")
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents {len(objects)} 0 R"
                " /Resources << /Font << /F1 3 0 R >> >> >>"
            )
        if self.taken_for:
            content = self._to_unicode()
            objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
            objects[2] = objects[2].replace(" >>", f" /ToUnicode {len(objects)} 0 R >>")
        objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
        out = b"%PDF-1.5\n"
        offsets = []
        for number, content in enumerate(objects, 1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
        start = len(out)
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
        return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
