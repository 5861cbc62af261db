"""A hostile portal and an innocent one in the same round, each on a port of its own of 127.0.0.1."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar, cast

from config.settings import Settings, load_settings
from crawler.rounds.round import run_round
from crawler.storing.result import RoundResult
from ledger.database import open_ledger
from ledger.models import Article, PortalRow, Round
from ledger.states import ArticleOutcome, PortalState, RoundState

NOW = datetime(2026, 1, 20, 1, tzinfo=UTC)
QINGSHAN = "云山区青山街道办事处2025年政府信息公开工作年度报告"
LUSHUI = QINGSHAN.replace("青山", "绿水")
LIST, FIRST = "/gknb/index.html", "/gknb/a1.html"

# How long a round may last: where a busy machine did not get through what is not the hostile portal's, it gets more.
LIMITS = (3.0, 20.0, 100.0)

T = TypeVar("T")
Answer = tuple[int, Mapping[str, str], str | bytes]
Writer = Callable[[BaseHTTPRequestHandler], Answer | None]
Pages = Mapping[str, Answer | Writer]
ROBOTS: Answer = (200, {"Content-Type": "text/plain"}, "User-agent: *\nAllow: /\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.asked: list[str] = []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    """Answers with exactly what a page says, headers as written."""

    def do_GET(self) -> None:
        server = cast("_Server", self.server)
        server.asked.append(self.path)
        found = server.pages.get(self.path) or server.pages.get(self.path.partition("?")[0])
        answer = found(self) if callable(found) else found or (404, {}, "no")
        if answer is None:
            return
        status, headers, body = answer
        sent = body.encode() if isinstance(body, str) else body
        own = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(sent)), "Connection": "close"}
        lines = [f"HTTP/1.0 {status:03} x", *(f"{name}: {value}" for name, value in (own | dict(headers)).items())]
        try:
            self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + sent)
        except OSError:
            return

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Silent."""


@contextmanager
def serve(pages: Pages) -> Iterator[_Server]:
    """A server of ``pages`` by path; a page that is a function writes its answer itself, or returns it."""
    with _Server(pages) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


def row(href: str, title: str = QINGSHAN, date: str = "2026-01-16") -> str:
    """A row of a list."""
    return f'<li><a href="{href}">{title}</a><span>{date}</span></li>'


def listing(rows: str, more: str = "") -> str:
    """A list page."""
    return (
        '<html><head><meta charset=utf-8><meta name="ColumnName" content="政府信息公开年报">'
        "<title>政府信息公开年报</title></head><body><h1>列表</h1><p>云山区人民政府信息公开年度报告栏目，"
        f"主办单位云山区人民政府办公室</p><ul>{rows}</ul>{more}</body></html>"
    )


def article(more: str = "", title: str = QINGSHAN, head: str = "") -> str:
    """A report's page."""
    rows = "".join(f"<tr><td>申请{number}</td><td>0</td></tr>" for number in range(12))
    return (
        f"<html><head><meta charset=utf-8>{head}<title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>本年度收到政府信息公开申请0件。信息公开工作总体情况良好。</p><table>{rows}</table>{more}</body></html>"
    )


ONE_ROW: Answer = (200, {}, listing(row("a1.html")))
INNOCENT: Pages = {
    "/robots.txt": ROBOTS,
    LIST: (200, {}, listing(row("a1.html", LUSHUI))),
    FIRST: (200, {}, article(title=LUSHUI)),
}


@dataclass(frozen=True)
class Crawled:
    """What the round said of the hostile portal, and what the ledger holds."""

    bad: RoundResult
    good: RoundResult
    rounds: Mapping[str, Round]
    portals: Mapping[str, PortalRow]
    articles: Mapping[str, Article] = field(default_factory=dict)

    def innocent_is_well(self) -> None:
        """Asserts that the innocent portal's round is done and healthy, and its report kept."""
        assert (self.good.state, self.good.found) == (RoundState.DONE, PortalState.HEALTHY), self.good
        assert self.portals["good"].state is PortalState.HEALTHY
        assert [one.outcome for one in self.articles.values() if one.portal == "good"] == [ArticleOutcome.REPORT]


def write_home(home: Path, addresses: Mapping[str, str], family: str, more: str, path: str) -> None:
    """The office's files: a portal file for each address, all of one district."""
    (home / "config/portals").mkdir(parents=True, exist_ok=True)
    (home / "config/agencies").mkdir(exist_ok=True)
    for name, address in addresses.items():
        bad = name == "bad"
        (home / f"config/portals/{name}.yaml").write_text(
            f"portal: {name}\nname: {name}\ndistrict: 云山区\nstart: {address}/\nobserved: 2026-01-01\n"
            f"family: {family if bad else 'static-list'}\npace: {{delay_seconds: 0, at_once: 4}}\n{more if bad else ''}"
            f'columns:\n  - {{id: c1, name: 年报, address: "{path if bad else LIST}"}}\n',
            encoding="utf-8",
        )
    (home / "config/agencies/ys.yaml").write_text(
        "district: 云山区\nportal: bad\nwatched: {first: 2024}\nagencies:\n"
        "  - {id: ys-gov, name: 云山区人民政府, short: 云山区政府, kind: government}\n"
        "  - {id: ys-qs, name: 云山区人民政府青山街道办事处, short: 青山街道, kind: subdistrict}\n"
        "  - {id: ys-ls, name: 云山区人民政府绿水街道办事处, short: 绿水街道, kind: subdistrict}\n",
        encoding="utf-8",
    )


def crawl(
    settings: Settings,
    pages: Pages,
    *,
    family: str = "static-list",
    more: str = "",
    path: str = LIST,
    limit_seconds: float = 120,
) -> Crawled:
    """One round over a portal of ``pages`` and the innocent one."""
    with serve({"/robots.txt": ROBOTS, **pages}) as bad, serve(INNOCENT) as good:
        write_home(settings.home, {"bad": bad.base, "good": good.base}, family, more, path)
        results = run_round(load_settings(), ["bad", "good"], NOW, limit_seconds=limit_seconds)
    by_portal = {result.portal: result for result in results}
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        return Crawled(
            by_portal["bad"],
            by_portal["good"],
            {one.portal: one for one in session.query(Round)},
            {one.portal: one for one in session.query(PortalRow)},
            {one.address: one for one in session.query(Article)},
        )


def with_time_enough(
    settings: Settings, template: Path, run: Callable[[float], T], enough: Callable[[T], bool]
) -> tuple[float, T]:
    """The limit of :data:`LIMITS` with which it was ``enough``, else the last one, and what ``run`` gave with it.

    Each time the home is new, and its ledger is a copy of ``template``.
    """
    for limit in LIMITS:
        shutil.rmtree(settings.home)
        settings.home.mkdir()
        shutil.copyfile(template, settings.home / "ledger.sqlite3")
        found = run(limit)
        if enough(found):
            break
    return limit, found
