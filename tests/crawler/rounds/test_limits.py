"""What would never end is ended, said, and the round goes on: bodies, silence, pagination, and the process itself."""

from __future__ import annotations

import gzip
import multiprocessing
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.demo.server import PortalServer
from cli.demo.site import Answer, Site
from config.settings import Settings, load_settings
from crawler.rounds.loop import run, tick
from crawler.rounds.round import run_round
from crawler.storing.result import RoundResult
from crawler.visiting import list_reading
from ledger.database import Ledger, open_ledger
from ledger.models import Article, Heartbeat, Look, PortalRow, Round
from ledger.states import PortalState, RoundFailure, RoundState
from tests.crawler.times import shanghai
from tests.portals.sites import COLUMN, QINGSHAN, listing, one_article, report, site, write_office
from tests.waiting import wait_until

NOW = shanghai(2020, 2, 3, 9)


@pytest.fixture
def quick(home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    return load_settings(fetch_timeout_seconds=1, fetch_max_bytes=200_000)


@pytest.fixture
def ledger(quick: Settings) -> Iterator[Ledger]:
    opened = open_ledger(quick)
    yield opened
    opened.close()


class Endless(Mapping[str, Answer]):
    """A list in which every page names a next one with entries of its own."""

    def __getitem__(self, path: str) -> Answer:
        if not path.startswith(COLUMN):
            raise KeyError(path)
        number = int(path.partition("?page=")[2] or 1)
        pager = f'<a href="{COLUMN}?page={number + 1}">下一页</a>'
        return listing([(f"n{number}.html", f"第{number}次会议", "2020-01-02")], pager)

    def __iter__(self) -> Iterator[str]:
        return iter((COLUMN,))

    def __len__(self) -> int:
        return 1


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def sentence(ledger: Ledger, portal: str) -> tuple[PortalState | None, str]:
    with ledger.read() as session:
        row = session.get_one(PortalRow, portal)
    return row.state, row.sentence


def test_a_body_that_is_too_large_and_a_server_that_is_silent_delay_nobody(quick: Settings, ledger: Ledger) -> None:
    huge = Answer(b"<html>" + b"x" * 300_000, "text/html")
    # A kilobyte that is a megabyte when it is unpacked.
    bomb = Answer(gzip.compress(b"<html>" + b"x" * 1_000_000), "text/html", headers=(("Content-Encoding", "gzip"),))
    sites = {"huge": site({COLUMN: huge}), "bomb": site({COLUMN: bomb}), "sound": one_article(report())}
    with PortalServer(sites, date(2020, 2, 3)) as server, silent() as address:
        write_office(quick.home, {**server.addresses, "silent": address})
        tick(quick, ledger, NOW)
    assert sentence(ledger, "sound")[0] is PortalState.HEALTHY
    state, said = sentence(ledger, "huge")
    assert (state, said.partition("：")[2]) == (PortalState.UNREACHABLE, "回答超过 0.191 MB，已停止接收")
    state, said = sentence(ledger, "bomb")
    assert (state, said.partition("：")[2]) == (PortalState.UNREACHABLE, "压缩的回答解开后超过 0.191 MB，已停止解压")
    state, said = sentence(ledger, "silent")
    assert (state, said.partition("：")[2]) == (PortalState.UNREACHABLE, "1 秒内没有答完")


def test_a_list_without_an_end_is_stopped_and_shows_no_absence(quick: Settings, ledger: Ledger) -> None:
    with PortalServer({"endless": Site(lambda _today: Endless())}, date(2020, 2, 3)) as server:
        write_office(quick.home, server.addresses)
        tick(quick, ledger, NOW)
        lists = sum(one.path.startswith(COLUMN) for one in server.asked)
    assert lists == list_reading.MOST_LIST_PAGES
    assert sentence(ledger, "endless") == (
        PortalState.LAYOUT_CHANGED,
        "栏目“政府信息公开年报”：超过 200 页仍未到头，已停止",
    )
    with ledger.read() as session:
        assert session.execute(select(Look.complete)).scalars().all() == [False]


def test_a_server_that_dies_between_list_and_articles_is_given_up_after_three(quick: Settings, ledger: Ledger) -> None:
    rows = [(f"a{n}.html", QINGSHAN, "2020-01-16") for n in range(8)]
    with PortalServer({"dying": site({COLUMN: listing(rows)}, Answer(b"<p>oops</p>", status=503))}) as server:
        write_office(quick.home, server.addresses)
        tick(quick, ledger, NOW)
        asked = sum("/a" in one.path for one in server.asked)
    assert asked == 3
    with ledger.read() as session:
        reasons = session.execute(select(Article.reason).order_by(Article.id)).scalars().all()
    assert reasons == ["门户服务器出错（状态码 503）"] * 3 + ["门户连续无法访问，本轮没有再取这一篇"] * 5
    assert sentence(ledger, "dying")[0] is PortalState.UNREACHABLE


def _begun(ledger: Ledger) -> bool:
    with ledger.read() as session:
        return session.execute(select(Round.id)).first() is not None


def test_a_round_whose_process_is_killed_has_failed_and_its_portal_is_free(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    settings = load_settings()
    ledger = open_ledger(settings)
    results: list[RoundResult] = []
    with silent() as address:
        write_office(home, {"silent": address})
        running = threading.Thread(target=lambda: results.extend(tick(settings, ledger, NOW)))
        running.start()
        wait_until(lambda: _begun(ledger), "the round has begun")
        for child in multiprocessing.active_children():
            if child.name == "nianbao-round":
                child.kill()
        running.join(120)
    (result,) = results
    assert (result.state, result.found, result.failure) == (RoundState.FAILED, None, RoundFailure.DIED)
    assert result.sentence.startswith("抓取进程意外终止（退出码 -9）")
    with ledger.read() as session:
        stored = session.execute(select(Round)).scalar_one()
        row = session.get_one(PortalRow, "silent")
    assert (stored.state, stored.sentence) == (RoundState.FAILED, result.sentence)
    assert (row.claimed_by, row.state, (row.next_due_at - NOW).total_seconds()) == (
        None,
        PortalState.LAYOUT_CHANGED,
        3600,
    )
    ledger.close()


def test_the_role_beats_and_ends_its_round_when_it_is_stopped(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    settings = load_settings()
    ledger = open_ledger(settings)
    stop = threading.Event()
    with silent() as address:
        write_office(home, {"silent": address})
        role = threading.Thread(target=run, args=(settings, ledger, stop))
        role.start()
        wait_until(lambda: _begun(ledger), "the round has begun")
        stop.set()
        role.join(120)
        assert not role.is_alive()
    with ledger.read() as session:
        stored = session.execute(select(Round)).scalar_one()
        row = session.get_one(PortalRow, "silent")
        beats = session.execute(select(Heartbeat.role)).scalars().all()
    assert (stored.state, stored.failure) == (RoundState.FAILED, RoundFailure.STOPPED)
    assert (row.claimed_by, row.next_due_at) == (None, stored.begun_at)
    assert beats == ["crawler"]
    ledger.close()


def test_nothing_to_do_is_no_process(quick: Settings) -> None:
    assert run_round(quick, [], NOW) == []
