"""The picture of a page in small: whether something is drawn in a place at all."""

from __future__ import annotations

from typing import Any

from workers.reading.layout.pdf_tables import Box

_SCALE = 2.0
_MOST_PIXELS = 8_000_000
# How much darker than the ground (of 255) a stroke has to be to be seen.
_SEEN = 48


class Ink:
    """The page as pdfium draws it, drawn when it is first asked for."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._rows: list[bytes] = []
        self._scale = _SCALE

    def is_drawn(self, box: Box) -> bool:
        """Whether anything stands out from its ground in a box of the page as shown (points, origin top left)."""
        if not self._rows:
            self._draw()
        left, right = max(round(box[0] * self._scale), 0), round(box[2] * self._scale) + 1
        top, bottom = max(round(box[1] * self._scale), 0), round(box[3] * self._scale) + 1
        parts = [row[left:right] for row in self._rows[top:bottom]]
        parts = [part for part in parts if part]
        return bool(parts) and max(map(max, parts)) - min(map(min, parts)) >= _SEEN

    def _draw(self) -> None:
        width, height = self._page.get_size()
        self._scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = self._page.render(scale=self._scale, grayscale=True)
        data, stride = bytes(bitmap.buffer), bitmap.stride
        self._rows = [data[start : start + bitmap.width] for start in range(0, stride * bitmap.height, stride)]
