"""What people read of a round that was broken off."""

from __future__ import annotations

import signal

import pytest

from config.settings import Settings
from crawler.storing.result import failure_sentence
from ledger.states import RoundFailure


@pytest.mark.parametrize(
    ("exit_code", "may_be_memory"),
    [
        (-signal.SIGSEGV, True),
        (-signal.SIGABRT, True),
        (-signal.SIGKILL, True),
        (-signal.SIGTERM, False),
        (1, False),
        (None, False),
    ],
)
def test_what_can_be_done_is_said_where_memory_may_have_run_out(
    sqlite_settings: Settings, exit_code: int | None, may_be_memory: bool
) -> None:
    sentence = failure_sentence(RoundFailure.DIED, sqlite_settings, 60, exit_code)
    assert sentence.startswith(f"抓取进程意外终止（退出码 {exit_code}）")
    assert ("NIANBAO_CRAWL_MEMORY_MEGABYTES（现为 768 MB）" in sentence) is may_be_memory
