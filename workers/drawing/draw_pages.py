"""Draws pages of a document: a process of its own, because what strangers published may be broken on purpose.

``python -m workers.drawing.draw_pages``: one line of JSON on standard input says which pages of what kind of file, the
file follows; one line of JSON on standard output has the pictures. What cannot be drawn is left out.
"""

from __future__ import annotations

import base64
import io
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

# The long side of a picture in pixels: the first that leaves room for the rest is taken.
LONG_SIDES = (1500, 1100, 800)
GREYS = 16
MEMORY_BYTES = 2 * 1024**3
MOST_PIXELS = 40_000_000
POINTS_OF_A4 = 595.0
PDF = "application/pdf"


def main() -> None:
    """Reads the question, writes the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    question = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    draw = _of_pdf if question["media_type"] == PDF else _of_picture
    json.dump([_answer(*page) for page in draw(data, question["pages"])], sys.stdout)


def _of_pdf(data: bytes, pages: Sequence[int]) -> Iterator[tuple[int, float, float, Image.Image]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        for number in pages:
            if not 1 <= number <= len(document):
                continue
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(LONG_SIDES[0] / max(width, height, 1.0), 4.0)
            yield number, width, height, page.render(scale=scale, grayscale=True).to_pil()
            page.close()
    finally:
        document.close()


def _of_picture(data: bytes, pages: Sequence[int]) -> Iterator[tuple[int, float, float, Image.Image]]:
    """The pages of a page image; places on it are in points, its short side taken as that of A4."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            for number in pages:
                if not 1 <= number <= getattr(picture, "n_frames", 1):
                    continue
                picture.seek(number - 1)
                upright = ImageOps.exif_transpose(picture).convert("L")
                points = POINTS_OF_A4 / min(upright.size)
                yield number, upright.width * points, upright.height * points, upright
    except UnidentifiedImageError:
        return


def _answer(number: int, width: float, height: float, page: Image.Image) -> dict[str, Any]:
    pictures = [base64.b64encode(_png(page, side)).decode("ascii") for side in LONG_SIDES]
    return {"page": number, "width": width, "height": height, "pictures": pictures}


def _png(page: Image.Image, long_side: int) -> bytes:
    """The page in so many shades of grey and no larger than this: text stays sharp, and a page takes some 50 kB."""
    drawn = page.copy()
    drawn.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    drawn.quantize(GREYS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
