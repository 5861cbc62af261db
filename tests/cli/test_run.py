"""The options of ``nianbao run worker``: what makes no sense is refused in one sentence, before anything starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NIANBAO = [sys.executable, "-P", "-c", "from cli.main import main; main()", "run", "worker"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--queues", "reed"], "没有队列“reed”；--queues 可以是 read、scan 或 read,scan"),
        (["--autoscale", "1,2"], "--autoscale 须写成 最多,最少，例如 8,1"),
        (["--autoscale", "8,1", "--scale", "2"], "--scale 和 --autoscale 只能给出一个"),
    ],
)
def test_what_makes_no_sense_is_refused(home: Path, options: list[str], sentence: str) -> None:
    done = subprocess.run([*NIANBAO, *options], capture_output=True, text=True, timeout=900)
    assert done.returncode == 2
    assert sentence in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr
