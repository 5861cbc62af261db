"""``make bench``: the monitor over 5,000 agencies and 5 report years, on SQLite and on PostgreSQL.

Measured are the daily sweep (everything that a tick does but the sending), a weekly summary, and ``nianbao status
--format json`` as a user types it, start of the program included: of all districts and of one with 100 agencies, while
a monitor runs. On a busy machine the processor seconds are what counts.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median_low
from typing import Any

from sqlalchemy import insert, text

from bench.postgres import empty_ledger, stop_what_was_started
from config.in_force import load_register
from config.register import Register
from config.settings import Settings, load_settings
from ledger.database import Ledger, open_ledger
from ledger.insert import insert_or_ignore
from ledger.machinery.heartbeat import MONITOR, HeartbeatWriter
from ledger.models import Article, Document, Evidence, FindingRow, Look, PortalRow, Round, Version
from ledger.states import (
    ArticleOutcome,
    EvidenceSource,
    FindingState,
    PortalState,
    RoundState,
    VersionRole,
)
from monitor.calendar import start_of
from monitor.incidents.wanted import update_incidents
from monitor.notices.reminders import update_reminders
from monitor.notices.write import update_notices
from monitor.publication.findings import update_publication_findings
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from monitor.weekly.summary import weekly_of
from monitor.weekly.write import office_of

DISTRICTS = 50
AGENCIES = 100
YEARS = range(2020, 2025)
LIMITS = {"status": 1.0, "daily sweep": 10.0, "weekly": 10.0}
# A command is short, and what a core can do changes from moment to moment: the one in the middle of so many counts.
TIMES = 5
# Every so manieth report is missing, and every so manieth has a finding.
MISSING, WRONG = 20, 10


def main() -> None:
    """Prints the seconds of each, against its limit."""
    stop_what_was_started()
    measure("SQLite", None)
    with empty_ledger() as address:
        measure("PostgreSQL", address)


def measure(database: str, address: str | None) -> None:
    """Fills an empty ledger, measures on it and prints."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"database_url": address} if address is not None else {}
        settings = load_settings(home=Path(folder), **given)
        write_register(settings.home)
        register = load_register(settings.home)
        ledger = open_ledger(settings)
        now = start_of(date(2025, 2, 10), 9)
        update_obligations(ledger, register, now)
        write_reports(ledger)
        let_it_analyze(ledger)
        first = seconds(lambda: sweep(settings, ledger, register, now))
        let_it_analyze(ledger)
        later = now + timedelta(days=1)
        measured = {
            "daily sweep": seconds(lambda: sweep(settings, ledger, register, later)),
            "weekly": seconds(lambda: weekly(ledger, register, later)),
        }
        HeartbeatWriter(settings, ledger, MONITOR).beat(datetime.now(UTC))
        status_seconds(settings)  # the first time, Python keeps what it compiled
        measured["status, all"] = median_low(status_seconds(settings) for _ in range(TIMES))
        measured["status, one"] = median_low(status_seconds(settings, "--district", "第1区") for _ in range(TIMES))
        count = DISTRICTS * AGENCIES
        print(f"{database}: {count} agencies, {len(YEARS)} years; the first sweep (all new) {first[0]:.1f} s")  # noqa: T201
        for name, (taken, computing) in measured.items():
            limit = LIMITS[name.partition(",")[0]]
            print(f"{name:12} {taken:6.2f} s, computing {computing:6.2f} s (limit {limit:.0f} s)")  # noqa: T201
        ledger.close()


def let_it_analyze(ledger: Ledger) -> None:
    """What PostgreSQL does by itself within minutes of such a bulk; in a season reports come in through weeks."""
    if ledger.engine.dialect.name == "postgresql":
        with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def status_seconds(settings: Settings, *arguments: str) -> tuple[float, float]:
    """The command as a user types it, compiled once as an installed program is.

    Raises RuntimeError where it does not end as it should.
    """
    environment = {**os.environ, "NIANBAO_HOME": str(settings.home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if settings.database_url is not None:
        environment["NIANBAO_DATABASE_URL"] = settings.database_url.get_secret_value()
    command = [str(Path(sys.executable).parent / "nianbao"), "status", "--format", "json", *arguments]
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode != 1:  # some reports are missing
        raise RuntimeError(ended.stderr.decode()[-2000:])
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def sweep(settings: Settings, ledger: Ledger, register: Register, now: datetime) -> None:
    """What a tick does before it sends."""
    update_obligations(ledger, register, now)
    update_standings(ledger, register, now)
    update_publication_findings(ledger, register, now)
    update_incidents(settings, ledger, register, now)
    update_notices(settings, ledger, register, now)
    update_reminders(settings, ledger, register, now)


def weekly(ledger: Ledger, register: Register, now: datetime) -> None:
    """One district's summary."""
    with ledger.read() as session:
        assert weekly_of(session, register, office_of(register, "第1区"), now) is not None  # noqa: S101


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """How long ``work`` takes by the clock, and how much of that this process computed (the machine may be shared)."""
    begun, computed = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - computed


def write_register(home: Path) -> None:
    """So many districts with so many departments each, and nothing of what ships."""
    for folder in ("agencies", "portals"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    offices = ["operators: [ops@bench.example]", "offices:"]
    for district in range(DISTRICTS):
        lines = [f"district: 第{district}区", f"portal: d{district}", f"watched: {{first: {YEARS[0]}}}", "agencies:"]
        lines += [
            f"  - {{id: d{district}-a{n}, name: 第{district}区第{n}局, short: 第{n}局, kind: department}}"
            for n in range(AGENCIES)
        ]
        (home / "config" / "agencies" / f"d{district}.yaml").write_text("\n".join(lines), encoding="utf-8")
        (home / "config" / "portals" / f"d{district}.yaml").write_text(
            f"portal: d{district}\nname: 第{district}区门户\ndistrict: 第{district}区\n"
            f"start: http://d{district}.example/\nfamily: static-list\nobserved: 2020-01-01\n"
            "columns:\n  - {id: all, name: 年报, address: /n/}\n",
            encoding="utf-8",
        )
        offices.append(
            f"  - {{district: 第{district}区, name: 第{district}区办, recipients: [o{district}@bench.example]}}"
        )
    (home / "config" / "offices.yaml").write_text("\n".join(offices), encoding="utf-8")


def write_reports(ledger: Ledger) -> None:
    """Portals looked at through the years, and a report for nearly everybody, with its evidence and some findings."""
    begin = datetime(YEARS[0] + 1, 1, 2, tzinfo=UTC)
    articles: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    documents: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for number, (year, district, agency) in enumerate(
        (year, district, agency) for year in YEARS for district in range(DISTRICTS) for agency in range(AGENCIES)
    ):
        if number % MISSING == 0:
            continue
        key, seen = len(articles) + 1, datetime(year + 1, 1, 20, tzinfo=UTC)
        owner, digest = f"d{district}-a{agency}", f"{key:064x}"
        address = f"http://d{district}.example/{key}.html"
        articles.append(
            {
                "id": key, "portal": f"d{district}", "column": "all", "address": address, "title": f"{owner} {year}",
                "outcome": ArticleOutcome.REPORT, "agency": owner, "year": year, "reason": "", "first_seen_at": seen,
                "last_seen_at": seen, "gone_times": 0, "baseline": False,
            }
        )  # fmt: skip
        evidence.append(
            {
                "article_id": key, "source": EvidenceSource.PAGE_LABEL, "value": f"{year + 1}-01-19",
                "moment": start_of(date(year + 1, 1, 19)), "precise": False, "observed_at": seen,
            }
        )  # fmt: skip
        documents.append({"sha256": digest, "size": 1, "media_type": "text/html", "first_fetched_at": seen})
        versions.append(
            {
                "id": key, "article_id": key, "role": VersionRole.BODY, "address": address, "sha256": digest,
                "content_sha256": digest, "first_seen_at": seen,
            }
        )  # fmt: skip
        if number % WRONG == 1:
            findings.append(
                {
                    "fingerprint": digest[-32:], "version_id": key, "agency": owner, "year": year, "rule": "T05",
                    "severity": "error", "cells": [], "expected": "0", "found": "1", "message": "合计不符",
                    "message_en": "", "basis": "", "place": {}, "suggestion": None, "state": FindingState.OPEN,
                    "opened_at": seen, "matter": f"第{district}区-{year}-{key}",  # which the worker gives it
                }
            )  # fmt: skip
    with ledger.write() as session:
        for district in range(DISTRICTS):
            row = {"portal": f"d{district}", "state": PortalState.HEALTHY, "failures": 0, "next_due_at": begin}
            insert_or_ignore(session, PortalRow, [row | {"sentence": ""}])
        rounds = [
            {
                "id": district * 1000 + week + 1, "portal": f"d{district}", "begun_at": begin + timedelta(weeks=week),
                "ended_at": begin + timedelta(weeks=week), "state": RoundState.DONE, "found": PortalState.HEALTHY,
                "sentence": "",
            }
            for district in range(DISTRICTS) for week in range(215)
        ]  # fmt: skip
        session.execute(insert(Round), rounds)
        session.execute(
            insert(Look),
            [
                {
                    "round_id": one["id"], "portal": one["portal"], "column": "all", "begun_at": one["begun_at"],
                    "ended_at": one["ended_at"], "found": PortalState.HEALTHY, "complete": True, "rows": 100,
                    "dropped": 0, "sentence": "",
                }
                for one in rounds
            ],
        )  # fmt: skip
        for model, rows in (
            (Article, articles), (Evidence, evidence), (Document, documents),
            (Version, versions), (FindingRow, findings),
        ):  # fmt: skip
            session.execute(insert(model), rows)


if __name__ == "__main__":
    main()
