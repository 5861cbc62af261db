"""Reads a mail server's report that a message, taken at first, could not be delivered after all (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from ledger.states import SendVerdict
from monitor.channels.answer import Answer

LONGEST_WORDS = 500
# "No such mailbox", "no such system", "moved away": the address is at fault, and not the message or the moment.
_ADDRESS = re.compile(r"5\.1\.[0-9]+")


class NoBounceError(Exception):
    """The message is no report of a failed delivery; ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of one of our messages.

    ``message_id`` is our message's, ``recipients`` are the one address under its names (as we wrote it, and
    where it was forwarded to), in small letters.
    """

    message_id: str
    recipients: frozenset[str]
    answer: Answer


def read_bounce(content: bytes) -> list[Bounce]:
    """The failed deliveries that a report tells of; none where it only tells of a delay.

    Raises NoBounceError where it is no delivery report in the standard form, or does not name the message it is about.
    """
    report = message_from_bytes(content)
    status = next((part for part in report.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None or not isinstance(status.get_payload(), list):
        raise NoBounceError("不是标准的退信报告（RFC 3464）")
    returned = next((identity for part in report.walk() if (identity := _returned(part))), None)
    if returned is None:
        raise NoBounceError("退信报告没有附上原邮件的 Message-ID，无法知道是哪一封")
    fields = [part for part in status.get_payload() if isinstance(part, Message)]
    return list(_failed(returned, fields))


def _returned(part: Message) -> str | None:
    """The Message-ID of the message that a part gives back, whole or its head alone."""
    if part.get_content_type() == "message/rfc822" and isinstance(part.get_payload(), list):
        head = part.get_payload(0)
    elif part.get_content_type() == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        head = message_from_bytes(content) if isinstance(content, bytes) else None
    else:
        return None
    identity = head["Message-ID"] if isinstance(head, Message) else None
    return str(identity).strip() if identity else None


def _failed(message_id: str, fields: list[Message]) -> Iterator[Bounce]:
    for one in fields:
        if str(one["Action"] or "").strip().lower() != "failed":
            continue
        names = {_address(str(one[name])) for name in ("Original-Recipient", "Final-Recipient") if one[name]}
        status = str(one["Status"] or "").split("(")[0].strip()
        said = str(one["Diagnostic-Code"] or "").partition(";")[2]
        words = " ".join(f"{status} {said}".split())[:LONGEST_WORDS]
        verdict = SendVerdict.ADDRESS_REFUSED if _ADDRESS.fullmatch(status) else SendVerdict.RECIPIENT_REFUSED
        yield Bounce(message_id, frozenset(names), Answer(verdict, words))


def _address(field: str) -> str:
    """``rfc822; <clerk@example.com>`` without its type."""
    return parseaddr(field.rpartition(";")[2])[1].lower()
