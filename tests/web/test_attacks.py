"""What somebody tries who wants to break in or to break it, and what somebody does by mistake on a telephone."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient

from config.agencies.importing import LARGEST
from ledger.models import Account, DeskSession, FindingRow, Record, Rectification, Version
from ledger.people.accounts import set_password
from ledger.people.attempts import MOST_FAILURES
from ledger.states import DeskRole, RecordKind, TokenKind
from tests.monitor.evidence.published import YUNSHAN
from tests.monitor.factory import AGENCIES, World
from tests.web.api_client import token_for
from tests.web.conftest import PASSWORD, TESTS, Clock, Enter
from tests.web.forms import send, token_on
from tests.web.prepared import TODAY
from web.app import routers
from web.desk import Desk
from web.guard import SESSION_COOKIE, VISIT_COOKIE
from web.people import entering_desk
from web.personal_data import ONCE, keep_seen
from web.serving.tokens import BY_TOKEN
from web.visitor import Visitor

FORM = "/rectifications?agency=yunshan-government&year=2023"
ASKED = {"agency": "yunshan-government", "year": "2023", "due": "2024-04-20", "what": "请更正"}
ENTERED = {"agency": "yunshan-dongjie", "year": "2023", "published": "2024-01-20", "why": "y"}
NASTY = "x\r\nSet-Cookie: nianbao_session=stolen\r\n\r\n<script>alert(1)</script>"


@pytest.mark.both_databases
def test_passwords_tried_at_the_same_time_are_counted_like_those_after_each_other(
    desk: Desk, stranger: TestClient, wangmin: str
) -> None:
    clients = [TestClient(stranger.app, follow_redirects=False) for _ in range(MOST_FAILURES * 3)]
    tokens = [token_on(client, "/login") for client in clients]
    statuses: list[int] = []

    def attempt(client: TestClient, token: str) -> None:
        given = {"account": wangmin, "password": "a wrong password", "form_token": token}
        statuses.append(client.post("/login", data=given).status_code)

    threads = [threading.Thread(target=attempt, args=one) for one in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {403, 503}
    with desk.ledger.read() as session:
        tried = session.scalars(select(Record).where(Record.kind == RecordKind.LOGIN_FAILED)).all()
        assert len(tried) <= MOST_FAILURES
    # Whatever was turned away before it was counted: with the rest of the attempts the account is shut.
    for client in clients[:MOST_FAILURES]:
        send(client, "/login", "/login", account=wangmin, password="a wrong password")
    assert send(clients[0], "/login", "/login", account=wangmin, password=PASSWORD).status_code == 403


def test_a_storm_of_logins_leaves_room_for_who_is_logged_in(
    enter: Enter, stranger: TestClient, wangmin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering_desk, "_LOGINS", threading.BoundedSemaphore(1))
    assert entering_desk._LOGINS.acquire(blocking=False)
    answer = send(stranger, "/login", "/login", account=wangmin, password=PASSWORD)
    assert answer.status_code == 503 and "过几秒再试" in answer.text
    entering_desk._LOGINS.release()
    assert send(stranger, "/login", "/login", account=wangmin, password=PASSWORD).status_code == 303


def test_a_session_that_somebody_else_chose_is_no_session_after_the_login(
    desk: Desk, stranger: TestClient, wangmin: str, enter: Enter
) -> None:
    fixed = "a-token-of-the-attacker-long-enough"
    stranger.cookies.set(SESSION_COOKIE, fixed)
    stranger.cookies.set(VISIT_COOKIE, "a-visit-of-the-attacker-as-well")
    answer = send(stranger, "/login", "/login", account=wangmin, password=PASSWORD)
    new = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    assert new != fixed
    other = TestClient(stranger.app, follow_redirects=False)
    other.cookies.set(SESSION_COOKIE, fixed)
    assert other.get("/people").headers["location"].startswith("/login")
    with desk.ledger.read() as session:
        assert len(session.scalars(select(DeskSession)).all()) == 1


def test_a_cookie_that_another_program_set_badly_takes_no_session_with_it(enter: Enter) -> None:
    client = enter("wangmin", DeskRole.OPERATOR)
    good = f"{SESSION_COOKIE}={client.cookies[SESSION_COOKIE]}"
    client.cookies.clear()
    for bad in ("foo[]=1; ", "中文=x; ".encode().decode("latin-1"), 'a="; ', "=; ;; ", "b={}; "):
        answer = client.get("/people", headers=[(b"Cookie", (bad + good).encode("latin-1"))])
        assert answer.status_code == 200, bad


@pytest.mark.parametrize("host", ["evil.example", 'x"><script>alert(1)</script>', "[::1", "a b", "", "x:99999999"])
def test_a_host_that_is_none_brings_nothing_down(enter: Enter, desk: Desk, host: str) -> None:
    client = enter("chief", DeskRole.OPERATOR)
    answer = client.get("/people", headers={"Host": host})
    assert answer.status_code in (200, 400)
    made = {"account": "lihua", "name": "李华", "role": "viewer", "form_token": token_on(client, "/people")}
    answer = client.post("/people", data=made, headers={"Host": host})
    assert answer.status_code in (200, 400) and "<script>" not in answer.text


def test_no_header_takes_what_was_sent(reports: None, desk: Desk, enter: Enter, stranger: TestClient) -> None:
    client = enter("officer")
    answers = [
        stranger.get("/reports/x/2023", params={"finding": NASTY, "version": NASTY}),
        client.get("/findings", params={"district": NASTY, "rule": "T08"}),
        client.get("/ledger.xlsx", params={"district": "云山区", "year": "2023", "x": NASTY}),
        client.get("/rectifications/notice/yunshan-government/2023", params={"x": NASTY}),
        send(client, "/add", "/add", files={"file": (NASTY, YUNSHAN.read_bytes())}, **ENTERED),
        send(client, FORM, "/rectifications", **(ASKED | {"what": NASTY})),
    ]  # fmt: skip
    for answer in answers:
        assert "stolen" not in answer.headers.get("set-cookie", ""), answer.url
        assert all("\r" not in value and "\n" not in value for value in answer.headers.values())
    for address in ("/rectifications", "/reports/yunshan-dongjie/2023", "/add"):
        assert "<script>alert" not in client.get(address).text


def test_what_is_no_text_is_refused_and_not_the_ledgers_trouble(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    client = enter("officer")
    answer = send(client, FORM, "/rectifications", **(ASKED | {"what": "a\0b"}))
    assert answer.status_code == 400 and "不能保存的字符" in answer.text
    # Each of several values of one name, and not the last alone.
    answer = send(client, FORM, "/rectifications", **(ASKED | {"finding": ["a\0b", "c"]}))
    assert answer.status_code == 400 and "不能保存的字符" in answer.text
    assert client.get("/findings?district=%00").status_code == 404
    assert client.get("/findings?district=%00&district=").status_code == 404
    with world.ledger.read() as session:
        assert session.scalars(select(Rectification)).all() == []


def test_bombs_and_too_large_files_are_refused(enter: Enter, desk: Desk) -> None:
    client = enter("chief", DeskRole.OPERATOR)
    much = b"a" * (LARGEST + 1)
    answer = send(client, "/register", "/register", files={"file": ("a.csv", much)})
    assert answer.status_code in (400, 413)
    for content in (b"PK\x03\x04" + b"\0" * 5000, b"PK\x05\x06" + b"\0" * 18, b"\xff\xfe\0", b'"' * 100_000, b""):
        answer = send(client, "/register", "/register", files={"file": ("a.xlsx", content)})
        assert answer.status_code == 400, content[:10]
    for sha256 in ("../../../etc/passwd", "0" * 63, "0" * 64, "G" * 64, ""):
        assert send(client, "/register", "/register/import", sha256=sha256).status_code in (400, 503)


def test_what_is_pressed_twice_is_asked_once(reports: None, world: World, enter: Enter) -> None:
    client = enter("officer")
    given = ASKED | {"form_token": token_on(client, FORM)}
    assert [client.post("/rectifications", data=given).status_code for _ in range(2)] == [303, 303]
    assert client.post("/rectifications", data=given | {"what": "另一件事"}).status_code == 303
    with world.ledger.read() as session:
        assert [one.asked_for for one in session.scalars(select(Rectification))] == ["请更正", "另一件事"]


def test_who_writes_until_the_session_has_ended_is_told_that_nothing_was_kept(
    reports: None, world: World, wangmin: str, enter: Enter, clock: Clock
) -> None:
    client = enter("officer")
    given = ASKED | {"form_token": token_on(client, FORM)}
    clock.now += ONCE * 30
    answer = client.post("/rectifications", data=given)
    assert answer.headers["location"] == "/login?expired=1"
    assert "刚才填写的内容没有登记" in client.get("/login?expired=1").text


def test_what_was_filled_in_wrongly_is_named(reports: None, desk: Desk, enter: Enter) -> None:
    client = enter("officer")
    answer = send(client, FORM, "/rectifications", **(ASKED | {"year": "二〇二三", "due": "4月20日"}))
    assert answer.status_code == 400 and "报告年度（四位数字）、整改期限" in answer.text


def test_originals_and_tables_of_contacts_by_their_own_address_are_recorded(
    reports: None, world: World, desk: Desk, enter: Enter, clock: Clock
) -> None:
    agencies = desk.settings.home / "config" / "agencies" / "yunshan.yaml"
    kept = AGENCIES.replace("short: 云山区, kind: government", "short: 云山区, kind: government, contact: 李四")
    agencies.write_text(kept, encoding="utf-8")
    desk.look_again()
    with world.ledger.read() as session:
        version = session.scalars(select(Version).order_by(Version.id)).first()
    assert version is not None
    world.finding(version.id, "yunshan-government", 2023, "2024-03-20", rule="D16", severity="warning", cells=[])
    client = enter("chief", DeskRole.OPERATOR)

    def seen() -> list[tuple[Any, ...]]:
        with world.ledger.read() as session:
            query = select(Record).where(Record.kind == RecordKind.PERSONAL_DATA_SEEN)
            rows = session.scalars(query.order_by(Record.id)).all()
            return [(row.account, row.subject, row.agency, row.year) for row in rows]

    for _ in range(2):  # once an hour, whatever a page is made of
        assert client.get(f"/originals/{version.id}/file").status_code == 200
        assert client.get(f"/originals/{version.id}/pages/4.png").status_code == 200
        assert client.get("/ledger.xlsx?district=云山区&year=2023").status_code == 200
        assert client.get("/register.xlsx").status_code == 200
    assert seen() == [
        ("chief", version.sha256, "yunshan-government", 2023),
        ("chief", "ledger.xlsx", None, 2023),
        ("chief", "register.xlsx", None, None),
    ]
    clock.now = TODAY + ONCE
    client.get(f"/originals/{version.id}/file")
    assert len(seen()) == 4
    assert client.get("/originals/2/file").status_code == 200 and len(seen()) == 4  # nothing of the kind in it
    chief = Visitor("chief", "", DeskRole.OPERATOR, None, "")
    for year in (2023, 2022, 2022):  # the table of each year is another one
        keep_seen(desk, chief, "ledger.xlsx", district="云山区", year=year)
    assert [row[-1] for row in seen()[4:]] == [2023, 2022]


def log_in(client: TestClient, account: str) -> str:
    """The token of a new session."""
    answer = send(client, "/login", "/login", account=account, password=PASSWORD)
    return str(answer.headers["set-cookie"].split("=", 1)[1].split(";")[0])


def test_a_removed_account_is_no_way_in(desk: Desk, enter: Enter, stranger: TestClient, wangmin: str) -> None:
    chief = enter("chief", DeskRole.OPERATOR)
    with desk.ledger.write() as session:
        set_password(session, "chief", PASSWORD, TESTS, desk.now())
    chief.cookies.set(SESSION_COOKIE, log_in(stranger, "chief"))
    stranger.cookies.clear()
    assert send(chief, "/people", "/people/wangmin/remove").status_code == 200
    assert send(stranger, "/login", "/login", account=wangmin, password=PASSWORD).status_code == 403
    with desk.ledger.read() as session:
        assert session.get_one(Account, wangmin).failures == 0  # an account that is none counts nothing


def test_a_decision_reaches_no_finding_by_a_made_up_name(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    for name in ("..%2f..%2frectifications", "%00", "'%20OR%201=1--", "x" * 3000, "%E2%80%AE"):
        answer = send(client, "/findings", f"/findings/{name}", decision="dismiss", why="x")
        assert answer.status_code in (400, 404), name
    with world.ledger.read() as session:
        assert session.scalars(select(FindingRow).where(FindingRow.said_by.is_not(None))).all() == []


WAYS_OUT = (
    *("..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fledger.sqlite3", "..%5c..%5cconfig", "%00", "1%00.png"),
    *("%2e%2e", "%252e%252e%252f", "-1", "1e9", "٣", "1%0d%0aX:%20y", "%ff%fe", "a" * 2000, "'%20OR%20'1'='1"),
)


def test_no_address_with_a_place_in_it_leads_out_of_it(reports: None, desk: Desk, enter: Enter) -> None:
    client = enter("chief", DeskRole.OPERATOR)
    token = token_on(client, "/findings")
    bearer = {"Authorization": f"Bearer {token_for(desk, TokenKind.PERSON, account='chief')}"}
    tried, wrong = 0, []
    for router in routers(desk):
        for route in router.routes:
            if not isinstance(route, APIRoute) or "{" not in route.path:
                continue
            for way in WAYS_OUT:
                address = re.sub(r"\{\w+(:\w+)?\}", way, route.path)
                for method in sorted(route.methods or ()):
                    by_token = route.path.startswith(BY_TOKEN)
                    data = {"form_token": token} if method == "POST" and not by_token else None
                    answer = client.request(method, address, data=data, headers=bearer if by_token else None)
                    tried += 1
                    if answer.status_code not in (303, 400, 403, 404, 405) or "root:" in answer.text:
                        wrong.append((method, address, answer.status_code))
    assert tried > 150 and not wrong, wrong
