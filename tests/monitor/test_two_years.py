"""Two seasons of a district with 60 agencies, day by day: what arrives is what a sensible clerk would have sent.

The story stands in two_years/story.yaml, what the clerk would have sent in two_years/mails.csv, and what operators are
told besides where mail was away in two_years/mails_about_mail.csv. All of it is written by hand, from
docs/receive-mail.md and not from what the program does. Documents, readings, findings, ledger and mail server are real;
the portals' lists are not fetched, but written as the crawler writes them.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from cli.demo.inbox import Inbox
from config.agencies import load_districts
from config.settings import Settings, load_settings
from tests.monitor.two_years.inbox_table import Row, arrived_row, differences, expected_rows
from tests.monitor.two_years.season import HERE, Season, write_home
from tests.monitor.two_years.troubles import TroubledSeason

# What is taken back or put right is told in the thread in which it was told.
TAKEN_BACK = ("·更正】", "·已解决】", "已恢复正常")
NOT_ABOUT = ("云山区政务公开办公室", "临水区政务公开办公室")
PORTALS = {"云山区人民政府门户网站": "云山区门户", "临水区人民政府门户网站": "临水区门户"}


@pytest.fixture
def settings(home: Path, inbox: Inbox) -> Settings:
    """Settings of the story's offices, on SQLite."""
    write_home(home)
    return load_settings().model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})


def names(home: Path) -> dict[str, str]:
    """From every name of an agency to its everyday name; an office that is addressed is none."""
    found = dict.fromkeys(NOT_ABOUT, "")
    for district in load_districts(home).values():
        if district.portal in ("yunshan", "linshui"):
            found |= {name: agency.short for agency in district.agencies for name in agency.names}
    return found


def rows(messages: list[EmailMessage], home: Path) -> list[Row]:
    known = names(home)
    return [arrived_row(message, known, PORTALS) for message in messages]


def without_times(row: Row) -> Row:
    return Row("", "", row.recipient, row.subject, row.about)


@pytest.mark.timeout(1800)
def test_every_mail_is_one_that_a_clerk_would_have_sent(settings: Settings, inbox: Inbox) -> None:
    season = Season(settings)
    season.live()
    season.close()
    messages = inbox.messages()
    assert differences(expected_rows(HERE / "mails.csv"), rows(messages, settings.home)) == []
    told: set[tuple[str, str]] = set()
    for message in messages:
        recipient, subject = str(message["To"]), str(message["Subject"])
        assert (recipient, str(message["Message-ID"])) not in told, subject
        answered = message["In-Reply-To"]
        assert answered is None or (recipient, str(answered)) in told, subject
        assert answered is not None or not any(word in subject for word in TAKEN_BACK), subject
        told.add((recipient, str(message["Message-ID"])))


@pytest.mark.timeout(1800)
def test_bad_days_end_in_the_same_inbox(
    settings: Settings, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, new_postgres: Callable[[], str]
) -> None:
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
    arrived = rows(list(first.values()), settings.home)
    assert differences([without_times(row) for row in expected], [without_times(row) for row in arrived]) == []
    assert twice == season.sent_twice
