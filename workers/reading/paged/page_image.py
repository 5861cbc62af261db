"""Page images (PNG, JPEG, TIFF with several pages, and others): each picture is a page of A4 as far as points go."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps, UnidentifiedImageError

from workers.reading.content import Content
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.layout.glyph import PdfPage
from workers.reading.paged.pdf import content_of
from workers.reading.scans.recognition import check_recognition
from workers.reading.scans.scanned_pdf import MOST_SCANNED_PAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The short side of A4 at 200 dpi, and in points.
_SHORT_SIDE = 1654
_POINTS = 595.0
_MOST_PIXELS = 80_000_000
_MOST_PIXELS_READ = 16_000_000
_SMALLEST = 200
# Pillow's readers raise nearly anything over a broken file.
_DAMAGED = (UnidentifiedImageError, OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, struct.error)
_BROKEN = "图片已损坏，打不开；请重新下载，或另存后再试。"
_TOO_MANY_PIXELS = "图片的像素多得不合常理；请缩小后再试。"


def read_page_image(data: bytes) -> Content:
    """The paragraphs and tables of one or more page images in one file.

    Boxes are in points, the short side of the picture taken as that of A4 (595 points). Raises ReadError: kind_not_read
    where the extra ``ocr`` is not installed, broken, too_large, no_text.
    """
    check_recognition()
    with _opened(data) as picture:
        if getattr(picture, "n_frames", 1) > MOST_SCANNED_PAGES:
            raise ReadError(
                ReadErrorKind.TOO_LARGE, f"图片超过 {MOST_SCANNED_PAGES} 页；请确认这是一份年报，或分成几份再试。"
            )
        return content_of(_pages(picture), "图片")


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise ReadError(ReadErrorKind.TOO_LARGE, _TOO_MANY_PIXELS) from error
    except _DAMAGED as error:
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error


def _pages(picture: Image.Image) -> Iterator[PdfPage]:
    from workers.reading.scans.scan import read_scanned_page

    for number in range(getattr(picture, "n_frames", 1)):
        try:
            picture.seek(number)
            grey = _grey(picture)
        except _DAMAGED as error:
            raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
        height, width = grey.shape
        points = _POINTS / min(height, width)
        read = read_scanned_page(grey, number + 1, points)
        yield PdfPage(
            number + 1, width * points, height * points, (), (),
            lines=read.lines, grids=read.tables, pictures=read.numbers,
        )  # fmt: skip


def _grey(picture: Image.Image) -> NDArray[Any]:
    """The picture in grey on white, upright as its camera says, as large as a page at 200 dpi."""
    import numpy

    # The size is in the head of the file; nothing has been unpacked yet.
    if picture.width * picture.height > _MOST_PIXELS:
        raise ReadError(ReadErrorKind.TOO_LARGE, _TOO_MANY_PIXELS)
    if min(picture.size) < _SMALLEST:
        raise ReadError(ReadErrorKind.NO_TEXT, "图片太小，看不清文字；请提供更清晰的扫描件。")
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        ground = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(ground, upright.convert("RGBA"))
    grey = upright.convert("L")
    factor = min(_SHORT_SIDE / min(grey.size), (_MOST_PIXELS_READ / (grey.width * grey.height)) ** 0.5)
    if abs(factor - 1) > 0.05:
        size = (round(grey.width * factor), round(grey.height * factor))
        grey = grey.resize(size, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)
    return numpy.asarray(grey)
