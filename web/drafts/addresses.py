"""The address at which an agency checks its drafts: ``/check/NUMBER-KEY``.

The key is made of the installation's secret and of the number of this address in the ledger. So its office can be
shown it at any time, which a digest would not allow; a copy of the ledger opens nothing, and a new number ends the old
address. The secret is the one that signs unsubscribe links: one to keep, and the same on all machines already.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from ledger.models import CheckAddress
from ledger.people.check_addresses import check_address_of
from monitor.notices.unsubscribe import secret_of
from web.desk import Desk

ADDRESS = "/check"
# Where programs send one.
FOR_PROGRAMS = "/api/v1/check"
_TOKEN = re.compile(r"([1-9][0-9]{0,8})-([A-Za-z0-9_-]{32})")
_KEY_BYTES = 24


def token_of(desk: Desk, row: CheckAddress) -> str:
    """What stands behind /check/ in the address of an agency."""
    said = f"nianbao check\n{row.agency}\n{row.number}".encode()
    key = hmac.new(secret_of(desk.settings), said, hashlib.sha256).digest()[:_KEY_BYTES]
    return f"{row.id}-{base64.urlsafe_b64encode(key).decode('ascii')}"


def address_of(desk: Desk, agency: str) -> str | None:
    """The path of an agency's address; None where its office has opened none."""
    with desk.ledger.read() as session:
        row = check_address_of(session, agency)
    return None if row is None else f"{ADDRESS}/{token_of(desk, row)}"


def agency_at(desk: Desk, token: str) -> str | None:
    """Whose address this is; None where it is nobody's, or holds no more."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    with desk.ledger.read() as session:
        row = session.get(CheckAddress, int(match[1]))
    if row is None or row.closed_at is not None or row.agency not in desk.register.agencies:
        return None
    return row.agency if hmac.compare_digest(token_of(desk, row), token) else None
