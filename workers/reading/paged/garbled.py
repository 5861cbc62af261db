"""Text of a PDF that is none: its fonts do not say, or say wrongly, which character each glyph is.

No error tells of it. Private-use characters and marks of unknown ones give it away, an alphabet that no report has, or
Chinese characters of which hardly one is common.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from workers.reading.content import UNREAD
from workers.reading.layout.glyph import Glyph

_FEWEST = 30
_MOST_UNREADABLE = 0.1
_MOST_FOREIGN = 0.3
_FEWEST_COMMON = 0.25
_PDFMINER_UNKNOWN = "(cid:"
# The characters that make up more than half of any Chinese text, and those of which these reports are full.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后"
    "多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合"
    "还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只"
    "没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边"
    "流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造"
    "百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例"
    "真务具万每目至达走积示议声报斗完类八离华名确才科张信息府申请告复维持纠项诉讼未审商企研益律服组织章规范信访补"
)


_text = itemgetter(0)
# A page's characters are mostly those of the page before.
_remembered = lru_cache(maxsize=8192)


@_remembered
def is_unreadable(text: str) -> bool:
    """Whether a glyph's text says that its character is not known."""
    return text == UNREAD or "\ue000" <= text <= "\uf8ff" or text < " " or text.startswith(_PDFMINER_UNKNOWN)


def count_unreadable(glyphs: Sequence[Glyph]) -> int:
    """Of how many glyphs the character is not known."""
    unreadable = set(filter(is_unreadable, set(map(_text, glyphs))))
    return sum(text in unreadable for text in map(_text, glyphs)) if unreadable else 0


def is_garbled(texts: Sequence[str]) -> bool:
    """Whether the characters of a page cannot be what is printed on it. Too few of them say nothing."""
    if len(texts) < _FEWEST:
        return False
    nothing = chinese = common = foreign = 0
    # A page has many glyphs and few characters: each character is looked at once.
    for text, times in Counter(texts).items():
        says_nothing, is_chinese, is_foreign = _kind_of(text)
        if is_chinese:
            chinese += times
            common += times if text in _COMMON else 0
        if says_nothing:
            nothing += times
        if is_foreign:
            foreign += times
    if nothing / len(texts) > _MOST_UNREADABLE:
        return True
    if chinese >= _FEWEST and common / chinese < _FEWEST_COMMON:
        return True
    return foreign / len(texts) > _MOST_FOREIGN


def readable_glyphs(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs of a page; where they are garbled, each is marked as unread, so that none of them is believed."""
    if not is_garbled(list(map(_text, glyphs))):
        return glyphs
    return [glyph._replace(text=UNREAD) for glyph in glyphs]


@_remembered
def _kind_of(text: str) -> tuple[bool, bool, bool]:
    """Whether a glyph's text says nothing, is Chinese, is of an alphabet that no report has."""
    says_nothing = is_unreadable(text) or unicodedata.category(text[0]) in ("Cn", "Co")
    is_foreign = text[0].isalpha() and not text[0].isascii() and not _is_east_asian(text[0])
    return says_nothing, "\u4e00" <= text[0] <= "\u9fff", is_foreign


def _is_east_asian(character: str) -> bool:
    return "\u2e80" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef" or character >= "\U00020000"
