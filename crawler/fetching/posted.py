"""Addresses that are asked by POST: the body stands behind the address, so that such a page is known like any other.

Some families list their rows only to a POST (hanweb's data store and its xxgk module, Epoint). What the ledger keeps
of a page, and what was asked before in a round, goes by its address; two pages of such a list have the same one and
differ in what was sent. The mark is a fragment: :func:`crawler.pages.canonical.resolve` cuts those off, so that no link
of a page can ever make this program send something.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_FORM = "#post-form:"
_JSON = "#post-json:"
_MEDIA_TYPES = {_FORM: "application/x-www-form-urlencoded; charset=UTF-8", _JSON: "application/json; charset=UTF-8"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What is sent: the address, the body and its media type."""

    address: str
    body: bytes
    media_type: str


def posted_form(address: str, fields: Mapping[str, str]) -> str:
    """The address of a page that is asked for by sending the fields of a form."""
    return f"{address}{_FORM}{urlencode(fields)}"


def posted_json(address: str, value: Any) -> str:
    """The address of a page that is asked for by sending an object as JSON."""
    return f"{address}{_JSON}{json.dumps(value, ensure_ascii=True, separators=(',', ':'))}"


def posted(address: str) -> Posted | None:
    """What is to be sent for an address; None where it is asked for by GET."""
    for mark, media_type in _MEDIA_TYPES.items():
        place, found, body = address.partition(mark)
        if found:
            return Posted(place, body.encode("ascii"), media_type)
    return None


def without_body(address: str) -> str:
    """The address itself, whatever is sent to it."""
    asked = posted(address)
    return asked.address if asked is not None else address
