"""Tokens of other programs: what they may read or do at the desk."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import TokenKind


class Token(Table):
    """A token of the API or of feeds. A program holds it, the ledger its sha256, so that a copy of the ledger opens
    nothing.

    Of a PERSON ``account`` is whose, and role and districts are the account's; of the others ``districts`` is None for
    all. ``expires_on`` is its last day, None: it has none; ``used_on`` the last day on which it was used.
    """

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[TokenKind] = mapped_column(state_column(TokenKind))
    name: Mapped[str]
    account: Mapped[str | None] = mapped_column(ForeignKey("accounts.account"), index=True)
    districts: Mapped[list[str] | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    expires_on: Mapped[date | None]
    used_on: Mapped[date | None]
    removed_at: Mapped[datetime | None]
