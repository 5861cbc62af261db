"""nianbao warc: what was fetched as a WARC file that warcio's own reader takes, with digests that are right."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from cli.demo.portals.sound_report import sound_body
from cli.demo.server import PortalServer
from cli.demo.site import Answer
from cli.main import main
from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.database import Ledger
from ledger.models import Fetch, Version
from tests.crawler.times import shanghai
from tests.portals.sites import COLUMN, attached, listing, one_article, report, site, troubled, write_office

NOW = shanghai(2020, 2, 3, 9)
Record = tuple[str, dict[str, str], Any, bytes]


def nianbao(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def records(path: Path) -> list[Record]:
    """Every record, its digests checked by the reader."""
    found: list[Record] = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            content = record.content_stream().read()
            assert record.digest_checker.passed is not False
            found.append((record.rec_type, dict(record.rec_headers.headers), record.http_headers, content))
    return found


@pytest.fixture
def crawled(settings: Settings, ledger: Ledger) -> Callable[[], PortalServer]:
    """Rounds over an attachment, a packed answer behind a redirect, a block, and a portal that is gone."""
    packed = gzip.compress(report().content)
    content = (Path(__file__).resolve().parents[1] / "documents" / "word" / "plain.docx").read_bytes()
    own = one_article(attached("r.docx"), {"/gknb/r.docx": Answer(content, "application/msword")})
    pages = {
        COLUMN: listing([("a1.html", "云山区青山街道2019年政府信息公开工作年度报告", "2020-01-16")]),
        "/gknb/a1.html": Answer(b"", status=301, headers=(("Location", "/moved/a1.html"),)),
        "/moved/a1.html": Answer(packed, "text/html; charset=utf-8", headers=(("Content-Encoding", "gzip"),)),
    }
    with PortalServer({"own": own, "moved": site(pages), "blocked": troubled()["captcha"]}, date(2020, 2, 3)) as server:
        write_office(settings.home, server.addresses)
        tick(settings, ledger, NOW)
    with PortalServer({"gone": site({})}) as gone:
        pass
    write_office(settings.home, gone.addresses)
    tick(settings, ledger, NOW)
    return lambda: server


def test_every_exchange_is_there_and_warcio_reads_it(
    settings: Settings, ledger: Ledger, crawled: Callable[[], PortalServer], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    addresses = crawled().addresses
    out = tmp_path / "all.warc.gz"
    assert nianbao("warc", str(out)) == 0
    said = capsys.readouterr().err
    found = records(out)
    with ledger.read() as session:
        fetches = {one.id: one for one in session.execute(select(Fetch)).scalars()}
    answered = [one for one in fetches.values() if one.status is not None]
    unanswered = [one for one in fetches.values() if one.status is None]
    assert unanswered
    assert f"回答 {len(answered)} 个，没有得到回答的请求 {len(unanswered)} 个" in said
    kinds = [kind for kind, *_ in found]
    assert kinds[0] == "warcinfo"
    assert (kinds.count("response"), kinds.count("request")) == (len(answered), len(answered))
    assert kinds.count("metadata") == len(fetches)
    with gzip.open(out) as stream:
        assert stream.read(10) == b"WARC/1.1\r\n"

    responses = {
        headers["WARC-Target-URI"]: (headers, http, body) for kind, headers, http, body in found if kind == "response"
    }
    # The list page as it was on that day, the article, its attachment with the very bytes, and the block.
    assert f"{addresses['own']}{COLUMN}" in responses
    headers, http, body = responses[f"{addresses['own']}/gknb/r.docx"]
    assert (http.get_statuscode(), http.get_header("Content-Type")) == ("200", "application/msword")
    with ledger.read() as session:
        (version,) = session.execute(select(Version).where(Version.address.endswith("r.docx"))).scalars()
    assert hashlib.sha256(body).hexdigest() == version.sha256
    assert headers["WARC-Payload-Digest"].startswith("sha256:")
    assert headers["WARC-Date"].startswith("2020-02-03T01:00:00")
    headers, http, body = responses[f"{addresses['moved']}/moved/a1.html"]
    assert "青山街道办事处".encode() in body
    assert http.get_header("Content-Length") == str(len(body))
    assert responses[f"{addresses['blocked']}{COLUMN}"][2].decode().count("验证码") == 1

    requests = {headers["WARC-Target-URI"]: http for kind, headers, http, _ in found if kind == "request"}
    sent = requests[f"{addresses['moved']}/moved/a1.html"]
    assert sent.statusline == "/moved/a1.html HTTP/1.1"
    assert sent.get_header("User-Agent").startswith("nianbao/")
    assert f"http://{sent.get_header('Host')}" == addresses["moved"]
    about = [body.decode() for kind, _, _, body in found if kind == "metadata"]
    assert any(f"asked-for: {addresses['moved']}/gknb/a1.html" in one for one in about)
    assert any("found: blocked" in one and "sentence: 门户要求验证" in one for one in about)
    assert any("found: unreachable" in one and "连接被拒绝" in one for one in about)


def test_one_portal_or_from_a_day_on_and_the_same_row_has_the_same_id(
    settings: Settings, crawled: Callable[[], PortalServer], tmp_path: Path
) -> None:
    whole, one, later = (tmp_path / name for name in ("whole.warc.gz", "one.warc.gz", "later.warc.gz"))
    assert nianbao("warc", str(whole)) == 0
    assert nianbao("warc", str(one), "--portal", "own", "--since", "2020-02-03") == 0
    assert nianbao("warc", str(later), "--since", "2020-02-04") == 0
    ids = {headers["WARC-Record-ID"] for kind, headers, *_ in records(whole) if kind != "warcinfo"}
    some = {headers["WARC-Record-ID"] for kind, headers, *_ in records(one) if kind != "warcinfo"}
    assert some
    assert some < ids
    assert [kind for kind, *_ in records(later)] == ["warcinfo"]


def test_a_document_that_a_person_entered_is_a_resource(sqlite_settings: Settings, tmp_path: Path) -> None:
    write_office(sqlite_settings.home, {"own": "http://www.own.example"})
    file, out = tmp_path / "r.html", tmp_path / "out.warc.gz"
    file.write_text(f"<html><body>{sound_body('青山街道办事处', 2019)}</body></html>", encoding="utf-8")
    who = ("--agency", "青山街道", "--year", "2019", "--published", "2020-01-20", "--by", "张三", "--why", "下载")
    assert nianbao("add", str(file), *who) == 0
    assert nianbao("warc", str(out)) == 0
    (resource,) = [(headers, body) for kind, headers, _, body in records(out) if kind == "resource"]
    assert (resource[0]["WARC-Target-URI"], resource[1]) == ("urn:nianbao:entered:own-qingshan:2019", file.read_bytes())


def test_what_the_archive_has_lost_is_said(
    sqlite_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test_a_document_that_a_person_entered_is_a_resource(sqlite_settings, tmp_path)
    for path in (sqlite_settings.home / "archive").rglob("*"):
        if path.is_file():
            path.unlink()
    assert nianbao("warc", str(tmp_path / "again.warc.gz")) == 1
    assert "存档中共有 1 份内容缺失" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("there.gz",), "已存在，没有覆盖"),
        (("no/where.gz",), "无法写入"),
        (("out.gz", "--portal", "nope"), "台账中没有门户“nope”抓取的内容"),
        (("out.gz", "--since", "gestern"), "--since"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.gz").write_bytes(b"mine")
    assert nianbao("warc", *words) == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1
    assert (tmp_path / "there.gz").read_bytes() == b"mine"
    assert not list(tmp_path.glob("*.part"))
