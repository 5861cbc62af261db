"""Makes small PDF reports: ruled tables drawn in the ways that word processors draw them, over several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.documents.pdf_faces import Face, Object, Song, stream

Style = Literal["strokes", "boxes", "thin"]
Spans = list[list[tuple[str, int, int]]]

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 595, 842, 75, 80, 760
SIZE, LINE = 9, 12


@dataclass
class Pdf:
    """Pages being written; ``style`` is how ruled lines are drawn, ``rotated`` turns every page by 90 degrees.

    ``turned`` does the same to what is written, and leaves the page as it is. ``extra`` are objects of the file's own
    beside the pages; ``catalog``, ``resources`` and ``on_page`` (by the page, from 0) entries that name them, ``{0}``
    the number of the first.
    """

    style: Style = "strokes"
    rotated: bool = False
    turned: bool = False
    face: Face = field(default_factory=Song)
    extra: list[Object] = field(default_factory=list)
    catalog: str = ""
    resources: str = ""
    on_page: dict[int, str] = field(default_factory=dict)
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = TOP

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        """One line of text; ``y`` is its base line from the top."""
        self.pages[-1].append(f"BT {x:.2f} {HEIGHT - y:.2f} Td {self.face.show(text, size)} ET")

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

    def data(self) -> bytes:
        """The file."""
        fonts, letters = self.face.objects(3)
        objects: list[Object] = ["", "", *letters]
        first = len(objects) + 1
        objects += [each.replace("{0}", str(first)) if isinstance(each, str) else each for each in self.extra]
        objects[0] = f"<< /Type /Catalog /Pages 2 0 R {self.catalog.replace('{0}', str(first))} >>"
        resources = f"/Font << {fonts} >> {self.resources.replace('{0}', str(first))}"
        kids = []
        for number, page in enumerate(self.pages):
            wide = self.rotated or self.turned
            turn = ["0 1 -1 0 842 0 cm"] if wide else []
            box = f"[0 0 842 595]{' /Rotate 90' if self.rotated else ''}" if wide else "[0 0 595 842]"
            objects.append(stream("\n".join([*turn, *page])))
            kids.append(f"{len(objects) + 1} 0 R")
            own = self.on_page.get(number, "").replace("{0}", str(first))
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents {len(objects)} 0 R"
                f" /Resources << {resources} >> {own} >>"
            )
        objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
        out = b"%PDF-1.6\n"
        offsets = []
        for number, content in enumerate(objects, 1):
            offsets.append(len(out))
            data = content.encode("ascii") if isinstance(content, str) else content
            out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
        start = len(out)
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
        return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
