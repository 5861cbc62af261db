"""What was fetched, as a WARC file (ISO 28500, version 1.1): requests and answers out of ledger and archive.

Of an exchange the ledger keeps addresses, time, status and headers, the archive the bytes without compression. The
version of HTTP and the reason phrase are not kept; they are written as HTTP/1.1 and the usual phrase of the status. A
length that the portal stated for packed bytes stands under ``X-Archive-Orig-…``, so that readers find what they expect.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ledger.archive import Archive, ArchiveError
from ledger.models import Article, Fetch, Version
from ledger.states import VersionRole

_SAFE = "%/:=&?~#+!$,;'@()*[]"
_IDS = uuid.UUID("8e0f2c1a-6f0b-5d3e-9a57-2f6d1b7c4e90")
_OF_PACKED_BYTES = ("content-length", "transfer-encoding", "content-encoding")
_AT_ONCE = 200


@dataclass
class Exported:
    """What was written: answers, requests without one, documents that a person entered; and what the archive lost."""

    answers: int = 0
    unanswered: int = 0
    entered: int = 0
    lost: list[str] = field(default_factory=list)


def write_warc(
    stream: BinaryIO,
    session: Session,
    archive: Archive,
    software: str,
    now: datetime,
    *,
    portal: str | None = None,
    since: datetime | None = None,
) -> Exported:
    """Writes what was fetched of a portal (None: of all) since a moment (None: ever), compressed record by record.

    An exchange is a ``response`` with its ``request`` and a ``metadata`` record (what was asked for, what the answer
    was judged to be); one without answer is ``metadata`` alone; what a person entered is a ``resource``. The ids of
    records are made from the rows, so that the same row has the same id in every export. Bytes that the archive has
    lost are left out and named in the result.
    """
    warc = _Warc(stream, archive, now)
    warc.begin(software, portal, since)
    for fetch in _fetches(session, portal, since):
        warc.exchange(fetch)
    for version, article in _entered(session, portal, since):
        warc.entered(version, article)
    return warc.exported


def _fetches(session: Session, portal: str | None, since: datetime | None) -> Iterator[Fetch]:
    query = select(Fetch).order_by(Fetch.id)
    if portal is not None:
        query = query.where(Fetch.portal == portal)
    if since is not None:
        query = query.where(Fetch.fetched_at >= since)
    yield from session.scalars(query.execution_options(yield_per=_AT_ONCE))


def _entered(session: Session, portal: str | None, since: datetime | None) -> Iterator[Any]:
    query = select(Version, Article).join(Article, Article.id == Version.article_id).order_by(Version.id)
    query = query.where(Version.role == VersionRole.ENTERED)
    if portal is not None:
        query = query.where(Article.portal == portal)
    if since is not None:
        query = query.where(Version.first_seen_at >= since)
    yield from session.execute(query.execution_options(yield_per=_AT_ONCE))


class _Warc:
    """One file; counts what was written."""

    def __init__(self, stream: BinaryIO, archive: Archive, now: datetime) -> None:
        self._writer: Any = WARCWriter(stream, gzip=True, warc_version="1.1")
        self._archive = archive
        self._now = now
        self.exported = Exported()

    def begin(self, software: str, portal: str | None, since: datetime | None) -> None:
        """The record about the file."""
        said = {
            "software": software,
            "format": "WARC File Format 1.1",
            "robots": "obey",
            "description": f"portal: {portal or 'all'}; since: {since.isoformat() if since else 'the beginning'}",
        }
        headers = {"WARC-Date": _date(self._now), "WARC-Record-ID": _id(f"file:{portal}:{since}:{self._now}")}
        self._write("warcinfo", "", headers, _fields(said), "application/warc-fields")

    def exchange(self, fetch: Fetch) -> None:
        """One request and its answer."""
        address = _uri(fetch.answered_from or fetch.address)
        date = _date(fetch.fetched_at)
        about = {
            "asked-for": _uri(fetch.address),
            "portal": fetch.portal,
            "round": str(fetch.round_id or ""),
            "found": fetch.found.value,
            "sentence": fetch.sentence,
            "sha256": fetch.sha256 or "",
        }
        headers = {"WARC-Date": date, "WARC-Record-ID": _id(f"metadata:{fetch.id}")}
        content = self._content(fetch.sha256)
        if fetch.status is not None and content is not None:
            response = _id(f"response:{fetch.id}")
            headers["WARC-Concurrent-To"] = response
            self._response(fetch, address, date, response, content)
            self._request(fetch, address, date, response)
            self.exported.answers += 1
        else:
            self.exported.unanswered += fetch.status is None
        self._write("metadata", address, headers, _fields(about), "application/warc-fields")

    def entered(self, version: Version, article: Article) -> None:
        """A document that a person entered."""
        content = self._content(version.sha256)
        if content is None:
            return
        headers = {
            "WARC-Date": _date(version.first_seen_at),
            "WARC-Record-ID": _id(f"version:{version.id}"),
            "WARC-Payload-Digest": _digest(version.sha256),
        }
        address = f"urn:nianbao:entered:{article.agency}:{article.year}"
        self._write("resource", address, headers, content, "application/octet-stream")
        self.exported.entered += 1

    def _response(self, fetch: Fetch, address: str, date: str, record_id: str, content: bytes) -> None:
        headers = {"WARC-Date": date, "WARC-Record-ID": record_id}
        if fetch.sha256:
            headers["WARC-Payload-Digest"] = _digest(fetch.sha256)
        received = [*_headers(fetch.response_headers, _OF_PACKED_BYTES), ("Content-Length", str(len(content)))]
        status = f"{fetch.status} {_phrase(fetch.status or 0)}".strip()
        http = StatusAndHeaders(status, received, protocol="HTTP/1.1")
        self._write("response", address, headers, content, "application/http; msgtype=response", http)

    def _request(self, fetch: Fetch, address: str, date: str, response: str) -> None:
        parts = urlsplit(address)
        line = f"GET {parts.path or '/'}{f'?{parts.query}' if parts.query else ''} HTTP/1.1"
        sent = [("Host", parts.netloc), *_headers(fetch.request_headers, ())]
        http = StatusAndHeaders(line, sent, is_http_request=True)
        headers = {
            "WARC-Date": date,
            "WARC-Record-ID": _id(f"request:{fetch.id}"),
            "WARC-Concurrent-To": response,
        }
        self._write("request", address, headers, b"", "application/http; msgtype=request", http)

    def _write(
        self, kind: str, address: str, headers: dict[str, str], content: bytes, media_type: str, http: Any = None
    ) -> None:
        record = self._writer.create_warc_record(
            address,
            kind,
            payload=BytesIO(content),
            length=len(content),
            warc_content_type=media_type,
            warc_headers_dict=headers,
            http_headers=http,
        )
        self._writer.write_record(record)

    def _content(self, sha256: str | None) -> bytes | None:
        """The bytes; none where there were none, None where the archive has lost them."""
        if sha256 is None:
            return b""
        try:
            return self._archive.get(sha256)
        except ArchiveError as error:
            self.exported.lost.append(str(error))
            return None


def _headers(kept: Mapping[str, Any], renamed: tuple[str, ...]) -> list[tuple[str, str]]:
    """Headers as written in HTTP; those in ``renamed`` under ``X-Archive-Orig-``."""
    return [
        (f"X-Archive-Orig-{name.title()}" if name in renamed else name.title(), " ".join(str(value).split()))
        for name, value in kept.items()
        if name != "host"
    ]


def _fields(values: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in values.items() if value).encode()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _uri(address: str) -> str:
    return quote(address, safe=_SAFE)


def _id(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_IDS, name)}>"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _digest(sha256: str) -> str:
    return f"sha256:{base64.b32encode(bytes.fromhex(sha256)).decode('ascii')}"
