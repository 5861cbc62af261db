"""Numbers as Chinese documents write them: full-width digits, thousands separators, Chinese numerals, 万 and 亿, 余."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Characters that fonts print as others: radicals in the place of the characters that they are (⾏ for 行),
# compatibility forms, digits of formulas. Not what is set high (²) or in a circle (①): that is no part of a number.
STAND_INS = {
    code: folded
    for first, last in ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20), (0x1D7CE, 0x1D800), (0x3200, 0x3201))
    for code in range(first, last)
    if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1 and folded != chr(code)
} | {
    ord(radical): character
    for radical, character in zip(
        "⺟⺠⺬⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⼾",
        "母民示西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙户",
        strict=True,
    )
}
_FOLDED = {
    chr(code): chr(plain) if isinstance(plain, int) else plain for code, plain in (_FULL_WIDTH | STAND_INS).items()
}
_FOLDS = frozenset(_FOLDED)
# A soft hyphen too: where it is seen, a reader of pages has said so.
_WHITE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]+")
_ARABIC = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_DIGITS = {character: value for value, group in enumerate(
    ("〇零○Ｏ", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for character in group}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_ZERO = re.compile("[0OＯ]")
_LARGE = {"万": 10**4, "亿": 10**8}
_ABOUT = re.compile(r"^[约近逾超]?(?:过)?(.*?)[余多]?([万亿]?)[余多]?$")
_LONGEST = 15
# A year as titles and texts write it; its zero may be a digit or a letter: 二0二四, 二O二四.
YEAR = r"(?:20[0-9]{2}|[二两][〇○零0ＯO][一二三四五六七八九〇○零0]{2})"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that was written out; ``about`` is true for 170余, 近三百, 两万多."""

    value: int | Decimal
    about: bool = False


def fold_width(text: str) -> str:
    """The text with full-width letters, digits and signs, and characters that stand for others, as the plain ones."""
    if text.isascii():
        return text
    # Few different ones stand in a text, and none becomes another of them.
    for character in _FOLDS.intersection(text):
        text = text.replace(character, _FOLDED[character])
    return text


def without_space(text: str) -> str:
    """The text without any white space, no-break and zero-width spaces included."""
    # Nothing white is a letter or digit, and most texts are a label or a number.
    return text if text.isalnum() else _WHITE.sub("", text)


def letters_of(text: str) -> str:
    """What a cell says, in whichever width and with whatever white space: to compare two ways to read it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def arabic_number(text: str) -> int | Decimal | None:
    """An int or (with a decimal point) a Decimal from Arabic digits with or without separators; None for all else.

    At most fifteen digits before the point: what is longer is no number of a report.
    """
    match = _ARABIC.fullmatch(fold_width(text))
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    digits = whole.replace(",", "")
    if len(digits) > _LONGEST:
        return None
    return Decimal(f"{sign}{digits}{fraction}") if fraction else int(f"{sign}{digits}")


def chinese_number(text: str) -> int | None:
    """An int from a Chinese numeral up to 亿 (三千五百二十一, 十二, 二〇二三); None where it is none."""
    if not text or len(text) > 2 * _LONGEST:
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    smallest = 10**9
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _LARGE:
            unit = _LARGE[character]
            if unit >= smallest or not section + digit:
                return None
            smallest = unit
            total += (section + digit) * unit
            section = digit = 0
        else:
            return None
    return total + section + digit


def part_of_date(text: str) -> int | None:
    """The number of a year, month or day as dates write it: 2024, 二〇二四, 二0二四, 十二; None where it is none."""
    return int(text) if text.isdecimal() else chinese_number(_ZERO.sub("〇", text))


def read_numeral(text: str) -> Numeral | None:
    """The number a piece of text is: 1,204 · １２ · 1.5万 · 三百二十 · 170余 · 近两万; None where it is none."""
    text = without_space(fold_width(text))
    plain = arabic_number(text)
    if plain is None:
        plain = chinese_number(text)
    if plain is not None:
        return Numeral(plain)
    match = _ABOUT.match(text)
    if match is None or not match[1]:
        return None
    about = len(match[1]) + len(match[2]) < len(text)
    value = arabic_number(match[1])
    if value is None:
        value = chinese_number(match[1])
    if value is None:
        return None
    if match[2]:
        value = value * _LARGE[match[2]]
        value = int(value) if value == int(value) else value
    return Numeral(value, about)
