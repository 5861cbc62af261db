"""Bugs that are planted into the roles on purpose: a suite that does not catch them watches nothing.

Each replaces a decision of the design by what somebody would have written without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, and_, or_, select, true, update
from sqlalchemy.orm import Session

from ledger.states import NoticeRole


def acknowledge_early() -> None:
    """A message is acknowledged when a worker takes it: what dies in its hands is gone from the broker."""
    import workers.queue as queue
    from config.settings import Settings

    make = queue.make_celery

    def make_celery(settings: Settings) -> Any:
        app = make(settings)
        app.conf.update(task_acks_late=False, task_reject_on_worker_lost=False)
        return app

    queue.make_celery = make_celery


def look_then_insert() -> None:
    """A row is looked for, and written where it was not found: two that look at once both write."""
    import ledger.insert as insert
    from ledger.models.table import Table

    def insert_or_ignore(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
        table: Any = model.__table__
        new = 0
        for row in rows:
            same = [
                and_(*(table.c[name] == row[name] for name in names), where) for names, where in _unique(table, row)
            ]
            if same and session.execute(select(table).where(or_(*same))).first() is not None:
                continue
            session.execute(table.insert(), [dict(row)])
            new += 1
        return new

    insert.insert_or_ignore = insert_or_ignore


def _unique(table: Any, row: Mapping[str, Any]) -> Iterator[tuple[list[str], Any]]:
    """What no two rows have in common, as far as a row names it: the columns, and which rows that is about."""
    for key in (table.primary_key, *table.constraints, *(index for index in table.indexes if index.unique)):
        names = [column.name for column in getattr(key, "columns", ())]
        where = key.dialect_options["postgresql"].get("where") if isinstance(key, Index) else None
        if names and not isinstance(key, ForeignKeyConstraint) and all(name in row for name in names):
            yield names, true() if where is None else where


def send_before_the_row() -> None:
    """A notice is sent when it is written, and its row becomes lasting afterwards, if it does."""
    import ledger.messages.notices as notices
    from config.settings import load_settings
    from ledger.models import Notice
    from ledger.states import NoticeState
    from monitor.channels.mail.message import Mail, make_message
    from monitor.channels.mail.transport import MailServerError, conversation

    write = notices.write_notice

    def write_notice(session: Session, row: dict[str, Any], incidents: Mapping[int, NoticeRole], now: datetime) -> bool:
        settings = load_settings()
        mail = Mail(row["recipient"], row["subject"], row["text"], row["html"], row["message_id"], settings.contact)
        try:
            with conversation(settings) as server:
                server.send(make_message(mail, settings, now), row["recipient"])
        except MailServerError:
            return write(session, row, incidents, now)
        written = write(session, row, incidents, now)
        sent = update(Notice).where(Notice.message_id == row["message_id"])
        session.execute(sent.values(state=NoticeState.SENT, sent_at=now))
        return written

    notices.write_notice = write_notice


def number_messages_by_rows() -> None:
    """A message is known by the number of an incident's row, which is another incident's after a fail-over."""
    import ledger.messages.incidents as incidents

    incidents.opening = lambda session, incident: str(incident.id)


def tell_every_portal() -> None:
    """Each portal that is away is told by itself, however many are."""
    import monitor.incidents.portals as portals

    portals.FEWEST_PORTALS = 1_000_000


PLANTS: dict[str, Callable[[], None]] = {
    "acknowledge-early": acknowledge_early,
    "look-then-insert": look_then_insert,
    "send-before-the-row": send_before_the_row,
    "number-messages-by-rows": number_messages_by_rows,
    "tell-every-portal": tell_every_portal,
}
