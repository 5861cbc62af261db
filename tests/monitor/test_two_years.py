"""Two seasons of a district with 60 agencies, day by day: what arrives is what a sensible clerk would have sent.

The story stands in two_years/story.yaml, what the clerk would have sent in two_years/mails.csv, and what operators are
told besides where mail was away in two_years/mails_about_mail.csv. All of it is written by hand, from
docs/receive-mail.md and not from what the program does. Documents, readings, findings, ledger and mail server are real;
the portals' lists are not fetched, but written as the crawler writes them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings, load_settings
from tests.monitor.two_years.arrivals import rows
from tests.monitor.two_years.inbox_table import differences, expected_rows
from tests.monitor.two_years.season import HERE, Season, write_home

# What is taken back or put right is told in the thread in which it was told.
TAKEN_BACK = ("更正：", "已恢复正常")


@pytest.fixture
def settings(home: Path, inbox: Inbox) -> Settings:
    """Settings of the story's offices, on SQLite."""
    write_home(home)
    return load_settings().model_copy(update={"smtp_host": inbox.host, "smtp_port": inbox.port})


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_mail_is_one_that_a_clerk_would_have_sent(settings: Settings, inbox: Inbox) -> None:
    season = Season(settings)
    season.live()
    season.close()
    messages = inbox.messages()
    wrong = differences(expected_rows(HERE / "mails.csv"), rows(messages, settings.home))
    assert not wrong, "\n" + "\n".join(wrong)
    told: set[tuple[str, str]] = set()
    for message in messages:
        recipient, subject = str(message["To"]), str(message["Subject"])
        assert (recipient, str(message["Message-ID"])) not in told, subject
        answered = message["In-Reply-To"]
        assert answered is None or (recipient, str(answered)) in told, subject
        assert answered is not None or not any(word in subject for word in TAKEN_BACK), subject
        told.add((recipient, str(message["Message-ID"])))
