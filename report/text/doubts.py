"""Why the numbers of a sentence may be of more, or of less, than this agency in this year and over disclosure.

A reader of the table of the year cannot know of what exactly the text counts: sums over all years since a portal was
opened, parts of what bodies that were merged received, disputes of which only some are over disclosure. Where words of
this kind stand, what the text says may agree with the tables, and accuses nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from report.text.own_names import Speaker
from report.text.said import Doubt
from report.text.sentence import Sentence

_BODY = r"(?:局|委|办|镇|乡|街道|中心|分局|大队|支队|院|所|站|部门|单位|机构|管委会|科|处)"
# 原区粮食局, but not 青原区财政局: a body that is no more stands where a word begins.
_FORMER = rf"(?:^|(?<=[，；：。、（“和与及由将把的含对是即收中]))原[\u4e00-\u9fff]{{1,12}}?{_BODY}"
_MERGED = re.compile(
    rf"{_FORMER}|机构改革|(?:与|和|同)[^，。；]{{1,20}}合并|合并[前后]|(?:划转|划入|并入|撤并|组建|更名|整合|分设|成立)[前后]"
    rf"|(?:划转|划入|并入|撤并|撤销)(?:的|至|到|我|本)?[^，。；]{{0,12}}{_BODY}|两(?:局|委|办|镇|乡|家|个?单位|街道)"
    rf"|[下所]属[^，。；]{{0,12}}{_BODY}|本级|本部|局机关|(?:委|镇|乡)机关"
)
# A whole section is in doubt where it says what a body that is no more received.
_RECEIVED_BY_OTHERS = re.compile(
    rf"(?:{_FORMER}|(?:合并|改革|组建|划转|撤并)[前后])[^。；]{{0,40}}(?:收到|受理|接收|新收|办理|答复)"
)
_RESTATED = re.compile(
    r"实际(?:办理|受理|登记|答复|为)|合并(?:办理|处理|答复|为|后)|撤回|(?:剔除|扣除|除去|除)[^。；]{0,24}(?:外|后)"
    r"|(?:不属于|不作为|不是|并非)[^，。；]{0,4}(?:政府)?信息公开申请|经合并|去重"
)
_DISCLOSURE = r"(?:政府|政务)?信息公开"
_NOT_DISCLOSURE = re.compile(
    rf"(?:非|不属于|不涉及|没有涉及|未涉及|不是|并非|不含|不包括|除|无涉)[^，。；]{{0,8}}{_DISCLOSURE}"
    rf"|{_DISCLOSURE}[^，。；]{{0,8}}(?:无关|没有关系|以外|之外)|(?:无|没有){_DISCLOSURE}(?:类|方面)"
)
# How many of them are over disclosure, behind the number of all.
_OF_THEM = re.compile(
    rf"(?:其中|上述|以上|涉及|属于|有关|相关|（)[^。；]{{0,16}}?(?:{_DISCLOSURE}|公开类)"
    rf"|{_DISCLOSURE}[^。；，]{{0,8}}(?:占|有关|相关|的(?:分别)?(?:为|有|是)?\d)"
)
_BARE_DISPUTE = re.compile(r"(?:行政)?(?:复议|诉讼|应诉)")
_OVER_YEARS = ("累计", "历年", "历次")


def is_restated(text: str) -> bool:
    """Whether a text says that not all that was received is counted: what was withdrawn, merged or no request."""
    return _RESTATED.search(text) is not None


def merged_in(texts: Sequence[str], who: Speaker) -> bool:
    """Whether sentences of a section say what a body received that is no more, or was another one before."""
    return any(
        _RECEIVED_BY_OTHERS.search(text) and _RECEIVED_BY_OTHERS.search(_without_own_name(text, who.spans(text)))
        for text in texts
    )


def _without_own_name(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with 我 wherever the agency names itself: 原平市财政局 is none that is no more."""
    for start, end in reversed(spans):
        text = f"{text[:start]}我{text[end:]}"
    return text


def doubt_of(one: Sentence) -> Doubt | None:
    """Of what else all numbers of a sentence may be."""
    if _MERGED.search(one.text) and _MERGED.search(
        "".join("我" if token.is_a("self") else token.text for token in one.tokens)
    ):
        return Doubt.OF_MERGED
    return Doubt.OVER_YEARS if _is_over_years(one) else None


def doubt_of_disputes(one: Sentence, following: str) -> Doubt | None:
    """Whether the reviews and lawsuits of a sentence may be of anything; ``following`` are the next sentences."""
    around = one.text + following
    if _NOT_DISCLOSURE.search(around):
        return Doubt.NOT_ALL_DISCLOSURE
    disputes = _BARE_DISPUTE.search(one.text)
    about = one.text.find("信息公开")
    if disputes is None or (0 <= about < disputes.start()):
        return None
    # Nothing before it says that they are over disclosure: all words have to be known, and none behind it divide them.
    if _OF_THEM.search(around, disputes.end()) or any(token.is_a("other", "topic", "matter") for token in one.tokens):
        return Doubt.NOT_ALL_DISCLOSURE
    return None


def _is_over_years(one: Sentence) -> bool:
    """Whether a number may be a sum over years: 截至2024年底累计…, 累计…，其中本年…."""
    own_year = False
    for before, token in zip((None, *one.tokens), one.tokens, strict=False):
        if token.kinds.get("period") == "until":
            if token.text == "截至目前" and not own_year:
                return True
        elif token.kinds.get("period") == "this" and not (before is not None and before.kinds.get("period") == "until"):
            own_year = True
        elif token.text in _OVER_YEARS and not own_year:
            return True
    return False
