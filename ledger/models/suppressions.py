"""Who gets no more messages: because they want none, or because their address takes none."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import SuppressionReason, Topic


class Suppression(Table):
    """A recipient who gets no more messages of a topic, in force until an operator ends it; kept for ever.

    ``words`` is how it came (the server's answer, or who said so).
    """

    __tablename__ = "stops"
    __table_args__ = (
        Index(
            "uq_stops_in_force",
            "recipient",
            "topic",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    topic: Mapped[Topic] = mapped_column(state_column(Topic))
    reason: Mapped[SuppressionReason] = mapped_column(state_column(SuppressionReason))
    words: Mapped[str]
    since: Mapped[datetime]
    # From then on the next message is tried again: an address that was refused may have been set up meanwhile.
    trial_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]
