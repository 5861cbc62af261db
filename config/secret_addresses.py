"""Addresses with a secret in them (ledger, broker, archive), as they may be shown, and messages that quote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

HIDDEN = "***"
# From the first colon after the user to the last @: a password may hold what ought to be written as %2F or %40.
_PASSWORD = re.compile(r"://[^:/@?]*:(?P<secret>.*)@", re.DOTALL)
_QUERY = re.compile(r"[?&;][^=&;]*(?:pass|pwd|secret|token|key|sig|cred)[^=&;]*=(?P<secret>[^&;#]*)", re.IGNORECASE)
# A piece of a password that is shorter is no secret by itself, and hiding it would garble what is said.
_SHORTEST_PIECE = 4


def shown(address: str) -> str:
    """An address without its secrets: its password, and the values of such parameters as ``password`` and ``token``."""
    spans = [one.span("secret") for pattern in (_PASSWORD, _QUERY) for one in pattern.finditer(address)]
    for begin, end in sorted(spans, reverse=True):
        address = address[:begin] + HIDDEN + address[end:]
    return address


def without_secrets(text: object, *addresses: str) -> str:
    """What an error says, without the secrets of the addresses that it may quote, whole or in parts."""
    said = str(text)
    for address in addresses:
        for secret in sorted(set(_secrets(address)), key=len, reverse=True):
            said = said.replace(secret, HIDDEN)
    return said


def _secrets(address: str) -> Iterator[str]:
    for pattern in (_PASSWORD, _QUERY):
        for one in pattern.finditer(address):
            secret = one["secret"]
            for whole in {secret, unquote(secret)} - {""}:
                yield whole
                # Libraries split an address at these, and quote a part.
                yield from (piece for piece in re.split(r"[@/:?#]", whole) if len(piece) >= _SHORTEST_PIECE)
    if "://" not in address and address:
        yield address  # no address at all: perhaps a password in the wrong place
