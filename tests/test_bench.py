"""That ``make bench`` prints what it says, on the smallest work; how long anything takes is no matter of a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def test_the_ways_stand_side_by_side_with_ratios_against_ours() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench.reading", "--quick"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    ways = {cells[0]: cells[1:] for line in result.stdout.splitlines() if len(cells := _cells(line)) > 1}
    assert ways["nianbao: read and check"][2] == "1.00"
    for way in ("nianbao: read and check", "pypdfium2: bare text", "pdfplumber: text and tables"):
        assert all(float(figure) > 0 for figure in ways[way][:2]) and float(ways[way][3]) > 10
    assert "reports a day (70% web pages, 25% PDF" in " ".join(result.stdout.split())
    assert {"zuojiazhuang-2019.trs.html", "yunshan-2024.trs.html"} <= set(ways)


def test_rules_and_suggestions_are_timed() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench.rules", "--reports", "2"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    rows = {cells[0]: cells[1:] for line in result.stdout.splitlines() if len(cells := _cells(line)) > 1}
    assert float(rows["all rules, one sound report"][0]) > 0
    for what in ("a suggestion, one planted error", "a suggestion, 8 wrong cells"):
        median, _, slowest, times = rows[what]
        assert 0 < float(median) <= float(slowest) and int(times) > 1


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│").split("│")]
