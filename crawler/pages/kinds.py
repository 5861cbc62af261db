"""What an answer is that is no page for people, by its bytes: a PDF, a picture, a packed file, data."""

from __future__ import annotations

import json

from crawler.pages.page import Page

_FILES = (
    (b"%PDF-", "PDF 文件"),
    (b"PK\x03\x04", "压缩包或 Office 文件"),
    (b"\xd0\xcf\x11\xe0", "Office 文件"),
    (b"Rar!", "压缩包"),
    (b"\x1f\x8b", "压缩文件"),
)
# Short marks: a page may begin like one of them.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_LONGEST_DATA = 8 * 1024 * 1024


def file_kind(page: Page) -> str | None:
    """What kind of file an answer is, in words; None where it is text."""
    known = next((kind for start, kind in _FILES if page.body.startswith(start)), None)
    if known is not None:
        return known
    picture = page.media_type.startswith("image/") or (page.body.startswith(_PICTURES) and not page.is_html)
    return "图片" if picture else None


def is_data(page: Page) -> bool:
    """Whether an answer is JSON, whatever it is called."""
    if page.body[:64].lstrip()[:1] not in (b"{", b"[") or len(page.body) > _LONGEST_DATA:
        return False
    try:
        json.loads(page.text)
    except (ValueError, RecursionError):
        return False
    return True
