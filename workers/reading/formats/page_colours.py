"""Colours as style sheets write them."""

from __future__ import annotations

import re

Colour = tuple[int, int, int]
_COLOURS = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240),
}  # fmt: skip
_RGB = re.compile(r"rgba?\(\s*([0-9]{1,3})[\s,]+([0-9]{1,3})[\s,]+([0-9]{1,3})(?:[\s,/]+([0-9.]{1,6})%?)?\s*\)")
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])")


def is_transparent(colour: str) -> bool:
    """Whether nothing is seen of what has this colour."""
    match = _RGB.search(colour)
    return colour == "transparent" or (match is not None and match[4] is not None and not match[4].strip("0."))


def colour_of(text: str) -> Colour | None:
    """Red, green and blue (0 to 255); None where the text names none."""
    text = text.strip().lower()
    if match := _HEX.search(text):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := _RGB.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    return next((_COLOURS[word] for word in text.split() if word in _COLOURS), None)
