"""Every address × every role × the own and another district: nobody sees or does what their account does not allow."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient

from ledger.models import FindingRow, Incident, Look, Notice, Token
from ledger.states import DeskRole, TokenKind
from monitor.loop import tick
from tests.monitor.factory import World
from tests.web.api_client import token_for
from tests.web.conftest import TESTS, Enter
from tests.web.forms import token_on
from tests.web.prepared import TODAY
from web.app import routers
from web.desk import Desk
from web.guard import need_of
from web.visitor import _MAY, Need

ELSEWHERE = "海淀区"
# The addresses whose answer does not depend on a district: what is listed there is tested in their own files.
ABOUT_NO_DISTRICT = {
    "/", "/findings", "/rectifications", "/incidents", "/add", "/register", "/register.xlsx", "/register/import",
    "/people", "/tokens", "/audit", "/logout", "/indicators", "/notices", "/notices/next", "/summaries",
    "/portals", "/machinery", "/machinery/retry",
    "/account", "/account/password", "/account/codes", "/account/codes/confirm", "/account/codes/off",
    "/account/sessions/end",
}  # fmt: skip

OF_AN_OFFICE = {
    "/notices/next/mail", "/summaries/next", "/summaries/next/mail", "/summaries/circular", "/summaries/circular.docx",
}  # fmt: skip


def routes(desk: Desk) -> list[tuple[str, str, Need]]:
    """Method, address with its places, and need of everything that is served."""
    return [
        (method, route.path, need_of(route.endpoint))
        for router in routers(desk)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


@pytest.fixture
def filled(reports: None, desk: Desk, world: World, wangmin: str) -> dict[str, str]:
    """What stands in the places of addresses, all of it in 云山区."""
    tick(desk.settings.model_copy(update={"smtp_port": 9}), world.ledger, TODAY)
    from ledger.messages.rectifications import open_rectification

    with world.ledger.write() as session:
        asked = {"asked_on": TODAY.date(), "due_on": TODAY.date(), "asked_by": TESTS.name, "asked_for": "更正"}
        number = open_rectification(session, "yunshan-government", 2023, now=TODAY, **asked)  # type: ignore[arg-type]
    with world.ledger.read() as session:
        finding = session.scalars(select(FindingRow).where(FindingRow.rule == "T08")).first()
        incident = session.scalars(select(Incident).where(Incident.district == "云山区")).first()
        notice = session.scalars(select(Notice).where(Notice.office == "云山区")).first()
        look = session.scalars(select(Look)).first()
    assert finding is not None and incident is not None and notice is not None and look is not None
    token_for(desk, districts=["云山区"])
    with world.ledger.read() as session:
        office_token = session.scalars(select(Token.id)).one()
    return {
        "agency": "yunshan-government", "year": "2023", "fingerprint": finding.fingerprint, "version": "1",
        "account": "somebody", "token": "x" * 43, "upload": "x" * 32, "code": "T05",
        "number": str(number), "incident": str(incident.id), "notice": str(notice.id), "place": "0",
        "portal": "yunshan", "look": str(look.id), "page": (look.pages or ["x"])[0],
        "office_token": str(office_token), "name": "check", "district": "云山区",
    }  # fmt: skip


def address_of(path: str, places: dict[str, str]) -> str:
    """The address with something real in its places."""
    if path.startswith("/incidents"):
        places = places | {"number": places["incident"]}
    if path.startswith("/originals"):
        places = places | {"number": "4"}
    if path.startswith("/notices"):
        places = places | {"number": places["notice"]}
    if path.startswith("/portals"):
        places = places | {"number": places["look"], "account": places["page"]}
    if path.startswith("/tokens"):
        places = places | {"number": places["office_token"]}
    if path.startswith("/api/v1/incidents"):
        places = places | {"number": places["incident"]}
    if path in OF_AN_OFFICE:
        return f"{path}?office=云山区&district=云山区&year=2023"
    where = re.sub(r"\{(\w+)(?::\w+)?\}", lambda place: places[place[1]], path)
    return f"{where}?district=云山区&year=2023" if path == "/ledger.xlsx" else where


def is_listed_or_api(path: str) -> tuple[bool, bool]:
    """Whether an address lists what the visitor sees, whatever that is; and whether it is asked for with a token."""
    by_token = path.startswith(("/api/", "/feeds/"))
    return path in ABOUT_NO_DISTRICT or (by_token and "{" not in path), by_token


def ask(client: TestClient, method: str, address: str, token: str) -> int:
    """The status of an empty form or of a page."""
    if method == "POST":
        return int(client.post(address, data={"form_token": token}).status_code)
    return int(client.request(method, address).status_code)


@pytest.mark.both_databases
def test_every_address_keeps_to_roles_and_districts(filled: dict[str, str], desk: Desk, enter: Enter) -> None:
    every = routes(desk)
    assert len(every) > 30
    here = {role: enter(f"{role.value}-here", role, ["云山区"]) for role in DeskRole}
    there = {role: enter(f"{role.value}-there", role, [ELSEWHERE]) for role in DeskRole}
    enter("somebody", DeskRole.VIEWER, ["云山区"])
    stranger = TestClient(here[DeskRole.VIEWER].app, follow_redirects=False)
    strangers_token = token_on(stranger, "/login")
    tokens = {client: token_on(client, "/findings") for client in (*here.values(), *there.values())}
    for where, clients in (("here", here), ("there", there)):
        for role, client in clients.items():  # pages go by the cookie, the API by the token
            token = token_for(desk, TokenKind.PERSON, account=f"{role.value}-{where}")
            client.headers["Authorization"] = f"Bearer {token}"
    wrong = []
    for method, path, need in every:
        address = address_of(path, filled)
        if path == "/logout":  # ends the session that the others need
            assert need is Need.LOGIN
            continue
        closed = ask(stranger, method, address, strangers_token)
        if need is not Need.NOTHING and closed not in ((401,) if is_listed_or_api(path)[1] else (303, 403)):
            wrong.append((method, path, "stranger", closed))
        for role in DeskRole:
            may = need in _MAY[role]
            status = ask(here[role], method, address, tokens[here[role]])
            if may == (status == 403):
                wrong.append((method, path, f"{role} here", status))
            status = ask(there[role], method, address, tokens[there[role]])
            refused = status in (400, 403, 404)
            if need is not Need.NOTHING and not is_listed_or_api(path)[0] and not refused:
                wrong.append((method, path, f"{role} of another district", status))
            if not may and status != 403:
                wrong.append((method, path, f"{role} of another district", status))
    assert wrong == []


def test_an_address_that_asks_nothing_of_anybody_stops_the_start(desk: Desk) -> None:
    with pytest.raises(LookupError):
        need_of(lambda: None)


def test_without_a_session_nothing_is_told_of_what_exists(reports: None, desk: Desk, stranger: TestClient) -> None:
    for address in ("/reports/yunshan-government/2023", "/reports/nobody/2023", "/originals/1/file", "/agencies/x"):
        assert stranger.get(address).headers["location"].startswith("/login?next=")
    assert stranger.get("/no-such-page").status_code == 404
