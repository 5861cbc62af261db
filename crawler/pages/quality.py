"""What an answer is, before anything is read from it: a page, a block, an error, a shell, the home page.

A block page often has status 200, and an error page the layout of the portal; what is not the page that was asked for
is never taken for one on which nothing was published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.pages.page import Page
from ledger.states import PortalState

# Marks of script challenges and firewalls, wherever they stand in the source: looked for in small letters, which is ten
# times as fast as to look for either case.
_CHALLENGES = re.compile(
    r"\$_ts\s*=|__jsl_clearance|acw_sc__v2|_waf_|nsfocus|cf-chl|challenge-platform|incapsula|/wzwsrel|"
    r"创宇盾|玄武盾|网站防火墙|云防护节点|访问被拦截|您的访问被阻断|请求存在(?:威胁|异常)|可能对网站造成(?:安全)?威胁"
)
# Marks that a short page needs beside them: a real page may have a search box with a captcha.
_CAPTCHAS = re.compile(
    r"请(?:输入|完成).{0,8}验证|安全验证|滑动验证|人机验证|访问验证|captcha|Access Denied|Request (?:blocked|Rejected)",
    re.IGNORECASE,
)
_ERRORS = re.compile(
    r"404|页面不存在|找不到(?:该|您|此)?.{0,6}(?:页面|网页|文件)|页面未找到|无法找到|已被删除|Not Found|"
    r"出错(?:了|啦)|系统错误|Internal Server Error|Bad Gateway|Service Unavailable|HTTP Status|Error",
    re.IGNORECASE,
)
_HOME_WORDS = re.compile(r"门户网站|网站首页|首页|官方网站|政府网|[_\-—|\s]")
SHORT = 800
SHELL = 20


@dataclass(frozen=True, slots=True)
class Quality:
    """What an answer is, and one sentence where it is not what was asked for.

    ``not_there`` marks answers that say (in whatever way) that there is no such page, ``in_parts`` pages of which only
    pieces are garbled: of a list the others can be read.
    """

    found: PortalState
    sentence: str = ""
    not_there: bool = False
    in_parts: bool = False

    @property
    def good(self) -> bool:
        """Whether the answer can be read."""
        return self.found is PortalState.HEALTHY


GOOD = Quality(PortalState.HEALTHY)
CUT_SHORT = Quality(PortalState.UNREACHABLE, "连接在文件传完之前断开（没有写明长度，也没有结尾），不是完整的文件")
GARBLED_IN_PARTS = Quality(
    PortalState.LAYOUT_CHANGED, "网页的一部分文字是乱码（编码与其余不同），无法辨认", in_parts=True
)


def judge(page: Page, start: str) -> Quality:
    """Judges an answer of the portal that begins at ``start``; bytes of documents are judged by their status only."""
    source = page.text if page.is_html else ""
    if page.is_html:
        blocked = _judge_block(page, source)
        if blocked is not None:
            return blocked
    if page.status in (401, 403, 405, 407, 412, 429, 444, 451, 521):
        return Quality(PortalState.BLOCKED, f"门户拒绝访问（状态码 {page.status}）")
    if page.status in (404, 410):
        return Quality(PortalState.LAYOUT_CHANGED, f"门户回答没有这个页面（状态码 {page.status}）", not_there=True)
    if page.status >= 500 or page.status == 408:
        return Quality(PortalState.UNREACHABLE, f"门户服务器出错（状态码 {page.status}）")
    if page.status != 200:
        return Quality(PortalState.LAYOUT_CHANGED, f"门户的回答无法使用（状态码 {page.status}）", not_there=True)
    if not page.body:
        return Quality(PortalState.LAYOUT_CHANGED, "门户的回答是空的")
    return _judge_page(page, start) if page.is_html else GOOD


def _judge_block(page: Page, source: str) -> Quality | None:
    short = len(page.visible_text) < SHORT
    if short and _CHALLENGES.search(source.lower()):
        return Quality(PortalState.BLOCKED, f"防火墙以拦截或脚本验证页面作答（状态码 {page.status}），未取得内容")
    if short and (match := _CAPTCHAS.search(page.title + " " + page.visible_text)):
        return Quality(PortalState.BLOCKED, f"门户要求验证（页面上写着“{match[0]}”），未取得内容")
    return None


def _judge_page(page: Page, start: str) -> Quality:
    text = page.visible_text
    data = page.media_type.endswith("xml") and page.media_type != "application/xhtml+xml"
    if len(text) < SHELL and not data and not any(True for _ in page.tree.iter("img", "iframe", "embed", "object")):
        return Quality(PortalState.LAYOUT_CHANGED, "页面只有空壳，没有文字")
    if len(text) < SHORT // 2 and (match := _ERRORS.search(_heading(page))):
        return Quality(PortalState.LAYOUT_CHANGED, f"打开的是出错页面（“{match[0]}”）", not_there=True)
    if page.cut:
        return Quality(PortalState.LAYOUT_CHANGED, "网页的元素一层套一层，超过 2000 层，没有读全")
    if page.garbled and not page.garbled_in_parts:
        return Quality(PortalState.LAYOUT_CHANGED, "网页文字是乱码（声明的编码与实际不符），无法辨认")
    if is_home_page(page, start):
        return Quality(PortalState.LAYOUT_CHANGED, "打开的是网站首页，不是所要的页面", not_there=True)
    return GARBLED_IN_PARTS if page.garbled else GOOD


def _heading(page: Page) -> str:
    return page.title + " " + " ".join(h.text_content() for h in page.tree.iter("h1", "h2"))


def is_home_page(page: Page, start: str) -> bool:
    """Whether the portal showed its home page instead of what was asked for."""
    if _is_root(page.asked):
        return False
    if _is_root(page.address) and urlsplit(page.address).hostname == urlsplit(start).hostname:
        return True
    labels = page.labels
    if labels.get("articletitle") or labels.get("columnname"):
        return False
    site = _HOME_WORDS.sub("", labels.get("sitename", ""))
    title = _HOME_WORDS.sub("", page.title)
    return bool(page.title) and (title == "" or (site != "" and title == site))


def _is_root(address: str) -> bool:
    return urlsplit(address).path.rstrip("/") in ("", "/index.html", "/index.htm", "/index.shtml")
