"""What is left over in a report from its template, from last year's or from somebody else's: always with its quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from report.report import Report
from report.text.placeholders import placeholders
from report.text.sentences import normalised, sentences

Kind = Literal["placeholder", "instruction", "other_year", "early_date", "old_form", "unfinished", "source"]

_INSTRUCTION = re.compile(
    r"【(?:请|此处|填|注[：:意]|说明|单位名称|机关名称|部门名称|年份|选填|如有|如无|示例|格式|插入|模板|备注)[^】]{0,80}】"
    r"|（(?:请|在此)?填(?:写|报|入)[^）]{0,60}）|（此处[^）]{0,60}）|（请(?:在此|补充完整|自行|修改)[^）]{0,40}）"
    r"|（[^）]{0,16}(?:宋体|仿宋|黑体|楷体|小?[一二三四五]号字)[^）]{0,16}）|（?该部分以表格形式(?:报告|填报|呈现)）?"
    r"|[（〔\[](?:本)?(?:单位|机关|部门)(?:名称|全称)[）〕\]]|\[数字\]|此处(?:请)?填[写入]|（如(?:有|无)请填[写入]）|（以下为示例）"
    r"|（待补充(?:完善)?）|(?:^|(?<=[：，；]))待补充(?:完善)?(?=[。，；]|$)|(?<![A-Za-z])TODO(?![A-Za-z])|（[^）]{0,30}(?:不超过|不少于|控制在|限)\d{2,5}字[^）]{0,20}）"
    r"|（[^）]{0,40}(?:应当?包括|主要包括|需包括|包括|内容为)[^）]{0,30}主动公开[^）]{0,20}依申请公开[^）]{0,60}(?:信息管理|平台建设|监督保障)[^）]{0,80}）"
    r"|（[^）]{0,40}(?:机关)?认为?(?:需要|应当)报告的(?:其他)?(?:内容|事项)[^）]{0,40}）"
    r"|（[^）]{0,20}(?:各级)?人民政府(?:的)?(?:政府信息公开工作)?年度报告还应当?包括[^）]{0,60}）"
)
_MAY_INSTRUCT = re.compile(r"[（【〔\[]|该部分|此处|待补充|TODO")
_SELF_TITLE = re.compile(r"(?P<year>20\d\d)年度?(?:的)?政府信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)")
_ANOTHER_TEXT = re.compile(
    r"关于|通知|印发|函|格式|按时|已经?|上年|上一年|去年|历年|往年|及时|发布了|公布了|完成|学习|借鉴|参照|对照|获评|评为"
)
_PUBLISHED = re.compile(
    r"本(?:年度)?报告[^。，]{0,30}?(?P<year>20\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:之?前|前)?[^。，]{0,20}?"
    r"(?:公布|公开|发布|上网|挂网|刊登)"
)
_OLD_FORM = re.compile(
    r"行政事业性收费(?:项目)?[^。；，\d]{0,6}\d+项[^。；]{0,16}(?:增减|无增|未增|增加\d+项|减少\d+项)"
)
_UNFINISHED = re.compile(r"规范性文件\d+件[^。；]{0,30}现行有效的?(?:行政)?规范性文件(?:共|为|件)?(?=[。；])")
_SOURCE = re.compile(r"来源[：:]\d{1,3}(?!\d|\.)")
_MOST = 8


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing that is left over; ``year`` where it is another year's."""

    kind: Kind
    quote: str
    year: int | None = None


def leftovers(report: Report, year: int | None, since_2021: bool) -> list[Leftover]:
    """What is left over in the running text, each once, the first few; ``since_2021``: the form of 2021 is due."""
    found: dict[tuple[str, str], Leftover] = {}
    for heading in (section.heading for section in report.sections):
        for match in _INSTRUCTION.finditer(normalised(heading)):
            found.setdefault(("instruction", match[0]), Leftover("instruction", match[0]))
    for position, text in enumerate(report.texts()):
        for quote in placeholders(text):
            found.setdefault(("placeholder", quote), Leftover("placeholder", quote))
        for sentence in sentences(text):
            for one in _in_sentence(sentence, year, since_2021, opening=position == 0):
                found.setdefault((one.kind, one.quote), one)
    return list(found.values())[:_MOST]


def _in_sentence(sentence: str, year: int | None, since_2021: bool, *, opening: bool) -> Iterator[Leftover]:
    if _MAY_INSTRUCT.search(sentence):
        yield from (Leftover("instruction", match[0]) for match in _INSTRUCTION.finditer(sentence))
    if "来源" in sentence:
        yield from (Leftover("source", match[0]) for match in _SOURCE.finditer(sentence))
    if since_2021 and "规范性文件" in sentence:
        yield from (Leftover("unfinished", match[0]) for match in _UNFINISHED.finditer(sentence))
    if since_2021 and "收费" in sentence:
        yield from (Leftover("old_form", match[0]) for match in _OLD_FORM.finditer(sentence))
    if year is None or "20" not in sentence:
        return
    for match in _SELF_TITLE.finditer(sentence):
        # A report may speak of last year's report; its own name stands in its opening, or behind 本报告.
        own = opening or re.search(r"本(?:年度)?报告(?:名称|为|是|即|全称)?[^，。]{0,20}$", sentence[: match.start()])
        if own and int(match["year"]) != year and not _on_purpose(sentence, int(match["year"])):
            yield Leftover("other_year", match[0], int(match["year"]))
    for match in _PUBLISHED.finditer(sentence):
        if int(match["year"]) <= year and not re.search(r"统计|数据|期限", match[0]):
            yield Leftover("early_date", match[0], int(match["year"]))


def _on_purpose(sentence: str, year: int) -> bool:
    """Whether a sentence speaks of a report of another year on purpose: when that one was published, say."""
    return f"{year + 1}年" in sentence or bool(_ANOTHER_TEXT.search(sentence))
