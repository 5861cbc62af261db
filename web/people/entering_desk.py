"""From a right password to a session: a code first, where codes are in force or the office demands them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from ledger.models import Account
from ledger.people.attempts import KNOWN_FOR, Origin, count_success
from ledger.people.record import Who, keep_record
from ledger.people.second_factor import STEP_HOLDS, begin_step, has_second_factor
from ledger.people.sessions import begin_session
from ledger.states import RecordKind
from web.answers import Rejected
from web.desk import Desk
from web.guard import BROWSER_COOKIE, SESSION_COOKIE, STEP_COOKIE
from web.serving.sessions import cookie_of

CODE, SETUP = "/login/code", "/login/setup"
# Half of the threads: strangers who storm the login hold up nobody who is logged in.
_LOGINS = threading.BoundedSemaphore(4)


@contextmanager
def one_of_few() -> Iterator[None]:
    """While a password or code is looked at. Raises Rejected where too many are."""
    if not _LOGINS.acquire(blocking=False):
        raise Rejected("同时登录的人太多，请过几秒再试", 503)
    try:
        yield
    finally:
        _LOGINS.release()


def after_password(session: Session, desk: Desk, account: str, origin: Origin, where: str) -> Response:
    """What follows a right password: the form for a code, or for setting codes up, else the session."""
    has = has_second_factor(session, account)
    if not has and desk.settings.web_second_factor != "required":
        return enter(session, desk, account, origin, where)
    token = begin_step(session, account, where, desk.now())
    answer = RedirectResponse(CODE if has else SETUP, 303)
    answer.headers.append("set-cookie", cookie_of(desk, STEP_COOKIE, token, keeps=STEP_HOLDS))
    return answer


def enter(
    session: Session, desk: Desk, account: str, origin: Origin, where: str, answer: Response | None = None
) -> Response:
    """Begins a session, always a new one, and leads to where the visitor wanted to go, or gives ``answer``."""
    now, found = desk.now(), session.get_one(Account, account)
    browser = count_success(session, account, origin, now)
    token = begin_session(session, account, now)
    keep_record(session, Who(found.name, account), RecordKind.LOGGED_IN, account, now)
    answer = answer or RedirectResponse(where or "/", 303)
    answer.headers.append("set-cookie", cookie_of(desk, SESSION_COOKIE, token))
    answer.headers.append("set-cookie", cookie_of(desk, BROWSER_COOKIE, browser, keeps=KNOWN_FOR))
    answer.headers.append("set-cookie", cookie_of(desk, STEP_COOKIE, "", ended=True))
    return answer
