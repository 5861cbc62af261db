"""Who asks with a token: in the head of a request to the API, or in the address of a feed, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from starlette.types import Scope

from ledger.models import Account, Token
from ledger.people.tokens import holder_of, see_token
from ledger.states import DeskRole, TokenKind
from monitor.calendar import day_of
from web.desk import Desk
from web.visitor import Visitor

API = "/api/"
FEEDS = "/feeds/"
# Addresses at which no cookie says who asks: no other site's page can send a request in somebody's name.
BY_TOKEN = (API, FEEDS)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_BEARER = re.compile(rb"bearer +([\x21-\x7e]+) *", re.IGNORECASE)
# A reader of feeds cannot send a head of its own. What decides is in no address, and what reads feeds reads no more.
_IN_A_HEAD = {API: (TokenKind.OFFICE, TokenKind.PERSON), FEEDS: tuple(TokenKind)}
_IN_AN_ADDRESS = (TokenKind.OFFICE, TokenKind.FEEDS)


def visitor_by_token(desk: Desk, scope: Scope) -> Visitor | None:
    """Whose token a request carries; None where it carries none that holds here."""
    path = str(scope["path"])
    place = next(one for one in BY_TOKEN if path.startswith(one))
    token, kinds = _in_the_head(scope), _IN_A_HEAD[place]
    if token is None and place == FEEDS:
        token, kinds = _in_the_address(scope), _IN_AN_ADDRESS
    if token is None:
        return None
    today = day_of(desk.now())
    with desk.ledger.read() as session:
        found = holder_of(session, token, today)
    if found is None or found[0].kind not in kinds:
        return None
    row, account = found
    if row.used_on is None or row.used_on < today:
        with desk.ledger.write() as session:
            see_token(session, row.id, today)
    return _visitor(row, account, token)


def _visitor(row: Token, account: Account | None, token: str) -> Visitor:
    if account is not None:
        districts = tuple(account.districts) if account.districts is not None else None
        return Visitor(account.account, account.name, account.role, districts, token)
    districts = tuple(row.districts) if row.districts is not None else None
    # No account is called so: what such a token saw stands in the record under its number.
    return Visitor(f"token:{row.id}", row.name, DeskRole.VIEWER, districts, token)


def has_token(scope: Scope) -> bool:
    """Whether a request carries anything that looks like a token, of whomever."""
    return any(name == b"authorization" for name, _ in scope["headers"])


def _in_the_head(scope: Scope) -> str | None:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    found = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    return _fit([found[1].decode("ascii")]) if found is not None else None


def _in_the_address(scope: Scope) -> str | None:
    query = scope["query_string"].decode("latin-1")
    return _fit(_values(query))


def _values(query: str) -> Iterator[str]:
    try:
        pairs = parse_qsl(query, max_num_fields=20)
    except ValueError:
        return
    yield from (value for name, value in pairs if name == "token")


def _fit(values: list[str] | Iterator[str]) -> str | None:
    given = list(values)
    return given[0] if len(given) == 1 and _TOKEN.fullmatch(given[0]) else None
