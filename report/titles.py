"""Titles of annual reports: which are one, which year and which agency they name.

Source of the patterns: fifty-three titles of published reports of 2015 to 2026, and the titles that stand beside them
in the same columns and are none (explanations, notices, systems, circulars).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report.numerals import chinese_number, fold_width, without_space

_YEAR = re.compile(
    r"(?<![0-9])((?:20[0-9]{2})|[二两][〇○零0Ｏ][一二三四五六七八九〇○零]{2})(?:年度?|(?=政[府务]信息公开))"
)
_TAIL = re.compile(
    r"(?:关于)?政[府务]信息公开(?:工作)?(?:的)?(?:年度?)?(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:报告|年报)"
)
_SHORT_TAIL = re.compile(r"政[府务]信息公开(?:工作)?年报|信息公开(?:工作)?年度?报告")
_YEARLY = re.compile(r"年度|年报|20[0-9]{2}|[二两][〇○零]")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|html?|shtml|txt|ofd|rtf)$", re.IGNORECASE)
_REJECTED = (
    "解读", "图解", "读懂", "通知", "制度", "格式", "指南", "部署会", "培训", "评估报告", "通报", "的函", "动员会",
    "推进会", "工作会", "的公告", "意见征集", "办法", "实施方案", "督查", "考核", "目录", "申请表", "模板", "回执",
)  # fmt: skip
# What may stand behind the tail: a note in brackets, the year, the form of the file, a tail that was pasted twice.
_AFTER = re.compile(
    r"^(?:（(?![^）]*(?:征求|草案|样本|样表|模板|范本|说明|解读))[^）]*）|【[^】]*】|[0-9〇○零一二三四五六七八九]{4}年度?|"
    r"(?:word|pdf|图片|文字|公开|公示|正式|最终|超链)版?|盖章|定稿|终稿|扫描件|全文|正文|附件\d*|工作年度报告?|报告|年报|"
    r"[-—]?[^（）]{2,20}(?:街道|办事处|镇|乡|局|委|委员会|办|办公室|政府|中心)$|[》”\"'\-—.,，。0-9])*",
    re.IGNORECASE,
)
_PART_OF_YEAR = re.compile(r"[上下]半年|季度|月度|月份")
_TELLS = re.compile(r"(?:发布|公布|印发|编制|编发|晒出|召开|开展|收集|上报|报送)$")
_EDGE = "《》“”\"'【】[]()（）·-—_:：,，、。"
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class TitleJudgement:
    """What a title says: whether it names an annual report; its year and agency; why it is none."""

    is_report: bool
    year: int | None = None
    agency_text: str | None = None
    reason: str | None = None


def judge_title(text: str) -> TitleJudgement:
    """Judges one title of a list or a page; ``reason`` is one Chinese sentence where it is no report."""
    letters = without_space(fold_width(text)).replace("_", "").replace("(", "（").replace(")", "）")
    letters = _FILE.sub("", letters)
    if not letters or len(letters) > _LONGEST:
        return TitleJudgement(False, reason="标题为空或过长")
    year = year_in(letters)
    match = _TAIL.search(letters) or _SHORT_TAIL.search(letters)
    if match is None:
        return TitleJudgement(False, year, reason="标题里没有“政府信息公开工作年度报告”")
    agency = _YEAR.sub("", letters[: match.start()]).strip(_EDGE)
    around = letters[: match.start()] if agency else ""
    rejected = next((word for word in _REJECTED if word in letters[match.end() :] or _announces(word, around)), None)
    if rejected is not None:
        return TitleJudgement(False, year, reason=f"标题含“{rejected}”，不是年度报告本身")
    if rest := _AFTER.sub("", letters[match.end() :], count=1):
        return TitleJudgement(False, year, reason=f"标题在年度报告之后还写着“{rest[:20]}”，不是年度报告本身")
    if (part := _PART_OF_YEAR.search(letters)) is not None:
        return TitleJudgement(False, year, reason=f"标题含“{part[0]}”，不是全年的报告")
    if (tells := _TELLS.search(agency)) is not None:
        return TitleJudgement(False, year, reason=f"标题说的是“{tells[0]}”年度报告，不是年度报告本身")
    if not _YEARLY.search(letters):
        return TitleJudgement(False, year, reason="标题没有说是年度报告")
    if year is None and not agency:
        return TitleJudgement(False, reason="标题既没有机关也没有年度，多半是栏目名")
    return TitleJudgement(True, year, agency or None)


def _announces(word: str, before: str) -> bool:
    """Whether a rejecting word before the tail announces something else; agencies are called 考核办 or 督查室 too."""
    if word in ("解读", "图解", "读懂", "部署会", "动员会", "推进会", "通报", "培训"):
        return word in before
    return "关于" in before and word in before


def year_in(text: str) -> int | None:
    """The first year a title names (2023年, 二〇二三年度), None where it names none."""
    match = _YEAR.search(without_space(fold_width(text[: 4 * _LONGEST])))
    if match is None:
        return None
    year = int(match[1]) if match[1].isascii() else chinese_number(match[1])
    return year if year is not None and 2000 <= year < 2100 else None


def match_agency(text: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """The agency whose name stands in a text: the longest name wins; None where none does or two are equally long.

    ``names`` holds every name and alias by the agency's id.
    """
    letters = without_space(fold_width(text))
    best = 0
    found: set[str] = set()
    for agency, own in names.items():
        for name in own:
            length = len(without_space(fold_width(name)))
            if length >= max(best, 2) and without_space(fold_width(name)) in letters:
                if length > best:
                    best, found = length, set()
                found.add(agency)
    return next(iter(found)) if len(found) == 1 else None
