"""Where a row leads: a link's address, or the one address that its script names (``onclick="window.open('…')"``)."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.pages.page import Page

_QUOTED = re.compile(r"[\"']([^\"'<>\s]{1,1000})[\"']")
_ADDRESS = re.compile(r"^(?:https?://|\.{0,2}/)|\.(?:s?html?|jspx?|aspx?|php|pdf|docx?|wps)(?:[?#]|$)", re.IGNORECASE)
_LONGEST_SCRIPT = 2000


def target_of(page: Page, element: HtmlElement) -> str | None:
    """The absolute address that an element leads to; None where it leads nowhere, or only a script knows."""
    href = (element.get("href") or "").strip() if element.tag in ("a", "area") else ""
    is_script = href.lower().startswith("javascript:")
    if href and not is_script and (address := page.link(href)) is not None:
        return address
    script = f"{element.get('onclick') or ''};{href if is_script else ''}"
    named = {match for match in _QUOTED.findall(script[:_LONGEST_SCRIPT]) if _ADDRESS.search(match)}
    return page.link(named.pop()) if len(named) == 1 else None


def is_scripted(element: HtmlElement) -> bool:
    """Whether an element does something by script alone when it is clicked."""
    href = (element.get("href") or "").strip().lower()
    does = href.startswith("javascript:") and not re.fullmatch(r"javascript:(?:void\(?0?\)?|;)*;?", href)
    return does or bool((element.get("onclick") or "").strip())
