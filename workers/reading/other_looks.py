"""The picture of one number looked at in other ways: larger and smaller, sharpened to black and white, blurred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.reading.recognition import read_lines

_SURE = 0.6


@dataclass(frozen=True, slots=True)
class NumberPicture:
    """The picture of a cell's number with some ground round it."""

    grey: NDArray[np.uint8]

    def looks(self) -> list[NDArray[np.uint8]]:
        """The same number as other eyes might see it."""
        height, width = self.grey.shape
        small = cv2.resize(self.grey, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
        wide = cv2.resize(self.grey, (round(width * 1.25), height), interpolation=cv2.INTER_CUBIC)
        blurred = cv2.GaussianBlur(self.grey, (0, 0), 1.2)
        _, hard = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        inset = max(1, height // 8)
        near = self.grey[inset : height - inset, :]
        return [picture.astype(np.uint8) for picture in (small, wide, blurred, hard, near)]


def reads_always(pictures: Sequence[NumberPicture], texts: Sequence[str]) -> list[bool]:
    """For each picture whether every other look at it reads the same text, and is not unsure of it."""
    looks = [picture.looks() for picture in pictures]
    written = iter(read_lines([look for of_one in looks for look in of_one], numbers=True))
    result = []
    for of_one, text in zip(looks, texts, strict=True):
        own = [next(written) for _ in of_one]
        result.append(all(one.text == text and one.least >= _SURE for one in own))
    return result
