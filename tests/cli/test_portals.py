"""nianbao crawl and nianbao portals: what they print and how they end."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

import pytest

from cli.demo.server import PortalServer, write_demo_home
from cli.main import main

SCRAPY = Path(sys.executable).with_name("scrapy")
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalServer]:
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    with PortalServer(today=date(2020, 1, 20)) as running:
        write_demo_home(home, running.addresses)
        yield running


def nianbao(*words: str) -> tuple[int, str, str]:
    """Runs a command in this process: its rounds have processes of their own as ever, forked from one server."""
    with (
        redirect_stdout(io.StringIO()) as out,
        redirect_stderr(io.StringIO()) as said,
        pytest.raises(SystemExit) as end,
    ):
        main(words)
    assert isinstance(end.value.code, int)
    assert "Traceback" not in said.getvalue()
    return end.value.code, out.getvalue(), said.getvalue()


def test_a_crawl_lists_every_portal_and_ends_with_1_where_one_is_blocked(server: PortalServer) -> None:
    status, out, _ = nianbao("crawl", "--at", "2020-01-20T09:00", "--format", "json")
    rows = {row["portal"]: row for row in json.loads(out)}
    assert status == 1
    assert {name: row["state"] for name, row in rows.items()} == {
        "demo-chaoyang": "healthy",
        "demo-hongze": "healthy",
        "demo-shifan": "blocked",
    }
    found = rows["demo-chaoyang"]
    assert (found["entries"], found["dropped"], found["new_articles"], found["new_versions"]) == (15, 1, 14, 2)
    status, out, _ = nianbao("portals", "list", "--format", "json")
    listed = {row["portal"]: row for row in json.loads(out)}
    assert status == 0
    assert listed["demo-shifan"]["state"] == "blocked"
    assert listed["demo-shifan"]["since"] == "2020-01-20T01:00:00+00:00"
    assert listed["chaoyang"]["state"] == "paused"


def test_a_sound_portal_alone_ends_with_0(server: PortalServer) -> None:
    status, out, _ = nianbao("crawl", "demo-chaoyang")
    assert status == 0
    assert "1 个栏目都已读完" in out
    assert server.count("demo-hongze") == 0


def test_a_probe_says_what_would_be_found_and_dropped_and_keeps_nothing(server: PortalServer, home: Path) -> None:
    status, out, _ = nianbao("portals", "probe", "demo-chaoyang")
    assert status == 0
    assert "共 15 条，会取 14 条，弃用 1 条" in out
    assert "→ chaoyang-zuojiazhuang，2019" in out
    assert "因为：标题含“解读”，不是年度报告本身" in out
    assert not (home / "ledger.sqlite3").exists()
    status, out, _ = nianbao("portals", "probe", "demo-shifan", "--format", "json")
    assert status == 1
    probed = json.loads(out)
    assert probed["state"] == "blocked"
    assert "脚本验证" in probed["columns"][0]["sentence"]


def test_states_are_told_in_the_words_of_the_office(server: PortalServer, home: Path) -> None:
    (home / "config" / "wording.yaml").write_text("portals:\n  paused: 停用\n", encoding="utf-8")
    _, out, _ = nianbao("portals", "list")
    assert "停用" in out and "已暂停" not in out


def test_a_paused_portal_is_not_crawled(server: PortalServer) -> None:
    assert nianbao("portals", "pause", "demo-hongze", "--reason", "维护")[0] == 0
    status, _, said = nianbao("crawl", "demo-hongze")
    assert status == 1
    assert "“demo-hongze”已暂停" in said
    assert server.count() == 0
    assert nianbao("portals", "resume", "demo-hongze")[0] == 0
    assert nianbao("crawl", "demo-hongze")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crawl", "nope"], "没有门户“nope”；现有：changping、chaoyang、"),
        (["crawl", "--at", "gestern"], "“gestern”不是时刻；请写成 2024-01-31T09:00 这样"),
        (["portals", "probe", "nope"], "没有门户“nope”"),
        (["portals", "pause", "nope"], "没有门户“nope”"),
        (["portals", "resume", "chaoyang"], "改为 paused: false"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(server: PortalServer, words: list[str], says: str) -> None:
    status, out, said = nianbao(*words)
    assert (status, out) == (2, "")
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_broken_portal_file_is_said_with_its_line(server: PortalServer, home: Path) -> None:
    path = home / "config" / "portals" / "demo-hongze.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("family:", "famly:"), encoding="utf-8")
    status, _, said = nianbao("crawl")
    assert status == 2
    assert "demo-hongze.yaml:" in said
    assert len(said.splitlines()) == 1


def test_scrapy_knows_the_portals_and_crawls_one(server: PortalServer, home: Path) -> None:
    def scrapy(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([SCRAPY, *words], capture_output=True, text=True, timeout=900, cwd=CHECKOUT)

    listed = scrapy("list")
    assert set(listed.stdout.split()) >= {"chaoyang", "demo-chaoyang", "demo-hongze", "demo-shifan", "yanqing"}
    crawled = scrapy("crawl", "demo-hongze")
    assert (crawled.returncode, "Traceback" in crawled.stderr) == (0, False), crawled.stderr
    # What it did, in a few plain lines; the reports that the portal shows are of years long past, and stay there.
    first, *_, last = said = crawled.stdout.splitlines()
    assert "（demo-hongze）：正常" in first and "用时 " in first and last.startswith("交给读取进程的文档 0 份")
    assert any(line.startswith("栏目 ") and "读到了底" in line for line in said)
    assert any(line.startswith("请求 ") and "新文章 " in line for line in said)
    assert 4 <= len(said) <= 8
    rows = {row["portal"]: row for row in json.loads(nianbao("portals", "list", "--format", "json")[1])}
    assert rows["demo-hongze"]["state"] == "healthy"
