"""A season that the commands' tests look at: made once in a process, and every test gets a copy of its home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from ledger.database import Ledger, open_ledger
from ledger.states import ArticleOutcome
from monitor.loop import tick
from tests.made_once import made_once
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICES_WITH_SUMMARY, World, at, write_register

AGENCIES = """
district: 云山区
portal: yunshan
watched: {first: 2019, last: 2019}
agencies:
  - {id: yunshan-culture, name: 云山区文化和旅游局, short: 区文旅局, kind: department}
  - {id: yunshan-dongjie, name: 云山区人民政府东街街道办事处, short: 东街街道, kind: subdistrict}
"""


@pytest.fixture(scope="session")
def home_of_a_season(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """An invented district in the season of 2020: its files, and a ledger in which the monitor has looked twice."""

    def make(home: Path) -> None:
        shutil.copyfile(sqlite_template, home / "ledger.sqlite3")
        write_register(home, agencies=AGENCIES, offices=OFFICES_WITH_SUMMARY)
        settings = load_settings(home=home)
        with closing(open_mailing_ledger(settings)) as ledger:
            world = World(ledger)
            for day in ("2020-01-16", "2020-02-01", "2020-02-02"):
                world.look(day)
            article = world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", page_label="2020-01-16")
            world.finding(world.version(article, "2020-01-17"), "yunshan-dongjie", 2019, "2020-01-17")
            world.article(
                None, 2019, "2020-01-16", column="other", title="某处年报", reason="名册中没有",
                outcome=ArticleOutcome.UNASSIGNED,
            )  # fmt: skip
            for day in ("2020-01-17", "2020-02-02"):
                tick(settings.model_copy(update={"smtp_port": 9}), ledger, at(f"{day} 13:00"))

    return made_once(tmp_path_factory, "season_of_the_commands", make)


@pytest.fixture
def ledger_in_home(sqlite_settings: Settings, home_of_a_season: Path) -> Iterator[Ledger]:
    """The ledger of that season, in a home of the test's own."""
    shutil.copytree(home_of_a_season, sqlite_settings.home, dirs_exist_ok=True)
    with closing(open_ledger(sqlite_settings)) as ledger:
        yield ledger
