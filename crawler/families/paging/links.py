"""Pagers whose addresses stand in the page: links, options and form buttons called 下一页, 尾页, 3.

Where such a link leads on the portal's own host it is followed, whatever its address is made of. What is called so and
leads nowhere that can be told (``javascript:goPage(2)``, a form that a script sends) is a pager all the same: whoever
reads on knows that there may be more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from crawler.families.paging.functions import Functions, form_address
from crawler.families.paging.pager import MOST_PAGES, ShownPager, System
from crawler.families.paging.words import Word, is_block, number_of, word_of
from crawler.pages.canonical import canonical, resolve
from crawler.pages.page import Page, visible_text
from report.titles import judge_title

_LOCATION = re.compile(
    r"location(?:\.href)?\s{0,9}(?:=|\.(?:replace|assign)\s{0,9}\()\s{0,9}[\"']([^\"'\s<>+]{1,300})[\"']\s{0,9}[);]?\s{0,9}"
    r"(?:;?\s{0,9}return (?:false|true))?\s{0,9};?\s{0,9}$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"^\s{0,9}(?:#.{0,40}|javascript:\s{0,9}(?:void\s{0,9}\(?\s{0,9}[0\"']{0,2}\s{0,9}\)?)?\s{0,9};?)?\s{0,9}$",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"(?:^|[\s_-])(?:disabled?|nolink|no-link|unable|off|p_no_d|p_next_d|gray|grey)(?:$|[\s_-])", re.IGNORECASE
)
_CLICKED = ("a", "area", "button", "input", "option")
_TEXTS = ("span", "div", "li", "em", "i", "b", "p")
_DIGITS = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.\w{1,6}$")
_MOST_ELEMENTS = 40_000
_LEVELS = 3
_NEXT_PICTURE = re.compile(r"next|xiayiye|xyy|(?:^|[_-])(?:right|xia)")
_TO_THE_RIGHT = re.compile(r"next|right")
_LOADING = re.compile(r"(?:正在|努力|数据)?加载中?|loading", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)
_HIDDEN_NAME = re.compile(r"(?:^|[\s_-])(?:hide|hidden|none|invisible)(?:$|\s)")
_TURNS_PICTURES = re.compile(r"slide|swiper|focus|banner|carousel|flash|calendar|rili|lunbo", re.IGNORECASE)
_NUMBERED = ("data-page", "data-num", "data-index", "data-p", "data-pageno", "jp-data")
_JUMP = re.compile(r"(?:转到|跳转|跳到|跳至|前往|到第).{0,12}页|转到第?$")
_LONGEST_JUMP = 60
_NUMBERS_ALONE = re.compile(r"[\d\s\[\]【】（）()|·«»‹›<>.…-]{3,200}$")


@dataclass(frozen=True)
class _Token:
    """A link, button or option with a pager's name."""

    element: HtmlElement
    name: str
    word: Word
    page: Page
    functions: Functions

    @property
    def is_link(self) -> bool:
        """Whether it is something to be clicked."""
        return self.element.tag in _CLICKED or self._script != ""

    @property
    def is_off(self) -> bool:
        """Whether it is shown as something that does nothing here."""
        for element in (self.element, self.element.getparent()):
            if element is None:
                continue
            named = element.get("class") or ""
            if (
                element.get("disabled") is not None
                or element.get("aria-disabled") == "true"
                or _OFF.search(named[:200])
            ):
                return True
        return False

    @property
    def is_inert(self) -> bool:
        """Whether nothing shows that a click does anything; a script may do it all the same."""
        return self._script == "" and _NOTHING.match((self.element.get("href") or "")[:80]) is not None

    @cached_property
    def address(self) -> str | None:
        """Where it leads, as far as the page itself tells."""
        element = self.element
        if element.tag == "option":
            value = element.get("value") or ""
            return resolve(self.page.address, value) if re.search(r"[/.?]", value) else None
        href = (element.get("href") or "").strip()
        if href.startswith("?") or (
            href and not _NOTHING.match(href[:80]) and not href.lower().startswith("javascript:")
        ):
            return resolve(self.page.address, href)
        location = _LOCATION.search(href[:500]) or _LOCATION.search(self._script)
        if location is not None:
            return resolve(self.page.address, location[1])
        called = self.functions.address_of_call(href) or self.functions.address_of_call(self._script)
        return called or (self._by_form if self._script == "" else None)

    @property
    def _script(self) -> str:
        return (self.element.get("onclick") or "")[:500].strip()

    @property
    def _by_form(self) -> str | None:
        """The address to which a button sends its form, where that is asked for by GET."""
        element = self.element
        if element.tag not in ("button", "input") or (element.get("type") or "submit").lower() not in (
            "submit",
            "image",
        ):
            return None
        form = next(element.iterancestors("form"), None)
        if form is None or form.get("onsubmit"):
            return None
        name = element.get("name")
        return form_address(self.page, form, [(name, element.get("value") or "")] if name else [])


def link_pagers(page: Page) -> list[ShownPager]:
    """The pagers made of links, options and buttons."""
    tokens = list(_tokens(page))
    followed: dict[str, str] = {}
    others: list[ShownPager] = []
    unled: list[str] = []
    ends = {token.address for token in tokens if token.word in (Word.NEXT, Word.LAST) and token.address}
    here = {canonical(address, page.address) for address in (page.address, page.asked)}
    for token in tokens:
        address = token.address
        if token.word is Word.BACK or token.is_off or (token.word is Word.NUMBER and number_of(token.name) == 1):
            continue
        if token.word is Word.NUMBER:
            if address is not None and _is_page(page, token, address, ends, tokens):
                followed.setdefault(address, token.name)
            elif address is None and token.element.tag != "option" and _in_pager(token, tokens):
                unled.append(token.name)
            continue
        if token.word is Word.MORE and not _is_of_this_list(token):
            continue
        if address is None:
            if (unfollowed := _unfollowed(token)) is not None:
                others.append(unfollowed)
        elif canonical(address, page.address) in here:
            continue  # the last page's 下一页 leads to the page itself
        elif not _same_host(page, address):
            others.append(ShownPager(System.LINKS, f"{token.name} → {address}"[:80], followable=False))
        else:
            followed.setdefault(address, token.name)
    for element in page.tree.iter("link", "a"):
        address = page.link(element.get("href") or "") if (element.get("rel") or "").lower() == "next" else None
        if address is not None and _same_host(page, address):
            followed.setdefault(address, "rel=next")
    if unled:
        says = f"页码 {' '.join(dict.fromkeys(unled))}"[:80]
        others.append(ShownPager(System.LINKS, says, followable=False, inert=True))
    others += _chosen(page)
    others += _jumped(page)
    pages = [address for address in followed if canonical(address, page.address) not in here]
    found = [ShownPager(System.LINKS, " ".join(dict.fromkeys(followed.values()))[:80], tuple(pages))] if pages else []
    return found + others


def _tokens(page: Page) -> Iterator[_Token]:
    functions = Functions(page)
    for number, element in enumerate(page.tree.iter(*_CLICKED, *_TEXTS)):
        if number > _MOST_ELEMENTS:
            return
        tag = element.tag
        if tag in _TEXTS and (len(element) or not element.text or len(element.text) > 40):
            continue
        if tag == "input" and (element.get("type") or "").lower() not in ("submit", "button", "image"):
            continue
        name = _name(element)
        word = word_of(name)
        if word is None and tag == "a" and not name and _pictures_next(element):
            word, name = Word.NEXT, "下一页"
        if word is Word.MORE and _LOADING.match(name) and _is_hidden(element):
            continue  # what a script shows while it asks: nothing is asked for now
        if word is None or (word is Word.NUMBER and not _may_be_a_page(element)):
            continue
        if tag in _TEXTS and next(element.iterancestors("a", "button"), None) is not None:
            continue  # the link around it is the token
        yield _Token(element, name, word, page, functions)


def _is_hidden(element: HtmlElement) -> bool:
    return any(
        _HIDDEN_STYLE.search((outer.get("style") or "")[:300]) or _HIDDEN_NAME.search((outer.get("class") or "")[:200])
        for outer in (element, *element.iterancestors())
    )


def _may_be_a_page(element: HtmlElement) -> bool:
    """Whether something called by a number does anything, and turns no pictures."""
    named = " ".join(
        f"{outer.get('class') or ''} {outer.get('id') or ''}"[:200]
        for outer, _ in zip((element, *element.iterancestors()), range(_LEVELS + 1), strict=False)
    )
    if element.tag not in ("a", "option") and _TURNS_PICTURES.search(named):
        return False
    return element.tag in ("a", "option", "button") or bool(
        element.get("onclick") or any(name in element.attrib for name in _NUMBERED)
    )


def _jumped(page: Page) -> list[ShownPager]:
    """A field in which the number of a page is written."""
    for field in page.tree.iter("input"):
        around = field.getparent()
        if around is None or (field.get("type") or "text").lower() not in ("text", "number"):
            continue
        text = visible_text(around)
        if len(text) <= _LONGEST_JUMP and _JUMP.search(text):
            return [ShownPager(System.LINKS, text[:80], followable=False, inert=True)]
    return []


def _chosen(page: Page) -> list[ShownPager]:
    """Boxes in which a page's number is chosen, where only a script knows what its address is."""
    found = []
    for box in page.tree.iter("select"):
        options = list(box.iter("option"))[:MOST_PAGES]
        numbers = [number_of(visible_text(one)) for one in options]
        leads = any(re.search(r"[/.?]", one.get("value") or "") for one in options)
        if len(numbers) > 1 and not leads and numbers == list(range(1, len(numbers) + 1)):
            says = f"选择页码 1 至 {len(numbers)}"
            found.append(ShownPager(System.STATED, says, pages_stated=len(numbers)))
    return found


def _name(element: HtmlElement) -> str:
    if element.tag == "input":
        return (element.get("value") or element.get("alt") or "").strip()
    shown = visible_text(element) if len(element) < 6 else ""
    if shown:
        return shown
    picture = element.find(".//img")
    told = element.get("title") or element.get("aria-label") or (picture.get("alt") if picture is not None else "")
    return " ".join((told or "").split())[:20]


def _pictures_next(element: HtmlElement) -> bool:
    """Whether a link without words is drawn as one that leads on: by its class, or by the name of its picture."""
    named = (element.get("class") or "").lower()[:200]
    inner = next((one for one in element.iter("i", "span", "em") if one.get("class")), None)
    inside = (inner.get("class") or "").lower()[:200] if inner is not None else ""
    picture = element.find(".//img")
    source = (picture.get("src") or "").lower()[-80:].rpartition("/")[2] if picture is not None else ""
    if "next" in named.split() or _NEXT_PICTURE.search(source):
        return True
    around = element.getparent()
    in_block = any(
        is_block(one) for one in (around, around.getparent() if around is not None else None) if one is not None
    )
    return in_block and _TO_THE_RIGHT.search(f"{named} {inside}") is not None


def _unfollowed(token: _Token) -> ShownPager | None:
    """A pager that cannot be followed; None for what only says that this is the last page."""
    shown = f"{token.name} {token.element.get('href') or token.element.get('onclick') or ''}".strip()[:80]
    inert = not token.is_link or token.is_inert
    if token.word is Word.LAST and inert:
        return None  # 下一页 beside it tells
    if token.element.tag == "option":
        return None
    return ShownPager(System.LINKS, shown, followable=False, inert=inert and token.word is not Word.MORE)


def _is_page(page: Page, token: _Token, address: str, ends: set[str], tokens: Sequence[_Token]) -> bool:
    """Whether a number is that of a page: it stands in a pager, and leads where pages of this list are."""
    if not _same_host(page, address) or not (token.element.tag == "option" or _in_pager(token, tokens)):
        return False
    shape = _shape(address)
    if any(_shape(end) == shape for end in ends):
        return True
    if ends and not any(_same_host(page, end) for end in ends):
        return False
    here, there = urlsplit(page.address), urlsplit(address)
    stem = _EXTENSION.sub("", here.path)
    folder = here.path.rpartition("/")[0] + "/"
    beside = there.path.startswith((folder, stem + "/")) and there.path.count("/") <= stem.count("/") + 2
    return there.path == here.path or beside


def _in_pager(token: _Token, tokens: Sequence[_Token]) -> bool:
    """Whether a pager's words, or the numbers of other pages, stand around a number."""
    around = token.element.getparent()
    for _ in range(_LEVELS):
        if around is None or around.tag == "html":
            return False
        if around.tag not in ("body", "td", "li") and _NUMBERS_ALONE.match(visible_text(around)[:201]):
            return len(_DIGITS.findall(visible_text(around)[:200])) > 1
        if around.tag == "body":
            # A pager without a box of its own: the numbers stand side by side.
            beside = [one for one in tokens if one.element.getparent() is around and one.word is Word.NUMBER]
            return len({number_of(one.name) for one in beside}) > 1 and token.element.getparent() is around
        if is_block(around):
            return True
        inside = [one for one in tokens if one is not token and around in one.element.iterancestors()]
        if any(one.word is not Word.NUMBER for one in inside):
            return True
        if len({number_of(one.name) for one in inside} | {number_of(token.name)}) > 1:
            return True
        around = around.getparent()
    return False


def _is_of_this_list(token: _Token) -> bool:
    """Whether 更多 belongs to the list itself: it is no link to elsewhere, or stands beside titles of reports."""
    if "加载" in token.name or "查看更多" in token.name:
        return True
    if token.word is not Word.MORE:
        return True
    around = token.element.getparent()
    before = token.element.getprevious()
    if around is not None and around.tag == "body" and before is not None:
        # Behind the list itself, where nothing holds the two together.
        return any(judge_title(visible_text(link)).is_report for link in list(before.iter("a"))[:60])
    for _ in range(_LEVELS):
        if around is None or around.tag in ("body", "html"):
            return False
        links = [visible_text(link) for link in around.iter("a") if link is not token.element][:60]
        before = around.getprevious()
        if not links and before is not None and visible_text(around) == visible_text(token.element):
            links = [visible_text(link) for link in before.iter("a")][:60]
        if links:
            return any(judge_title(name).is_report for name in links)
        around = around.getparent()
    return False


def _same_host(page: Page, address: str) -> bool:
    return urlsplit(address).netloc.lower() == urlsplit(page.address).netloc.lower()


def _shape(address: str) -> str:
    parts = urlsplit(address)
    names = ",".join(sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))
    return f"{_DIGITS.sub('#', parts.path)}?{names}"
