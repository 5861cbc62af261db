"""What is a mail address to which, or from which, a message can be made."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address


def is_mail_address(value: str) -> bool:
    """Whether a message can be made for an address: no two dots in a row, none at the end (RFC 5322, section 3.4.1)."""
    try:
        return value.isascii() and "@" in value and Address(addr_spec=value).addr_spec == value
    except (MessageError, ValueError, IndexError):
        return False
