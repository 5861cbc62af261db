"""How many parts a report says it has, and how many it then lists in the same sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from report.numerals import arabic_number, chinese_number
from report.report import Report
from report.text.sentences import sentences

_ANNOUNCED = re.compile(
    r"(?:报告|全文|年报)(?P<between>[^。；]{0,200}?)(?<!第)(?P<number>[一二三四五六七八九十]{1,2}|\d{1,2})(?:个|大)?部分"
    r"(?=组成|构成|内容|[，。：]|$)"
)
# The parts of the form as a sentence lists them; what is left when they are taken out is something else.
_PARTS = (
    re.compile(r"总体情况|概述|概况|总体工作情况"),
    re.compile(r"(?:行政机关)?主动公开政府信息(?:的)?(?:情况)?|主动公开情况"),
    re.compile(
        r"(?:行政机关)?收到和(?:处理|办理)政府信息公开申请(?:的)?(?:情况)?|依申请公开(?:政府信息)?(?:的)?(?:办理)?情况"
    ),
    re.compile(
        r"(?:因)?政府信息公开(?:工作)?(?:被)?(?:申请|提起)?行政复议(?:、|和|及)?(?:提起|被提起)?行政诉讼(?:的)?(?:情况)?"
        r"|行政复议(?:、|和|及)行政诉讼情况"
    ),
    re.compile(r"(?:政府信息公开工作)?存在(?:的)?(?:主要)?(?:问题|不足)(?:及|和|与|以及)改进(?:的)?(?:情况|措施)?"),
    re.compile(r"其他需要报告的?(?:事项|情况)?|需要报告的其他(?:事项|情况)?"),
)
_CONNECTIVES = re.compile(
    r"由|分为?|包括|包含|含|共|等|以及|和|及|与|从|是|的|内容|第?[一二三四五六七八九十]+(?=、|是|部分)"
    r"|[、，：:“”《》（）\d.．\s]"
)
_FEWEST_LISTED = 3


@dataclass(frozen=True, slots=True)
class AnnouncedParts:
    """The report says that it has ``number`` parts; ``listed`` of them stand in the sentence, None: that is unclear."""

    number: int
    listed: int | None
    quote: str


def announced_parts(report: Report) -> AnnouncedParts | None:
    """What the opening, or else section one, says of the report's parts; None where it says nothing."""
    first = report.section("overview")
    for text in (report.opening, first.text if first is not None else ""):
        for sentence in sentences(text):
            match = _ANNOUNCED.search(sentence) if "部分" in sentence else None
            if match is None or (text is not report.opening and "报告" not in sentence):
                continue
            number = arabic_number(match["number"]) or chinese_number(match["number"])
            if isinstance(number, int) and number > 1:
                return AnnouncedParts(number, _listed(sentence, match), match[0])
    return None


def _listed(sentence: str, match: re.Match[str]) -> int | None:
    """How many parts of the form the sentence lists, where it lists nothing else."""
    for text in (match["between"], sentence[match.end() :]):
        count = 0
        for part in _PARTS:
            text, found = part.subn("", text, count=1)
            count += found
        if count >= _FEWEST_LISTED:
            return count if not _CONNECTIVES.sub("", text.rstrip("。")) else None
    return None
