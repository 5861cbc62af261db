"""Another body's name where a report names the body that reports: what is left when a report was made from another's.

A report speaks of other bodies on purpose, too: of its superiors, of whom it trained, of what was passed on to it, of
whom it reports to. Only four places are taken: whose report this is, who compiled it, to whom the requests were
addressed, and (in a street's or town's report) which street or town received them. That any other body received
requests is doubtful: it may be a unit of this one, or one that passed them on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from report.agency_names import KINDS, is_one_of, is_street_or_town, of_another_place
from report.numerals import YEAR
from report.report import Report
from report.text.own_names import Speaker
from report.text.sentences import normalised, sentences
from report.titles import year_in

_HAN = r"[\u4e00-\u9fff]"
_KIND = "|".join(KINDS)
_YEAR = rf"{YEAR}年度?"
_OWN_REPORT = re.compile(
    rf"(?P<name>{_HAN}{{3,40}})(?P<year>{_YEAR})(?:的)?政府信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)"
    r"(?!编制|要求|格式|模板|工作|撰写|报送|的(?:要求|通知|格式|函))"
)
_INTRODUCES = re.compile(r"现将|现公布|现发布|现予|特编制|特制作|兹公布|编制(?:了|完成)?(?!.{0,20}要求)|公布如下")
# What stands before the name of another text that the report goes by.
_GOES_BY = re.compile(r"^(?:按照?|根据|依据|依照|遵照|参照|参考|对照|借鉴|结合|和|及|与|以及|向|给|对|经|受|应)")
_VERBS = re.compile(
    r"^.*(?:公布|发布|编制|制作|形成|撰写|起草|公开|现将|特将|制定|拟定|报告是|报告为|报告由|"
    r"报告|报送|上报|呈报|提交|的(?=.{4})|了(?=.{4}))"
)
_ANOTHER_TEXT = re.compile(
    r"关于|通知|印发|来函|的函|转发|指导|督促|审核|汇总|检查|各(?:单位|部门|街道|镇|乡)|已[^，。]{0,10}(?:公布|发布)|据此|体例|获评|评为|荣获|学习|借鉴"
)
_COMPILED = re.compile(
    rf"本(?:年度)?报告(?:是|系)?由(?P<name>{_HAN}{{2,30}}?(?:{_KIND}))(?=根据|依据|按照|依照|按|组织|负责|编制|编写|制作|，)"
)
_INTERNAL = re.compile(r"^(?!.*(?:街道|镇|乡|局|区|县|市|省|政府)).*(?:办公室|办|中心|委|委员会)$")
_OFFICE_WITHIN = re.compile(rf"{_HAN}{{0,12}}(?:办公室|室|科|股|处|组|办)")
_ADDRESSED = re.compile(
    rf"(?:收到|受理|接收|接到|办理)[^。；]{{0,40}}?向(?P<names>{_HAN}{{2,30}}?(?:{_KIND}))(?:提出|提交|递交)[^。；]{{0,30}}?\d+件"
)
_PASSED_ON = re.compile(
    r"转办|转来|转交|转送|转[由我本至到请给]|已转|移送|移交|协助|代为|代办|征求|会同|咨询|举报|投诉|"
    r"承办|承接|分办|派发|交办|以[^，。]{2,12}名义|代[^，。]{1,10}(?:答复|办理|拟|起草)"
)
_AND = re.compile(r"以?及|和|与|、")
_OURSELVES = re.compile(r"^(?:我|本|各|该|其|全|相关|有关|上级|下级|行政机关|所属|不同|多个)")
_RECEIVED = (
    rf"(?:^|[，；：])(?:{_YEAR}，?|(?:全年|年内|本年度?)，?)?(?P<name>{_HAN}{{1,24}}?(?:%s))(?:{_YEAR})?"
    r"(?:全年|本年度?)?(?:共|共计|累计)?(?:新)?(?:收到|受理)(?:公民[^，。；\d]{0,20})?(?:政府)?信息(?:依申请)?公开申请\d"
)
_STREET_OR_TOWN_RECEIVED = re.compile(_RECEIVED % "街道办事处|街道|镇人民政府|镇|乡人民政府|乡")
_ANYBODY_RECEIVED = re.compile(_RECEIVED % _KIND)
_FORMERLY = re.compile(r"原|撤销|合并|并入|更名|前身")


@dataclass(frozen=True, slots=True)
class OtherBody:
    """``name`` stands where the reporting body's should; ``quote`` is where.

    ``certain``: it is another body; else it may be one of its units, its superior or a former name.
    """

    name: str
    quote: str
    certain: bool = True


def other_bodies(report: Report, names: Sequence[str], government: bool) -> list[OtherBody]:
    """Every other body that the text takes for the one that reports; ``names`` are all names of that.

    ``government``: the report is a government's, which speaks for many bodies and is compiled by one of them.
    """
    found: dict[str, OtherBody] = {}
    names = _with_second_names(names)
    own = Speaker(tuple(names), government)
    for other in _all(report, names, government):
        if of_another_place(other.name, names):
            found.setdefault(other.name, other)
        elif not _is_own(other.name, own):
            found.setdefault(other.name, replace(other, certain=other.certain and not is_one_of(other.name, names)))
    return list(found.values())


def _is_own(name: str, own: Speaker) -> bool:
    """Whether a name is the reporting body's as it calls itself, or that of an office within it."""
    if own.is_own(name):
        return True
    first = next((end for start, end in own.spans(name) if start == 0), 0)
    return first == len(name) or (first > 0 and bool(_OFFICE_WITHIN.fullmatch(name, first)))


def _with_second_names(names: Sequence[str]) -> list[str]:
    """The names, and of one with a second in brackets both: 教育局（体育局）, 数据局（原大数据中心）."""
    parts = (re.split(r"[（）]", normalised(name)) for name in names)
    return [part.removeprefix("原") for whole in parts for part in ("".join(whole), *whole) if part]


def _all(report: Report, names: Sequence[str], government: bool) -> Iterator[OtherBody]:
    street_or_town = any(is_street_or_town(name) for name in names)
    for sentence in sentences(report.opening):
        yield from _whose_report(sentence, report.year)
    for text in report.texts():
        for sentence in sentences(text):
            if not government and (match := _COMPILED.search(sentence)) and not _INTERNAL.match(match["name"]):
                yield OtherBody(match["name"], match[0])
            if _PASSED_ON.search(sentence):
                continue
            if match := _ADDRESSED.search(sentence):
                yield from _addressees(match, names)
            if government or _FORMERLY.search(sentence):
                continue
            if street_or_town and (match := _STREET_OR_TOWN_RECEIVED.search(sentence)):
                yield from _recipient(match, certain=True)
            elif match := _ANYBODY_RECEIVED.search(sentence):
                yield from _recipient(match, certain=False)


def _recipient(match: re.Match[str], *, certain: bool) -> Iterator[OtherBody]:
    if not _OURSELVES.match(match["name"]):
        yield OtherBody(match["name"], match[0].lstrip("，；："), certain)


def _whose_report(sentence: str, year: int | None) -> Iterator[OtherBody]:
    if _ANOTHER_TEXT.search(sentence):
        return
    for match in _OWN_REPORT.finditer(sentence):
        if year is not None and year_in(match["year"]) != year and not _INTRODUCES.search(sentence):
            continue  # another's of another year is no left-over of this one, but where the sentence presents it
        name = _VERBS.sub("", match["name"])
        if _GOES_BY.match(match["name"]) or _GOES_BY.match(name):
            continue
        if len(name) > 3 and re.search(rf"(?:{_KIND})$", name) and not _OURSELVES.match(name):
            yield OtherBody(name, name + match[0][len(match["name"]) :])


def _addressees(match: re.Match[str], names: Sequence[str]) -> Iterator[OtherBody]:
    """The bodies to which the requests were addressed, if none of them is the one that reports."""
    addressees = [name for name in _AND.split(match["names"]) if name]
    if any(_OURSELVES.match(name) or is_one_of(name, names) for name in addressees):
        return
    yield OtherBody(addressees[0], match[0])
