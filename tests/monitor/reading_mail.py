"""What a test reads in a mail as it arrived."""

from __future__ import annotations

import html
import re
from email.message import EmailMessage

from cli.demo.inbox import Inbox


def text_of(message: EmailMessage) -> str:
    """The plain part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    """The HTML part as it was sent."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words_of(message: EmailMessage) -> str:
    """The HTML part as a reader sees it: without tags, entities resolved."""
    return html.unescape(re.sub(r"<[^>]+>", " ", html_of(message)))


def arrived(inbox: Inbox) -> list[tuple[str, str]]:
    """Recipient and subject of every mail, in order."""
    return [(str(message["To"]), str(message["Subject"])) for message in inbox.messages()]


def told(inbox: Inbox) -> list[EmailMessage]:
    """Every mail but the weekly summaries, in order."""
    return [message for message in inbox.messages() if "周报" not in message["Subject"]]
