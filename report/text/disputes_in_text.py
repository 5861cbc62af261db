"""What the running text says of reviews and lawsuits over the agency's disclosure.

A body that hears reviews counts those that were brought before it, and files others: such a sentence is no witness, nor
is one that does not speak of disclosure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from report.numerals import read_numeral
from report.report import Report
from report.text.narrative import NUMBER, sentences, speakers

Kind = Literal["review", "litigation"]

_NO_WITNESS = re.compile(
    r"备案|复议机关|复议机构|审理|受理(?:的)?(?:各类)?(?:行政)?复议|办理(?:的)?(?:各类)?(?:行政)?复议|应诉|纠错|败诉|胜诉|撤销|纠正|维持|其中|上半年|下半年"
    r"|季度|去年|上年|往年|历年|近年|以来|同比|下属|所属|各(?:部门|单位|街道|镇|乡|区|县|级)|法律顾问|告知|途径|权利|救济|可以|有权|培训|学习|尚未|未审结"
)
_WHOLE_PLACE = re.compile(r"全(?:区|市|县|省)")
_DISCLOSURE = re.compile(r"信息公开|依申请公开")
_REVIEW = r"(?:行政)?复议"
_LAWSUIT = r"(?:行政)?诉讼"
_NOT = r"(?:未|没有|无|不存在|未曾)"
_BETWEEN = r"[^，。；：\d]{0,30}?"
_NONE_OF_BOTH = re.compile(
    rf"{_NOT}{_BETWEEN}{_REVIEW}(?:案件|申请)?(?:、|和|及|或者|或|以及|与|，)(?:也|亦)?{_NOT}?(?:被)?(?:申请|提起|引发|发生)?{_LAWSUIT}"
    rf"|{_REVIEW}(?:案件|申请)?(?:、|和|及|与){_BETWEEN}{_LAWSUIT}(?:案件)?(?:数量|数)?(?:均|都)?为?(?:0|零)(?:件|起|宗|次|例)?"
)
_NONE: dict[Kind, re.Pattern[str]] = {
    "review": re.compile(rf"{_NOT}{_BETWEEN}{_REVIEW}"),
    "litigation": re.compile(rf"{_NOT}{_BETWEEN}{_LAWSUIT}"),
}
_COUNT = (
    r"(?:的)?(?:案件|申请|案)?(?:的)?(?:数量|数|总数)?(?:共计|共有|共|为|有|是|总计|合计)*+"
    rf"{NUMBER}(?:件|起|宗|次|例|项)(?![余多])"
)
_COUNTED: dict[Kind, re.Pattern[str]] = {
    "review": re.compile(rf"{_REVIEW}{_COUNT}"),
    "litigation": re.compile(rf"{_LAWSUIT}{_COUNT}"),
}
_YEAR = re.compile(r"20\d\d(?=年)")
_CLAUSES = re.compile(r"[；。]")


@dataclass(frozen=True, slots=True)
class DisputeStatement:
    """The text says that there were ``value`` reviews, or lawsuits of both kinds."""

    kind: Kind
    value: int
    quote: str


def dispute_statements(
    report: Report, names: tuple[str, ...], government: bool | None = None
) -> list[DisputeStatement]:
    """What the running text says of reviews and lawsuits over disclosure in the report year, in order."""
    _, government = speakers(report, names, government)
    found: list[DisputeStatement] = []
    for section in report.sections:
        if section.kind not in ("overview", "requests", "disputes", "other"):
            continue
        for sentence in sentences(section.text):
            if "复议" not in sentence and "诉讼" not in sentence:
                continue
            if section.kind != "disputes" and not _DISCLOSURE.search(sentence):
                continue
            if _WHOLE_PLACE.search(sentence) and not government:
                continue
            if any(int(named) != report.year for named in _YEAR.findall(sentence)):
                continue
            for part in _CLAUSES.split(sentence):
                if not _NO_WITNESS.search(part):
                    found.extend(_in_part(part))
    return found


def _in_part(part: str) -> Iterator[DisputeStatement]:
    if match := _NONE_OF_BOTH.search(part):
        yield DisputeStatement("review", 0, match[0])
        yield DisputeStatement("litigation", 0, match[0])
        return
    for kind, pattern in _COUNTED.items():
        counted = list(pattern.finditer(part))
        for match in counted:
            numeral = read_numeral(match["number"])
            if numeral is not None and not isinstance(numeral.value, Decimal):
                yield DisputeStatement(kind, numeral.value, match[0])
        if not counted and (match_none := _NONE[kind].search(part)):
            yield DisputeStatement(kind, 0, match_none[0])
