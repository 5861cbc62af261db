"""季情总览: what an officer sees first, whatever the ledger holds."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from config.in_force import load_register
from ledger.models import StandingRow
from ledger.states import DeskRole, PortalState, Standing
from monitor.season.progress import Curve, Progress
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.monitor.factory import World, at
from tests.web.conftest import Enter
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from tests.workbooks import load_workbook
from web.desk import Desk
from web.season.curve import drawn


@pytest.fixture
def season(world: World, desk: Desk) -> World:
    """Two looks after the due dates: the culture bureau published in time, the street office never."""
    world.article("yunshan-culture", 2023, "2024-01-20", page_label="2024-01-19")
    for day in ("2024-04-02", "2024-04-03"):
        world.look(day)
    register = load_register(desk.settings.home)
    update_obligations(world.ledger, register, TODAY)
    update_standings(world.ledger, register, TODAY)
    return world


def row_of(page: Any, name: str) -> list[str]:
    (row,) = (one for one in page.xpath("//section[@class='screen']//tbody/tr") if name in words(one))
    return [words(cell) for cell in row]


def test_an_empty_ledger_says_what_to_do(enter: Enter) -> None:
    assert "请先登记机关和门户" in enter("viewer", DeskRole.VIEWER).get("/").text


@pytest.mark.both_databases
def test_states_have_a_sign_a_word_and_days(season: World, enter: Enter) -> None:
    page = page_of(enter("viewer", DeskRole.VIEWER), "/?district=云山区&year=2023")
    assert row_of(page, "东街街道")[2:5] == ["✕ 未公布", "2024年1月31日 逾期70天", "—"]
    assert row_of(page, "区文旅局")[2:5] == ["✓ 按时公布", "2024年1月31日", "2024年1月19日"]
    # Of a report that nobody has read there are no findings, which is no praise.
    assert row_of(page, "区文旅局")[5] == "尚未读取"
    todo = [words(one) for one in page.xpath("//ul[@class='todo']/li")]
    assert todo[0].endswith("逾期未公布") and not todo[0].startswith("0")
    assert "最后一次完整查看于2024年4月3日" in words(page) and "已过6天" in words(page)
    assert page.xpath("//polyline") and not page.xpath("//@style")


@pytest.mark.both_databases
def test_filters_stand_in_the_address(season: World, enter: Enter) -> None:
    client = enter("viewer", DeskRole.VIEWER)
    page = page_of(client, "/?district=云山区&year=2023&state=on_time")
    assert "区文旅局" in words(page) and "东街街道" not in words(page)
    link = page.xpath("//table//td/a[contains(@href,'state=missing')]/@href")[0]
    assert "year=2023" in link
    assert "没有符合条件的机关" in words(page_of(client, "/?district=云山区&year=2023&name=不存在"))


def test_what_could_not_be_watched_is_said(season: World, enter: Enter) -> None:
    season.look("2024-04-09", found=PortalState.BLOCKED, complete=False, sentence="返回了验证页面")
    page = words(page_of(enter("viewer", DeskRole.VIEWER), "/?district=云山区&year=2023"))
    assert "访问被拦截" in page and "返回了验证页面" in page


@pytest.mark.both_databases
def test_several_districts_have_a_line_each(season: World, enter: Enter) -> None:
    page = page_of(enter("viewer", DeskRole.VIEWER), "/?year=2023")
    (link,) = page.xpath("//th/a[text()='云山区']/@href")
    assert "district=" in link and "东街街道" in words(page_of(enter("other", DeskRole.VIEWER), f"/{link}"))


@pytest.mark.parametrize("standing", [Standing.UNVERIFIABLE, Standing.DATE_DISPUTED, Standing.MISSING])
def test_what_is_to_be_done_first_leads_to_as_many_as_it_says(season: World, enter: Enter, standing: Standing) -> None:
    with season.ledger.write() as session:
        session.execute(update(StandingRow).values(standing=standing))
    client = enter("viewer", DeskRole.VIEWER)
    for narrowed in ("", "&kind=department", "&name=东街&soon=1"):
        page = page_of(client, f"/?district=云山区&year=2023{narrowed}")
        link = f"//ul[@class='todo']//a[contains(@href,'state={standing}')]"
        (count,) = page.xpath(f"{link}/preceding-sibling::b/text()")
        (address,) = page.xpath(f"{link}/@href")
        rows = page_of(client, f"/{address}").xpath("//section[@class='screen']//tbody/tr")
        assert len(rows) == int(count) > 1, narrowed


def test_a_district_that_owes_nothing_in_a_year_is_not_told_as_none_in_time(
    season: World, desk: Desk, enter: Enter
) -> None:
    agencies = desk.settings.home / "config" / "agencies"
    other = (
        (agencies / "yunshan.yaml").read_text(encoding="utf-8").replace("云山", "海淀").replace("yunshan-", "haidian-")
    )
    (agencies / "haidian.yaml").write_text(other.replace("portal: yunshan", "portal: haidian"), encoding="utf-8")
    desk.look_again()
    page = page_of(enter("viewer", DeskRole.VIEWER), "/?year=2023")
    (row,) = (words(one) for one in page.xpath("//tr[th/a[text()='海淀区']]"))
    assert "台账中没有2023年度应公布的报告" in row and not any(one.isdecimal() for one in row.split())


def test_another_district_does_not_exist(season: World, enter: Enter) -> None:
    elsewhere = enter("elsewhere", DeskRole.OFFICER, ["海淀区"])
    assert elsewhere.get("/?district=云山区").status_code == 404
    assert elsewhere.get("/ledger.xlsx?district=云山区&year=2023").status_code == 404
    assert "东街街道" not in elsewhere.get("/").text


def test_the_ledger_is_a_workbook(season: World, enter: Enter) -> None:
    answer = enter("viewer", DeskRole.VIEWER).get("/ledger.xlsx?district=云山区&year=2023")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "云山区人民政府东街街道办事处" in cells


def test_a_hostile_name_stays_text(season: World, enter: Enter) -> None:
    page = page_of(enter("viewer", DeskRole.VIEWER), "/?name=%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.xpath("//script/@src") == ["/static/desk.js"] and at("2024-01-01") < TODAY


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/findings",
        "/findings?undecided=1",
        "/rectifications?closed=1",
        "/incidents",
        "/add",
        "/register",
        "/audit",
    ],
)
def test_every_page_stands_on_an_empty_ledger(enter: Enter, address: str) -> None:
    page = page_of(enter("operator", DeskRole.OPERATOR), address)
    assert len(page.xpath("//h1")) == 1


ODD = (
    "/?year=nonsense&state=nonsense&kind=%00&page=1", "/?page=0", "/?page=-1", "/?name=%25_%27%22", "/?name=%00",
    "/?kind=%ED%A0%80", "/findings?page=x", "/findings?rule=%F0%9F%92%A9", "/findings?rule=%00",
    "/findings?district=%00",
    "/rectifications?closed=1&agency=x&year=2023", "/rectifications?agency=%00&year=2023",
    "/rectifications/notice/%00/2023", "/rectifications/notice/..%2f..%2fetc%2fpasswd/2023",
    "/audit?kind=nonsense", "/audit?before=99999999999999999999", "/agencies/%00", "/agencies/..%2f..%2fetc",
    "/reports/yunshan-culture/99999999999999999999", "/reports/%00/2023", "/reports/..%2f..%2fetc/2023",
    "/reports/yunshan-culture/2023?finding=%00&show=%00", "/originals/0/file", "/originals/99999999999/file",
    "/originals/1/pages/99999999999.png", "/originals/..%2f1/file", "/ledger.xlsx?district=%00&year=2023",
    "/static/..%2f..%2fapp.py", "/static/%00", "/link/%00", "/link/..%2f..%2fetc", "/login?next=%00",
    "/add?agency=%00&year=%00", "/incidents?page=1001",
)  # fmt: skip


@pytest.mark.both_databases
def test_no_address_brings_the_desk_down(season: World, enter: Enter) -> None:
    client = enter("operator", DeskRole.OPERATOR)
    answers = {address: client.get(address) for address in ODD}
    assert {
        address: one.status_code for address, one in answers.items() if one.status_code not in (200, 400, 404)
    } == {}
    assert [address for address, one in answers.items() if "Traceback" in one.text] == []


@pytest.mark.parametrize("expected", [0, 1, 5, 6, 54, 5_000, 25_001, 200_000])
def test_the_curve_is_drawn_for_a_season_of_any_size(expected: int) -> None:
    day = date(2024, 4, 1)
    counts = drawn(Progress(day, day, day, (day,), Curve(2023, expected, ()), None)).counts
    assert [counts[0].words, counts[-1].words] == ["0", str(max(expected, 1))]
    assert len(counts) <= 7
