"""Whose notices a visitor sees, and the mail of a notice as a frame shows it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from config.offices import Office
from config.register import Register
from ledger.messages.written import Whose
from web.answers import NotFound
from web.visitor import Need, Visitor

# The pictures that our mails show, and no other type under another's name.
_PICTURES = ("image/png", "image/jpeg")
_SHOWN = re.compile(r'src="cid:([^"]{1,300})"')


def whose(register: Register, visitor: Visitor) -> Whose:
    """Notices for the offices of a visitor's districts; those to the operators for operators of everything alone."""
    operators = visitor.may(Need.OPERATE) and visitor.sees(None)
    if visitor.districts is None:
        return Whose(operators=operators)
    # A district whose office is none any more has notices all the same.
    keys = {*visitor.districts, *(office.key for office in offices_seen(register, visitor))}
    return Whose(sorted(keys), visitor.districts, operators)


def offices_seen(register: Register, visitor: Visitor) -> list[Office]:
    """The offices all of whose districts a visitor sees."""
    return [one for one in register.offices.offices if all(map(visitor.sees, register.districts_of(one)))]


def office_seen(register: Register, visitor: Visitor, key: str) -> Office:
    """The office of this key; NotFound where the visitor does not see all of its districts."""
    office = next((one for one in offices_seen(register, visitor) if one.key == key), None)
    if office is None:
        raise NotFound
    return office


def with_pictures(html: str, pictures: Mapping[str, tuple[str, bytes]]) -> bytes:
    """A mail's HTML with the pictures that lie in it (by content id: media type and bytes) written into it."""

    def written(found: re.Match[str]) -> str:
        media_type, content = pictures.get(found[1], ("", b""))
        if media_type not in _PICTURES:
            return 'src=""'
        return f'src="data:{media_type};base64,{base64.b64encode(content).decode("ascii")}"'

    return _SHOWN.sub(written, html).encode("utf-8")
