"""指标: what whoever answers for a season sees, with every definition and no ranking."""

from __future__ import annotations

from pathlib import Path

from config.in_force import load_register
from ledger.states import DeskRole
from monitor.season.indicators import INDICATORS
from monitor.standings.obligations import update_obligations
from tests.monitor.factory import AGENCIES, PORTAL_FILE
from tests.web.conftest import Enter
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk


def test_each_indicator_stands_beside_its_definition_and_what_it_is_made_of(reports: None, enter: Enter) -> None:
    page = page_of(enter("leader", DeskRole.VIEWER, ["云山区"]), "/indicators?year=2023")
    rows = [[words(cell) for cell in row] for row in page.xpath("//table[1]/tbody/tr")]
    assert [row[0] for row in rows] == [one.name for one in INDICATORS]
    assert [row[4] for row in rows] == [one.definition for one in INDICATORS]
    # The government and the culture bureau published in time, the street office and the data bureau did not.
    assert rows[0][1] == "50.0% 2 ÷ 4家"
    # Nobody has read the reports: that is no praise and no blame.
    assert rows[1][1].startswith("—") and "未能判断" in rows[1][1] and "0.0%" not in rows[1][1]


def test_districts_are_never_sorted_by_a_value(reports: None, enter: Enter, desk: Desk) -> None:
    folder: Path = desk.settings.home / "config"
    other = AGENCIES.replace("云山区", "丰山区").replace("yunshan", "fengshan")
    (folder / "agencies" / "fengshan.yaml").write_text(other, encoding="utf-8")
    portal = PORTAL_FILE.replace("云山区", "丰山区").replace("yunshan", "fengshan")
    (folder / "portals" / "fengshan.yaml").write_text(portal, encoding="utf-8")
    desk.look_again()
    register = load_register(desk.settings.home)
    update_obligations(desk.ledger, register, TODAY)
    page = page_of(enter("leader", DeskRole.VIEWER), "/indicators?year=2023")
    for table in page.xpath("//section[@class='each']//table"):
        assert [words(one) for one in table.xpath("tbody/tr/th")] == list(register.districts)
    own = page_of(enter("own", DeskRole.VIEWER, ["丰山区"]), "/indicators")
    assert "云山区" not in words(own) and "丰山区" in words(own)


def test_another_district_and_an_empty_ledger(enter: Enter) -> None:
    assert enter("own", DeskRole.VIEWER, ["云山区"]).get("/indicators?district=东城区").status_code == 404
    assert "没有可以计算的指标" in enter("all", DeskRole.VIEWER).get("/indicators").text
