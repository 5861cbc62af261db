"""The files attached to an article: links, embedded viewers and scripts; and which of several is the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.pages.canonical import resolve
from crawler.pages.page import Page, visible_text
from report.titles import judge_title

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
_QUOTED = re.compile(r"[\"']([^\"']+\.(?:" + "|".join(KINDS) + r"))(?:\?[^\"']*)?[\"']", re.IGNORECASE)
# What does not even have the letters of a kind in it is no file: most links of a page are dismissed by this alone.
_LETTERS = re.compile("|".join(KINDS), re.IGNORECASE)
_EMBEDS = (("iframe", "src"), ("embed", "src"), ("object", "data"))


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: absolute address, and the name under which the article offers it."""

    address: str
    name: str

    @property
    def kind(self) -> str:
        """The extension, without dot."""
        return _kind(self.address) or _kind(self.name) or ""

    @property
    def media_type(self) -> str:
        """The media type by the extension."""
        return MEDIA_TYPES.get(self.kind, "application/octet-stream")


def attachments_in(page: Page) -> list[Attachment]:
    """Every attached file of a page, each address once."""
    found: dict[str, Attachment] = {}
    for href, name in _candidates(page):
        address = resolve(page.address, href)
        if address is None:
            continue
        attachment = Attachment(address, " ".join(name.split())[:300])
        if attachment.kind:
            found.setdefault(address, attachment)
    return list(found.values())


def choose(attachments: Sequence[Attachment], article_title: str) -> tuple[Attachment | None, list[Attachment]]:
    """The attachment that is the report, and the others.

    One that is named like a report goes before one that is not; one that names the year of the article before one that
    does not; then the kind of file decides, then the order on the page. One that is named as something else
    (an explanation, a notice) is never taken.
    """
    year = judge_title(article_title).year

    def rank(attachment: Attachment) -> tuple[bool, bool, int]:
        judged = judge_title(attachment.name)
        return not judged.is_report, judged.year != year, KINDS.index(attachment.kind)

    fit = [one for one in attachments if not _is_something_else(one)]
    if not fit:
        return None, list(attachments)
    best = min(fit, key=rank)
    return best, [one for one in attachments if one is not best]


def _is_something_else(attachment: Attachment) -> bool:
    reason = judge_title(attachment.name).reason or ""
    return reason.startswith("标题含")


def _candidates(page: Page) -> Iterator[tuple[str, str]]:
    for link in page.tree.iter("a"):
        href, onclick = link.get("href") or "", link.get("onclick") or ""
        title, download = link.get("title") or "", link.get("download") or ""
        says = link.text_content() if len(link) else link.text or ""
        if not _LETTERS.search(f"{href}{onclick}{title}{download}\n{says}"):
            continue
        name = visible_text(link) or title or download
        for written in (href, onclick):
            yield from ((target, name) for target in _targets(written))
    for tag, attribute in _EMBEDS:
        for element in page.tree.iter(tag):
            yield from ((target, element.get("title") or "") for target in _targets(element.get(attribute) or ""))


def _targets(written: str) -> Iterator[str]:
    """The file that an attribute leads to: itself, the argument of a viewer, or a string in a script."""
    if written.lower().startswith("javascript:") or "(" in written:
        yield from (match[1] for match in _QUOTED.finditer(written))
        return
    try:
        query = urlsplit(written).query
    except ValueError:
        return
    yield from (value for _, value in parse_qsl(query) if _kind(value))
    yield written


def _kind(address: str) -> str | None:
    path = unquote(urlsplit(address).path if "://" in address else address.partition("?")[0])
    extension = path.rpartition(".")[2].lower()
    return extension if extension in KINDS else None
