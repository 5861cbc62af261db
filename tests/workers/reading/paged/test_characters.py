"""The characters of a page are those that pdfium tells one by one, wherever the parts end in which they are asked."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from workers.reading.paged import characters
from workers.reading.paged.quick_calls import address_of

REAL = Path(__file__).resolve().parents[3] / "documents" / "real" / "hongze-2023.pdf"


def _told(text: Any) -> list[tuple[Any, ...]]:
    count = raw.FPDFText_CountChars(text.raw)
    return list(characters.characters_of(address_of(text.raw), count, lambda *columns: zip(*columns, strict=False)))


@pytest.mark.parametrize("at_once", [1, 7, 512])
def test_parts_end_anywhere(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with pdfium.PdfDocument(REAL) as document:
        text = document[0].get_textpage()
        whole = _told(text)
        assert len(whole) > at_once
        monkeypatch.setattr(characters, "_AT_ONCE", at_once)
        assert _told(text) == whole


def test_each_is_what_pdfium_says_of_it_alone() -> None:
    with pdfium.PdfDocument(REAL) as document:
        text = document[0].get_textpage()
        told = _told(text)
        box = raw.FS_RECTF()
        for index, code, unmapped, (left, top, right, bottom), _ in told:
            raw.FPDFText_GetLooseCharBox(text.raw, index, box)
            assert (code, unmapped) == (raw.FPDFText_GetUnicode(text.raw, index), False)
            assert (left, top, right, bottom) == (box.left, box.top, box.right, box.bottom)
        begun = [one for one in told if one[4] is not None]
        sizes = {struct.unpack("16xf16x", one[4][1][2][0])[0] for one in begun}
        assert sizes == {raw.FPDFText_GetFontSize(text.raw, one[0]) for one in begun}
        alone = (raw.FPDFText_GetTextObject(text.raw, one) for one in range(raw.FPDFText_CountChars(text.raw)))
        assert len(told) == sum(bool(item) for item in alone)
