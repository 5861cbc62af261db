"""A ``crawl`` that is killed takes its processes with it, also one that a page keeps busy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from config.settings import Settings
from tests.hostile.portals import FIRST, INNOCENT, LIST, ROBOTS, Answer, Pages, listing, row, serve, write_home
from tests.left_behind import PROCESSES, variable_holders
from tests.waiting import wait_until


@pytest.mark.skipif(not PROCESSES.is_dir(), reason="no /proc to see processes in")
def test_a_crawl_that_is_killed_leaves_no_child(sqlite_settings: Settings) -> None:
    asked, over = threading.Event(), threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> Answer:
        asked.set()
        over.wait(120)
        return 200, {}, "<html><body>" + "<b>1</b>" * 900_000

    pages: Pages = {"/robots.txt": ROBOTS, LIST: (200, {}, listing(row("a1.html"))), FIRST: hang}
    home = str(sqlite_settings.home)
    with serve(pages) as bad, serve(INNOCENT) as good:
        write_home(sqlite_settings.home, {"bad": bad.base, "good": good.base}, "static-list", "", LIST)
        crawl = subprocess.Popen(
            [str(Path(sys.executable).with_name("nianbao")), "crawl"],
            env={**os.environ, "NIANBAO_HOME": home, "NIANBAO_ALLOW_PRIVATE_ADDRESSES": "true"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(asked.is_set, "the page was asked for")
        others = set(variable_holders("NIANBAO_HOME", home)) - {os.getpid(), crawl.pid}
        assert len(others) >= 2, "the server that processes are forked from, and the round's"
        os.kill(crawl.pid, signal.SIGKILL)
        crawl.wait()
        over.set()
        wait_until(lambda: not others & set(variable_holders("NIANBAO_HOME", home)), "nothing of the crawl is left")
