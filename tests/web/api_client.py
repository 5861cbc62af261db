"""A program that asks the API, as one of an office or of a person does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from ledger.people.record import Who
from ledger.people.tokens import make_token
from ledger.states import TokenKind
from monitor.calendar import day_of
from web.desk import Desk

API = "/api/v1"
Program = Callable[..., TestClient]


def token_for(desk: Desk, kind: TokenKind = TokenKind.OFFICE, **values: Any) -> str:
    """A new token."""
    now = desk.now()
    with desk.ledger.write() as session:
        return make_token(session, kind, "区平台", Who("tests"), now, today=day_of(now), **values)


def program(app: Any, token: str | None) -> TestClient:
    """What asks with a token, or with none."""
    client = TestClient(app, follow_redirects=False, base_url="http://testserver")
    if token is not None:
        client.headers["Authorization"] = f"Bearer {token}"
    return client


def told(client: TestClient, path: str, status: int = 200, **query: Any) -> Any:
    """The answer to a question."""
    answer = client.get(API + path, params=query)
    assert answer.status_code == status, (answer.status_code, answer.text[:2000])
    assert answer.headers["content-type"] == ("application/json" if status == 200 else "application/problem+json")
    return answer.json()
