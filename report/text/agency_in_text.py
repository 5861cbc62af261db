"""Which agency a report's own text says it is, where no title does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from report.agency_names import is_government

_KINDS = "|".join((
    "街道办事处", "地区办事处", "人民政府办公室", "镇人民政府", "乡人民政府", "人民政府", "管理委员会", "委员会办公室",
    "委员会", "管理局", "街道", "地区", "办公室", "中心", "分局", "局", "镇", "乡",
))  # fmt: skip
# What may stand before a name without a sign between: 2019年, 本报告由.
_LEAD = r"(?:(?<=[0-9])年度?|本(?:报告|年报|年度报告)由)?"
_NAME = re.compile(rf"{_LEAD}([\u4e00-\u9fff]{{2,24}}?(?:{_KINDS}))")
_BEFORE = re.compile(r"(?:^|[，,。；;：:、！？“”\"《》（）()\n]|[0-9]年度?|[0-9]月份?|报告由|年报由)\s*$")
_AFTER = re.compile(
    r"\s*(?:20[0-9]{2}\s*年|在[20政信认]|共[收受主公]|政务?府?信息公开|信息公开|政务公开|主动公开|"
    r"认真|严格|坚持|按照|根据|依据|深入|积极|高度重视|全面|不断|始终|持续|结合|编制|办理|收到|受理|"
    r"办公地|地址|联系电话|未收)"
)
_NO_NAME = re.compile(
    r"^(?:我|本|该|各|全|其|区|市|县|省|国|和|与|及|的|在|由|向|对|为|将|按|经|被|上级|下属|所属|相关|有关|社区|其他|中华|"
    r"现将|现公布|现发布|现就|特将|兹将|根据|按照|依据|依照|通过|加强|进一步|组织|配合|协助|推进|落实|执行|制定|完善|规范|重新)"
)
# What calls itself so is no government of a place; only what speaks for a whole place may be one.
_ITSELF = re.compile(r"[我本](?:局|委|办|街道|镇|乡|院|校|中心|大队|分局|管委会|单位|机关|部门|馆|队|所|站)")
_WHOLE_PLACE = re.compile(r"全[省市县区旗州]|[我本][省市县区旗州](?!级|域)")
_FEWEST_LETTERS = 4
_MOST_NAMES = 50
_LONGEST = 200_000


def agency_in_text(texts: Iterable[str], margins: Sequence[str] = ()) -> str | None:
    """The agency that speaks in a text, by the name that stands most often where a sentence's subject stands.

    ``margins`` (headers and footers) count as much as the text. None where no name or more than one stands out. The
    government of a place is named in every agency's report: it is the one that speaks only where the text speaks of the
    whole place and nobody calls themselves an agency.
    """
    counted: Counter[str] = Counter()
    whole = [text[:_LONGEST] for text in (*texts, *margins)]
    may_be_government = any(map(_WHOLE_PLACE.search, whole)) and not any(map(_ITSELF.search, whole))
    for text in whole:
        for match in _NAME.finditer(text):
            name = match[1]
            if len(name) < _FEWEST_LETTERS or _NO_NAME.match(name) or _ITSELF.search(name):
                continue
            if is_government(name) and not may_be_government:
                continue
            if _BEFORE.search(text[max(0, match.start(1) - 8) : match.start(1)]) and _AFTER.match(text, match.end()):
                counted[name] += 1
    return _outstanding(counted)


def _outstanding(counted: Counter[str]) -> str | None:
    """The one name that stands out; a longer form of the same name takes its short forms' counts."""
    names = sorted((name for name, _ in counted.most_common(_MOST_NAMES)), key=len, reverse=True)
    for long_index, long in enumerate(names):
        for short in names[long_index + 1 :]:
            if long.startswith(short) and counted[short] and counted[long]:
                counted[long] += counted[short]
                counted[short] = 0
    ranked = counted.most_common(2)
    if not ranked or not ranked[0][1]:
        return None
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return None
    return ranked[0][0]
