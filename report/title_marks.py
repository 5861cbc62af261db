"""What portals print before, behind and around a title, and what is no part of it.

A list, the head of an article and the title of a window add the way to the page (首页>年报>…), elements of the page
(索引号, 发布时间, 浏览次数), the site (_某区人民政府), marks in brackets (【年报】) and ornaments.
"""

from __future__ import annotations

import re
from functools import lru_cache

from report.numerals import YEAR, fold_width, without_space

_DAY = r"20[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?"
_CLOCK = r"(?:[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
LONGEST_TITLE = 120
# As it is written, with blanks and marks: of what is longer the beginning is too long already.
LONGEST_WRITTEN = 8 * LONGEST_TITLE
_FILE = re.compile(r"\.(?:pdf|docx?|wps|html?|shtml|txt|ofd|rtf)$", re.IGNORECASE)
# Elements of a page with their labels: what stands behind one of those that end a title is the portal's too.
_ELEMENT = (
    r"(?:索\s?引\s?号|主题分类|信息分类|体裁分类|组配分类|公开类别|发文(?:机关|机构|字号)|发布(?:机构|单位|者)|公开(?:机构|主体|方式)|"
    r"(?:发布|公布|成文|公开|生成|更新|创建|生效|发文)(?:时间|日期)|(?:信息|稿件|文章)?来源|文\s?号|作者|责任编辑|编辑|"
    r"(?:浏览|阅读|点击|访问)(?:次数|量|数)|字号|字体|有效性)"
)
_ELEMENTS_BEFORE = re.compile(rf"^(?:{_ELEMENT}\s?[:：]\s?[^\s:：]{{1,40}}\s+){{1,8}}")
_ELEMENT_BEHIND = re.compile(rf"[(（【\[]?{_ELEMENT}\s?[:：].*$", re.DOTALL)
_BUTTONS_BEHIND = re.compile(
    r"(?:[【\[（]?(?:字[体号](?:[:：]?(?:[大中小]|默认|超大)\s?){0,4}|打印(?:本页|此页)?|关闭(?:窗口|本页)?|收藏(?:本页)?|返回(?:顶部|列表)?|"
    r"分享(?:到|至)?[:：]?|扫一扫.{0,12}|保护视力色.{0,4})[】\]）]?\s?){1,6}$"
)
# The way to the page; a title has no such sign inside.
_WAY = re.compile(r"\s?[>»›→]{1,3}\s?")
_WAY_BEGINS = re.compile(r"^\s?(?:您?(?:现在|当前)?(?:所在)?的?位置\s?[:：]?\s?)?(?:网站)?首\s?页\s?/")
_END_OF_WAY = frozenset({"正文", "详情", "内容", "浏览", "查看", "文章", "信息", ""})
_SIDES = re.compile(r"[_|｜]|\s[-–—]{1,2}\s")
_SITE_BEFORE = re.compile(
    r"^[\u4e00-\u9fff]{2,20}?(?:门户网站|政府网站|政府网|政务网|信息网|公开平台|公开专栏)(?:\s?[_|｜>:：\-—]{1,2}\s?|\s+)"
)
_OF_REPORT = re.compile(r"信息公开.{0,16}(?:报告|年报)")
_NO_REPORT = re.compile(r"解读|图解|读懂|通知|通报|公告|新闻|动态|部署|培训|会议|专栏|汇总|模板|格式|意见|问答|说明")
# Marks in brackets before a title: 【年报】, [区水务局], （附件1）; not a year, nor what says that this is no report.
_BRACKETED = re.compile(r"^[【\[〖（]([^】\]〗）【\[〖（]{1,14})[】\]〗）](?=.{6})")
_NAMES_AGENCY = re.compile(r"(?:街道|办事处|镇|乡|局|委|委员会|办|办公室|政府|中心|大队|分局|管委会|学校|医院|院|馆)$")
_YEAR_OR_REPORT = re.compile(rf"^(?:{YEAR}年?度?)?(?:政[府务]|信息公开)")
_MARK_BEHIND = re.compile(
    rf"(?:[（【\[]{_DAY}{_CLOCK}[）】\]]|(?<![-—–~～至到.0-9]){_DAY}{_CLOCK}|[（【\[]?(?<![0-9./-])[0-9]{{1,2}}[-/][0-9]{{1,2}}[）】\]]?|"
    r"[（【\[]?(?:(?<![a-z])(?:new!?|hot)|置顶|最新)[）】\]]?|[（【\[](?!20[0-9]{2}[）】\]])[0-9]{1,7}次?[）】\]]|"
    r"[（【\[]?(?:浏览|阅读|点击)(?:次数|量|数)?[:：]?[0-9]{1,9}次?[）】\]]?|"
    r"[（【\[]?(?:pdf|word|docx?|文件)?(?:下载|查看|预览|查看全文|阅读全文)[）】\]]?|[（【\[]图[）】\]]|[·•>»]{1,3})$",
    re.IGNORECASE,
)
_MARK_BEFORE = re.compile(
    rf"^(?:附件[0-9一二三四五六]{{0,2}}[:：.、]?|[（【\[]?(?:(?:new!?|hot)(?![a-z])|置顶|最新)[）】\]]?|(?:标题|(?:信息|文件|公文)?名\s?称|题名)[:：]|"
    rf"[0-9]{{1,3}}[.、]|[·•▪■◆※☆★>»]{{1,3}}|[（【\[]?{_DAY}{_CLOCK}[）】\]]?|[0-9]{{2}}[-/][0-9]{{2}}(?=[\u4e00-\u9fff])|"
    r"[一-鿿]{1,12}[〔\[（]20[0-9]{2}[〕\]）][0-9]{1,4}号)",
    re.IGNORECASE,
)
_MOST_MARKS = 6
_PORTAL_LINE = re.compile(
    rf"^\s*(?:[（【\[]?{_ELEMENT}\s?[:：]|您?(?:现在|当前)?(?:所在)?的?位置\s?[:：]|(?:网站)?首\s?页\s?[>»›→/]|【?字[体号]\s?[:：]|"
    rf"{_DAY}\s*(?:{_CLOCK})\s*(?:{_ELEMENT}|$))"
)
_LONGEST_PORTAL_LINE = 200


def bare_title(text: str) -> str:
    """A title without blanks, widths, extension, and what portals print before, behind and around it."""
    return _bare(text[:LONGEST_WRITTEN])


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    written = _without_way(_without_elements(fold_width(text).strip()))
    letters = without_space(_without_sides(written)).replace("(", "（").replace(")", "）").replace("_", "")
    for _ in range(_MOST_MARKS):
        shorter = _without_bracketed(_MARK_BEHIND.sub("", _MARK_BEFORE.sub("", letters)))
        shorter = _FILE.sub("", _BUTTONS_BEHIND.sub("", shorter))
        if shorter == letters or not shorter:
            break
        letters = shorter
    return letters


def without_mark_before(title: str) -> str:
    """A title as it is printed, without what a portal or a cover sheet prints before it: 附件：, a document number."""
    return _MARK_BEFORE.sub("", title.strip()).strip()


def is_portal_line(line: str) -> bool:
    """Whether a line at the head of an article is the portal's: 发布时间：2025-01-20 来源：某局, 首页 > 年报."""
    return len(line) <= _LONGEST_PORTAL_LINE and bool(_PORTAL_LINE.match(fold_width(line)))


def _without_elements(written: str) -> str:
    """Elements of the page before a title, where blanks part them, and behind it."""
    shorter = _ELEMENTS_BEFORE.sub("", written)
    report = _OF_REPORT.search(shorter)
    return shorter if report is None else shorter[: report.end()] + _ELEMENT_BEHIND.sub("", shorter[report.end() :])


def _without_way(written: str) -> str:
    parts = written.split("/") if _WAY_BEGINS.match(written) else _WAY.split(written)
    parts = [bare for part in parts if (bare := part.strip()) not in _END_OF_WAY]
    return parts[-1] if parts else written


def _without_sides(written: str) -> str:
    """The part of a window's title that is the article's: 某局2024年…年度报告_年报_某区人民政府."""
    site = _SITE_BEFORE.match(written)
    if site is not None and _OF_REPORT.search(written, site.end()):
        written = written[site.end() :]
    parts = _SIDES.split(written)
    at = next((number for number, part in enumerate(parts) if _OF_REPORT.search(part)), None)
    if len(parts) == 1 or at is None:
        return written
    report = without_space(parts[at])
    named = not _YEAR_OR_REPORT.match(report) and not report.startswith(("年", "度"))
    before = "" if named else "".join(parts[:at])
    behind = "".join(parts[at + 1 :])
    if not _NO_REPORT.search(behind):
        behind = "" if before or named else _agency_among(parts[at + 1 :])
    return f"{before}{parts[at]}{behind}"


def _agency_among(parts: list[str]) -> str:
    """An agency that stands beside a title that names none; the site's own name is no agency."""
    first = without_space(parts[0]) if parts else ""
    return f"（{first}）" if _NAMES_AGENCY.search(first) and not first.endswith("政府") else ""


def _without_bracketed(letters: str) -> str:
    match = _BRACKETED.match(letters)
    if match is None:
        return letters
    inside, rest = match[1], letters[match.end() :]
    if re.match(YEAR, inside):
        return inside + rest
    if _NO_REPORT.search(inside) or (_NAMES_AGENCY.search(inside) and _YEAR_OR_REPORT.match(rest)):
        return letters
    return rest
