"""One click stops a kind of message (RFC 8058): a signed token in the header, and what is done with it when it returns.

The token names a recipient and a topic and is signed (HMAC-SHA256) with a secret of this installation, so that nobody
can stop another's mail. It is taken by POST alone: what scans mail for dangerous links follows them with GET.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.private_files import make_private_folder
from config.settings import SHORTEST_KEY, Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.messages.suppressions import TOPICS, suppress_messages
from ledger.states import NoticeKind, SuppressionReason, Topic

SECRET_FILE = "unsubscribe.secret"  # noqa: S105 - a file's name
PATH = "/unsubscribe/"
_SIGNATURE_BYTES = 16
_LONGEST_TOKEN = 1000


class InvalidToken(ValueError):
    """A token that this installation did not write."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A recipient, and a topic that they can do without."""

    recipient: str
    topic: Topic


def unsubscribe_address(settings: Settings, recipient: str, kind: NoticeKind) -> str | None:
    """The address to which one click posts; None while no public address is configured.

    Raises ConfigurationError where the secret cannot be read or written.
    """
    if settings.public_address is None:
        return None
    token = make_token(secret_of(settings), Subscription(recipient, TOPICS[kind][0]))
    return settings.public_address.rstrip("/") + PATH + token


def unsubscribe(settings: Settings, ledger: Ledger, token: str, now: datetime) -> Subscription:
    """Writes that the token's recipient wants no more of its topic, and returns both; doing it twice changes nothing.

    Raises InvalidToken where the token was not written by this installation, and SQLAlchemy's errors where the ledger
    cannot be used.
    """
    subscription = read_token(secret_of(settings), token)
    with ledger.write() as session:
        words = "收件人按邮件中的退订按钮停止接收"
        reason = SuppressionReason.UNSUBSCRIBED
        suppress_messages(session, subscription.recipient, subscription.topic, reason, words, now)
    return subscription


def make_token(secret: bytes, subscription: Subscription) -> str:
    """The signed token of a subscription, fit for an address."""
    content = json.dumps([subscription.recipient, subscription.topic.value], ensure_ascii=False).encode()
    return _text(_signature(secret, content) + content)


def read_token(secret: bytes, token: str) -> Subscription:
    """What a token names; raises InvalidToken where its signature does not fit."""
    try:
        if len(token) > _LONGEST_TOKEN:
            raise InvalidToken("too long")
        # b64decode drops what is not of its alphabet: only the very text that was written may pass.
        signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if _text(signed) != token:
            raise InvalidToken("not as it was written")
    except ValueError as error:
        raise InvalidToken("not a token") from error
    signature, content = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(secret, content)):
        raise InvalidToken("not signed by this installation")
    recipient, topic = json.loads(content)
    return Subscription(recipient, Topic(topic))


def secret_of(settings: Settings) -> bytes:
    """The secret of the settings, else the one kept in home, which is made the first time.

    Raises ConfigurationError where it cannot be read or written.
    """
    if settings.unsubscribe_secret is not None:
        return settings.unsubscribe_secret.get_secret_value().encode()
    path = settings.home / SECRET_FILE
    try:
        if not path.exists():
            _keep(path, secrets.token_hex(32))
        secret = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(str(path), f"无法读写（{error.strerror}）", "请检查权限") from error
    if len(secret.strip()) < SHORTEST_KEY:
        remedy = "请从备份恢复，或删除它以生成新的密钥（以前邮件中的退订链接随之失效）"
        raise ConfigurationError(str(path), "密钥为空或过短，不能用来签名", remedy)
    return secret


def _keep(path: Path, secret: str) -> None:
    """Writes the secret whole, readable by its owner alone; whoever comes second keeps the first one's."""
    make_private_folder(path.parent)
    new = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    try:
        os.link(new, path)
    except FileExistsError:
        pass  # the other's is as good
    finally:
        new.unlink()


def _signature(secret: bytes, content: bytes) -> bytes:
    return hmac.new(secret, b"nianbao unsubscribe\n" + content, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")
