"""P08 and P09 from the ledger: a former report is gone only where that is proved, and a filing is the office's word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import FindingRow
from ledger.states import ArticleOutcome, VersionRole
from monitor.publication.findings import update_publication_findings
from monitor.publication.former import MANY_GONE
from monitor.standings.obligations import update_obligations
from tests.monitor.factory import World, at, write_register
from tests.monitor.publication.test_publication_findings import CULTURE, read

GONE = "2018年度的报告曾在栏目“部门年报”公布，2020年2月3日第二次完整查看仍未查到"
THERE = {2018: ["neighbour", "other-neighbour"], 2019: ["neighbour", CULTURE]}


def judged(settings: Settings, ledger: Ledger, day: str = "2020-02-10") -> list[tuple[str, str]]:
    """What P08 and P09 have found of whom by a day: message and state."""
    register = load_register(settings.home)
    update_obligations(ledger, register, at("2020-01-01"))
    update_publication_findings(ledger, register, at(day))
    with ledger.read() as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.rule.in_(["P08", "P09"])).order_by(FindingRow.found))
        return [(row.message, row.state.value) for row in rows]


@pytest.fixture
def former(ledger: Ledger, world: World) -> int:
    """This year's report is there; that of 2018 was seen on 2 January and by no look after it."""
    own = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    read(world, own, "2020-01-17", VersionRole.BODY, 3)
    old = world.article(CULTURE, 2018, "2019-12-20", last_seen="2020-01-02", baseline=True)
    world.change(old, gone_times=2)
    return old


def looks(world: World, *days: str, **account: Any) -> None:
    for day in days:
        world.look(day, reports=account.get("reports", THERE), **{k: v for k, v in account.items() if k != "reports"})


def test_two_looks_that_account_for_everything_prove_it_and_its_return_is_believed(
    settings: Settings, ledger: Ledger, world: World, former: int
) -> None:
    looks(world, "2020-02-01")
    assert judged(settings, ledger) == []
    looks(world, "2020-02-03")
    assert judged(settings, ledger) == [(GONE, "open")]
    looks(world, "2020-02-12", reports={**THERE, 2018: ["neighbour", CULTURE]})
    world.change(former, gone_times=0, last_seen_at=at("2020-02-12"))
    assert judged(settings, ledger, "2020-02-13") == [(GONE, "resolved")]


@pytest.mark.parametrize(
    "account",
    [
        {"left": [{"text": "2018年度报告", "agencies": [CULTURE], "year": 2018}]},
        {"left": [{"text": "脚本中的列表"}]},
        {"accounted": False},
        {"complete": False},
        {"reports": {2019: [CULTURE]}},
        {"reports": {**THERE, 2018: ["neighbour", CULTURE]}},
    ],
    ids=["names it", "may be anything", "no account", "not complete", "nobody of that year", "at another address"],
)
def test_what_is_not_proved_is_not_said(
    settings: Settings, ledger: Ledger, world: World, former: int, account: dict[str, Any]
) -> None:
    looks(world, "2020-02-01", "2020-02-03", **account)
    assert judged(settings, ledger) == []


def test_what_cannot_be_told_any_more_leaves_its_finding_and_no_other(
    settings: Settings, ledger: Ledger, world: World, former: int
) -> None:
    other = world.article(CULTURE, 2017, "2019-12-20", title="2017年报告", last_seen="2020-01-02", baseline=True)
    world.change(other, gone_times=2)
    looks(world, "2020-02-01", "2020-02-03", reports={**THERE, 2017: ["neighbour"]})
    assert [state for _, state in judged(settings, ledger)] == ["open", "open"]
    world.change(other, gone_times=0)
    looks(world, "2020-02-12", left=[{"text": "2018年？", "year": 2018}], reports=THERE)
    assert [state for _, state in judged(settings, ledger, "2020-02-13")] == ["resolved", "open"]


def test_an_entry_that_could_not_be_assigned_may_be_it(
    settings: Settings, ledger: Ledger, world: World, former: int
) -> None:
    looks(world, "2020-02-01", "2020-02-03")
    world.article(None, 2018, "2020-02-01", title="2018年年报", outcome=ArticleOutcome.UNASSIGNED, reason="不能归属")
    assert judged(settings, ledger) == []


def test_many_that_vanish_together_are_a_column_that_was_changed(
    settings: Settings, ledger: Ledger, world: World, former: int
) -> None:
    rows = "".join(
        f"  - {{id: yunshan-{number}, name: 云山区第{number}局, short: {number}局, kind: department}}\n"
        for number in range(MANY_GONE - 1)
    )
    agencies = (settings.home / "config" / "agencies" / "yunshan.yaml").read_text(encoding="utf-8")
    write_register(settings.home, agencies=agencies.rstrip() + "\n" + rows)
    judged(settings, ledger)
    for number in range(MANY_GONE - 1):
        old = world.article(f"yunshan-{number}", 2018, "2019-12-20", last_seen="2020-01-02", baseline=True)
        world.change(old, gone_times=2)
    looks(world, "2020-02-01", "2020-02-03")
    assert judged(settings, ledger) == []


def test_the_register_of_filings_is_the_offices_word(
    settings: Settings, ledger: Ledger, world: World, home: Path
) -> None:
    own = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    read(world, own, "2020-01-17", VersionRole.BODY, 3)
    assert judged(settings, ledger) == []
    kept = "districts: {云山区: {2019: {due: 2020-01-31, kept_until: 2020-02-05, reports: {%s}}}}\n"
    file = home / "config" / "filings.yaml"
    file.write_text(kept % "", encoding="utf-8")
    missing = "截至2020年2月5日的报送登记中没有这份报告，报送期限为2020年1月31日"
    assert judged(settings, ledger) == [(missing, "open")]
    file.write_text(kept % f"{CULTURE}: {{filed: 2020-01-20}}", encoding="utf-8")
    assert judged(settings, ledger) == [(missing, "resolved")]
