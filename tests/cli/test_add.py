"""nianbao add: a report that a person enters is archived, read, checked and counted, with the name of that person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cli.demo.portals.sound_report import sound_body
from cli.demo.server import PortalServer
from cli.demo.site import Answer
from cli.main import main
from config.in_force import load_register
from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import Article, CheckRow, Document, Evidence, Fetch, PortalRow, StandingRow, Version, Work
from ledger.models.table import Table
from ledger.reading.handing_out import claim_next
from ledger.states import EvidenceSource, Queue, Standing, VersionRole, WorkState
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.monitor.factory import PORTAL_FILE, write_register
from tests.portals.sites import attached, one_article, report, troubled
from workers import steps
from workers.worker_context import open_worker_context

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
NOW = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
WHO = ("--by", "张三", "--why", "顺义网站不允许抓取")
DONGJIE = ("--agency", "东街街道", "--year", "2019")
TABLES: tuple[type[Table], ...] = (Article, Document, Version, Evidence, Fetch, Work, PortalRow)


@pytest.fixture
def home(home: Path) -> Path:
    write_register(home)
    return home


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "东街街道2019年年报.html"
    path.write_text(f"<html><body>{sound_body('东街街道办事处', 2019)}</body></html>", encoding="utf-8")
    return path


def nianbao(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr().err
    assert isinstance(ended.value.code, int)
    return ended.value.code, said


def rows(ledger: Ledger, tables: Sequence[type[Table]] = TABLES) -> dict[str, int]:
    with ledger.read() as session:
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def standing(settings: Settings, ledger: Ledger, agency: str = "yunshan-dongjie") -> StandingRow:
    register = load_register(settings.home)
    update_obligations(ledger, register, NOW)
    update_standings(ledger, register, NOW)
    with ledger.read() as session:
        return session.get_one(StandingRow, (agency, 2019))


def test_a_file_is_archived_read_checked_and_on_time_by_a_persons_word(
    settings: Settings, ledger: Ledger, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = nianbao(capsys, "add", str(file), *DONGJIE, "--published", "2020-01-20", *WHO)
    assert status == 0, said
    assert "已登记：云山区人民政府东街街道办事处2019年度报告，2020年1月20日公布" in said
    with ledger.read() as session:
        article = session.execute(select(Article)).scalar_one()
        version = session.execute(select(Version)).scalar_one()
        work = session.execute(select(Work)).scalar_one()
        evidence = session.execute(select(Evidence).where(Evidence.source == EvidenceSource.ENTERED)).scalar_one()
    assert (article.agency, article.year, article.portal) == ("yunshan-dongjie", 2019, "yunshan")
    assert (article.reason, article.title) == ("张三登记：顺义网站不允许抓取", "东街街道2019年年报.html")
    assert version.role is VersionRole.ENTERED
    assert open_archive(settings).get(version.sha256) == file.read_bytes()
    assert evidence.value == "2020-01-20，张三登记，顺义网站不允许抓取"
    # The broker is away: the row waits, and the sweep hands it out.
    assert (work.state, work.dispatched_at) == (WorkState.WAITING, None)
    with ledger.write() as session:
        due = claim_next(session, Queue.READ, datetime.now(UTC), timedelta(minutes=15), 10)
        assert [one.work_id for one in due] == [work.id]

    with open_worker_context(settings) as worker_context:
        assert steps.run(worker_context, work.id, datetime.now(UTC), worker="w") is steps.Result.DONE
    with ledger.read() as session:
        check = session.execute(select(CheckRow)).scalar_one()
    assert (check.agency, check.year, check.outcomes["T05"]) == ("yunshan-dongjie", 2019, "pass")

    judged = standing(settings, ledger)
    assert (judged.standing, str(judged.published)) == (Standing.ON_TIME, "2020-01-20")
    assert judged.sentence == (
        "2020年1月20日公布，在期限2020年1月31日之内（人工登记：2020-01-20，张三登记，顺义网站不允许抓取）"
    )
    (witness,) = judged.evidence["witnesses"]
    assert (witness["source"], "张三" in witness["value"]) == ("entered", True)


@pytest.mark.both_databases
def test_doing_it_twice_gives_the_same_rows_and_a_corrected_date_counts(
    settings: Settings, ledger: Ledger, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("add", str(file), *DONGJIE, *WHO, "--published")
    nianbao(capsys, *words, "2020-01-20")
    before = rows(ledger)
    status, said = nianbao(capsys, *words, "2020-01-20")
    assert (status, "以前登记过，没有重复登记" in said) == (0, True)
    assert rows(ledger) == before
    assert before == {
        "articles": 1, "documents": 1, "versions": 1, "evidence": 2, "fetches": 0, "work": 1, "portals": 1,
    }  # fmt: skip

    nianbao(capsys, *words, "2020-02-10")
    judged = standing(settings, ledger)
    assert (judged.standing, str(judged.published)) == (Standing.LATE, "2020-02-10")
    assert "逾期10天（人工登记：2020-02-10，张三登记" in judged.sentence

    file.write_bytes(file.read_bytes().replace("申请".encode(), "申　请".encode(), 1))
    status, said = nianbao(capsys, *words, "2020-02-10")
    assert (status, "已登记" in said) == (0, True)
    assert rows(ledger, (Version, Work)) == {"versions": 2, "work": 2}


def at_server(home: Path, server: PortalServer, portal: str) -> None:
    """The district's portal stands at the server."""
    own = PORTAL_FILE.replace("http://www.yunshan.example", server.addresses[portal])
    write_register(home, portals=f"{own}\npace: {{delay_seconds: 0}}\n")


def test_an_address_is_fetched_as_a_round_would_with_its_attachment(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    document = (DOCUMENTS / "word" / "plain.docx").read_bytes()
    pages = {"/gknb/r.docx": Answer(document, "application/msword", modified=datetime(2020, 1, 19, tzinfo=UTC))}
    with PortalServer({"own": one_article(attached("r.docx"), pages)}) as server:
        at_server(settings.home, server, "own")
        address = f"{server.addresses['own']}/gknb/a1.html"
        words = ("add", address, *DONGJIE, "--published", "2020-01-20", *WHO)
        status, said = nianbao(capsys, *words)
        assert status == 0, said
        assert nianbao(capsys, *words)[0] == 0
        asked = [one.path for one in server.asked]
        assert asked[:3] == ["/robots.txt", "/gknb/a1.html", "/gknb/r.docx"]
        assert all("nianbao/" in one.user_agent for one in server.asked)
    with ledger.read() as session:
        article = session.execute(select(Article)).scalar_one()
        versions = session.execute(select(Version.role, Version.address)).all()
        sources = set(session.execute(select(Evidence.source)).scalars())
        fetch = session.execute(select(Fetch).where(Fetch.address.endswith("r.docx"))).scalar_one()
    assert (article.address, article.reason) == (address, "张三登记：顺义网站不允许抓取")
    assert [tuple(one) for one in versions] == [(VersionRole.ATTACHMENT, f"{server.addresses['own']}/gknb/r.docx")]
    assert {EvidenceSource.ENTERED, EvidenceSource.PAGE_LABEL, EvidenceSource.FIRST_SEEN} <= sources
    assert (fetch.status, fetch.round_id, fetch.request_headers["accept-language"]) == (200, None, "zh-CN,zh;q=0.9")
    assert standing(settings, ledger).standing is Standing.ON_TIME


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("robots", "robots.txt 不允许抓取；没有登记。请在浏览器中下载报告，再登记文件"),
        ("article-captcha", "门户要求验证"),
        ("no-document", "正文没有报告内容，也没有附件"),
        ("pdf-is-page", "附件不是PDF文件"),
    ],
)
def test_an_address_that_gives_no_report_leaves_nothing_behind(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str], name: str, says: str
) -> None:
    (sqlite_settings.home / "ledger.sqlite3").unlink()
    with PortalServer({name: troubled()[name]}) as server:
        at_server(sqlite_settings.home, server, name)
        address = f"{server.addresses[name]}/gknb/a1.html"
        status, said = nianbao(capsys, "add", address, *DONGJIE, "--published", "2020-01-20", *WHO)
    assert (status, len(said.splitlines())) == (2, 1)
    assert says in said
    assert not (sqlite_settings.home / "ledger.sqlite3").exists()


def test_another_site_may_be_asked_but_none_inside_the_own_network(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with PortalServer({"other": one_article(report())}) as server:
        address = f"{server.addresses['other']}/gknb/a1.html"
        words = ("add", address, *DONGJIE, "--published", "2020-01-20", *WHO)
        monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "false")
        status, said = nianbao(capsys, *words)
        assert (status, server.count()) == (2, 0)
        assert "内部网络" in said
        monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
        assert nianbao(capsys, *words)[0] == 0


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"--agency": "东街办", "--district": "云山区"},
            "叫“东街办”的机关；相近的有：云山区人民政府东街街道办事处（yunshan-dongjie）",
        ),
        ({"--agency": "交通局"}, "没有叫“交通局”的机关"),
        ({"--year": "2018"}, "云山区监测的是2019年度起，不包括2018年度"),
        ({"--year": "1"}, "不包括1年度"),
        ({"--published": "2999-01-01"}, "还没有到"),
        ({"--published": "2019-12-31"}, "早于2019年度结束，那时不可能有这份报告"),
        ({"--published": "20200120"}, "--published"),
        ({"--agency": "区数据局", "--year": "2021", "--published": "2022-01-10"}, "自2023年度起才有年度报告"),
        ({"--district": "白山区"}, "名册中没有“白山区”"),
        ({"--by": " "}, "不能为空"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    home: Path, file: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], says: str
) -> None:
    words = {
        "--agency": "东街街道",
        "--year": "2019",
        "--published": "2020-01-20",
        "--by": "张三",
        "--why": "x",
    } | changed
    status, said = nianbao(capsys, "add", str(file), *(word for pair in words.items() for word in pair))
    assert (status, len(said.splitlines())) == (2, 1), said
    assert says in said
    assert not (home / "ledger.sqlite3").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"\x00\x01\x02\x03 nothing known", "认不出这是哪一种文件"),
        (b"PK\x03\x04 torn", "文件已损坏"),
        (None, "打不开"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, says: str
) -> None:
    path = tmp_path / "r.pdf"
    if content is not None:
        path.write_bytes(content)
    status, said = nianbao(capsys, "add", str(path), *DONGJIE, "--published", "2020-01-20", *WHO)
    assert (status, len(said.splitlines())) == (2, 1)
    assert says in said
    assert not (home / "ledger.sqlite3").exists()
