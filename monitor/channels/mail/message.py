"""A notice as a message by RFC 5322: text and HTML, a thread, and the headers that keep robots quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from config.mail_address import is_mail_address
from config.settings import Settings
from config.time_zone import SHANGHAI
from monitor.channels.mail.render import harmless

SENDER_NAME = "年报监测"
LONGEST_SUBJECT = 120
# All that lies in a mail together; as mail it takes a third more, and a mail has to stay under a megabyte.
MOST_ENCLOSED_BYTES = 650_000


@dataclass(frozen=True, slots=True)
class Part:
    """What lies in a message: a picture that the HTML shows as ``cid:CONTENT_ID``, or an attachment."""

    name: str
    media_type: str
    content_id: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What one message carries; ``contact`` is where a reader writes to stop or change such mails.

    Without ``html`` it is plain text alone.

    ``unsubscribe`` is the address to which one click posts (RFC 8058), None where none is configured.
    """

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    contact: str
    in_reply_to: str | None = None
    parts: tuple[Part, ...] = ()
    unsubscribe: str | None = None


class _Addresses(UnstructuredHeader, BaseHeader):
    """Addresses in angle brackets, one a line: the library would write a long one as an encoded word, which no
    mail program takes for an address.
    """

    def fold(self, *, policy: Policy[Message]) -> str:
        return f"{self.name}: {str(self).replace(', ', f',{policy.linesep} ')}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Addresses)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def make_message(mail: Mail, settings: Settings, now: datetime) -> EmailMessage:
    """The message, dated ``now``. Nothing in it can add a header, whatever a title on a portal says."""
    message = EmailMessage(policy=_POLICY)
    name, address = parseaddr(settings.mail_from)
    message["From"] = Address(name or SENDER_NAME, addr_spec=address)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(now.astimezone(SHANGHAI))
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to is not None:
        message["In-Reply-To"] = mail.in_reply_to
        message["References"] = mail.in_reply_to
    message["Auto-Submitted"] = "auto-generated"
    ways = []
    if mail.unsubscribe is not None and mail.unsubscribe.startswith("https://"):
        ways.append(f"<{mail.unsubscribe}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if is_mail_address(mail.contact):  # the contact of the settings may be a web page
        message["Reply-To"] = mail.contact
        ways.append(f"<mailto:{mail.contact}?subject={quote('停止接收年报监测邮件')}>")
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    message.set_content(mail.text, subtype="plain", charset="utf-8", cte="base64")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="base64")
    _enclose(message, mail.parts)
    return message


def _enclose(message: EmailMessage, parts: Sequence[Part]) -> None:
    """Pictures go beside the HTML that shows them, all else is attached to the whole."""
    html = message.get_body(("html",))
    for part in parts:
        kind, _, subtype = part.media_type.partition("/")
        if part.content_id is not None and html is not None:
            cid = f"<{part.content_id}>"
            html.add_related(part.content, kind, subtype, cid=cid, filename=part.name, disposition="inline")
    for part in parts:
        kind, _, subtype = part.media_type.partition("/")
        if part.content_id is None:
            charset = {"charset": "utf-8"} if kind == "text" else {}
            message.add_attachment(part.content, kind, subtype, filename=part.name, params=charset)


def one_line(subject: str) -> str:
    """A subject truncated to a limit, without line breaks or bidirectional control characters."""
    line = str(harmless(subject)).strip()
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
