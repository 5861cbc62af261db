"""What a hostile or broken portal sends is stopped and said, nothing inside the network is asked, the round goes on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from cli.demo.server import PortalServer
from cli.demo.site import Answer, Site
from config.settings import Settings, load_settings
from crawler.fetching import private_addresses
from crawler.fetching.fetcher import asked_to_wait
from crawler.fetching.private_addresses import REFUSED
from crawler.pages.page import Page
from crawler.rounds.loop import tick
from ledger.database import Ledger, open_ledger
from ledger.models import PortalRow, Round
from ledger.states import PortalState, RoundState
from tests.crawler.times import shanghai
from tests.portals.families import folder
from tests.portals.hostile import hostile
from tests.portals.sites import COLUMN, QINGSHAN, listing, one_article, report, site, write_office

NOW = shanghai(2020, 2, 3, 9)


@pytest.fixture
def quick(home: object, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    return load_settings(fetch_timeout_seconds=2, fetch_max_bytes=2_000_000)


@pytest.fixture
def ledger(quick: Settings) -> Iterator[Ledger]:
    opened = open_ledger(quick)
    yield opened
    opened.close()


class _RoundProcess:
    """The most memory that a round's process ever had while this context lasted, from what the kernel says of it."""

    def __init__(self) -> None:
        self.most_megabytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _RoundProcess:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):  # it ended meanwhile
                    if b"multiprocessing.forkserver" in (process / "cmdline").read_bytes():
                        status = (process / "status").read_text()
                        peak = status.partition("VmHWM:")[2].split()  # nothing of one that has just ended
                        self.most_megabytes = max(self.most_megabytes, int(peak[0]) // 1024 if peak else 0)


def elsewhere(address: str) -> Site:
    """A portal whose list is a redirect."""
    return site({COLUMN: Answer(b"", status=302, headers=(("Location", address),))})


def change(settings: Settings, portal: str, **facts: object) -> None:
    """Changes facts of a portal's file."""
    path = settings.home / "config" / "portals" / f"{portal}.yaml"
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**known, **facts}, allow_unicode=True), encoding="utf-8")


def said(ledger: Ledger) -> dict[str, tuple[PortalState | None, str]]:
    with ledger.read() as session:
        rows = session.execute(select(PortalRow)).scalars().all()
        assert set(session.execute(select(Round.state)).scalars()) == {RoundState.DONE}
    return {row.portal: (row.state, row.sentence.partition("：")[2] or row.sentence) for row in rows}


def test_no_redirect_leads_inside_by_number_by_name_or_by_shell(quick: Settings, ledger: Ledger) -> None:
    with PortalServer({"secret": one_article(report())}) as inside:
        secret = inside.addresses["secret"].removeprefix("http://")
        sites = {
            "loopback": elsewhere(f"http://{secret}/"),
            "metadata": elsewhere("http://169.254.169.254/latest/meta-data/"),
            "localhost": elsewhere(f"http://localhost.:{secret.partition(':')[2]}/"),
            "shell": site({COLUMN: Answer(b'<script>location.replace("http://10.0.0.1/admin")</script>')}),
            "frame": site({COLUMN: Answer(b'<frameset><frame name="main" src="http://192.168.1.1/"></frameset>')}),
            "article": site({COLUMN: listing([(f"http://{secret}/gknb/a1.html", QINGSHAN, "2020-01-16")])}),
            "sound": one_article(report()),
        }
        with PortalServer(sites, date(2020, 2, 3)) as server:
            write_office(quick.home, server.addresses)
            tick(quick, ledger, NOW)
        assert inside.count() == 0
    found = said(ledger)
    number = "地址 {} 属于内部网络，" + REFUSED
    refused = PortalState.UNREACHABLE
    assert found["loopback"] == (refused, number.format("127.0.0.1"))
    assert found["metadata"] == (refused, number.format("169.254.169.254"))
    assert found["shell"] == (refused, number.format("10.0.0.1"))
    assert found["frame"] == (refused, number.format("192.168.1.1"))
    # A dead link to another host is no trouble of this portal.
    assert found["article"][0] is PortalState.HEALTHY
    assert found["localhost"] == (refused, number.format("localhost"))
    assert found["sound"][0] is PortalState.HEALTHY


def test_no_redirect_leads_to_a_name_that_resolves_inside(quick: Settings, ledger: Ledger) -> None:
    name = socket.gethostname().lower()
    try:
        inside = private_addresses.is_private(socket.gethostbyname(name))
    except OSError:
        inside = False
    if not inside:
        pytest.skip("this machine's own name does not lead to a private address")
    with PortalServer({"secret": one_article(report())}) as secret:
        port = secret.addresses["secret"].rpartition(":")[2]
        sites = {"name": elsewhere(f"http://{name}:{port}/"), "sound": one_article(report())}
        with PortalServer(sites, date(2020, 2, 3)) as server:
            write_office(quick.home, server.addresses)
            tick(quick, ledger, NOW)
        assert secret.count() == 0
    found = said(ledger)
    assert found["name"] == (PortalState.UNREACHABLE, f"域名 {name} 指向内部网络地址，{REFUSED}")
    assert found["sound"][0] is PortalState.HEALTHY


def test_bodies_without_an_end_loops_and_a_busy_portal_delay_nobody(quick: Settings, ledger: Ledger) -> None:
    with ExitStack() as stack:
        kinds = ("announced", "chunked", "drip", "loop", "busy")
        addresses = {kind: stack.enter_context(hostile()) for kind in kinds}
        server = stack.enter_context(PortalServer({"sound": one_article(report())}, date(2020, 2, 3)))
        write_office(quick.home, {**addresses, **server.addresses})
        for kind in kinds:
            column = {"id": "gknb", "name": "年报", "address": f"/{kind}/a"}
            change(quick, kind, columns=[column, {**column, "id": "again", "address": f"/{kind}/c"}])
        with _RoundProcess() as round_process:
            results = {result.portal: result for result in tick(quick, ledger, NOW)}
    found = said(ledger)
    stopped = (PortalState.UNREACHABLE, "回答超过 1.91 MB，已停止接收")
    assert (found["announced"], found["chunked"]) == (stopped, stopped)
    assert found["drip"] == (PortalState.UNREACHABLE, "2 秒内没有答完")
    assert found["loop"][0] is PortalState.UNREACHABLE
    assert "跳转过多" in found["loop"][1]
    assert found["busy"] == (PortalState.UNREACHABLE, "门户要求 120 分钟后再来（状态码 503），本轮不再请求")
    assert found["sound"][0] is PortalState.HEALTHY
    assert results["busy"].figures["requests"] == 1
    with ledger.read() as session:
        assert session.get_one(PortalRow, "busy").next_due_at - NOW == timedelta(hours=2)
    assert 0 < round_process.most_megabytes < 600


def test_lists_that_name_each_other_or_lead_ever_deeper_come_to_an_end(quick: Settings, ledger: Ledger) -> None:
    first = listing([("a1.html", QINGSHAN, "2020-01-16")], '<a href="/gknb/index_2.html">下一页</a>')
    second = listing([("a2.html", "第2次会议", "2020-01-15")], '<a href="/gknb/index.html">下一页</a>')
    deeper = folder(("2019/", "2019年"), ("./", "本页"), ("../", "上一级"))
    sites = {
        "circle": site({COLUMN: first, "/gknb/index_2.html": second, "/gknb/a1.html": report()}),
        "deeper": site({"/gknb/": deeper}, otherwise=deeper),
    }
    with PortalServer(sites, date(2020, 2, 3)) as server:
        write_office(quick.home, server.addresses)
        change(quick, "deeper", family="column-of-columns", columns=[{"id": "a", "name": "年报", "address": "/gknb/"}])
        tick(quick, ledger, NOW)
        lists = [one.path for one in server.asked if one.portal == "deeper" and one.path != "/robots.txt"]
        circle = [one.path for one in server.asked if one.portal == "circle" and "index" in one.path]
    assert sorted(circle) == ["/gknb/index.html", "/gknb/index_2.html"]
    assert lists == ["/gknb/", "/gknb/2019/", "/gknb/2019/2019/", "/gknb/2019/2019/2019/"]
    assert said(ledger)["circle"][0] is PortalState.HEALTHY


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (503, {"retry-after": "120"}, 120),
        (429, {"retry-after": "99999999999999999999"}, 86400),
        (503, {"retry-after": "Mon, 03 Feb 2020 01:10:00 GMT", "date": "Mon, 03 Feb 2020 01:00:00 GMT"}, 600),
        (503, {"retry-after": "soon"}, None),
        (503, {}, None),
        (200, {"retry-after": "120"}, None),
    ],
)
def test_how_long_a_portal_asks_to_be_left_in_peace(status: int, headers: dict[str, str], seconds: int | None) -> None:
    wait = asked_to_wait(Page("http://x/", "http://x/", status, b"", headers))
    assert (None if wait is None else wait.total_seconds()) == seconds


@pytest.fixture(autouse=True)
def forbidden_afterwards() -> Iterator[None]:
    yield
    private_addresses.allow(())
