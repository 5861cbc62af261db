"""Redirect shells: tiny pages whose only content is a script or a meta tag that leads elsewhere."""

from __future__ import annotations

import re

from crawler.pages.page import Page

_SHORT_TEXT = 60
_SCRIPT = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\()\s*[\"']([^\"']+)[\"']", re.IGNORECASE
)
# Matched against text whose white space is folded: a run of it would be tried in every possible way.
_REFRESH = re.compile(r"\d*(?:\.\d+)? ?[;,]? ?url ?= ?[\"']?([^\"']+)", re.IGNORECASE)


def shell_target(page: Page) -> str | None:
    """The absolute address to which a redirect shell leads; None where the page is none."""
    if page.status != 200 or not page.is_html or len(page.body) > 20_000 or len(page.visible_text) > _SHORT_TEXT:
        return None
    for meta in page.tree.iter("meta"):
        attributes = {name.lower(): str(value) for name, value in meta.attrib.items()}
        if attributes.get("http-equiv", "").lower() == "refresh":
            match = _REFRESH.match(" ".join(attributes.get("content", "").split()))
            if match:
                return page.link(match[1])
    for script in page.tree.iter("script"):
        match = _SCRIPT.search(script.text_content())
        if match:
            return page.link(match[1])
    return None
