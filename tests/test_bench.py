"""That ``make bench`` measures what it says, on one round."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def test_the_ways_stand_side_by_side_with_ratios_against_ours() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench.reading", "--rounds", "1"],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    ways = {cells[0]: cells[1:] for line in result.stdout.splitlines() if len(cells := _cells(line)) > 1}
    assert ways["nianbao: read and check"][2] == "1.00"
    assert float(ways["pypdfium2: bare text"][2]) < float(ways["pdfplumber: text and tables"][2])
    assert float(ways["nianbao: read and check"][3]) < 120
    assert "reports a day (70% web pages, 25% PDF" in " ".join(result.stdout.split())
    assert {"zuojiazhuang-2019.trs.html", "yunshan-2024.trs.html"} <= set(ways)


def test_rules_and_suggestions_are_timed() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench.rules", "--reports", "4"],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    rows = {cells[0]: cells[1:] for line in result.stdout.splitlines() if len(cells := _cells(line)) > 1}
    assert float(rows["all rules, one sound report"][0]) > 0
    for what in ("a suggestion, one planted error", "a suggestion, 8 wrong cells"):
        median, slowest, times = rows[what]
        assert float(median) < 50 and float(slowest) < 1000 and int(times) > 4


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│").split("│")]
