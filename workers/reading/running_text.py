"""Running text made clean: spaces inside Chinese text removed, broken sentences joined, page numbers dropped."""

from __future__ import annotations

import re
from functools import lru_cache

from report.numerals import STAND_INS, fold_width

_FULL_WIDTH_DIGITS = str.maketrans({chr(0xFF10 + digit): str(digit) for digit in range(10)} | {"％": "%", "．": "."})
_PLAIN = _FULL_WIDTH_DIGITS | STAND_INS
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·"
_SPACE = r"[ \t\r\n\u00a0\u3000\u200b-\u200f\u2002-\u200a\u2060\ufeff]+"
_MANY_SPACES = re.compile(_SPACE)
_BESIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")
_PAGE_NUMBER = re.compile(
    r"[-—–－―·\s]*(?:第\s*)?[0-9]{1,3}\s*(?:页)?(?:\s*[/,，共]\s*(?:共\s*)?[0-9]{1,3}\s*页?)?[-—–－―·\s]*"
)
_STARTS_ANEW = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?[0-9]{1,2}[）)、.．](?![0-9])|第[一二三四五六七八九十]+[条章部]|[《“]?(?:附|注)[：:]"
)
_ENDS = "。！？；：…）)】》”’>!?;:."
_SHORTEST_LINE = 12
_LONGEST_PAGE_NUMBER = 24
_SHORT = 2_000


def clean(text: str) -> str:
    """One clean paragraph: plain digits, no white space beside Chinese characters, one space elsewhere."""
    # The account of a document looks at the same paragraphs as those who read them.
    return _clean_short(text) if len(text) <= _SHORT else _clean(text)


def _clean(text: str) -> str:
    text = _MANY_SPACES.sub(" ", text.translate(_PLAIN)).strip()
    return _BESIDE_CHINESE.sub("", text)


_clean_short = lru_cache(maxsize=512)(_clean)


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but the number of its page: - 1 -, 第 1 页 共 5 页, 1/5."""
    text = text.strip()
    return 0 < len(text) < _LONGEST_PAGE_NUMBER and _PAGE_NUMBER.fullmatch(fold_width(text)) is not None


def starts_anew(text: str) -> bool:
    """Whether a line opens a paragraph by its number: 一、 （二） 3. 第四条."""
    return _STARTS_ANEW.match(fold_width(text[:40]).strip()) is not None


def goes_on(before: str, after: str) -> bool:
    """Whether a paragraph that was cut off goes on in the next one, as after a page break."""
    before, after = before.strip(), after.strip()
    if len(before) < _SHORTEST_LINE or not after or before[-1] in _ENDS:
        return False
    return not starts_anew(after) and not (starts_anew(before) and len(before) < 2 * _SHORTEST_LINE)
