"""A PDF that several looks are taken at: opened once, its pages parsed once, and few of them kept at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

# Without an end to it a long document keeps all its pages in memory.
_MOST_KEPT = 8


class OpenPdf:
    """pdfium's document with the pages that were looked at last. Raises PdfiumError where it cannot be opened."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.document: Any = pdfium.PdfDocument(data)
        self._kept: OrderedDict[int, list[Any]] = OrderedDict()
        if self.document.get_formtype() != raw.FORMTYPE_NONE:
            # What its fields say is told with the form alone.
            self.document.init_forms()

    def page(self, number: int) -> Any:
        """A page (from 1), open as long as a few others were not asked for since."""
        return self._page(number)[0]

    def text(self, number: int) -> Any:
        """The text of a page (from 1), open as long as the page is."""
        kept = self._page(number)
        if len(kept) == 1:
            kept.append(kept[0].get_textpage())
        return kept[1]

    def close(self) -> None:
        """Closes the document, and before it its pages."""
        while self._kept:
            self._close_oldest()
        self.document.close()

    def _page(self, number: int) -> list[Any]:
        if number not in self._kept:
            page = self.document[number - 1]
            if len(self._kept) >= _MOST_KEPT:
                self._close_oldest()
            self._kept[number] = [page]
        self._kept.move_to_end(number)
        return self._kept[number]

    def _close_oldest(self) -> None:
        for each in reversed(self._kept.popitem(last=False)[1]):
            each.close()


_IN_HAND: ContextVar[OpenPdf | None] = ContextVar("pdf_in_hand", default=None)


@contextmanager
def open_pdf(data: bytes) -> Iterator[OpenPdf]:
    """The PDF, open for as long as this lasts: the one in hand, where these bytes are open already."""
    held = _IN_HAND.get()
    if held is not None and held.data is data:
        yield held
        return
    opened = OpenPdf(data)
    token = _IN_HAND.set(opened)
    try:
        yield opened
    finally:
        _IN_HAND.reset(token)
        opened.close()
