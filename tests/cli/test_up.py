"""``nianbao up``: what it starts, what it starts again, and that it leaves nothing behind.

A start of all roles costs eleven core seconds: the tests that leave it running share one, in the order of this file.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from redis import Redis

import config
from cli.main import main
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.machinery.heartbeat import CRAWLER, heartbeats
from tests.conftest import home_in
from tests.waiting import wait_until

ROLES = {"抓取", "读取", "监测", "工作台"}


class Up:
    """``nianbao up`` in a session of its own, as from a terminal."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home = home
        self._log = log
        self._begin = len(self.said())
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from cli.main import main; main()", "up", "--workers", "1"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def wait_for(self, words: str, seconds: float = 60) -> None:
        try:
            wait_until(lambda: words in self.said()[self._begin :], words, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; it said:\n{self.said()}") from error

    def role(self, word: str) -> int:
        """The process id of a role, as it was told."""
        return int(re.findall(rf"^进程：(?:.*，)?{word} (\d+)", self.said(), re.MULTILINE)[-1])

    def interrupt(self) -> int:
        """Ctrl-C, which reaches every process of the terminal's foreground group; returns the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(120)


def processes_of(home: Path) -> dict[int, str]:
    """Every process that lives with this home in its environment: id to command line."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        try:
            if f"NIANBAO_HOME={home}\0".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def broker_process() -> int:
    """The process id of the bundled broker, which hides its environment and so is in no :func:`processes_of`."""
    info = Redis(unix_socket_path=str(load_settings().embedded_broker_socket)).info("server")
    return int(info["process_id"])


def doctor() -> dict[str, dict[str, Any]]:
    """What ``nianbao doctor`` says of each thing; asked in this process, as it is asked again and again."""
    said = io.StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit):
        main(["doctor", "--format", "json"])
    return {row["what"]: row for row in json.loads(said.getvalue())}


def crawlers_that_beat() -> int:
    """How many crawlers ever did, those that died too."""
    with closing(open_ledger(load_settings())) as ledger, ledger.read() as session:
        return len(heartbeats(session, CRAWLER))


def status_of_doctor(*arguments: str) -> int:
    """The exit status of ``nianbao doctor``."""
    command = [sys.executable, "-c", "from cli.main import main; main()", "doctor", *arguments]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False, timeout=900).returncode


@contextmanager
def up_in(home: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Up]:
    """Starts it in a home; afterwards nothing of it lives."""
    monkeypatch.setenv("NIANBAO_WEB_LISTEN", "127.0.0.1:0")
    started = Up(home, log)
    try:
        yield started
    finally:
        if load_settings().embedded_broker_socket.exists():
            os.kill(broker_process(), signal.SIGKILL)
        for process in processes_of(home):
            os.kill(process, signal.SIGKILL)
        started.process.wait()


@pytest.fixture
def up(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Up]:
    """One of the test's own."""
    with up_in(home, tmp_path / "up.log", monkeypatch) as started:
        yield started


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One for the tests that leave it running."""
    folder = tmp_path_factory.mktemp("running")
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        up_in(home_in(folder, monkeypatch), folder / "up.log", monkeypatch) as started,
    ):
        started.wait_for("ready.")
        yield started


@pytest.fixture(scope="module")
def following(running: Up) -> Up:
    """The next one on the same home: the first was killed, and its roles have ended with it."""
    running.process.kill()
    running.process.wait()
    wait_until(lambda: not any(" run " in line for line in processes_of(running.home).values()), "the roles have ended")
    started = Up(running.home, running.home.with_name("following.log"))
    started.wait_for("ready.")
    return started


def test_it_starts_every_role_and_leaves_nothing_behind(up: Up) -> None:
    up.wait_for("服务已启动")
    up.wait_for("ready.")
    broker = broker_process()
    assert len({up.role(word) for word in ROLES}) == 4
    for lacking in ("还没有启用任何门户", "收件人：没有填写", "直到 nianbao mail start", "还没有人能登录"):
        assert lacking in up.said()
    # Nobody has an account yet: the desk is closed, and says how it is opened.
    up.wait_for("/link/")
    (link,) = re.findall(r"http://127\.0\.0\.1:\d+/link/\S+", up.said())
    with urlopen(link, timeout=240) as answer:
        assert "建立第一个账号" in answer.read().decode()
    # One process for documents, one for scans.
    wait_until(lambda: doctor()["读取进程"]["sentence"].startswith("2 个应答"), "both worker processes answer")
    found = doctor()
    assert all(found[what]["right"] for what in ("数据库", "消息队列", "读取进程", "存档", "配置文件", "时钟")), found
    assert found["心跳"] == {"what": "心跳", "right": True, "sentence": "抓取 1 个，读取 2 个，监测 1 个"}
    assert all(found[what]["right"] for what in ("探测任务", "待读文档", "发信", "磁盘")), found
    assert status_of_doctor("--role", "worker") == 0
    assert up.interrupt() == 0
    assert up.said().rstrip().endswith("已全部停止。")
    assert processes_of(up.home) == {}
    assert not Path(f"/proc/{broker}").exists()
    assert not load_settings().embedded_broker_socket.exists()
    assert "Traceback" not in up.said()
    after = doctor()
    assert after["心跳"]["right"] is False
    assert after["心跳"]["sentence"].count("没有在运行（最后一次心跳 ") == 3


def test_a_second_one_on_the_same_home_says_so_and_does_no_harm(running: Up, tmp_path: Path) -> None:
    second = Up(running.home, tmp_path / "second.log")
    assert second.process.wait(120) == 2
    assert second.said() == (
        f"目录 {running.home} 上已有一个 nianbao up 在运行；请先停止它，或用 NIANBAO_HOME 指定另一个目录\n"
    )
    assert running.process.poll() is None
    assert broker_process()


def test_a_file_that_breaks_while_it_runs_stops_no_role_that_starts_again(running: Up) -> None:
    path = running.home / "config" / "portals" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("portal: mine\nname: 我的门户\n", encoding="utf-8")
    wait_until(lambda: crawlers_that_beat() == 1, "the crawler beats")
    os.kill(running.role("抓取"), signal.SIGKILL)
    wait_until(lambda: crawlers_that_beat() == 2, "the new crawler beats")
    assert status_of_doctor("--role", "crawler") == 0
    assert "mine.yaml:" in running.said() and "这个文件暂不使用" in running.said()
    assert running.said().count("抓取（进程") == 1  # it ended once, by our hand
    path.unlink()


def test_roles_end_with_it_and_the_next_one_starts(following: Up) -> None:
    assert following.process.poll() is None
    assert broker_process()


def test_what_dies_is_started_again(following: Up) -> None:
    crawler = following.role("抓取")
    os.kill(crawler, signal.SIGKILL)
    following.wait_for(f"抓取（进程 {crawler}）已退出（信号 9），1 秒后重新启动。")
    wait_until(
        lambda: sum("run crawler" in line for line in processes_of(following.home).values()) == 1, "a new crawler"
    )
    os.kill(broker_process(), signal.SIGKILL)
    following.wait_for("内置消息队列已退出，正在重新启动。")
    wait_until(load_settings().embedded_broker_socket.exists, "the broker is back")
    assert broker_process()
    assert following.interrupt() == 0
    assert processes_of(following.home) == {}


@pytest.mark.parametrize("seconds", [0.2, 0.7, 1.2])
def test_roles_that_only_begin_to_start_are_stopped_at_once(up: Up, seconds: float) -> None:
    """A worker that was asked to stop before it listened to its broker never stopped by itself."""
    up.wait_for("服务已启动")
    time.sleep(seconds)  # not to wait for something: how far the start has come is what is tried
    begun = time.monotonic()
    assert up.interrupt() in (0, 130)
    assert time.monotonic() - begun < 120
    assert processes_of(up.home) == {}


def test_a_wrong_file_stops_it_before_anything_runs(home: Path, tmp_path: Path) -> None:
    (home / "config" / "portals").mkdir(parents=True)
    (home / "config" / "portals" / "mine.yaml").write_text("portal: mine\nname: 我的门户\n", encoding="utf-8")
    up = Up(home, tmp_path / "up.log")
    assert up.process.wait(120) == 2
    assert "mine.yaml:" in up.said()
    assert len(up.said().splitlines()) == 1
    assert not (home / "broker").exists()


@pytest.mark.parametrize("command", [["up"], ["run", "crawler"]])
def test_a_portal_of_an_unknown_family_is_refused_at_the_start_with_file_and_line(
    home: Path, command: list[str]
) -> None:
    path = home / "config" / "portals" / "mine.yaml"
    path.parent.mkdir(parents=True)
    shipped = (Path(config.__file__).parent / "portals" / "chaoyang.yaml").read_text(encoding="utf-8")
    content = re.sub(r"^family: .*$", "family: drupal", shipped, flags=re.MULTILINE)
    path.write_text(re.sub(r"^portal: .*$", "portal: mine", content, flags=re.MULTILINE), encoding="utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index("family: drupal") + 1
    asked = [sys.executable, "-c", "from cli.main import main; main()", *command]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300)
    assert answer.returncode == 2
    assert f"{path}:{line}" in answer.stderr and "drupal" in answer.stderr and "static-list" in answer.stderr
    assert f"{path}:{line}" in doctor()["配置文件"]["sentence"]


def test_the_doctor_says_what_is_not_there_and_what_to_do(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "rules.yaml").write_text("rules: {T99: {enabled: false}}\n", encoding="utf-8")
    found = doctor()
    assert {what for what, row in found.items() if not row["right"]} >= {"消息队列", "配置文件"}
    assert "读取进程" not in found  # a broker that is away is said once; nobody can be asked through it
    assert "请启动 nianbao up" in found["消息队列"]["sentence"]
    assert "rules.yaml:1" in found["配置文件"]["sentence"]
    assert found["数据库"]["right"]
