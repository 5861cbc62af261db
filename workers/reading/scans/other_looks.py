"""The picture of one number looked at in other ways: larger and smaller, sharpened to black and white, blurred."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.reading.scans.recognition import read_lines

_SURE = 0.6


@dataclass(frozen=True, slots=True)
class NumberPicture:
    """The picture of a cell's number with some ground round it."""

    grey: NDArray[np.uint8]

    def always_reads(self, text: str) -> bool:
        """Whether every other look at the cell reads this text, and is not unsure of it."""
        return all(one.text == text and one.least >= _SURE for one in read_lines(self._looks(), numbers=True))

    def _looks(self) -> list[NDArray[np.uint8]]:
        """The same number as other eyes might see it."""
        height, width = self.grey.shape
        small = cv2.resize(self.grey, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
        wide = cv2.resize(self.grey, (round(width * 1.25), height), interpolation=cv2.INTER_CUBIC)
        blurred = cv2.GaussianBlur(self.grey, (0, 0), 1.2)
        _, hard = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        inset = max(1, height // 8)
        near = self.grey[inset : height - inset, :]
        return [picture.astype(np.uint8) for picture in (small, wide, blurred, hard, near)]
