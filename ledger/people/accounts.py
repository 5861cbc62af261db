"""The accounts of the desk: made and shut by conditional updates; passwords are argon2 hashes."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from ledger.insert import insert_or_ignore
from ledger.models import Account, AccountLink
from ledger.people.attempts import forget_attempts
from ledger.people.record import Who, keep_record
from ledger.people.second_factor import switch_off
from ledger.people.sessions import digest, end_sessions
from ledger.people.tokens import remove_tokens_of
from ledger.states import DeskRole, RecordKind

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LINK_HOLDS = timedelta(hours=24)
ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")

# A hash takes 64 MB while it is computed: a storm of logins computes two at a time.
_AT_ONCE = threading.BoundedSemaphore(2)


class Unfit(ValueError):
    """A name or password that cannot be taken; ``str()`` is one sentence with the remedy."""


def any_account(session: Session) -> bool:
    """Whether anybody may log in: somebody who is not removed and has a password."""
    return bool(session.scalar(select(exists().where(Account.removed_at.is_(None), Account.password.is_not(None)))))


def list_accounts(session: Session) -> Sequence[Account]:
    """All accounts, those that were removed last."""
    return session.scalars(select(Account).order_by(Account.removed_at.is_not(None), Account.account)).all()


def make_account(
    session: Session,
    account: str,
    name: str,
    role: DeskRole,
    districts: Sequence[str] | None,
    who: Who,
    now: datetime,
) -> None:
    """Makes an account without a password, or opens again one that was removed. Raises Unfit."""
    if not ACCOUNT_NAME.fullmatch(account):
        raise Unfit("账号只用小写字母、数字和 . _ @ -，2 至 64 个字符；请改正")
    if not name.strip():
        raise Unfit("姓名不能为空；请填写")
    values = {
        "account": account,
        "name": " ".join(name.split()),
        "role": role,
        "districts": list(districts) if districts is not None else None,
        "password": None,
        "made_at": now,
        "made_by": who.name,
        "removed_at": None,
        "failures": 0,
        "failing_since": None,
        "locked_until": None,
    }
    if not insert_or_ignore(session, Account, [values]):
        again = session.scalars(
            update(Account)
            .where(Account.account == account, Account.removed_at.is_not(None))
            .values(**values)
            .returning(Account.account),
            execution_options={"synchronize_session": False},
        ).all()
        if not again:
            raise Unfit(f"账号“{account}”已经存在；请换一个")
    detail = {"name": values["name"], "role": role.value, "districts": values["districts"]}
    keep_record(session, who, RecordKind.ACCOUNT_MADE, account, now, detail=detail)


def remove_account(session: Session, account: str, who: Who, now: datetime) -> bool:
    """Shuts an account for good, with its sessions and tokens; what it decided stays. False where there is none."""
    removed = session.scalars(
        update(Account)
        .where(Account.account == account, Account.removed_at.is_(None))
        .values(removed_at=now, password=None)
        .returning(Account.account),
        execution_options={"synchronize_session": False},
    ).all()
    if removed:
        end_sessions(session, account, now)
        remove_tokens_of(session, account, who, now)
        forget_attempts(session, account)
        switch_off(session, account, who, RecordKind.SECOND_FACTOR_OFF, now)
        keep_record(session, who, RecordKind.ACCOUNT_REMOVED, account, now)
    return bool(removed)


def make_link(session: Session, account: str | None, who: Who, now: datetime) -> str:
    """The token of a link that sets the password of an account once, or makes the first account (None).

    A link that was made before for the same account holds no more.
    """
    same = AccountLink.account.is_(None) if account is None else AccountLink.account == account
    session.execute(
        update(AccountLink).where(same, AccountLink.used_at.is_(None)).values(used_at=now),
        execution_options={"synchronize_session": False},
    )
    token = secrets.token_urlsafe(32)
    session.add(AccountLink(token=digest(token), account=account, made_at=now, expires_at=now + LINK_HOLDS))
    keep_record(session, who, RecordKind.LINK_MADE, account or "", now)
    return token


def link_of(session: Session, token: str, now: datetime) -> AccountLink | None:
    """The link of a token while it holds; one that makes the first account only as long as there is none."""
    link = session.get(AccountLink, digest(token))
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    return None if link.account is None and any_account(session) else link


def use_link(session: Session, token: str, now: datetime) -> bool:
    """Marks a link as used; False where somebody else used it or it holds no more."""
    return bool(
        session.scalars(
            update(AccountLink)
            .where(AccountLink.token == digest(token), AccountLink.used_at.is_(None), AccountLink.expires_at > now)
            .values(used_at=now)
            .returning(AccountLink.token),
            execution_options={"synchronize_session": False},
        ).all()
    )


def set_password(session: Session, account: str, password: str, who: Who, now: datetime) -> None:
    """Sets the password of an account, opens it where it was shut, and ends its sessions. Raises Unfit."""
    if len(password) < SHORTEST_PASSWORD:
        raise Unfit(f"密码至少 {SHORTEST_PASSWORD} 个字符；请换一个长一些的")
    if len(password) > LONGEST_PASSWORD:
        raise Unfit(f"密码最多 {LONGEST_PASSWORD} 个字符；请换一个短一些的")
    if password.lower() == account or len(set(password)) < 4:
        raise Unfit("密码太简单；请不要用账号本身或重复的字符")
    with _AT_ONCE:
        hashed = str(_hasher().hash(password))
    session.execute(
        update(Account).where(Account.account == account, Account.removed_at.is_(None)).values(password=hashed),
        execution_options={"synchronize_session": False},
    )
    forget_attempts(session, account)
    end_sessions(session, account, now)
    keep_record(session, who, RecordKind.PASSWORD_SET, account, now)


def is_right(hashed: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; as slow where there is no account, so that nobody learns which exist."""
    with _AT_ONCE:
        try:
            return bool(_hasher().verify(hashed or _nobody(), password[:LONGEST_PASSWORD])) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache
def _nobody() -> str:
    """A hash that no password has, for accounts that do not exist."""
    return str(_hasher().hash(secrets.token_urlsafe(16)))
