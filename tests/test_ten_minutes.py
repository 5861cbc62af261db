"""README's ten minutes, walked: its files and commands, against a site on this machine in place of the invented one."""

from __future__ import annotations

import io
import json
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.test_documentation import CHECKOUT, blocks
from tests.waiting import wait_until

REPORT = CHECKOUT / "tests/documents/html/zuojiazhuang-2019.body.html"
TITLE = "某某区人民政府东街街道办事处2025年政府信息公开工作年度报告"
LIST = f"""<!doctype html><meta charset="utf-8"><title>政府信息公开年报</title><ul>
<li><a href="./202601/t20260120_1.html">{TITLE}</a><span>2026-01-20</span></li>
<li><a href="./202601/t20260121_2.html">一图读懂东街街道年报</a><span>2026-01-21</span></li>
</ul><script>createPageHTML(1, 0, "index", "html");</script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A site with a list and one report."""
    column = tmp_path / "site/zfxxgk/gknb"
    (column / "202601").mkdir(parents=True)
    (column / "index.html").write_text(LIST, encoding="utf-8")
    report = REPORT.read_text(encoding="utf-8").replace("左家庄", "东街").replace("2019", "2025")
    page = f'<!doctype html><meta charset="utf-8"><title>年报</title><div id="zoom">{report}</div>'
    (column / "202601/t20260120_1.html").write_text(page, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site"))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def office(home: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """NIANBAO_HOME with the README's three files, its invented address replaced."""
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    for block in blocks("README.md", "yaml"):
        path = home / block.splitlines()[0].removeprefix("# NIANBAO_HOME/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.replace("https://www.yourdistrict.example/", address), encoding="utf-8")
    return home


def nianbao(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(*words), cwd=CHECKOUT, capture_output=True, text=True, timeout=900, check=False)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from cli.main import main; main()", *words]


def test_from_the_first_files_to_the_standing_of_the_first_agency(office: Path, tmp_path: Path) -> None:
    probed = nianbao("portals", "probe", "yourdistrict")
    assert probed.returncode == 0, probed.stdout + probed.stderr
    assert f"取  {TITLE}  → yourdistrict-east，2025" in probed.stdout
    assert "弃  一图读懂东街街道年报" in probed.stdout

    crawled = nianbao("crawl", "yourdistrict", "--format", "json")
    assert crawled.returncode == 0, crawled.stdout + crawled.stderr
    assert [(row["state"], row["new_articles"]) for row in json.loads(crawled.stdout)] == [("healthy", 1)]

    said = tmp_path / "up.log"
    with said.open("wb") as out:
        up = subprocess.Popen(
            _command("up", "--workers", "1"), cwd=CHECKOUT, stdout=out, stderr=out, start_new_session=True
        )
    try:
        # Before that nobody listens to Ctrl-C, and where the tests were started in the background it is not even heard.
        wait_until(lambda: "服务已启动" in said.read_text(encoding="utf-8"), "the service")
        wait_until(lambda: standing() == "on_time", "the standing of 东街街道")
    finally:
        up.send_signal(signal.SIGINT)
        ended = up.wait(timeout=120)
    assert ended == 0

    # What the sixth step looks at is there, and none of it is refused.
    (sixth,) = [block for block in blocks("README.md", "sh") if "nianbao doctor" in block]
    for line in sixth.splitlines():
        done = nianbao(*shlex.split(line)[1:])
        assert done.returncode in (0, 1), (line, done.stderr)
    # Nothing was left open to others beside what the newcomer made.
    assert [path.name for path in home_files(office) if path.stat().st_mode & 0o077] == []


def home_files(home: Path) -> list[Path]:
    """The files on top of a home, which are the program's own."""
    return [path for path in home.iterdir() if path.is_file()]


def standing() -> str | None:
    """What `nianbao status` says of the agency whose report is on the site; in this process, as it is asked again and
    again.
    """
    said = io.StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit) as ended:
        main(["status", "--district", "某某区", "--year", "2025", "--format", "json"])
    agencies = json.loads(said.getvalue())["agencies"] if ended.value.code in (0, 1) else []
    return next((row["standing"] for row in agencies if "东街" in row["agency"]), None)
