"""Titles of annual reports: which are one, which year and which agency they name.

Source of the patterns: fifty-three titles of published reports of 2015 to 2026, and the titles that stand beside them
in the same columns and are none (explanations, notices, systems, circulars).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from report.numerals import YEAR, fold_width, part_of_date, without_space
from report.title_marks import LONGEST_TITLE, LONGEST_WRITTEN, bare_title

_YEAR = re.compile(rf"(?<![0-9])({YEAR})(?:年(?:年?度)?|(?=政[府务]信息公开))")
# How a report is to be called.
STANDARD = "政府信息公开工作年度报告"
# A year without 年: before a name, in brackets, or at the end.
_BARE_YEAR = re.compile(
    rf"^(20[0-9]{{2}})(?=[一-鿿]{{2}})|[（【\[]({YEAR})[）】\]]|(?<=[告报])[-—·]?(20[0-9]{{2}})$|"
    r"（(20[0-9]{2})[./-]0?1[./-]0?1(?![0-9])"
)
_WITHIN = rf"(?:{YEAR}年(?:年?度)?)?"
_TAIL = re.compile(
    rf"(?:关于)?政[府务]信息公开(?:工作)?(?:的)?{_WITHIN}(?:年度?)?(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:报告|年报)"
    rf"|(?:关于)?(?:政府信息|政务公开)(?:工作)?(?:{YEAR}年)?年?度(?:工作)?报告"
)
_SHORT_TAIL = re.compile(
    rf"政[府务]信息公开(?:工作)?{_WITHIN}年报|信息公开(?:工作)?{_WITHIN}(?:年?度?工作)?(?:年?度?报告|年报)"
)
_YEARLY = re.compile(r"年度|年报|20[0-9]{2}|[二两][〇○零]")
_REJECTED = (
    "解读", "图解", "读懂", "通知", "制度", "格式", "指南", "部署会", "培训", "评估报告", "通报", "的函", "动员会",
    "推进会", "工作会", "的公告", "意见征集", "办法", "实施方案", "督查", "考核", "目录", "申请表", "模板", "回执",
)  # fmt: skip
# What may stand behind the tail: a note in brackets, the year, the form of the file, a tail that was pasted twice.
_AFTER = re.compile(
    r"^(?:（(?![^）]*(?:征求|草案|样本|样表|模板|范本|说明|解读))[^）]*）|【[^】]*】|[0-9〇○零一二三四五六七八九]{4}年度?|"
    r"(?:word|pdf|图片|文字|公开|公示|正式|最终|超链)版?|盖章|定稿|终稿|扫描件|全文|正文|附件\d*|(?:工作)?年度报告?|报告|年报|"
    r"书|[-—:：]{0,2}[^（）]{2,20}(?:街道|办事处|镇|乡|局|委|委员会|办|办公室|政府|中心)$|"
    r"[-—]{0,2}(?!.{0,20}(?:发布|公布|专栏|汇总|链接))[^（）]{0,20}(?:网站?|门户|政务公开|信息公开)$|[》”\"'\-—.,，。0-9\[\]·])*",
    re.IGNORECASE,
)
# Several reports under one title: who publishes them together, or has bound them together.
_TOGETHER_BEFORE = re.compile(r"关于(?:集中|统一)?(?:公布|发布|公开|公示)(?!.{0,6}(?:要求|工作))")
_TOGETHER_BEHIND = re.compile(r"^(?:的?(?:汇总|汇编|合集|合订本|集)|[一总]览表?|名单|链接)")
_ANYBODY = re.compile(
    r"关于|集中|统一|公布|发布|公开|公示|本|各|全|部分|有关|相关|[区县市省]|街道|单位|部门|镇街|街镇|乡镇|人民政府|政府|机关|行政|和|及|、"
)
_PART_OF_YEAR = re.compile(r"[上下]半年|季度|月度|月份")
_TELLS = re.compile(r"(?:发布|公布|印发|编制|编发|晒出|召开|开展|收集|上报|报送)$")
_EDGE = "《》“”\"'【】[]()（）·-—_:：,，、。"
_NAME = (
    r"[一-鿿]{1,30}(?:街道|办事处|镇|乡|局|委|委员会|办|办公室|政府|中心|[支大]队|分局|管委会|中学|小学|学校|幼儿园|学院|大学|"
    r"医院|卫生院|保健院|馆|站|联合社|联合会|总局|公司|林场)"
)
# The agency behind the tail: ——某局, （某街道办事处）, （2024年度）某局; or alone on the line below: 某局, （某局）.
_AGENCY_BEHIND = re.compile(rf"^[-—:：（【\[]{{0,3}}({_NAME})[）】\]]?$")
_AGENCY_BELOW = re.compile(
    rf"^[-—（]{{0,3}}(?:(?:填报|编制|报告|发布|公开|报送)?(?:单位|机关)[:：])?({_NAME})(?:（(?:盖章|公章)）)?）?$"
)
_DATE_BELOW = re.compile(r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日(?=）?$)")
_NOTE_BEHIND = re.compile(r"（[^）]{0,6}(?:版|稿|更新|盖章|件)）")
_PERIOD_BEHIND = re.compile(r"（20[0-9]{2}[年./-]0?1[月./-]0?1日?[^（）]{1,4}(?:20[0-9]{2}[年./-])?12[月./-]31日?）")
# A version after the first one: in brackets, or behind the tail.
_REVISED = re.compile(
    r"(?:（[^）]{0,8}|【[^】]{0,8}|\[[^\]]{0,8}|(?:报告|年报)[^（）]{0,6})"
    r"(?:修订|订正|更正|修正|修改|更新|补充|补正|勘误|变更|(?:重新|再次)(?:发布|公布|公开)|第[二三四]版|新版)"
)
_SITE_OR_YEAR_BEHIND = re.compile(rf"^(?:[-—–|·]|{YEAR}$)")
_YEAR_ALONE = re.compile(rf"^[(（【\[]?{YEAR}(?:年度?)?[)）】\]]?$")
_EMPTY_BRACKETS = re.compile(r"（）|【】|\[\]")
_NO_NAME = re.compile(r"信息公开|年报|首页|网站|专栏")
# Names of columns and pages, which are no agency.
_COLUMN = re.compile(
    r"(?:政[府务])?(?:信息公开|政务公开)(?:工作)?(?:年报|年度报告|专栏|栏目|内容)?|法定主动公开内容|年报|年度报告|首页|公开|正文|通知公告"
)
# A site before the agency: 某区人民政府门户网站, or the name of its government: 某区人民政府某区水务局.
_SITE = re.compile(r"^[一-鿿]{2,20}?(?:门户网站|政府网站|人民政府网|政务网|信息网)(?!络|格|管理|中心|站)")
_GOVERNMENT_TWICE = re.compile(r"^([一-鿿]{2,12}?[省市县区旗州])人民政府(?=\1[一-鿿]{2})")
_COLUMN_BEHIND = re.compile(r"(?<=.)(?:政[府务])?(?:信息公开|政务公开)(?:专栏|栏目)?$")
_OTHER_DOCUMENT = re.compile(
    r"预算|决算|指南|目录|制度|办法|要点|总结|计划|规划|方案|条例|规定|细则|公报|公示|公告|通告|通知|意见|批复|函|清单|"
    r"法治政府|网站|报表|行政执法|双随机|会议|召开|招聘|招标|采购|年鉴|白皮书|普法|信用|审计|绩效|财政|自查|评估|考核|"
    r"申请表|流程|机构|职责|领导|党|督查|整改|演练|活动|讲座|培训|简报|讲话|致辞|任免|信箱|问答|投诉|举报"
)


class TitleKind(StrEnum):
    """What a title names. ABOUT_REPORT: something on or around a report; COLLECTION: several
    reports under one title; NO_WORDS: nothing that says what it is.
    """

    REPORT = "report"
    INTERPRETATION = "interpretation"
    NOTICE = "notice"
    ABOUT_REPORT = "about_report"
    COLLECTION = "collection"
    PART_OF_YEAR = "part_of_year"
    NOT_YEARLY = "not_yearly"
    COLUMN_NAME = "column_name"
    OTHER_DOCUMENT = "other_document"
    NO_WORDS = "no_words"
    NO_TITLE = "no_title"


# What stands beside a report, in the same column or on the same page, and is never taken for it.
BESIDE_A_REPORT = frozenset({TitleKind.INTERPRETATION, TitleKind.NOTICE})
_INTERPRETATIONS = ("解读", "图解", "读懂")


@dataclass(frozen=True, slots=True)
class TitleJudgement:
    """What a title says: whether it names an annual report; its year and agency; what it is, and why it is no report.

    ``reason`` is a sentence for people, ``kind`` what a program decides on.
    """

    is_report: bool
    year: int | None = None
    agency_text: str | None = None
    reason: str | None = None
    kind: TitleKind = TitleKind.REPORT


def judge_title(text: str) -> TitleJudgement:
    """Judges one title of a list or a page; ``reason`` is one Chinese sentence where it is no report."""
    return _judged(text[:LONGEST_WRITTEN])


@lru_cache(maxsize=4096)
def _judged(text: str) -> TitleJudgement:
    letters = bare_title(text)
    if not letters or len(letters) > LONGEST_TITLE:
        return TitleJudgement(False, reason="标题为空或过长", kind=TitleKind.NO_TITLE)
    year = year_in(letters)
    match = _TAIL.search(letters) or _SHORT_TAIL.search(letters)
    if match is None:
        explains = next((word for word in _INTERPRETATIONS if word in letters), None)
        if explains is not None:
            reason = f"标题含“{explains}”，不是年度报告本身"
            return TitleJudgement(False, year, reason=reason, kind=TitleKind.INTERPRETATION)
        other = _OTHER_DOCUMENT.search(letters) is not None
        kind = TitleKind.OTHER_DOCUMENT if other else TitleKind.NO_WORDS
        return TitleJudgement(False, year, reason="标题里没有“政府信息公开工作年度报告”", kind=kind)
    agency, behind = _agency(letters, match)
    around = letters[: match.start()] if agency else ""
    together = _TOGETHER_BEHIND.match(behind) or _TOGETHER_BEFORE.search(letters[: match.start()])
    if together and not _ANYBODY.sub("", agency):
        reason = "标题说的是多份年度报告，须打开核对"
        return TitleJudgement(False, year, reason=reason, kind=TitleKind.COLLECTION)
    rejected = next((word for word in _REJECTED if word in behind or _announces(word, around)), None)
    if rejected is not None:
        kind = TitleKind.INTERPRETATION if rejected in _INTERPRETATIONS else TitleKind.NOTICE
        return TitleJudgement(False, year, reason=f"标题含“{rejected}”，不是年度报告本身", kind=kind)
    about = TitleKind.ABOUT_REPORT
    if rest := _AFTER.sub("", behind, count=1):
        return TitleJudgement(
            False, year, reason=f"标题在年度报告之后还写着“{rest[:20]}”，不是年度报告本身", kind=about
        )
    if (part := _PART_OF_YEAR.search(letters)) is not None:
        reason = f"标题含“{part[0]}”，不是全年的报告"
        return TitleJudgement(False, year, reason=reason, kind=TitleKind.PART_OF_YEAR)
    if (tells := _TELLS.search(agency)) is not None:
        return TitleJudgement(False, year, reason=f"标题说的是“{tells[0]}”年度报告，不是年度报告本身", kind=about)
    if not _YEARLY.search(letters):
        return TitleJudgement(False, year, reason="标题没有说是年度报告", kind=TitleKind.NOT_YEARLY)
    if year is None and not agency:
        reason = "标题既没有机关也没有年度，多半是栏目名"
        return TitleJudgement(False, reason=reason, kind=TitleKind.COLUMN_NAME)
    return TitleJudgement(True, year, agency or None)


def agency_below(line: str) -> str | None:
    """The agency that stands alone on the line below a title that names none."""
    if len(line) > LONGEST_TITLE:
        return None
    match = _AGENCY_BELOW.match(_DATE_BELOW.sub("", bare_title(line)))
    return match[1] if match is not None else None


def is_column_alone(line: str) -> bool:
    """Whether a line is the name of a column: 信息公开年报. A title in pieces may have such a line, too."""
    return len(line) <= LONGEST_TITLE and bool(_COLUMN.fullmatch(without_space(fold_width(line))))


def is_year_alone(line: str) -> bool:
    """Whether a line is a year and nothing else: （2024年度）, of a title whose other lines name none."""
    return len(line) <= LONGEST_TITLE and bool(_YEAR_ALONE.match(without_space(fold_width(line))))


def _agency(letters: str, tail: re.Match[str]) -> tuple[str, str]:
    """The agency that a title names before its tail or behind it, and what else stands behind it."""
    before = _BARE_YEAR.sub("", _YEAR.sub("", letters[: tail.start()]))
    agency = _without_edges(_without_edges(before).removesuffix("关于"))
    behind = letters[tail.end() :]
    agency = _SITE.sub("", _GOVERNMENT_TWICE.sub("", agency))
    agency = "" if _COLUMN.fullmatch(agency) else _COLUMN_BEHIND.sub("", agency)
    if agency.endswith("人民") and tail[0].startswith("政府"):
        agency += "政府"  # 某镇人民政府信息公开: the name and the wording share two letters
    if not agency and (named := _agency_behind(behind)) is not None:
        return named, ""
    return agency, behind


def _agency_behind(behind: str) -> str | None:
    """The agency that alone stands behind the tail, with the year and a note of the copy or without."""
    match = _AGENCY_BEHIND.match(_without_notes(behind))
    if match is None or _NO_NAME.search(match[1]):
        return None
    # Behind one stroke the site stands as often: 年度报告-某区人民政府.
    is_site = match[1].endswith("人民政府") and re.match(r"[-–][^-—–]", behind)
    return None if is_site else match[1]


def left_behind(text: str, wording: str) -> str:
    """What stands behind the wording in a title and is neither year nor agency, nor a note of the copy."""
    behind = bare_title(text).rpartition(wording)[2]
    if _agency_behind(behind) is not None or _SITE_OR_YEAR_BEHIND.match(behind):
        return ""
    return _without_notes(behind).strip(_EDGE)


def is_revised(text: str) -> bool:
    """Whether a title says that there was an earlier version of the same report: （修订版）, （更正）, （重新发布）."""
    return _REVISED.search(fold_width(text[:LONGEST_WRITTEN]).replace("(", "（").replace(")", "）")) is not None


def _without_notes(behind: str) -> str:
    bare = _NOTE_BEHIND.sub("", behind)
    return _EMPTY_BRACKETS.sub("", _YEAR.sub("", _BARE_YEAR.sub("", _PERIOD_BEHIND.sub("", bare))))


def _without_edges(text: str) -> str:
    """A text without marks at its edges; a bracket that closes one inside it stays: 教育局（体育局）."""
    bare = text.strip(_EDGE)
    end = text.find(bare) + len(bare)
    return bare + "）" if bare and bare.count("（") > bare.count("）") and text[end : end + 1] == "）" else bare


def _announces(word: str, before: str) -> bool:
    """Whether a rejecting word before the tail announces something else; agencies are called 考核办 or 督查室 too."""
    if word in ("解读", "图解", "读懂", "部署会", "动员会", "推进会", "通报", "培训"):
        return word in before
    return "关于" in before and word in before


def year_in(text: str) -> int | None:
    """The first year a title names (2023年, 二〇二三年度), None where it names none."""
    letters = without_space(fold_width(text[: 4 * LONGEST_TITLE])).replace("(", "（").replace(")", "）")
    match = _YEAR.search(letters)
    if match is None:
        bare = _BARE_YEAR.search(letters)
        return _year(next(group for group in bare.groups() if group)) if bare is not None else None
    return _year(match[1])


def _year(written: str) -> int | None:
    year = part_of_date(written)
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
