"""A season comes out the same when every sentence of the program is another one (design, decision 24).

Standings, incidents, notices by kind and recipient, findings, checks, looks: where somebody decides on a sentence, they
differ. What is worded in the files of an office (``config/wording.yaml``) is worded otherwise too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.settings import load_settings
from ledger.database import Ledger, make_engine
from ledger.models import Incident, Notice, StandingRow
from tests.sentences.site.reworded import is_chinese, reworded

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
SECONDS = 800

pytestmark = pytest.mark.long


def start(home: Path, out: Path, **more: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")} | more
    with out.open("wb") as file, out.with_suffix(".log").open("wb") as log:
        command = [sys.executable, "-m", "tests.sentences.season", str(home)]
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=file, stderr=log)


@pytest.fixture(scope="module")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], dict[str, list[Any]], Path]:
    """What the season came to as it is and in other words, and the folder of the second."""
    folder = tmp_path_factory.mktemp("sentences")
    both = [
        start(folder / "plain", folder / "plain.json"),
        start(folder / "other", folder / "other.json", PYTHONPATH=str(HERE / "site")),
    ]
    try:
        ended = [one.wait(SECONDS) for one in both]
    finally:
        for one in both:
            one.kill()
    said = "\n".join((folder / f"{name}.log").read_text(encoding="utf-8")[-3000:] for name in ("plain", "other"))
    assert ended == [0, 0], said
    plain, other = (json.loads((folder / f"{name}.json").read_bytes()) for name in ("plain", "other"))
    return plain, other, folder / "other"


@pytest.mark.timeout(2 * SECONDS)
def test_a_season_comes_out_the_same_in_other_words(
    seasons: tuple[dict[str, list[Any]], dict[str, list[Any]], Path],
) -> None:
    plain, other, _ = seasons
    assert {kind for kind, *_ in plain["notices"]} >= {"alert", "weekly", "operators"}
    roles = {role for *_, told in plain["notices"] for role, *_ in told}
    assert roles >= {"told", "reminded"}
    assert all(plain.values())
    for name, rows in plain.items():
        assert other[name] == rows, name


@pytest.mark.timeout(2 * SECONDS)
def test_the_second_season_really_was_in_other_words(
    seasons: tuple[dict[str, list[Any]], dict[str, list[Any]], Path],
) -> None:
    engine = make_engine(load_settings(home=seasons[2]).ledger_url)
    with Ledger(engine).read() as session:
        said = [*session.scalars(select(Incident.sentence)), *session.scalars(select(StandingRow.sentence))]
        subjects = list(session.scalars(select(Notice.subject)))
    engine.dispose()
    words = ("期限", "填报", "核实", "不能查看")
    assert said and any(map(is_chinese, said))
    assert [one for one in said if any(word in one for word in words)] == []
    assert [one for one in subjects if "年报" in one or "更正" in one] == []


def test_each_making_of_a_sentence_is_another_one() -> None:
    first, second = reworded("期限为三月，尚未到期：1"), reworded("期限为三月，尚未到期：1")
    assert first != second
    assert first.endswith("·1") and len(first) == len("期限为三月，尚未到期：1")
