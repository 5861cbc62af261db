"""The files attached to an article: links, embedded viewers and scripts; and which of several is the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.pages.canonical import LONGEST_ADDRESS
from crawler.pages.page import Page, visible_text
from report.titles import BESIDE_A_REPORT, judge_title

# In order of preference: what keeps the tables of a report best comes first.
KINDS = ("docx", "pdf", "doc", "wps", "xlsx", "xls", "ofd", "rtf", "zip")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "wps": "application/vnd.ms-works",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ofd": "application/ofd",
    "rtf": "application/rtf",
    "zip": "application/zip",
}
_QUOTED = re.compile(r"[\"']([^\"'<>]{1,500})[\"']")
_EMBEDS = (("iframe", "src"), ("embed", "src"), ("object", "data"))
# A link without an extension that is a download by what it says, or by where it leads.
_SAYS_DOWNLOAD = re.compile(r"附件|下载|全文|年报|年度报告|点击(?:查看|打开|阅读)|PDF|Word|文档", re.IGNORECASE)
_LEADS_TO_DOWNLOAD = re.compile(r"down|attach|annex|(?:^|[/_])file|upload|getfile|export|fj", re.IGNORECASE)
# What a file's name stands in, wherever that is; most links of a page have none and are not looked at any further.
_NAMES_FILE = re.compile(rf"\.(?:{'|'.join(KINDS)})(?![a-z0-9])", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:s?html?|htm)$", re.IGNORECASE)
_SCRIPT_PAGE = re.compile(r"/(?:[^./]*|[^/]*\.(?:jspx?|aspx?|ashx|php|do|action))$", re.IGNORECASE)
_NAME_IN_HEADER = re.compile(r"filename\*?\s{0,9}=\s{0,9}(?:[\w-]{1,20}''|\")?([^\";]{1,300})", re.IGNORECASE)
_LONGEST_SCRIPT = 2000
_MOST_LINKS = 3000


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: absolute address, and the name under which the article offers it.

    ``otherwise`` is where the file may lie where the address does not lead to it: what its query seems to name.
    """

    address: str
    name: str
    otherwise: str | None = None

    @property
    def kind(self) -> str:
        """The extension, without dot; empty where only the file itself can tell."""
        return _kind(self.address) or _kind(self.name) or _kind(self.otherwise or "") or ""

    @property
    def media_type(self) -> str:
        """The media type by the extension."""
        return MEDIA_TYPES.get(self.kind, "application/octet-stream")

    def media_type_of(self, page: Page) -> str:
        """The media type of the file that was fetched: by its own bytes, its name in the answer, then the extension."""
        found = _kind_of_bytes(page.body) or _kind_in_header(page) or self.kind
        return MEDIA_TYPES.get(found, "application/octet-stream")


def attachments_in(page: Page) -> list[Attachment]:
    """Every attached file of a page, each address once."""
    found: dict[str, Attachment] = {}
    for attachment in _attachments(page):
        found.setdefault(attachment.address, attachment)
    return list(found.values())


def offers_by_script(page: Page) -> bool:
    """Whether the page offers a file that only a script can fetch (``onclick="downFile('2')"``)."""
    for link in page.tree.iter("a"):
        script = link.get("onclick") or ""
        href = (link.get("href") or "").strip().lower()
        if (script or href.startswith("javascript:")) and _SAYS_DOWNLOAD.search(visible_text(link)[:200]):
            return True
    return False


def choose(attachments: Sequence[Attachment], article_title: str) -> tuple[Attachment | None, list[Attachment]]:
    """The attachment that is the report, and the others.

    One that is named like a report goes before one that is not; one that names the year of the article before one that
    does not; then the kind of file decides, then the order on the page. One that is named as something else
    (an explanation, a notice) is never taken.
    """
    year = judge_title(article_title).year

    def rank(attachment: Attachment) -> tuple[bool, bool, int]:
        judged = judge_title(attachment.name)
        kind = KINDS.index(attachment.kind) if attachment.kind else len(KINDS)
        return not judged.is_report, judged.year != year, kind

    fit = [one for one in attachments if not _is_something_else(one)]
    if not fit:
        return None, list(attachments)
    best = min(fit, key=rank)
    return best, [one for one in attachments if one is not best]


def _is_something_else(attachment: Attachment) -> bool:
    """Whether an attachment is named as what stands beside a report (an explanation, a notice)."""
    return judge_title(attachment.name).kind in BESIDE_A_REPORT


def _attachments(page: Page) -> Iterator[Attachment]:
    for number, link in enumerate(page.tree.iter("a")):
        if number == _MOST_LINKS:
            break
        name = (visible_text(link) or " ".join((link.get("title") or link.get("download") or "").split()))[:300]
        says_file = link.get("download") is not None
        for written in ((link.get("href") or "").strip(), link.get("onclick")):
            for target in _targets(written):
                if (made := _offered(page, target, name, says_file=says_file)) is not None:
                    yield made
    for tag, attribute in _EMBEDS:
        for element in page.tree.iter(tag):
            for target in _targets(element.get(attribute)):
                made = _shown(page, target, element.get("title") or "")
                if made is not None:
                    yield made


def _targets(written: str | None) -> Iterator[str]:
    """Where an attribute leads: itself, or the addresses among the strings of a script; one that is empty nowhere."""
    if not written:
        return
    if not written.lower().startswith("javascript:") and "(" not in written:
        yield written[: 2 * LONGEST_ADDRESS]
        return
    for match in _QUOTED.finditer(written[:_LONGEST_SCRIPT]):
        if _kind(match[1]) or _kind_in_query(match[1]) or ("/" in match[1] and _LEADS_TO_DOWNLOAD.search(match[1])):
            yield match[1]


def _offered(page: Page, target: str, name: str, *, says_file: bool) -> Attachment | None:
    """What a link offers: the link itself, and what its query seems to name where that fails."""
    if not (says_file or _may_offer(name, target)):
        return None
    address = page.link(target) if target else None
    if address is None:
        return None
    parts = urlsplit(address)
    in_query = _kind_in_query(target)
    if _PAGE.search(parts.path):
        return _shown(page, target, name) if in_query else None
    second = page.link(in_query) if in_query and not _kind(address) else None
    attachment = Attachment(address, name, second)
    if attachment.kind or says_file:
        return attachment
    is_script = _SCRIPT_PAGE.search(parts.path) is not None and parts.path not in ("", "/")
    if is_script and _LEADS_TO_DOWNLOAD.search(parts.path) and _SAYS_DOWNLOAD.search(name):
        return attachment
    return None


@lru_cache(maxsize=1024)
def _may_offer(name: str, target: str) -> bool:
    """Whether a link may offer a file, by what it says and where it leads; a portal's menus are on all of its pages."""
    return _SAYS_DOWNLOAD.search(name) is not None or _names_file(name) or _names_file(unquote(target))


def _names_file(written: str) -> bool:
    return "." in written and _NAMES_FILE.search(written) is not None


def _shown(page: Page, target: str, name: str) -> Attachment | None:
    """The file that a viewer shows: what its query names; the viewer itself is a page."""
    address = page.link(target) if target else None
    if address is None:
        return None
    if _kind(address):
        return Attachment(address, name)
    in_query = _kind_in_query(target)
    file = page.link(in_query) if in_query else None
    if file is None:
        return None
    viewer = _PAGE.search(urlsplit(address).path) is not None
    return Attachment(file, name, None if viewer else address)


def _kind_in_query(written: str) -> str | None:
    """The value of a query that ends as a file does; an address or a path before a mere name."""
    try:
        query = urlsplit(written.strip()).query
    except ValueError:
        return None
    values = (
        [value for _, value in parse_qsl(query, max_num_fields=100) if _kind(value)] if query.count("&") < 100 else []
    )
    return next((value for value in values if "/" in value), values[-1] if values else None)


def _kind(address: str) -> str | None:
    """The extension of an address or a file's name, where it is one of ``KINDS``."""
    try:
        path = urlsplit(address).path if "://" in address else address.partition("?")[0]
    except ValueError:
        return None
    extension = unquote(path).rstrip().rpartition(".")[2].lower()
    return extension if extension in KINDS else None


def _kind_in_header(page: Page) -> str | None:
    match = _NAME_IN_HEADER.search(page.headers.get("content-disposition", "")[:2000])
    return _kind(match[1].strip()) if match else None


def _kind_of_bytes(body: bytes) -> str | None:
    """The kind by the first bytes; None where they tell nothing, or only that it is one of several."""
    if body[:5] == b"%PDF-":
        return "pdf"
    if body[:5] == b"{\\rtf":
        return "rtf"
    if body[:4] == b"PK\x03\x04":
        start = body[:4000]
        inside = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"OFD.xml", "ofd"))
        return next((kind for mark, kind in inside if mark in start), None)
    return None
