"""Totals with their parts, and shares in per cent, as the running text gives them.

Only what a careful reader would add up is a listing: parts in the unit of the total, right behind 其中 or the like.
Text lists parts by different measures in one breath (自然人20件，网络申请15件); whether two numbers belong to one
measure is for the caller to ask, with :attr:`Listing.one_measure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from report.numerals import chinese_number
from report.report import Report
from report.text.sentences import UNIT, sentences

_COUNT = re.compile(
    rf"(?P<label>[^，。；：、！？\d]{{0,40}})(?<!\d)(?P<value>\d{{1,12}})(?P<about>[余多]?)(?P<unit>{UNIT})"
)
_PARTS_FOLLOW = re.compile(r"（其中|其中|^在[^，。]{2,20}中，")
# Without 其中, only right behind a number: 1056条（网站729条、公众号152条）; 327条，包括财政289条、执法24条.
_PARTS_BESIDE = re.compile(r"（(?=[^（）]*\d[^（）]*[、，；][^（）]*\d[^（）]*）)|，(?:包括|包含)")
_ALL_PARTS = re.compile(r"分别|包括|分为|分类如下|具体为")
_TOTAL = re.compile(r"(?<!公)共|总|合计|累计")
_WHOLE = re.compile(r"(?:总体|总数|总量|全部|(?:申请|公开)总[数量])?的?(?:比例|比重|比)?(?:为|是|达到?)?")
_NAMED_WHOLE = re.compile("总体|总数|总量|全部")
_CHANNEL = re.compile(r"网络|网上|网站|互联网|在线|平台|信函|信件|邮寄|邮政|邮箱|邮件|当面|现场|窗口|传真")
# Applicants are natural persons or organisations, and nobody else.
_NATURAL, _LEGAL = re.compile(r"自然人|公民(?!、)|个人"), re.compile(r"法人|组织|单位|企业")
_ALL_LEGAL = re.compile(r"法人(?:或|和|及|、|与|以及|或者)其他组织|单位申请")
_LISTED = re.compile(r"^.*其中[：，]?|^[：、，]?(?:包括|包含)?")
_FEWEST_BY_CONTENT = 3
# What no two classes share. Places of publication may hold the same piece; these words tell of other measures.
_OTHER_MEASURE = re.compile(
    r"重点|涉及|包括|含|同时|其他|全部|以上|转载|更新|不予|部分|依申请|主动|办理|办结|答复|收到|受理|网|微|平台|公众号|抖音|公报|"
    r"公开栏|宣传|电子屏|视频|图|长|短|原创|自然人|企业|年|月|季度|本级|区|县|市|镇|街道|村"
)
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:各类|政府|政务)*信息(?:数量|总数|总计|共计|共)*$")
_ASKED = re.compile("申请|收到|受理|接到")
_CLASS = re.compile(r"类(?:信息|申请|事项)?$")
_REST = re.compile(r"其[他它](?:类|信息|类信息|事项)?")
_SHARE = re.compile(
    rf"(?P<label>[^，。；：、\d]{{0,40}})(?<!\d)(?P<part>\d{{1,12}}){UNIT}，?(?:约)?占(?P<whole>[^，。；\d%]{{0,20}}?)"
    r"(?P<percent>\d{1,4}(?:\.\d{1,6})?)%"
)
# What follows the parts: how many more or fewer there were than before.
_DIFFERENCE = re.compile(r"(?:增加|减少|增长|下降|上升|增|减|多|少)(?:了|至|到)?$")
_COMPARISON = re.compile(r"[，；、（](?:较|比|同比|环比|与)[^，；、（）]*$")
_SENTENCES_BACK = 2
# 126条，其中网站78、微信35、其他20: parts that leave out what their total was counted in.
_WITHOUT_UNIT = re.compile(
    r"(?P<label>[^，。；：、（）\d年月日%]{1,20})(?<!\d)(?P<value>\d{1,9})(?=[，。；、）和及]|$)"
)
_JOINTS = re.compile(r"[，、：；和及]*")
# 上半年4件，下半年5件，全年共9件
_PERIOD = re.compile("上半年|下半年|第?[一二三四]季度")
_ALL_PERIODS = ({"上半年", "下半年"}, {"一季度", "二季度", "三季度", "四季度"})
_IN_TURN = re.compile(
    rf"(?:一至第?四|1至4|1-4|四个|各)季度[^，。；\d]{{0,12}}分别[^，。；\d]{{0,20}}((?:\d{{1,9}}{UNIT}?[、，和]?){{4}})"
)
_OF_YEAR = re.compile("全年|本年|年度|合计|共计|总计|累计|共")
_CHINESE_COUNT = re.compile(
    rf"(?<![第零〇一二两三四五六七八九十百千万])[零〇一二两三四五六七八九十百千万]{{1,12}}(?={UNIT})"
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A total and the parts that the text lists of it.

    ``totals`` are the numbers that may be meant: those before the parts in the same sentence, else those of the
    sentences before. ``one_measure``: all parts are ways of applying, or all are classes. ``complete``: the
    text says that these are all parts. ``beside``: the parts stand right behind their one total, and are
    of what was published. ``by_period``: the parts are of all halves or quarters of the year.
    """

    totals: tuple[int, ...]
    parts: tuple[int, ...]
    one_measure: bool
    complete: bool
    quote: str
    beside: bool = False
    by_period: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part with its percentage as printed, the numbers that the text gives before it, and its one sure total.

    ``label`` is what stands before the part; ``of_all``: the share is of all, and not of something that is named.
    """

    label: str
    of_all: bool
    part: int
    percent: Decimal
    wholes: tuple[int, ...]
    total: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its unit; ``label`` is what stands before it, ``about``: 20余件."""

    label: str
    value: int
    unit: str
    about: bool
    start: int
    end: int


def listings(report: Report) -> list[Listing]:
    """Every total with its parts in the running text, in order."""
    found: list[Listing] = []
    for text in report.texts():
        before: list[str] = []
        for sentence in map(in_digits, sentences(text)):
            found.extend(_listing(sentence, before))
            found.extend(_by_period(sentence))
            before = [*before, sentence][-_SENTENCES_BACK:]
    return found


def shares(report: Report) -> list[Share]:
    """Every percentage in the running text that stands behind the number of a part, in order."""
    found: list[Share] = []
    for text in report.texts():
        before: list[str] = []
        for sentence in map(in_digits, sentences(text)):
            found.extend(_shares(sentence, before))
            before = [*before, sentence][-_SENTENCES_BACK:]
    return found


def in_digits(sentence: str) -> str:
    """The sentence with its counts in plain digits: 三百四十一条 as 341条; what is no number stays."""
    return _CHINESE_COUNT.sub(lambda match: str(_digits_or_text(match[0])), sentence)


def _digits_or_text(text: str) -> int | str:
    number = chinese_number(text)
    return text if number is None else number


def _listing(sentence: str, before: list[str]) -> Iterator[Listing]:
    marker = _marker(sentence)
    if marker is None:
        return
    closing = sentence.find("）", marker.end()) if marker[0].startswith("（") else -1
    sentence = sentence[:closing] if closing >= 0 else sentence
    semicolon = sentence.find("；", marker.end())
    if semicolon >= 0 and len(counts_in(sentence[marker.end() : semicolon])) > 1:
        sentence = sentence[:semicolon]  # 其中甲1条、乙2条；另外……: what comes behind is no part
    counts = counts_in(sentence)
    parts = [
        count
        for count in counts
        if count.start >= marker.start() and count.end > marker.end() and not _is_compared(sentence, count)
    ]
    if not parts:
        parts = _without_unit(sentence, marker, counts)
    units = {part.unit for part in parts}
    if len(parts) < 2 or len(units) != 1 or any(part.about for part in parts):
        return
    own = [count for count in counts if count.end <= marker.start()]
    beside = len(own) == 1 and marker.start() - own[0].end <= 1
    if not own and before and marker.start() == 0 and len(alone := counts_in(before[-1])) == 1:
        # …1709条。其中：机构职能类43条，…
        own, beside = alone, alone[0].end >= len(before[-1]) - 1
    candidates = own or [
        count for earlier in before for count in counts_in(earlier) if _TOTAL.search(count.label) and not count.about
    ]
    totals = tuple(count.value for count in candidates if count.unit in units and not count.about)
    if not totals:
        return
    labels = [part.label for part in parts]
    natural = [bool(_NATURAL.search(label)) for label in labels]
    legal = [bool(_LEGAL.search(label)) for label in labels]
    by_applicant = all(one != other for one, other in zip(natural, legal, strict=True))
    yield Listing(
        totals,
        tuple(part.value for part in parts),
        one_measure=(
            all(_CHANNEL.search(label) for label in labels)
            or all(_CLASS.search(label) for label in labels)
            or (by_applicant and sum(natural) == 1 and len(set(labels)) == len(labels))
            or (beside and _by_content(own, labels))
        ),
        complete=(
            bool(_ALL_PARTS.search(sentence.replace(marker[0], "", 1)))
            or (by_applicant and len(parts) == 2 and _everybody(labels))
        ),
        quote=sentence[(own[0].start if own and own[0].end <= marker.start() else marker.start()) : parts[-1].end],
        beside=beside and _is_published(own[0]),
    )


def _without_unit(sentence: str, marker: re.Match[str], counts: list[Count]) -> list[Count]:
    """The parts behind a marker that are nothing but names and numbers, in the unit of the one total before it."""
    total = [count for count in counts if count.end <= marker.start()]
    if len(total) != 1 or marker.start() - total[0].end > 1:
        return []
    found, at = [], marker.end()
    while at < len(sentence):
        at = _JOINTS.match(sentence, at).end()  # type: ignore[union-attr]
        match = _WITHOUT_UNIT.match(sentence, at)
        if match is None:
            break
        found.append(Count(match["label"], int(match["value"]), total[0].unit, False, match.start(), match.end()))
        at = match.end()
    return found


def _by_period(sentence: str) -> Iterator[Listing]:
    """The halves or quarters of a year with the number of the whole, where the sentence gives them all."""
    if "半年" not in sentence and "季度" not in sentence:
        return
    counts = counts_in(sentence)
    in_turn = _IN_TURN.search(sentence)
    if in_turn is not None:
        parts = [int(number) for number in re.findall(r"\d+", in_turn[1])]
        rest = [count for count in counts if count.start >= in_turn.end() or count.end <= in_turn.start()]
    else:
        named = [(match[0].removeprefix("第"), count) for count in counts if (match := _PERIOD.search(count.label))]
        if {name for name, _ in named} not in _ALL_PERIODS or len({name for name, _ in named}) != len(named):
            return
        parts = [count.value for _, count in named]
        rest = [count for count in counts if not _PERIOD.search(count.label)]
    totals = [count for count in rest if _OF_YEAR.search(count.label) and not count.about]
    if len(totals) == 1:
        yield Listing(
            (totals[0].value,), tuple(parts), False, complete=True, quote=sentence.rstrip("。"), by_period=True
        )


def _marker(sentence: str) -> re.Match[str] | None:
    """Where the parts of a total begin; None where no parts are listed, or two totals' are."""
    markers = list(_PARTS_FOLLOW.finditer(sentence))
    if not markers and (beside := list(_PARTS_BESIDE.finditer(sentence))):
        ends = {count.end for count in counts_in(sentence)}
        markers = [one for one in beside if one.start() in ends]
    return markers[0] if len(markers) == 1 else None


def _by_content(own: list[Count], labels: list[str]) -> bool:
    """Whether what was published is listed by what it is about, so that nothing is counted twice."""
    names = [_LISTED.sub("", label) for label in labels]
    return (
        _is_published(own[0])
        and len(names) >= _FEWEST_BY_CONTENT
        and len(set(names)) == len(names)
        and all(_REST.fullmatch(name) or (2 <= len(name) <= 14 and not _OTHER_MEASURE.search(name)) for name in names)
    )


def _is_published(count: Count) -> bool:
    """Whether a count is of what was published, and not of 申请公开信息."""
    return bool(_PUBLISHED.search(count.label)) and not _ASKED.search(count.label)


def _everybody(labels: list[str]) -> bool:
    """Whether two labels are natural persons and all organisations."""
    return any(_NATURAL.search(label) for label in labels) and any(_ALL_LEGAL.search(label) for label in labels)


def _is_compared(sentence: str, count: Count) -> bool:
    """Whether a count tells of the year before, or by how much this one differs from it."""
    return bool(_DIFFERENCE.search(count.label) or _COMPARISON.search(sentence, 0, count.end))


def _shares(sentence: str, before: list[str]) -> Iterator[Share]:
    if "%" not in sentence:
        return
    counts = counts_in(sentence)
    for match in _SHARE.finditer(sentence):
        own = [count for count in counts if count.end <= match.start("part")]
        earlier = [count for text in before for count in counts_in(text)]
        of_all = "约" not in match[0] and _WHOLE.fullmatch(match["whole"]) is not None
        total = _whole_of(sentence, match, own) if of_all else None
        yield Share(
            match["label"],
            of_all,
            int(match["part"]),
            Decimal(match["percent"]),
            tuple(count.value for count in (*own, *earlier)),
            total,
            match[0],
        )


def _whole_of(sentence: str, share: re.Match[str], own: list[Count]) -> int | None:
    """The one number of which a share of all is a share; None where that is not sure."""
    marker = _PARTS_FOLLOW.search(sentence, 0, share.start("part"))
    before = [count for count in own if marker is None or count.end <= marker.start()]
    if len(before) != 1 or before[0].about:
        return None
    (whole,) = before
    if marker is not None:
        return whole.value if _TOTAL.search(whole.label) or marker.start() - whole.end <= 1 else None
    # Without 其中, what stands right before it, and is called the whole: 共34条，机构职能类24条，占总数的64%.
    begins = share.start("part") - len(share["label"])
    named = bool(_NAMED_WHOLE.search(share["whole"]))
    return whole.value if named and len(own) == 1 and begins - whole.end <= 1 else None


def counts_in(sentence: str) -> list[Count]:
    """Every number with its unit in a sentence of plain digits, in order."""
    return [
        Count(match["label"], int(match["value"]), match["unit"], bool(match["about"]), match.start(), match.end())
        for match in _COUNT.finditer(sentence)
    ]
