"""Accounts of the desk with their sessions and one-time links, and the record of who decided and saw what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import DeskRole, RecordKind


class Account(Table):
    """Somebody who may log in to the desk. ``districts`` is None for all of them; ``removed_at``: no more.

    ``password`` is an argon2 hash, None until one is set. ``failures`` counts attempts of browsers that nobody knows,
    since ``failing_since``; beyond the limit such browsers are refused until ``locked_until``.
    """

    __tablename__ = "accounts"

    account: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[DeskRole] = mapped_column(state_column(DeskRole))
    districts: Mapped[list[str] | None]
    password: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    removed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]


class LoginOrigin(Table):
    """From where attempts to log in to an account came: a network, or a browser that logged in before (``known``).

    ``origin`` is the network's address, or the sha256 of the browser's token. ``failures`` in a row shut it until
    ``locked_until``, ``shut`` counts how many times that was.
    """

    __tablename__ = "login_origins"

    account: Mapped[str] = mapped_column(ForeignKey("accounts.account"), primary_key=True)
    origin: Mapped[str] = mapped_column(primary_key=True)
    known: Mapped[bool]
    failures: Mapped[int] = mapped_column(default=0)
    shut: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]


class SecondFactor(Table):
    """The secret of somebody's codes (TOTP); in force from ``confirmed_at`` on.

    ``step`` is that of the last code that was taken, so that none is taken twice. ``recovery`` are the sha256 of the
    recovery codes that are left.
    """

    __tablename__ = "second_factors"

    account: Mapped[str] = mapped_column(ForeignKey("accounts.account"), primary_key=True)
    secret: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    step: Mapped[int | None]
    recovery: Mapped[list[str]]


class LoginStep(Table):
    """Somebody whose password was right and who has not given a code yet. Known by the sha256 of the browser's token.

    ``place`` is where they wanted to go.
    """

    __tablename__ = "login_steps"

    token: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.account"), index=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    place: Mapped[str]


class DeskSession(Table):
    """One login. The browser holds the token, the ledger its sha256, so that a copy of the ledger opens nothing."""

    __tablename__ = "desk_sessions"

    token: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.account"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AccountLink(Table):
    """A link that sets a password once; ``account`` is None where it makes the first account. Known by its sha256."""

    __tablename__ = "account_links"

    token: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str | None] = mapped_column(ForeignKey("accounts.account"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CheckAddress(Table):
    """The address at which an agency checks its drafts without a login; ``closed_at``: it holds no more.

    The address itself is made of ``number``, which changes with each new one, and of a secret that no copy of the
    ledger has (web/drafts/addresses.py): the office can be shown it again at any time.
    """

    __tablename__ = "check_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    closed_at: Mapped[datetime | None]


class Record(Table):
    """Who did what, when and why: rows are only added. ``account`` is None for what was done on the command line.

    ``subject`` is what it is about (a finding's fingerprint, an incident's number, …); ``detail`` what was before and
    after.
    """

    __tablename__ = "records"
    __table_args__ = (Index(None, "district", "id"), Index(None, "agency", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    account: Mapped[str | None]
    kind: Mapped[RecordKind] = mapped_column(state_column(RecordKind))
    subject: Mapped[str]
    district: Mapped[str | None]
    agency: Mapped[str | None]
    year: Mapped[int | None]
    why: Mapped[str]
    detail: Mapped[dict[str, Any]]
