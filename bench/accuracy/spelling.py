"""Numbers as reports spell them: plain, full-width, with thousands separators, between spaces, in Chinese numerals."""

from __future__ import annotations

from random import Random

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_DIGITS = "零一二三四五六七八九"


def spelled(number: int, random: Random) -> str:
    """A number in running text; how it is spelled is drawn once, whatever the number is."""
    way = random.random()
    if way < 0.70:
        return str(number)
    if way < 0.80:
        return f"{number:,}"
    if way < 0.88:
        return str(number).translate(_FULL_WIDTH)
    if way < 0.95:
        return f" {number} "
    return chinese(number) if number < 1000 else str(number)


def in_cell(text: str, random: Random) -> str:
    """What stands in a cell, as somebody may have typed it; what is no whole number stays as it is."""
    way = random.random()
    if not text.isdigit():
        return text
    if way < 0.05:
        return text.translate(_FULL_WIDTH)
    if way < 0.10:
        return f"{int(text):,}"
    return f"\u00a0{text} " if way < 0.15 else text


def chinese(number: int) -> str:
    """A number below a thousand in Chinese numerals: 三十二, 一百零五."""
    if number < 10:
        return _DIGITS[number]
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += f"{_DIGITS[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")
