"""Who gets in: accounts, passwords, sessions, one-time links, and forms that are the desk's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from ledger.models import Account, DeskSession, Record, Suppression
from ledger.people.accounts import make_link
from ledger.people.attempts import MOST_FAILURES, MOST_OF_STRANGERS, SHUT_FOR, STRANGERS_TIME
from ledger.people.sessions import HOLDS, IDLE
from ledger.states import DeskRole, RecordKind, Topic
from monitor.notices.unsubscribe import Subscription, make_token, secret_of
from tests.web.conftest import AS_IN_USE, PASSWORD, TESTS, Clock, Enter
from tests.web.forms import send, token_on
from web.desk import Desk
from web.guard import BROWSER_COOKIE, SESSION_COOKIE, VISIT_COOKIE
from web.serving.origins import network_of


def log_in(client: TestClient, account: str = "wangmin", password: str = PASSWORD, next: str = "") -> Any:
    """The answer to the login form."""
    return send(client, "/login", "/login", account=account, password=password, next=next)


def test_without_an_account_every_page_is_closed_but_the_one_that_makes_the_first(
    desk: Desk, stranger: TestClient
) -> None:
    assert stranger.get("/people").headers["location"] == "/login?next=%2Fpeople"
    assert "还没有账号" in stranger.get("/login").text
    with desk.ledger.write() as session:
        token = make_link(session, None, TESTS, desk.now())
    answer = send(
        stranger, f"/link/{token}", f"/link/{token}", account="LiHua", name="李华", password=PASSWORD, again=PASSWORD
    )
    assert answer.headers["location"] == "/"
    assert "李华（运维）" in stranger.get("/people").text
    assert stranger.get(f"/link/{token}").status_code == 404


def test_a_first_link_holds_no_more_once_somebody_can_log_in(desk: Desk, stranger: TestClient, wangmin: str) -> None:
    with desk.ledger.write() as session:
        token = make_link(session, None, TESTS, desk.now())
    assert stranger.get(f"/link/{token}").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "至少 10 个字符"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "太简单"),
        (PASSWORD, PASSWORD + "x", "不一样"),
    ],
)
def test_a_password_that_will_not_do_uses_no_link_up(
    desk: Desk, stranger: TestClient, wangmin: str, password: str, again: str, words: str
) -> None:
    with desk.ledger.write() as session:
        token = make_link(session, wangmin, TESTS, desk.now())
    page = f"/link/{token}"
    answer = send(stranger, page, page, password=password, again=again)
    assert answer.status_code == 400 and words in answer.text
    assert send(stranger, page, page, password=PASSWORD, again=PASSWORD).status_code == 303


def test_a_login_is_a_new_session_and_ends_when_told(desk: Desk, stranger: TestClient, wangmin: str) -> None:
    stranger.cookies.set(SESSION_COOKIE, "an-attackers-own-choice-of-a-token")
    answer = log_in(stranger, next="/audit")
    assert answer.headers["location"] == "/audit"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "attackers" not in cookie
    token = cookie.split("=", 1)[1].split(";")[0]
    stranger.cookies.clear()
    stranger.cookies.set(SESSION_COOKIE, token)
    assert stranger.get("/audit").status_code == 200
    with desk.ledger.read() as session:
        assert token not in [
            one.token for one in session.scalars(select(DeskSession))
        ]  # the ledger's copy opens nothing
    assert send(stranger, "/audit", "/logout").headers["location"] == "/login"
    stranger.cookies.set(SESSION_COOKIE, token)
    assert stranger.get("/audit").status_code == 303


@pytest.mark.parametrize(
    "where", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_login_leads_to_no_other_site(stranger: TestClient, wangmin: str, where: str) -> None:
    assert log_in(stranger, next=where).headers["location"] == "/"


@pytest.mark.both_databases
def test_wrong_passwords_shut_the_account_for_a_while(
    desk: Desk, stranger: TestClient, wangmin: str, clock: Clock
) -> None:
    for _ in range(MOST_FAILURES):
        assert log_in(stranger, password="wrong-password").status_code == 403
    # Now the right one does not help either, and the words are those for an account that does not exist.
    shut = log_in(stranger)
    nobody = log_in(stranger, account="nobody")
    assert (
        shut.status_code == nobody.status_code == 403
        and "账号或密码不对" in shut.text
        and "账号或密码不对" in nobody.text
    )
    clock.now += SHUT_FOR + timedelta(seconds=1)
    assert log_in(stranger).status_code == 303
    with desk.ledger.read() as session:
        kinds = [one.kind for one in session.scalars(select(Record).order_by(Record.id))]
    assert kinds.count(RecordKind.LOGIN_FAILED) == MOST_FAILURES and kinds[-1] is RecordKind.LOGGED_IN


def browser_at(stranger: TestClient, address: str) -> TestClient:
    """A browser of its own at an address."""
    return TestClient(stranger.app, follow_redirects=False, client=(address, 50000))


@pytest.mark.both_databases
def test_who_guesses_keeps_nobody_out_and_is_kept_out_longer_each_time(
    desk: Desk, stranger: TestClient, wangmin: str, clock: Clock
) -> None:
    attacker = browser_at(stranger, "198.51.100.7")
    for _ in range(100):
        assert log_in(attacker, password="a-wrong-guess").status_code == 403
        clock.now += timedelta(minutes=10)
    with desk.ledger.read() as session:
        tried = session.scalars(select(Record).where(Record.kind == RecordKind.LOGIN_FAILED)).all()
    # In nearly 17 hours: five at once, and five more after 15 and 30 minutes, one, two, four, and four more hours.
    assert 5 * 6 <= len(tried) <= 5 * 8
    assert log_in(attacker).status_code == 403
    assert log_in(browser_at(stranger, "203.0.113.5")).status_code == 303


@pytest.mark.both_databases
def test_guessing_from_many_addresses_stays_bounded_and_who_logged_in_before_comes_in(
    desk: Desk, stranger: TestClient, wangmin: str, clock: Clock
) -> None:
    known = browser_at(stranger, "203.0.113.5")
    assert log_in(known).status_code == 303
    del known.cookies[SESSION_COOKIE]
    for number in range(MOST_OF_STRANGERS + 20):
        log_in(browser_at(stranger, f"198.51.100.{number}"), password="a-wrong-guess")
    with desk.ledger.read() as session:
        tried = session.scalars(select(Record).where(Record.kind == RecordKind.LOGIN_FAILED)).all()
    assert len(tried) == MOST_OF_STRANGERS
    # Nobody knows this browser; the other one was here before, and now comes from elsewhere.
    assert log_in(browser_at(stranger, "203.0.113.9")).status_code == 403
    moved = browser_at(stranger, "198.51.100.1")
    moved.cookies.set(BROWSER_COOKIE, str(known.cookies[BROWSER_COOKIE]))
    assert log_in(moved).status_code == 303
    clock.now += STRANGERS_TIME
    assert log_in(browser_at(stranger, "203.0.113.9")).status_code == 303


def test_a_known_browser_guesses_no_more_than_others(stranger: TestClient, wangmin: str) -> None:
    stolen = browser_at(stranger, "203.0.113.5")
    assert log_in(stolen).status_code == 303
    for _ in range(MOST_FAILURES):
        assert log_in(stolen, password="a-wrong-guess").status_code == 403
    assert log_in(stolen).status_code == 403
    # And a made-up token makes no browser known.
    forged = browser_at(stranger, "203.0.113.6")
    forged.cookies.set(BROWSER_COOKIE, "x" * 43)
    for _ in range(MOST_FAILURES):
        log_in(forged, password="a-wrong-guess")
    forged.cookies.set(BROWSER_COOKIE, "y" * 43)
    assert log_in(forged).status_code == 403


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("198.51.100.7", "", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.5", "", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.5", "127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.5", "127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.5, 10.0.0.3", "127.0.0.1,10.0.0.0/24", "203.0.113.5"),
        ("127.0.0.1", "nonsense", "127.0.0.1", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "", "", "203.0.113.5"),
        ("", "203.0.113.5", "127.0.0.1", "unknown"),
    ],
)
def test_the_network_of_a_client(peer: str, forwarded: str, proxies: str, client: str) -> None:
    assert network_of(peer, forwarded, proxies) == client


@pytest.mark.parametrize("pause", [IDLE, HOLDS])
def test_a_session_ends_by_itself(enter: Enter, clock: Clock, pause: timedelta) -> None:
    client = enter("wangmin", DeskRole.OPERATOR)
    steps = int(pause / IDLE)
    for _ in range(steps - 1):
        clock.now += IDLE - timedelta(minutes=1)
        assert client.get("/audit").status_code == 200
    clock.now += IDLE + timedelta(minutes=steps)
    assert client.get("/audit").status_code == 303


def test_who_is_removed_or_gets_another_password_is_out_at_once(desk: Desk, enter: Enter) -> None:
    chief, other = enter("chief", DeskRole.OPERATOR), enter("other", DeskRole.OPERATOR)
    assert other.get("/audit").status_code == 200
    assert send(chief, "/people", "/people/other/remove").status_code == 200
    assert other.get("/audit").status_code == 303
    assert send(chief, "/people", "/people/chief/remove").status_code == 400
    with desk.ledger.read() as session:
        assert session.get_one(Account, "chief").removed_at is None


def test_a_form_from_elsewhere_is_refused(enter: Enter, stranger: TestClient, wangmin: str) -> None:
    chief = enter("chief", DeskRole.OPERATOR)
    other = enter("other", DeskRole.OPERATOR)
    for given in ({}, {"form_token": "x"}, {"form_token": token_on(other, "/people")}):
        answer = chief.post("/people/wangmin/remove", data=given)
        assert answer.status_code == 403 and "没有登记任何内容" in answer.text
    assert stranger.post("/login", data={"account": wangmin, "password": PASSWORD}).status_code == 403
    # A visitor's own token does not fit another visitor.
    token = token_on(stranger, "/login")
    stranger.cookies.clear()
    stranger.cookies.set(VISIT_COOKIE, "another-visitor-of-the-login-page")
    given = {"account": wangmin, "password": PASSWORD, "form_token": token}
    assert stranger.post("/login", data=given).status_code == 403


def test_an_operator_of_a_district_keeps_only_its_accounts(desk: Desk, enter: Enter) -> None:
    enter("everywhere", DeskRole.OPERATOR)
    own = enter("own", DeskRole.OPERATOR, ["云山区"])
    page = own.get("/people").text
    assert "everywhere" not in page
    made = {"account": "new", "name": "新人", "role": "viewer"}
    assert send(own, "/people", "/people", **made).status_code == 403
    answer = send(own, "/people", "/people", **made, district="云山区")
    assert answer.status_code == 200 and "/link/" in answer.text
    assert send(own, "/people", "/people/everywhere/remove").status_code == 404


def test_the_link_of_a_mail_stops_it_without_an_account(desk: Desk, stranger: TestClient) -> None:
    secret = secret_of(desk.settings)
    token = make_token(secret, Subscription("office@yunshan.example", Topic.WEEKLY))
    assert "停止接收" in stranger.get(f"/unsubscribe/{token}").text
    assert "已停止" in stranger.post(f"/unsubscribe/{token}").text
    with desk.ledger.read() as session:
        assert [one.topic for one in session.scalars(select(Suppression))] == [Topic.WEEKLY]
    assert stranger.get("/unsubscribe/forged").status_code == 404


def test_a_stolen_hash_is_costly_to_guess() -> None:
    """What the desk computes with where no test has put something quicker in its place: 64 MB, three times over."""
    hasher = AS_IN_USE()
    assert (hasher.memory_cost >= 64 * 1024, hasher.time_cost >= 3) == (True, True)
    assert hasher.verify(hasher.hash(PASSWORD), PASSWORD)
