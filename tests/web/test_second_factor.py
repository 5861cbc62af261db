"""Codes as the second step of the login: set up, asked for, taken once, lost and reset."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from lxml import html as lxml_html
from sqlalchemy import select
from starlette.testclient import TestClient

from ledger.models import DeskSession, Record, SecondFactor
from ledger.people.accounts import make_link
from ledger.people.attempts import MOST_FAILURES
from ledger.people.second_factor import RECOVERY_CODES, STEP_HOLDS, begin_setup, confirm_setup
from ledger.states import DeskRole, RecordKind
from tests.web.conftest import PASSWORD, TESTS, Clock, Enter
from tests.web.forms import send
from tests.web.reading import page_of, words
from tests.web.test_login import log_in
from web.app import make_app
from web.desk import Desk
from web.guard import SESSION_COOKIE


def code_of(secret: str, clock: Clock, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now + timedelta(seconds=30 * steps))


def give(client: TestClient, code: str, where: str = "/login/code") -> Any:
    return send(client, where, where, code=code)


@pytest.fixture
def secret(desk: Desk, wangmin: str, clock: Clock) -> str:
    """The secret of somebody whose codes are in force."""
    with desk.ledger.write() as session:
        found = begin_setup(session, wangmin, clock.now)
        assert found is not None and confirm_setup(session, wangmin, code_of(found, clock), clock.now)
    clock.now += timedelta(minutes=5)
    return found


def sessions(desk: Desk) -> int:
    with desk.ledger.read() as session:
        return len(session.scalars(select(DeskSession)).all())


@pytest.mark.both_databases
def test_a_password_alone_makes_no_session_and_a_code_is_taken_once(
    desk: Desk, stranger: TestClient, secret: str, clock: Clock
) -> None:
    answer = log_in(stranger, next="/audit")
    assert answer.headers["location"] == "/login/code" and SESSION_COOKIE not in answer.headers["set-cookie"]
    assert sessions(desk) == 0 and stranger.get("/audit").status_code == 303
    code = code_of(secret, clock)
    assert give(stranger, code).headers["location"] == "/audit"
    assert stranger.get("/audit").status_code == 200
    # Who looked over the shoulder has the password and this very code, in the same half minute.
    other = TestClient(stranger.app, follow_redirects=False)
    log_in(other)
    assert give(other, code).status_code == 403
    assert give(other, code_of(secret, clock, -1)).status_code == 403  # nor one that is older
    clock.now += timedelta(seconds=30)
    assert give(other, code_of(secret, clock)).status_code == 303


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 303), (0, 303), (1, 303), (2, 403)])
def test_clocks_may_differ_by_one_step(
    stranger: TestClient, secret: str, clock: Clock, steps: int, status: int
) -> None:
    log_in(stranger)
    assert give(stranger, code_of(secret, clock, steps)).status_code == status


def test_codes_are_guessed_no_more_than_passwords(desk: Desk, stranger: TestClient, secret: str, clock: Clock) -> None:
    log_in(stranger)
    for number in range(MOST_FAILURES * 2):
        assert give(stranger, f"{number:06}").status_code == 403
    # The right one does not help any more, nor a right password to begin again with.
    assert give(stranger, code_of(secret, clock)).status_code == 403
    assert log_in(stranger).status_code == 403 and sessions(desk) == 0
    with desk.ledger.read() as session:
        failed = session.scalars(select(Record).where(Record.kind == RecordKind.LOGIN_FAILED)).all()
    assert {one.detail["step"] for one in failed} == {"code"} and len(failed) < MOST_FAILURES


def test_a_right_password_waits_for_its_code_no_longer_than_some_minutes(
    stranger: TestClient, secret: str, clock: Clock
) -> None:
    log_in(stranger)
    clock.now += STEP_HOLDS
    assert stranger.get("/login/code").headers["location"] == "/login"
    log_in(stranger)
    token = re.search(r'name="form_token" value="([^"]+)"', stranger.get("/login/code").text)
    clock.now += STEP_HOLDS
    assert token is not None
    given = {"form_token": token[1], "code": code_of(secret, clock)}
    assert stranger.post("/login/code", data=given).headers["location"] == "/login?expired=1"


def test_a_link_that_sets_a_password_asks_for_the_code_too(
    desk: Desk, stranger: TestClient, secret: str, clock: Clock
) -> None:
    with desk.ledger.write() as session:
        token = make_link(session, "wangmin", TESTS, desk.now())
    answer = send(stranger, f"/link/{token}", f"/link/{token}", password=PASSWORD + "!", again=PASSWORD + "!")
    assert answer.headers["location"] == "/login/code" and sessions(desk) == 0


def test_somebody_switches_codes_on_uses_a_recovery_code_once_and_switches_them_off(
    desk: Desk, stranger: TestClient, wangmin: str, clock: Clock
) -> None:
    log_in(stranger)
    assert send(stranger, "/account", "/account/codes", current="not the password").status_code == 403
    page: Any = lxml_html.fromstring(send(stranger, "/account", "/account/codes", current=PASSWORD).text)
    secret = words(page.xpath("//code[@class='secret']")[0])
    assert page.xpath("//svg//path") and not page.xpath("//@style")
    assert log_in(TestClient(stranger.app, follow_redirects=False)).headers["location"] == "/"  # not in force yet
    token = str(page.xpath("//input[@name='form_token']/@value")[0])
    wrong = stranger.post("/account/codes/confirm", data={"form_token": token, "code": "000000"})
    assert wrong.status_code == 403 and secret in wrong.text
    shown = stranger.post("/account/codes/confirm", data={"form_token": token, "code": code_of(secret, clock)}).text
    last: Any = lxml_html.fromstring(shown)
    recovery = [words(one) for one in last.xpath("//ul[@class='recovery']//code")]
    assert len(set(recovery)) == RECOVERY_CODES
    # Nothing shows the secret or a recovery code again, and the ledger has no recovery code.
    assert secret not in stranger.get("/account").text and secret not in stranger.get("/audit").text
    with desk.ledger.read() as session:
        row = session.get_one(SecondFactor, wangmin)
        assert not {one.replace("-", "") for one in recovery} & set(row.recovery)
    other = TestClient(stranger.app, follow_redirects=False)
    log_in(other)
    assert give(other, recovery[3].upper()).status_code == 303
    again = TestClient(stranger.app, follow_redirects=False)
    log_in(again)
    assert give(again, recovery[3]).status_code == 403
    assert send(other, "/account", "/account/codes/off", current=PASSWORD).status_code == 303
    assert log_in(TestClient(stranger.app, follow_redirects=False)).headers["location"] == "/"


def test_an_operator_resets_codes_and_the_record_says_so(
    desk: Desk, enter: Enter, stranger: TestClient, secret: str
) -> None:
    chief, other = enter("chief", DeskRole.OPERATOR), enter("elsewhere", DeskRole.OPERATOR, ["东城区"])
    assert "重置动态口令" in chief.get("/people").text
    assert send(other, "/people", "/people/wangmin/codes/reset").status_code == 404
    log_in(stranger)
    assert send(chief, "/people", "/people/wangmin/codes/reset").status_code == 200
    assert stranger.get("/login/code").headers["location"] == "/login"  # what was begun with the old codes has ended
    assert log_in(stranger).headers["location"] == "/"
    assert "重置动态口令" in words(page_of(chief, "/audit"))


def test_an_office_demands_codes_of_everybody(desk: Desk, stranger: TestClient, wangmin: str, clock: Clock) -> None:
    demanding = desk.settings.model_copy(update={"web_second_factor": "required"})
    strict = Desk(demanding, desk.ledger, desk.archive, clock)
    with TestClient(make_app(strict), follow_redirects=False) as client:
        assert log_in(client, next="/audit").headers["location"] == "/login/setup"
        assert client.get("/audit").status_code == 303 and client.get("/login/code").status_code == 303
        page = page_of(client, "/login/setup")
        secret = words(page.xpath("//code[@class='secret']")[0])
        assert give(client, "000000", "/login/setup").status_code == 403
        shown = give(client, code_of(secret, clock), "/login/setup")
        assert "恢复码" in shown.text and 'href="/audit"' in shown.text
        assert client.get("/audit").status_code == 200
        assert "不能关闭" in send(client, "/audit", "/account/codes/off", current=PASSWORD).text
        clock.now += timedelta(minutes=1)
        assert log_in(TestClient(client.app, follow_redirects=False)).headers["location"] == "/login/code"


def test_somebody_changes_their_password_and_ends_other_logins(desk: Desk, stranger: TestClient, wangmin: str) -> None:
    other = TestClient(stranger.app, follow_redirects=False)
    log_in(stranger)
    log_in(other)
    assert "其他登录" in stranger.get("/account").text
    assert send(stranger, "/account", "/account/sessions/end").status_code == 303
    assert other.get("/account").status_code == 303 and stranger.get("/account").status_code == 200
    log_in(other)
    new = {"current": PASSWORD, "password": "another long phrase", "again": "another long phrase"}
    assert send(stranger, "/account", "/account/password", **new | {"again": "x"}).status_code == 403
    assert send(stranger, "/account", "/account/password", **new | {"current": "no"}).status_code == 403
    assert send(stranger, "/account", "/account/password", **new).headers["location"] == "/account?done=password"
    assert "密码已经更换" in stranger.get("/account?done=password").text
    assert other.get("/account").status_code == 303
    assert log_in(other).status_code == 403 and log_in(other, password="another long phrase").status_code == 303
