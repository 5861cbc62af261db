"""Whatever a mail server says to whom: the others get their mail, who gets none is named, and all goes out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import Settings
from ledger.database import Ledger
from ledger.states import SendVerdict
from monitor.channels.mail.transport import recipient_verdict
from tests.hostile.mail.server import DRIP, DROP, HANG, Stage, Troubled, troubled_server
from tests.hostile.mail.story import BEGIN, OFFICES, Story
from tests.hostile.mail.troubles import ANSWERS, COLLEAGUES, EVERYBODY, NO_SUCH_ADDRESS, OPERATORS, trouble_of
from tests.monitor.factory import write_register

LETTERS = ("开始", "随后", "中间", "之后")
# A turn or two, and what a batch takes.
SOON = timedelta(minutes=2)
# The longest pause of the outbox, for who was refused for days.
AT_LAST = timedelta(hours=6, minutes=30)
FEW, MANY = range(10), range(10, 50)


@pytest.fixture
def home(home: Path) -> Path:
    """Two offices, one with two readers at one domain."""
    write_register(home, offices=OFFICES)
    return home


@pytest.fixture
def troubled() -> Iterator[tuple[int, Troubled]]:
    """The mail server."""
    with troubled_server() as server:
        yield server


def mailing(settings: Settings, port: int, seed: int) -> Settings:
    waits = 0.3 if trouble_of(seed)[0].answer in (HANG, DRIP) else 10.0
    given: dict[str, object] = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_timeout_seconds": waits}
    given |= {"smtp_username": SecretStr("nianbao"), "smtp_password": SecretStr("secret")}
    return settings.model_copy(update=given)


@pytest.mark.parametrize("seed", FEW)
def test_a_trouble(seed: int, sqlite_settings: Settings, ledger: Ledger, troubled: tuple[int, Troubled]) -> None:
    tell(seed, Story(mailing(sqlite_settings, troubled[0], seed), ledger, troubled[1]))


@pytest.mark.long
@pytest.mark.parametrize("seed", MANY)
def test_many_troubles(seed: int, sqlite_settings: Settings, ledger: Ledger, troubled: tuple[int, Troubled]) -> None:
    tell(seed, Story(mailing(sqlite_settings, troubled[0], seed), ledger, troubled[1]))


def tell(seed: int, story: Story) -> None:
    """Runs one story and looks at what it left."""
    trouble, lasting = trouble_of(seed)
    end = story.run(trouble, lasting)
    sent, what = story.sent_at(), f"{seed}: {trouble} for {lasting}"

    # Everybody else's mail arrives, as if nothing were.
    for recipient in EVERYBODY - trouble.hit:
        for name, written in zip(LETTERS, _written(lasting), strict=True):
            at = sent[f"{name}:{recipient}"]
            assert at is not None and at <= written + SOON, f"{what}: {name} to {recipient} at {at}"

    # All of it arrives, once, and not long after it is mended.
    assert story.waiting() == [], what
    arrived = Counter(str(mail["Message-ID"]) for _, mail in story.server.kept)
    assert set(arrived.values()) == {1}, what
    assert len(arrived) >= len(LETTERS) * len(EVERYBODY), what
    proven = _is_proof(trouble.answer, trouble.stage)
    for recipient in trouble.hit:
        for name in LETTERS:
            at = sent[f"{name}:{recipient}"]
            limit = timedelta(days=8) if recipient in story.stopped else AT_LAST
            assert at is not None and at <= end + timedelta(hours=1) + limit, f"{what}: {name} to {recipient} at {at}"

    # Who gets nothing is named, and nobody else.
    named = {
        subject.removeprefix("mail-refused:").removeprefix("recipient:").removesuffix(":all") for subject in story.named
    }
    assert not named & (EVERYBODY - trouble.hit), f"{what}: {story.named}"
    if lasting >= timedelta(minutes=200):
        in_time = {subject for subject, at in story.named.items() if at < end}
        if trouble.hit == EVERYBODY:
            assert any(subject == "mail" or subject.startswith("mail-refused:") for subject in in_time), (
                f"{what}: {named}"
            )
        else:
            assert named >= trouble.hit, f"{what}: {story.named}"
        # It was told to a person: those who run it, at once or as soon as mail reaches them.
        assert any(to == OPERATORS and mail["Subject"] not in LETTERS for to, mail in story.server.kept), what

    # A stop needs proof.
    if not proven or trouble.hit == EVERYBODY or set(COLLEAGUES) <= trouble.hit or not trouble.hit & set(COLLEAGUES):
        assert not story.stopped, what
    assert story.stopped <= trouble.hit & set(COLLEAGUES), what

    # What passes for nobody is no fault of its content: it arrives as it was written.
    if trouble.hit == EVERYBODY and lasting <= timedelta(minutes=200):
        assert all(
            mail.get_body(("html",)) is not None for to, mail in story.server.kept if mail["Subject"] in LETTERS
        ), what


def _written(lasting: timedelta) -> list[datetime]:
    return [BEGIN, BEGIN + timedelta(minutes=3), BEGIN + lasting / 2, BEGIN + lasting + timedelta(hours=1)]


def _is_proof(answer: str, stage: Stage) -> bool:
    return stage is Stage.RCPT and answer in NO_SUCH_ADDRESS


def test_every_wording_of_a_refusal_of_us_stops_nobody() -> None:
    """What a server says of us, at whichever stage, is nowhere taken for "no such recipient"."""
    about_us = set(ANSWERS[Stage.RCPT]) - set(NO_SUCH_ADDRESS)
    for answer in about_us - {HANG, DROP}:
        code, words = int(answer[:3]), answer[4:]
        assert recipient_verdict(code, words) is not SendVerdict.ADDRESS_REFUSED, answer
