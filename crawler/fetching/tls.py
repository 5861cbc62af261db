"""Encryption as it has to be, and what a portal file allows for its own host and for no other.

``tls`` of a portal file lets a certificate that nobody vouches for pass, or a version of TLS that is no longer used;
``http_hosts`` names hosts that pages of an encrypted portal may lead to without encryption.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit, urlunsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from twisted.internet.ssl import TLSVersion
from twisted.web.client import BrowserLikePolicyForHTTPS, ResponseFailed

from config.portals import PortalFile, Tls

if TYPE_CHECKING:
    from twisted.web.iweb import IPolicyForHTTPS

SETTING = "NIANBAO_TLS"
_PLAIN_HOSTS = "plain_hosts"
_HOME = "home"
_VERSIONS = {
    "1.0": TLSVersion.TLSv1_0,
    "1.1": TLSVersion.TLSv1_1,
    "1.2": TLSVersion.TLSv1_2,
    "1.3": TLSVersion.TLSv1_3,
}
# That a certificate which is let pass is not valid is said by the portal file, not at every connection.
logging.getLogger("scrapy.core.downloader.tls").setLevel(logging.ERROR)


class PlainHttpError(IgnoreRequest):
    """A page of an encrypted portal leads to an address without encryption; ``str()`` is one sentence."""


def allowances(portals: Sequence[PortalFile]) -> dict[str, Tls]:
    """What is allowed, by host and port."""
    found = {}
    for portal in portals:
        parts = urlsplit(portal.start)
        if parts.scheme == "https" and portal.tls != Tls():
            found[f"{parts.hostname}:{parts.port or 443}"] = portal.tls
    return found


def meta_for(portal: PortalFile) -> dict[str, Any]:
    """What a request for a portal carries so that it, and what it is redirected to, stays encrypted."""
    if portal.start.startswith("http://"):
        return {}
    return {_PLAIN_HOSTS: portal.http_hosts, _HOME: urlsplit(portal.start).netloc.lower()}


class EncryptedMiddleware:
    """Keeps the requests of an encrypted portal encrypted, redirected ones too."""

    async def process_request(self, request: Request) -> Request | None:
        """The same page of the portal itself is asked for by https; raises PlainHttpError for other hosts."""
        parts = urlsplit(request.url)
        plain = request.meta.get(_PLAIN_HOSTS)
        if plain is None or parts.scheme != "http" or parts.netloc.lower() in plain:
            return None
        home = str(request.meta[_HOME])
        if parts.hostname == urlsplit(f"//{home}").hostname and parts.port in (None, 80):
            return request.replace(url=urlunsplit(parts._replace(scheme="https", netloc=home)))
        raise PlainHttpError(f"网页引向没有加密的地址 http://{parts.netloc}，门户文件没有写明允许（http_hosts）")


class PortalHttps(HTTP11DownloadHandler):
    """Scrapy's handler, with the allowances of the round's portal files."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        allowed = crawler.settings[SETTING] or {}
        self._contextFactory = cast("IPolicyForHTTPS", _PortalPolicy(self._contextFactory, allowed))


class _PortalPolicy(BrowserLikePolicyForHTTPS):
    def __init__(self, strict: Any, allowed: Mapping[str, Tls]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._strict = strict
        self._allowed = {host: _factory(tls) for host, tls in allowed.items()}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """How to connect to a host."""
        factory = self._allowed.get(f"{hostname.decode('ascii').lower()}:{port}", self._strict)
        return factory.creatorForNetloc(hostname, port)


class _Cipher(NamedTuple):
    fullName: str


class _OldCiphers:
    """What the old versions of TLS need: at its usual level OpenSSL refuses their signatures.

    Twisted takes ciphers one by one and would drop the level; it joins the names again, so it gets the whole as one.
    """

    def selectCiphers(self, available: object) -> list[_Cipher]:
        return [_Cipher("DEFAULT:@SECLEVEL=0")]


def _factory(tls: Tls) -> Any:
    factory: Any = _ScrapyClientContextFactory(
        method=None, verify_certificates=not tls.self_signed, tls_min_version=_VERSIONS[tls.oldest]
    )
    if tls.oldest in ("1.0", "1.1"):
        factory.tls_ciphers = _OldCiphers()
    return factory


def tls_trouble(error: BaseException) -> str | None:
    """One sentence where a request failed because of its encryption; None where it failed otherwise."""
    cause = error.__cause__
    reasons = [failure.value for failure in cause.reasons] if isinstance(cause, ResponseFailed) else [error, cause]
    for reason in reasons:
        if isinstance(reason, CertificateError | VerificationError):
            return f"TLS 证书不是发给这个网站的；{_ALLOW_CERTIFICATE}"
        if isinstance(reason, SSL.Error):
            return _sentence(" ".join(str(part) for part in reason.args))
    return None


_ALLOW_CERTIFICATE = "核实后可在门户文件中写明 tls: {self_signed: true}，只对这个网站有效"


def _sentence(said: str) -> str:
    if "certificate" in said and "verify" in said:
        return f"TLS 证书没有可信的签发者或已过期；{_ALLOW_CERTIFICATE}"
    if "protocol" in said or "version" in said or "dh key too small" in said or "legacy" in said:
        return 'TLS 版本过旧，已不再使用；核实后可在门户文件中写明 tls: {oldest: "1.0"}，只对这个网站有效'
    return f"TLS 握手失败（{said[:120]}）；可试一试 http"
