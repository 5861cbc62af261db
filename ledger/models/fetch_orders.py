"""Reports that people ask to be fetched from an address."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import FetchOrderState


class FetchOrder(Table):
    """代录 by address: a person at the desk asks for it, a crawler fetches it, politely, and says how that ended.

    ``sentence`` says why nothing was fetched; "" where something was.
    """

    __tablename__ = "fetch_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str]
    agency: Mapped[str]
    year: Mapped[int]
    published: Mapped[date]
    address: Mapped[str]
    ordered_by: Mapped[str]
    ordered_at: Mapped[datetime]
    why: Mapped[str]
    state: Mapped[FetchOrderState] = mapped_column(state_column(FetchOrderState), index=True)
    attempts: Mapped[int]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    sentence: Mapped[str]
