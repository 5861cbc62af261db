"""Encryption: what a portal file allows for its host, and that nothing is allowed to others or without it."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from scrapy import Request
from sqlalchemy import select

from cli.demo.server import PortalServer
from cli.demo.site import Answer
from config.portals import PortalFile, Tls, load_portals
from config.settings import Settings
from config.yaml_file import ConfigurationError
from crawler.fetching.tls import EncryptedMiddleware, PlainHttpError, allowances, meta_for
from crawler.rounds.loop import tick
from ledger.database import Ledger, open_ledger
from ledger.models import Article, PortalRow
from ledger.states import ArticleOutcome, PortalState
from tests.crawler.times import shanghai
from tests.portals.sites import COLUMN, one_article, report, site, write_office

NOW = shanghai(2020, 2, 3, 9)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def context(certificate: Path, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A server's side of TLS; ``newest`` makes it an old one."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    if newest is not None:
        made.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            made.minimum_version = ssl.TLSVersion.TLSv1
            made.maximum_version = newest
    return made


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_settings)
    yield opened
    opened.close()


def allow(home: Path, portal: str, **facts: Any) -> None:
    path = home / "config" / "portals" / f"{portal}.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | facts, allow_unicode=True), encoding="utf-8")


def found(ledger: Ledger, portal: str) -> tuple[PortalState | None, str]:
    with ledger.read() as session:
        row = session.get_one(PortalRow, portal)
    return row.state, row.sentence


def test_a_certificate_that_nobody_vouches_for_is_refused_and_read_only_where_the_file_allows_it(
    sqlite_settings: Settings, ledger: Ledger, certificate: Path
) -> None:
    sites = {name: one_article(report()) for name in ("allowed", "other")}
    with PortalServer(sites, tls=context(certificate)) as server:
        write_office(sqlite_settings.home, server.addresses)
        allow(sqlite_settings.home, "allowed", tls={"self_signed": True})
        tick(sqlite_settings, ledger, NOW)
    assert found(ledger, "allowed")[0] is PortalState.HEALTHY
    state, sentence = found(ledger, "other")
    assert state is PortalState.UNREACHABLE
    assert "TLS 证书没有可信的签发者或已过期" in sentence
    assert "tls: {self_signed: true}" in sentence
    with ledger.read() as session:
        articles = session.execute(select(Article.portal, Article.outcome)).all()
    assert [tuple(one) for one in articles] == [("allowed", ArticleOutcome.REPORT)]


def test_old_tls_is_refused_and_read_only_where_the_file_allows_it(
    sqlite_settings: Settings, ledger: Ledger, certificate: Path
) -> None:
    sites = {name: one_article(report()) for name in ("old", "strict")}
    with PortalServer(sites, tls=context(certificate, ssl.TLSVersion.TLSv1)) as server:
        write_office(sqlite_settings.home, server.addresses)
        allow(sqlite_settings.home, "old", tls={"self_signed": True, "oldest": "1.0"})
        allow(sqlite_settings.home, "strict", tls={"self_signed": True})
        tick(sqlite_settings, ledger, NOW)
    assert found(ledger, "old") == (PortalState.HEALTHY, "1 个栏目都已读完")
    state, sentence = found(ledger, "strict")
    assert state is PortalState.UNREACHABLE
    assert "TLS 版本过旧" in sentence


def test_a_page_of_an_encrypted_portal_leads_nowhere_without_encryption_unless_the_file_says_so(
    sqlite_settings: Settings, ledger: Ledger, certificate: Path
) -> None:
    with PortalServer({"files": site({"/r.docx": Answer(b"x", "application/msword")})}) as plain:
        moved = Answer(b"", status=302, headers=(("Location", f"{plain.addresses['files']}/a1.html"),))
        with PortalServer({"own": site({COLUMN: moved})}, tls=context(certificate)) as server:
            write_office(sqlite_settings.home, server.addresses)
            allow(sqlite_settings.home, "own", tls={"self_signed": True})
            write_office(sqlite_settings.home, {"files": plain.addresses["files"]})
            tick(sqlite_settings, ledger, NOW)
        assert [one.path for one in plain.asked if one.path == "/a1.html"] == []
    state, sentence = found(ledger, "own")
    assert state is PortalState.UNREACHABLE
    assert "属于内部网络，已拒绝访问" in sentence, "the address is looked at before its encryption"


def portal(**facts: Any) -> PortalFile:
    return load_portals()["dongcheng"].model_copy(update=facts)


def asked(address: str, file: PortalFile) -> Request | None:
    return asyncio.run(EncryptedMiddleware().process_request(Request(address, meta=meta_for(file))))


def test_the_portals_own_pages_are_asked_for_by_https_and_other_hosts_as_the_file_says() -> None:
    upgraded = asked("http://www.bjdch.gov.cn/a.html?b=1", portal())
    assert upgraded is not None
    assert upgraded.url == "https://www.bjdch.gov.cn/a.html?b=1"
    assert asked("https://img.example.cn/a.pdf", portal()) is None
    with pytest.raises(PlainHttpError):
        asked("http://img.example.cn/a.pdf", portal())
    assert asked("http://img.example.cn/a.pdf", portal(http_hosts=("img.example.cn",))) is None
    # A portal that has no encryption at all says so with its start.
    assert asked("http://img.example.cn/a.pdf", portal(start="http://www.bjdch.gov.cn/")) is None


def test_an_allowance_is_for_one_host_and_port() -> None:
    files = [portal(tls=Tls(self_signed=True)), portal(start="https://b.cn:8443/", tls=Tls(oldest="1.1")), portal()]
    assert allowances(files) == {
        "www.bjdch.gov.cn:443": Tls(self_signed=True),
        "b.cn:8443": Tls(oldest="1.1"),
    }


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"tls": {"self_signd": True}}, "不认识这一项"),
        ({"tls": {"oldest": "0.9"}}, "oldest"),
        ({"http_hosts": ["http://x/"]}, "http_hosts"),
    ],
)
def test_a_wrong_allowance_is_said(home: Path, facts: dict[str, Any], says: str) -> None:
    write_office(home, {"own": "https://a.cn"})
    allow(home, "own", **facts)
    with pytest.raises(ConfigurationError, match=says):
        load_portals(home)


def test_a_version_may_be_written_as_a_number(home: Path) -> None:
    write_office(home, {"own": "https://a.cn"})
    allow(home, "own", tls={"oldest": 1.0})
    assert load_portals(home)["own"].tls.oldest == "1.0"
