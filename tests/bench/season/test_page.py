"""docs/scaling.md says what docs/scaling.yaml says, its charts show it, and both kinds of figures are of one day."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.season.charts import drawn_from
from bench.season.costs import Costs
from bench.season.limits import Bears, limits
from bench.season.page import BLOCKS, renew, with_numbers
from bench.season.real import Measured, Read

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def data() -> Any:
    return yaml.safe_load((DOCS / "scaling.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "scaling.md").read_text(encoding="utf-8")


def test_the_page_has_the_numbers_of_the_file(data: Any, page: str) -> None:
    assert with_numbers(page, data) == page
    assert all(f"<!-- from scaling.yaml: {name} -->" in page for name in BLOCKS)


def test_another_number_in_the_file_is_another_page(data: Any, page: str) -> None:
    other = yaml.safe_load(yaml.safe_dump(data))
    other["plan"][-1]["scanners"] += 1
    assert with_numbers(page, other) != page
    other["plan"][-1]["scanners"] -= 1
    other["limits"][0]["agencies"] *= 2
    assert with_numbers(page, other) != page


def test_figures_are_put_beside_those_that_are_there(data: Any, tmp_path: Path) -> None:
    for name in ("scaling.yaml", "scaling.md"):
        (tmp_path / name).write_bytes((DOCS / name).read_bytes())
    figures = {
        "day": "2031-02-03", "machine": "8 cores", "own_ms": {"SQLite": 12.34, "PostgreSQL": 14.0},
        "two_beside_one": 1.87, "two_alone": 1.93, "full_beside_empty": 0.99, "others": 200_000,
    }  # fmt: skip

    assert renew(tmp_path, {"pipeline": figures}) == data | {"pipeline": figures}

    assert yaml.safe_load((tmp_path / "scaling.yaml").read_text(encoding="utf-8"))["pipeline"] == figures
    said = (tmp_path / "scaling.md").read_text(encoding="utf-8")
    assert (
        "on 2031-02-03 (8 cores)" in said and "12.3 ms of a core a document on SQLite" in said and "1.87 times" in said
    )


def test_the_charts_are_drawn_from_the_file_and_shown(data: Any, page: str) -> None:
    drawn = drawn_from(data, DOCS / "pictures")

    assert {"scaling-arrivals.png", "scaling-delays.png"} <= set(drawn)
    assert all(drawn.values()), drawn
    assert set(re.findall(r"\]\(pictures/([\w.-]+)\)", page)) == set(drawn)


def test_a_real_run_is_of_the_same_day_and_large_enough_or_the_page_says_that_there_is_none(
    data: Any, page: str
) -> None:
    if "real" not in data:
        assert "No real run has ended yet" in page
        return
    assert data["costs"]["day"] == data["real"]["day"] == data["pipeline"]["day"]
    assert data["real"]["documents"] >= 20_000
    assert data["real"]["done"] + data["real"]["quarantined"] == data["real"]["documents"]


def test_what_breaks_first_comes_first_and_follows_its_figure() -> None:
    costs = Costs(
        day="", machine="", seconds={"html": 0.1, "pdf": 0.2, "word": 0.1, "scan": 20.0}, list_requests=6.0,
        new_requests=1.5, quiet_core=0.03, new_core=0.01, turn_seconds=0.002, letter_seconds=0.02,
    )  # fmt: skip
    run = Measured([Read("html", 0, 0, 1, "done")] * 100, 0.0, 10.0, 1.0, 1_000_000, 4_000_000, 1_300, 6)
    bears = Bears(700.0, 900.0, 0.0003, 800.0, 100)

    found = {limit.part: limit for limit in limits(costs, run, bears, 0.1)}
    twice = {limit.part: limit for limit in limits(costs, run, bears, 0.2)}

    assert [limit.agencies for limit in found.values()] == sorted(limit.agencies for limit in found.values())
    # 1,180 s for a turn of a third of an hour without its rest, 2 ms an agency.
    assert found["monitor"].agencies == pytest.approx(590_000, abs=1)
    # 900 requests in a round: a list of 6 for 66 agencies, and 1.5 for each of the 5 % that are new in half an hour.
    assert found["politeness of one host"].agencies == int(900 / (6 / 66 + 1.5 * 0.1 / 2))
    # 800 commits a second, 13 a document, a tenth of all agencies in an hour.
    assert found["database: transactions"].agencies == pytest.approx(800 / 13 * 36_000, abs=1)
    assert found["mail relay"].agencies == pytest.approx(2 * twice["mail relay"].agencies, abs=2)
    assert found["archive: a terabyte"].agencies == 25_000_000
