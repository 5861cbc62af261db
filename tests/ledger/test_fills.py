"""What an earlier program said in an identity, an address or a text stands in a column after the upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text, update

from config.settings import Settings
from ledger.database import Ledger, make_engine, upgrade
from ledger.insert import table_of
from ledger.migrations.fills import fill_for_monitor
from ledger.models import Article, Document, FindingRow, Notice, PortalRow, Version
from ledger.states import ArticleOutcome, FindingState, NoticeKind, NoticePurpose, NoticeState, VersionRole
from report.findings.finding import Change

pytestmark = pytest.mark.both_databases

THEN = datetime(2026, 3, 1, tzinfo=UTC)
PURPOSES = {
    "alert:7:a@b": NoticePurpose.ALERT,
    "digest:7:alert:c": NoticePurpose.DIGEST,
    "correction:7:a@b": NoticePurpose.CORRECTION,
    "corrections:7:a@b": NoticePurpose.CORRECTIONS,
    "reminder:2026-03-01:weekly:a@b": NoticePurpose.REMINDER,
    "internal:云山区:2025:2026-02-28:a@b": NoticePurpose.INTERNAL_DATE,
    "weekly:云山区:2026-W09:a@b": NoticePurpose.WEEKLY,
    "weekly-operators:2026-W09:a@b": NoticePurpose.WEEKLY,
}
PAGES = {
    "http://a.cn/1.html": None,
    "http://a.cn/unit.html#2024": "http://a.cn/unit.html",
    "人工登记:a/2024": None,
}
CHANGES = {("P05", "gone 2026-02-03"): Change.GONE, ("P05", "3≠4 5≠6"): Change.FIGURES, ("T05", "gone 1"): None}


@pytest.fixture
def before(settings: Settings) -> Iterator[Engine]:
    """A ledger of version 0011 with rows of a program of that time."""
    given = settings.database_url
    address = given.get_secret_value() if given is not None else f"sqlite:///{settings.home}/before.sqlite3"
    engine = make_engine(address)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade(engine, "0011")
    with engine.begin() as connection:

        def put(model: Any, **row: Any) -> None:
            # A default of today's model is none of a column that is not there yet.
            connection.execute(insert(table_of(model)).values(row))

        put(PortalRow, portal="p", next_due_at=THEN)
        put(Document, sha256="s", size=1, media_type="text/html", first_fetched_at=THEN)
        for number, address in enumerate(PAGES):
            put(
                Article, id=number, portal="p", column="c", address=address, title="", outcome=ArticleOutcome.REPORT,
                first_seen_at=THEN, last_seen_at=THEN,
            )  # fmt: skip
        put(
            Version, id=1, article_id=0, role=VersionRole.BODY, address="a", sha256="s", content_sha256="s",
            first_seen_at=THEN,
        )  # fmt: skip
        for rule, found in CHANGES:
            put(
                FindingRow, fingerprint=f"{rule} {found}", version_id=1, rule=rule, severity="warning", cells=[],
                found=found, message="", message_en="", basis="", place={}, state=FindingState.OPEN, opened_at=THEN,
            )  # fmt: skip
        for identity in PURPOSES:
            put(
                Notice, identity=identity, kind=NoticeKind.OPERATORS, recipient="a@b", subject="", text="", html="",
                message_id=identity, created_at=THEN, state=NoticeState.SENT, next_attempt_at=THEN,
            )  # fmt: skip
    yield engine
    engine.dispose()


def test_the_upgrade_fills_the_columns_that_it_adds(before: Engine) -> None:
    upgrade(before)
    with before.connect() as connection:
        assert dict(connection.execute(select(Notice.identity, Notice.purpose)).all()) == PURPOSES
        assert dict(connection.execute(select(Article.address, Article.page_address)).all()) == PAGES
        found = {(rule, found): change for rule, found, change in connection.execute(_changes())}
        assert found == CHANGES


def test_what_an_earlier_program_writes_after_the_upgrade_is_filled_in_too(before: Engine) -> None:
    upgrade(before)
    with before.begin() as connection:
        connection.execute(update(Notice).values(purpose=None))
        connection.execute(update(FindingRow).values(change=None))
    for _ in range(2):
        fill_for_monitor(Ledger(before))
    with before.connect() as connection:
        assert dict(connection.execute(select(Notice.identity, Notice.purpose)).all()) == PURPOSES
        assert {(rule, found): change for rule, found, change in connection.execute(_changes())} == CHANGES


def _changes() -> Any:
    return select(FindingRow.rule, FindingRow.found, FindingRow.change)
