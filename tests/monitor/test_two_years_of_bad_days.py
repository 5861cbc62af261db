"""The two seasons of test_two_years once more, on PostgreSQL and with bad days: the inbox is the same.

A file of its own, so that both replays can run side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from cli.demo.inbox import Inbox
from config.settings import load_settings
from tests.monitor.two_years.arrivals import rows, without_times
from tests.monitor.two_years.inbox_table import differences, expected_rows
from tests.monitor.two_years.season import HERE, write_home
from tests.monitor.two_years.troubles import TroubledSeason


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_bad_days_end_in_the_same_inbox(
    home: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, new_postgres: Callable[[], str]
) -> None:
    write_home(home)
    monkeypatch.setenv("NIANBAO_DATABASE_URL", new_postgres())
    season = TroubledSeason(
        load_settings().model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port}), inbox
    )
    season.live()
    season.close()
    first: dict[str, EmailMessage] = {}
    twice = []
    for message in inbox.messages():
        identity = str(message["Message-ID"])
        if identity in first:
            twice.append(identity)
        first.setdefault(identity, message)
    expected = expected_rows(HERE / "mails.csv") + expected_rows(HERE / "mails_about_mail.csv")
    arrived = rows(first.values(), home)
    wrong = differences([without_times(row) for row in expected], [without_times(row) for row in arrived])
    assert not wrong, "\n" + "\n".join(wrong)
    assert twice == season.sent_twice
