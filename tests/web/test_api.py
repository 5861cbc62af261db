"""The API: the same JSON as the commands print, in pages, for the districts of a token and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from config.settings import Settings
from ledger.models import FindingRow, Incident, Record, Token
from ledger.people.accounts import remove_account
from ledger.people.tokens import remove_token
from ledger.states import DeskRole, FindingDecision, RecordKind, TokenKind
from monitor.loop import tick
from monitor.outputs.standings import status_of
from tests.monitor.factory import World
from tests.web.api_client import API, program, token_for, told
from tests.web.conftest import TESTS, Clock, Enter
from tests.web.prepared import TODAY
from web.desk import Desk
from web.guard import SESSION_COOKIE

LISTS = (
    "agencies",
    "standings",
    "reports",
    "figures",
    "findings",
    "incidents",
    "rectifications",
    "notices",
    "summaries",
)


@pytest.fixture
def season(reports: None, desk: Desk, world: World) -> Desk:
    tick(desk.settings.model_copy(update={"smtp_port": 9}), world.ledger, TODAY)
    return desk


@pytest.fixture
def office(season: Desk, stranger: TestClient) -> TestClient:
    """A program of an office that reads 云山区."""
    return program(stranger.app, token_for(season, districts=["云山区"]))


@pytest.mark.both_databases
def test_what_the_commands_print_is_what_the_api_gives(office: TestClient, season: Desk, settings: Settings) -> None:
    register = season.register
    status = status_of(season.ledger, register, district="云山区")
    standings = told(office, "/standings", year=2023)["standings"]
    assert sorted(standings, key=lambda one: one["id"]) == sorted(
        json.loads(json.dumps(status.agencies)), key=lambda one: one["id"]
    )
    assert {one["id"]: one["standing"] for one in standings} == {
        "yunshan-government": "on_time", "yunshan-culture": "on_time", "yunshan-dongjie": "missing",
        "yunshan-new": "missing",
    }  # fmt: skip
    assert told(office, "/portals")["portals"] == json.loads(json.dumps(status.portals))
    facts = told(office, "/reports/yunshan-government/2023")
    assert facts["standing"]["standing"] == "on_time" and facts["articles"][0]["documents"][0]["sha256"]
    figures = told(office, "/reports/yunshan-government/2023/figures")["figures"]
    (total,) = [one for one in figures if one["figure"] == "requests.received.total"]
    assert (total["state"], total["district"], total["year"]) == ("number", "云山区", 2023)
    assert told(office, "/figures", agency="yunshan-government")["figures"] == figures
    assert (
        told(office, "/figures", figure="requests.received.total", year=2023)["figures"][0]["figure"] == total["figure"]
    )
    (report,) = told(office, "/reports", agency="yunshan-culture")["reports"]
    assert report["versions"][0]["sha256"] and report["year"] == 2023
    assert told(office, "/agencies", name="文化")["agencies"][0]["id"] == "yunshan-culture"
    years = told(office, "/agencies/yunshan-dongjie")["standings"]
    assert [(one["year"], one["standing"]) for one in years if one["year"] == 2023] == [(2023, "missing")]
    findings = told(office, "/findings", agency="yunshan-government", rule="t08")["findings"]
    assert findings and {one["rule"] for one in findings} == {"T08"} and isinstance(findings[0]["expected"], int)
    assert told(office, f"/findings/{findings[0]['fingerprint']}") == findings[0]
    missing = told(office, "/incidents", kind="missing", agency="yunshan-dongjie")["incidents"][0]
    assert told(office, f"/incidents/{missing['id']}") == missing
    letters = told(office, "/notices")["notices"]
    assert letters and {tuple(one["districts"]) for one in letters} == {("云山区",)}
    assert {one["recipient"] for one in letters} == {None} == {one["to"] for one in facts["letters"]} | {None}


@pytest.mark.parametrize("path", LISTS)
def test_pages_follow_each_other_and_leave_nothing_out(office: TestClient, path: str) -> None:
    whole = told(office, f"/{path}", limit=50)
    assert whole["next"] is None
    limit, found, cursor = (1 if path == "figures" else 2), [], ""
    for _ in range(200):
        page = told(office, f"/{path}", limit=limit, cursor=cursor)
        assert path == "figures" or len(page[path]) <= limit
        found += page[path]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole[path]
    for wrong in ("x", "bnVsbA", "WzEsMl0", "W10", "WyJhIiwgImIiXQ", "a" * 300, "\x00"):
        answer = office.get(f"{API}/{path}", params={"cursor": wrong})
        assert answer.status_code in (400, 404), (wrong, answer.text)


@pytest.mark.both_databases
def test_another_district_does_not_exist(season: Desk, stranger: TestClient) -> None:
    with season.ledger.read() as session:
        finding = session.scalars(select(FindingRow.fingerprint)).first()
        incident = session.scalars(select(Incident.id).where(Incident.district == "云山区")).first()
    elsewhere = program(stranger.app, token_for(season, districts=["海淀区"]))
    for path in LISTS:
        page = told(elsewhere, f"/{path}")
        assert page == {path: [], "next": None}
        assert told(elsewhere, f"/{path}", 404, district="云山区")["code"] == "not_found"
    assert told(elsewhere, "/portals")["portals"] == [] == told(elsewhere, "/districts")["districts"]
    for path in (
        "/agencies/yunshan-government", "/reports/yunshan-government/2023", f"/findings/{finding}",
        "/reports/yunshan-government/2023/figures", f"/incidents/{incident}", "/agencies/nobody",
    ):  # fmt: skip
        assert told(elsewhere, path, 404)["code"] == "not_found"
    everything = program(stranger.app, token_for(season))
    assert told(everything, "/agencies")["agencies"]


def test_only_a_token_that_holds_is_let_in(season: Desk, stranger: TestClient, enter: Enter, clock: Clock) -> None:
    def refused(client: TestClient) -> None:
        answer = client.get(f"{API}/agencies")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")

    app = stranger.app
    refused(program(app, None))
    refused(program(app, "nianbao_" + "x" * 43))
    refused(enter("wangmin", DeskRole.OPERATOR))  # a cookie is no token
    token = token_for(season, expires_on=TODAY.date())
    twice = program(app, None)
    twice.headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    refused(twice)
    refused(program(app, token_for(season, TokenKind.FEEDS)))
    assert program(app, None).get(f"{API}/agencies?token={token}").status_code == 401
    holder = program(app, token)
    assert told(holder, "/agencies")["agencies"]
    with season.ledger.read() as session:
        row = session.scalars(select(Token).where(Token.expires_on.is_not(None))).one()
        assert row.used_on == TODAY.date() and token not in row.digest
    # No page takes a token, neither in the head nor as a cookie.
    assert holder.get("/findings").status_code == 303
    holder.cookies.set(SESSION_COOKIE, token)
    assert holder.get("/findings").status_code == 303
    clock.now = TODAY.replace(day=TODAY.day + 1)
    refused(holder)
    clock.now = TODAY
    with season.ledger.write() as session:
        assert remove_token(session, row.id, TESTS, TODAY)
    refused(holder)


def test_a_person_decides_under_their_account_and_an_office_only_reads(
    season: Desk, stranger: TestClient, enter: Enter
) -> None:
    with season.ledger.read() as session:
        fingerprint = session.scalars(select(FindingRow.fingerprint).where(FindingRow.rule == "T08")).first()
        incident = session.scalars(select(Incident.id).where(Incident.district == "云山区")).first()
    decisions, notes = f"{API}/findings/{fingerprint}/decisions", f"{API}/incidents/{incident}/notes"
    said = {"decision": "confirm", "why": "原件确实有误"}
    enter("wangmin", DeskRole.OFFICER, ["云山区"])
    enter("lihua", DeskRole.VIEWER, ["云山区"])
    enter("zhaoyun", DeskRole.OFFICER, ["海淀区"])
    person = {one: program(stranger.app, token_for(season, TokenKind.PERSON, account=one)) for one in
              ("wangmin", "lihua", "zhaoyun")}  # fmt: skip
    office = program(stranger.app, token_for(season, districts=["云山区"]))
    assert office.post(decisions, json=said).status_code == 403
    assert person["lihua"].post(decisions, json=said).status_code == 403
    assert person["zhaoyun"].post(decisions, json=said).status_code == 404
    assert program(stranger.app, None).post(decisions, json=said).status_code == 401
    answer = person["wangmin"].post(decisions, json=said)
    assert (answer.status_code, answer.json()["decision"], answer.json()["said_by"]) == (
        200,
        "confirm",
        "wangmin的姓名",
    )
    with season.ledger.read() as session:
        record = session.scalars(select(Record).where(Record.kind == RecordKind.FINDING_DECIDED)).one()
        assert (record.account, record.subject) == ("wangmin", fingerprint)
    cells = answer.json()["cells"]
    wrong: list[Any] = [
        {"decision": "perhaps", "why": "x"}, {"decision": "confirm"}, {"decision": "confirm", "why": "  "}, [], None,
        {"decision": "correct", "why": "x"}, {"decision": "correct", "why": "x", "readings": {"no.cell": "1"}},
        {"decision": "correct", "why": "x", "readings": {cells[0]: "abc"}}, {**said, "more": 1},
        {"decision": "confirm", "why": "\x00"},
    ]  # fmt: skip
    for body in wrong:
        answer = person["wangmin"].post(decisions, json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), body
    answer = person["wangmin"].post(decisions, json={"decision": "correct", "why": "看错", "readings": {cells[0]: "7"}})
    assert answer.json()["decision"] == FindingDecision.CORRECT
    assert person["wangmin"].post(decisions, json={"decision": "as_printed", "why": "x"}).status_code == 409
    assert office.post(notes, json={"kind": "acknowledge", "why": "在办"}).status_code == 403
    assert person["wangmin"].post(notes, json={"kind": "snooze", "why": "x"}).status_code == 400
    answer = person["wangmin"].post(notes, json={"kind": "snooze", "why": "等函复", "until": "2024-04-20"})
    assert [(one["kind"], one["by"]) for one in answer.json()["words"]] == [("snooze", "wangmin的姓名")]
    with season.ledger.write() as session:
        remove_account(session, "wangmin", TESTS, TODAY)
    assert person["wangmin"].get(f"{API}/agencies").status_code == 401
    with season.ledger.read() as session:  # with its account, for good
        assert session.scalars(select(Token.removed_at).where(Token.account == "wangmin")).one() is not None


def test_what_stops_a_program_has_one_form(office: TestClient, stranger: TestClient) -> None:
    for answer, status, code in (
        (office.get(f"{API}/nothing"), 404, "not_found"),
        (office.get(f"{API}/findings/xyz"), 400, "invalid"),
        (office.delete(f"{API}/agencies"), 405, "method_not_allowed"),
        (office.get(f"{API}/agencies?limit=0"), 400, "invalid"),
        (office.get(f"{API}/agencies?limit=501"), 400, "invalid"),
        (office.get(f"{API}/standings?standing=missed"), 400, "invalid"),
        (office.get(f"{API}/agencies?name=%00"), 404, "not_found"),
        (office.post(f"{API}/findings/{'0' * 32}/decisions", content=b"x" * 2_000_000), 413, "too_large"),
        (program(stranger.app, None).post(f"{API}/check", content=b"x" * 20_000), 413, "too_large"),
    ):
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["detail"] and problem["detail_en"]
    (field,) = office.get(f"{API}/agencies?limit=0").json()["errors"]
    assert field["field"] == "limit"
