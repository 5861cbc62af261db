"""令牌 at the desk: made and shown once, by whom they concern, and taken away."""

from __future__ import annotations

from typing import Any

from lxml import html as lxml_html
from sqlalchemy import select
from starlette.testclient import TestClient

from ledger.models import Record, Token
from ledger.states import DeskRole, RecordKind
from tests.monitor.factory import World
from tests.web.api_client import API, program
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.reading import page_of, words
from web.desk import Desk


def told(answer: Any) -> list[str]:
    """What a page shows once: the token, and how it is used."""
    assert answer.status_code == 200, answer.text
    page: Any = lxml_html.fromstring(answer.text)
    return [one.text_content() for one in page.xpath("//div[@role='status']//code")]


def test_a_token_is_shown_once_used_and_taken_away(world: World, desk: Desk, enter: Enter) -> None:
    chief = enter("chief", DeskRole.OPERATOR)
    token = told(send(chief, "/people", "/tokens", called="区平台", kind="office", district="云山区"))[0]
    assert token not in chief.get("/tokens").text + chief.get("/people").text
    reads = program(chief.app, token)
    assert reads.get(f"{API}/districts").json() == {"districts": [{"district": "云山区", "portal": "yunshan"}]}
    assert "2024年4月10日" in words(page_of(chief, "/people").xpath("//h2[@id='tokens']/following-sibling::div[1]")[0])
    with desk.ledger.read() as session:
        number = session.scalars(select(Token.id)).one()
        kept = session.scalars(select(Record).where(Record.kind == RecordKind.TOKEN_MADE)).one()
        assert kept.account == "chief" and token not in str(kept.detail)
    assert send(chief, "/tokens", f"/tokens/{number}/remove").status_code == 200
    assert reads.get(f"{API}/districts").status_code == 401
    assert "已停用" in chief.get("/tokens").text


def test_feeds_are_told_with_their_addresses(world: World, enter: Enter) -> None:
    chief = enter("chief", DeskRole.OPERATOR)
    answer = send(chief, "/tokens", "/tokens", called="日历", kind="feeds", expires="2024-12-31")
    addresses = [one for one in told(answer) if one.startswith("http")]
    assert any("/feeds/%E4%BA%91" in one and ".ics?token=nianbao_" in one for one in addresses)
    for address in addresses:
        assert TestClient(chief.app).get(address).status_code == 200


def test_who_makes_which(world: World, desk: Desk, enter: Enter) -> None:
    officer, own = enter("wangmin", DeskRole.OFFICER, ["云山区"]), enter("keeper", DeskRole.OPERATOR, ["海淀区"])
    token = told(send(officer, "/tokens", "/tokens", called="脚本", kind="person"))[0]
    assert send(officer, "/tokens", "/tokens", called="x", kind="office", district="云山区").status_code == 403
    assert send(own, "/tokens", "/tokens", called="x", kind="office").status_code == 403  # all districts
    assert send(own, "/tokens", "/tokens", called="x", kind="office", district="云山区").status_code in (400, 403)
    with desk.ledger.read() as session:
        number = session.scalars(select(Token.id)).one()
    assert "脚本" not in own.get("/tokens").text
    assert send(own, "/tokens", f"/tokens/{number}/remove").status_code == 404
    for wrong in (
        {"called": " "},
        {"called": "长" * 61},
        {"expires": "2024-04-09"},
        {"expires": "明天"},
        {"kind": "god"},
    ):
        answer = send(officer, "/tokens", "/tokens", **({"called": "x", "kind": "person"} | wrong))
        assert answer.status_code == 400, wrong
    assert send(officer, "/tokens", f"/tokens/{number}/remove").status_code == 200
    assert program(officer.app, token).get(f"{API}/districts").status_code == 401
