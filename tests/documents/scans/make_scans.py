"""Makes the scans: reports drawn page by page at 200 dpi, then skewed, made noisy, and saved as JPEG.

Run it from the checkout: ``python -m tests.documents.scans.make_scans``. It writes the PDFs and pictures beside itself,
each with the texts of its cells (``.json``). A Chinese font is needed for that, and for nothing else.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.documents.report_source import Source, Spans, drawn, with_printed

HERE = Path(__file__).resolve().parent
FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
)
DIGITS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
)
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 1654, 2339, 210, 220, 2120
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Scanner:
    """What a scanner does to a page: degrees of skew, grey levels of noise, JPEG quality, blur, and a grey ground."""

    skew: float = 1.3
    noise: float = 9.0
    quality: int = 45
    blur: float = 0.6
    ground: int = 246
    seed: int = 1


def scanned(page: Picture, scanner: Scanner, number: int = 0) -> Picture:
    """A page as it comes out of a scanner; the same for the same seed and number."""
    height, width = page.shape
    chance = np.random.default_rng(scanner.seed * 1000 + number)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), scanner.skew, 1)
    skewed = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=[255])
    soft = cv2.GaussianBlur(skewed, (0, 0), scanner.blur) if scanner.blur else skewed
    noisy = soft.astype(np.float64) * scanner.ground / 255 + chance.normal(0, scanner.noise, soft.shape)
    return from_jpeg(as_jpeg(np.clip(noisy, 0, 255).astype(np.uint8), scanner.quality))


def as_jpeg(page: Picture, quality: int) -> bytes:
    """The page as a JPEG file."""
    return bytes(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def from_jpeg(data: bytes) -> Picture:
    """The grey page of a JPEG file."""
    page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    return page.astype(np.uint8)


def as_pdf(pages: Sequence[Picture], quality: int = 45) -> bytes:
    """A PDF that has nothing but pictures, one a page."""
    images = [Image.fromarray(page) for page in pages]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=200, quality=quality)
    return out.getvalue()


class Paper:
    """Pages being drawn."""

    def __init__(self, font: str, digits: str, size: int = 30) -> None:
        self._font, self._digits, self._size = font, digits, size
        self._pages: list[Image.Image] = []
        self.y = TOP
        self._new_page()

    def pages(self) -> list[Picture]:
        """Every page in grey."""
        return [np.asarray(page) for page in self._pages]

    def paragraph(self, text: str, size: int = 38, indent: int = 2) -> None:
        """A paragraph broken at the margin, its first line indented by some characters."""
        font = ImageFont.truetype(self._font, size)
        line = "　" * indent
        for character in text:
            if font.getlength(line + character) > WIDTH - 2 * LEFT:
                self._line(line, font, size)
                line = ""
            line += character
        self._line(line, font, size)

    def table(self, rows: Spans, widths: Sequence[int]) -> None:
        """A ruled table with merged cells, broken where the page ends; the first row overleaf has no border above."""
        self.y += 24
        heights = self._heights(rows, widths)
        lefts = [LEFT + sum(widths[:index]) for index in range(len(widths) + 1)]
        where = _placed(rows)
        start = 0
        if self.y + sum(heights[:5]) > BOTTOM:
            self._new_page()
        while start < len(rows):
            stop, y = start, self.y
            while stop < len(rows) and y + heights[stop] <= BOTTOM:
                y += heights[stop]
                stop += 1
            if stop == start:
                self._new_page()
                continue
            tops = [self.y + sum(heights[start:index]) for index in range(start, stop + 1)]
            for (row, column), (text, down, across) in where.items():
                first, last = max(row, start), min(row + down, stop)
                if first < last:
                    box = (lefts[column], tops[first - start], lefts[column + across], tops[last - start])
                    self._draw.rectangle(box, outline=0, width=2)
                    if row >= start:
                        self._cell(text, box)
            self.y = tops[-1]
            start = stop
            if start < len(rows):
                self._new_page()

    def _heights(self, rows: Spans, widths: Sequence[int]) -> list[int]:
        heights = [self._size + 22] * len(rows)
        for (row, column), (text, down, across) in _placed(rows).items():
            lines = len(self._wrapped(text, sum(widths[column : column + across]) - 12))
            needed = lines * (self._size + 6) + 14
            while sum(heights[row : row + down]) < needed:
                heights[row + down - 1] += 4
        return heights

    def _wrapped(self, text: str, width: float) -> list[str]:
        font = self._font_of(text)
        lines = [""]
        for character in text:
            if lines[-1] and font.getlength(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
        return lines

    def _cell(self, text: str, box: tuple[int, int, int, int]) -> None:
        font = self._font_of(text)
        lines = self._wrapped(text, box[2] - box[0] - 12)
        y = (box[1] + box[3]) / 2 - len(lines) * (self._size + 6) / 2
        for line in lines:
            x = (box[0] + box[2] - font.getlength(line)) / 2
            self._draw.text((x, y), line, fill=0, font=font)
            y += self._size + 6

    def _font_of(self, text: str) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self._digits if text.isascii() else self._font, self._size)

    def _line(self, line: str, font: ImageFont.FreeTypeFont, size: int) -> None:
        if self.y + size > BOTTOM:
            self._new_page()
        self._draw.text((LEFT, self.y), line, fill=0, font=font)
        self.y += round(size * 1.7)

    def _new_page(self) -> None:
        self._pages.append(Image.new("L", (WIDTH, HEIGHT), 255))
        self._draw = ImageDraw.Draw(self._pages[-1])
        self._draw.text((WIDTH / 2 - 40, 2200), f"- {len(self._pages)} -", fill=0, font=self._font_of("1"))
        self.y = TOP


def _placed(rows: Spans) -> dict[tuple[int, int], tuple[str, int, int]]:
    """The cells by the row and column where they begin."""
    taken: set[tuple[int, int]] = set()
    where = {}
    for row, cells in enumerate(rows):
        column = 0
        for text, down, across in cells:
            while (row, column) in taken:
                column += 1
            where[row, column] = (text, down, across)
            taken |= {(row + r, column + c) for r in range(down) for c in range(across)}
            column += across
    return where


def draw(source: Source, digits: int = 0, size: int = 30) -> list[Picture]:
    """The pages of a report. Raises StopIteration where the machine has no Chinese font."""
    font = next(path for path in FONTS if Path(path).exists())
    paper = Paper(font, [path for path in DIGITS if Path(path).exists()][digits], size)
    paper.paragraph(source.title, 46, 0)
    paper.paragraph(source.opening())
    room = WIDTH - 2 * LEFT
    for number, (heading, texts) in enumerate(source.sections(), 1):
        paper.paragraph(heading)
        for text in texts:
            paper.paragraph(text)
        if number == 2:
            for block in source.table_two():
                columns = sum(across for _, _, across in block[1])
                paper.table(block, _shares(room, [3] + [2] * (columns - 1)))
        elif number == 3:
            paper.table([*source.head_three(), *source.body_three()], _shares(room, [1, 2, 5, *[2] * 7]))
        elif number == 4:
            paper.table(source.table_four(), _shares(room, [1] * 15))
    return paper.pages()


def _shares(room: int, parts: Sequence[int]) -> list[int]:
    edges = [round(room * sum(parts[:index]) / sum(parts)) for index in range(len(parts) + 1)]
    return [after - before for before, after in pairwise(edges)]


def made_source(seed: int, form: str = "2021", most: int = 400) -> Source:
    """A report drawn by chance, with large numbers and some cells that hold a slash, a dash or nothing."""
    source = drawn("青山区财政局", 2023 if form == "2021" else 2020, form, seed=seed, most=most)
    chance = random.Random(seed)
    zeros = [key for key in list(source.keys()) if source.values[key] == 0 and key.startswith("requests.")]
    changed = chance.sample(zeros, 9)
    return with_printed(source, dict(zip(changed, ["/", "-", ""] * 3, strict=True)))


def truth_of(source: Source) -> dict[str, Any]:
    """What must be read: the text of every cell by the figure's key."""
    return {key: source.cell(key) for key in list(source.keys())}


def main() -> None:
    """Writes the recorded scans."""
    for name, seed, form, scanner in (
        ("qingshan-2023", 5, "2021", Scanner(skew=-1.4, noise=6, quality=50, seed=5)),
        ("qingshan-2020", 6, "2019", Scanner(skew=2.0, noise=4, quality=40, seed=6)),
    ):
        source = made_source(seed, form)
        pages = [scanned(page, scanner, number) for number, page in enumerate(draw(source, digits=seed % 2))]
        (HERE / f"{name}.pdf").write_bytes(as_pdf(pages, scanner.quality))
        (HERE / f"{name}.json").write_text(json.dumps(truth_of(source), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
