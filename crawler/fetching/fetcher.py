"""Fetches one address for a portal: politely, conditionally, through redirect shells and frames, with a typed end."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Protocol

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.utils._compression import _DecompressionMaxSizeExceeded
from sqlalchemy.exc import SQLAlchemyError

from config.portals import PortalFile
from config.settings import Settings
from crawler.fetching import private_addresses, tls
from crawler.fetching.pace import host_of
from crawler.fetching.posted import posted
from crawler.fetching.private_addresses import NoHostError, PrivateAddressError, refused_name
from crawler.fetching.robots import NotPermittedError
from crawler.fetching.tls import PlainHttpError, tls_trouble
from crawler.fetching.unpacking import CutAnswerError, NotPackedAsSaidError
from crawler.pages.frames import frame_target
from crawler.pages.page import Page
from crawler.pages.quality import Quality, judge
from crawler.pages.redirect_shell import shell_target
from ledger.states import PortalState
from report.storable import storable

MOST_SHELLS = 3
MOST_REQUESTS = 20_000
MOST_PAGE_BYTES = 8 * 1024 * 1024
MOST_HEADERS, LONGEST_NAME, LONGEST_HEADER = 100, 100, 2000
log = logging.getLogger("nianbao.crawler")
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a portal gave for asking again: ETag and Last-Modified as they were."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        made = {}
        if self.etag:
            made["If-None-Match"] = self.etag
        if self.last_modified:
            made["If-Modified-Since"] = self.last_modified
        return made


NONE = Validators()


class Memory(Protocol):
    """What is known of pages that were answered before."""

    def validators(self, address: str) -> Validators:
        """What the last answer gave for asking again."""

    def last_answer(self, address: str, page: Page) -> Page | None:
        """The page as it was last answered, for one that was answered with 304; None where it is lost."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """How a request ended: the page (None where nothing came back), and what it was judged to be.

    ``hops`` are the redirect shells and frames that led there, and then the page itself, each as it was asked for.
    """

    page: Page | None
    quality: Quality
    hops: tuple[Page, ...] = ()


class Fetcher:
    """Fetches for one portal through Scrapy's engine, and counts requests, bytes and 304s."""

    def __init__(self, engine: Any, portal: PortalFile, settings: Settings) -> None:
        self._engine = engine
        self._portal = portal
        self._settings = settings
        self.requests = 0
        self.received = 0
        self.unchanged = 0
        self.retry_after: timedelta | None = None

    async def fetch(self, address: str, memory: Memory | None = None, known_as: str | None = None) -> Fetched:
        """Fetches ``address`` and what redirect shells lead to; never raises for what a portal does.

        Whatever an answer breaks, here or in what looks at it, is the end of this request and of nothing else.

        With ``memory`` every page on the way is asked for conditionally; ``known_as`` is the address under which it
        knows the first, where that is another.
        """
        try:
            return await self._follow(address, memory, known_as or address)
        except (MemoryError, SQLAlchemyError):
            raise
        except Exception as error:
            log.warning("门户 %s 的回答无法处理：%s", self._portal.portal, address, exc_info=True)
            return _failed(PortalState.LAYOUT_CHANGED, f"门户的回答无法处理（{type(error).__name__}）")

    async def _follow(self, address: str, memory: Memory | None, known_as: str) -> Fetched:
        """One page, through what leads to it."""
        fetched = await self._ask(address, memory, known_as)
        hops: list[Page] = []
        while fetched.page is not None and (target := _leads_to(fetched.page)) is not None:
            if not fetched.quality.not_there and fetched.quality.found is PortalState.BLOCKED:
                break  # a challenge that would send a browser on is a block, and is respected
            if len(hops) == MOST_SHELLS or target == fetched.page.address:
                return Fetched(fetched.page, Quality(PortalState.LAYOUT_CHANGED, "页面只在互相跳转，没有内容"))
            hops.append(fetched.page)
            fetched = await self._ask(target, memory, target)
        page = fetched.page
        if page is None or not hops:
            return fetched
        there = replace(page, asked=address)
        return Fetched(there, judge(there, self._portal.start), (*hops, page))

    async def _ask(self, address: str, memory: Memory | None, known_as: str) -> Fetched:
        """One page, out of the memory where the portal says that it is unchanged."""
        if memory is None:
            return await self._once(address, NONE)
        fetched = await self._once(address, memory.validators(known_as))
        if fetched.page is None or not fetched.page.not_modified:
            return fetched
        again = memory.last_answer(known_as, fetched.page)
        return Fetched(again, fetched.quality) if again is not None else await self._once(address, NONE)

    async def _once(self, address: str, validators: Validators) -> Fetched:
        if self.retry_after is not None:
            return _failed(PortalState.UNREACHABLE, "门户要求稍后再来，本轮不再请求")
        if self.requests >= MOST_REQUESTS:
            return _failed(PortalState.UNREACHABLE, f"本轮已请求 {MOST_REQUESTS} 次，余下的下一轮再取")
        self.requests += 1
        try:
            own = private_addresses.meta_for(host_of(self._portal.start))
            request = _request(address, validators, tls.meta_for(self._portal) | own)
            response = await self._engine.download_async(request)
        except IgnoreRequest as error:
            return self._ignored(error)
        except CannotResolveHostError as error:
            # After a redirect it is another name than the one asked for.
            return _failed(PortalState.UNREACHABLE, refused_name(f"{address} {error}") or "域名无法解析")
        except (DownloadTimeoutError, TimeoutError):
            return _failed(PortalState.UNREACHABLE, f"{self._settings.fetch_timeout_seconds:g} 秒内没有答完")
        except DownloadConnectionRefusedError:
            return _failed(PortalState.UNREACHABLE, "连接被拒绝")
        except DownloadCancelledError:
            return _failed(PortalState.UNREACHABLE, f"回答超过 {self._limit}，已停止接收")
        except (UnicodeError, ValueError):
            return _failed(PortalState.LAYOUT_CHANGED, "地址写法不对，无法访问", not_there=True)
        except (DownloadFailedError, ResponseDataLossError, UnsupportedURLSchemeError, OSError) as error:
            return _failed(PortalState.UNREACHABLE, tls_trouble(error) or f"连接中断（{type(error).__name__}）")
        page = self._page(address, response)
        if response.status == 304:
            self.unchanged += 1
            return Fetched(page, Quality(PortalState.HEALTHY))
        self.received += len(response.body)
        if page.is_html and len(page.body) > MOST_PAGE_BYTES:
            megabytes = MOST_PAGE_BYTES // (1024 * 1024)
            return _failed(PortalState.LAYOUT_CHANGED, f"网页超过 {megabytes} MB，没有解析")
        self.retry_after = asked_to_wait(page)
        if self.retry_after is not None:
            minutes = math.ceil(self.retry_after.total_seconds() / 60)
            sentence = f"门户要求 {minutes} 分钟后再来（状态码 {page.status}），本轮不再请求"
            return Fetched(page, Quality(PortalState.UNREACHABLE, sentence))
        return Fetched(page, judge(page, self._portal.start))

    def _ignored(self, error: IgnoreRequest) -> Fetched:
        if isinstance(error, PrivateAddressError | PlainHttpError):
            return _failed(PortalState.UNREACHABLE, str(error))
        if isinstance(error, NoHostError):
            return _failed(PortalState.LAYOUT_CHANGED, "地址写法不对，无法访问", not_there=True)
        if isinstance(error, NotPermittedError):
            return _failed(PortalState.NOT_PERMITTED, "robots.txt 不允许抓取")
        if isinstance(error, CutAnswerError):
            return _failed(PortalState.UNREACHABLE, "压缩的回答没有传完")
        if isinstance(error, NotPackedAsSaidError):
            return _failed(PortalState.LAYOUT_CHANGED, f"回答自称以 {error} 压缩，却解不开")
        if isinstance(error.__cause__, _DecompressionMaxSizeExceeded):
            return _failed(PortalState.UNREACHABLE, f"压缩的回答解开后超过 {self._limit}，已停止解压")
        return _failed(PortalState.UNREACHABLE, f"跳转过多或无法跟随（{error}）")

    @property
    def _limit(self) -> str:
        """The largest answer that is taken, in words."""
        return f"{self._settings.fetch_max_bytes / (1024 * 1024):.3g} MB"

    def _page(self, address: str, response: Response) -> Page:
        sent = response.request.headers if response.request is not None else {}
        return Page(
            asked=address,
            address=response.url,
            status=response.status,
            body=response.body,
            headers=_plain(response.headers),
            request_headers={name: value for name, value in _plain(sent).items() if name != "cookie"},
            encoding=self._portal.encoding,
            not_modified=response.status == 304,
            length_unsaid="partial" in response.flags,
        )


def asked_to_wait(page: Page) -> timedelta | None:
    """How long a portal that is too busy asks to be left in peace (``Retry-After``); None where it does not ask.

    At most a day: a portal cannot switch its own watching off.
    """
    written = page.headers.get("retry-after", "").strip()
    if page.status not in (429, 503) or not written:
        return None
    if written.isascii() and written.isdigit():
        return min(timedelta(seconds=int(written[:9])), LONGEST_WAIT)
    until, now = header_date(written), header_date(page.headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(until - now, LONGEST_WAIT) if until > now else None


def _request(address: str, validators: Validators, meta: dict[str, Any]) -> Request:
    """The request for an address, by POST where something stands behind it that is to be sent."""
    sent = posted(address)
    if sent is None:
        return Request(address, headers=validators.headers, dont_filter=True, meta=meta)
    headers = {"Content-Type": sent.media_type, "X-Requested-With": "XMLHttpRequest"}
    return Request(sent.address, method="POST", body=sent.body, headers=headers, dont_filter=True, meta=meta)


def header_date(written: str) -> datetime | None:
    """The moment that a header names; one without a zone is in UTC, as HTTP has it. None where it names none."""
    try:
        moment = parsedate_to_datetime(written[:100])
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _leads_to(page: Page) -> str | None:
    return shell_target(page) or frame_target(page)


def _failed(found: PortalState, sentence: str, *, not_there: bool = False) -> Fetched:
    return Fetched(None, Quality(found, sentence, not_there))


def _plain(headers: Any) -> dict[str, str]:
    """Headers by lower-case name, so many and so long; what no database takes is taken out."""
    made = {}
    for name, values in islice(headers.items(), MOST_HEADERS):
        value = b", ".join(values[:20])[:LONGEST_HEADER].decode("latin-1")
        made[name.decode("latin-1").lower()[:LONGEST_NAME]] = str(storable(value))
    return made
