"""Web archives (MHTML): the page in a message of several parts, as Word and browsers save it, often under .doc."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from report.labels import LabelBook
from workers.reading.content import Content
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.decoding import decode
from workers.reading.formats.web_page import read_web_page


def read_web_archive(data: bytes, headings: LabelBook) -> Content:
    """The article of the archive's first page. Raises ReadError (broken) where there is no page in it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                return read_web_page(_text(payload, part.get_content_charset()).encode(), headings)
    raise ReadError(ReadErrorKind.BROKEN, "网页归档文件（MHT）里没有网页；请重新保存为网页或 PDF 后再试。")


def _text(payload: bytes, charset: str | None) -> str:
    try:
        if charset and charset.lower() not in ("gb2312", "gbk", "us-ascii"):
            return payload.decode(charset)
    except (LookupError, UnicodeDecodeError):
        pass
    return decode(payload, named_inside=True)
