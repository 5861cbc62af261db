"""The token of one-click unsubscription: signed for one recipient and one topic, and good for nothing else."""

from __future__ import annotations

import base64
import stat

import pytest

from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.suppressions import list_suppressions
from ledger.states import NoticeKind, SuppressionReason, Topic
from monitor.notices.unsubscribe import (
    SECRET_FILE,
    InvalidToken,
    Subscription,
    make_token,
    read_token,
    secret_of,
    unsubscribe,
    unsubscribe_address,
)
from tests.monitor.factory import at

OFFICE = "office@yunshan.example"
SECRET = b"secret of this installation"


def test_one_click_stops_one_topic_of_one_recipient(settings: Settings, ledger: Ledger) -> None:
    public = settings.model_copy(update={"public_address": "https://nianbao.yunshan.example/"})
    address = unsubscribe_address(public, OFFICE, NoticeKind.WEEKLY)
    assert address is not None and address.startswith("https://nianbao.yunshan.example/unsubscribe/")
    token = address.rsplit("/", 1)[1]
    for day in ("2020-02-01", "2020-02-02"):
        assert unsubscribe(public, ledger, token, at(day)) == Subscription(OFFICE, Topic.WEEKLY)
    with ledger.read() as session:
        (stop,) = list_suppressions(session)
    assert (stop.recipient, stop.topic, stop.reason) == (OFFICE, Topic.WEEKLY, SuppressionReason.UNSUBSCRIBED)
    assert stop.since == at("2020-02-01")


def test_without_a_public_address_there_is_no_link(settings: Settings) -> None:
    assert unsubscribe_address(settings, OFFICE, NoticeKind.ALERT) is None
    assert not (settings.home / SECRET_FILE).exists()


@pytest.mark.parametrize("recipient", [OFFICE, "apprise:企业微信值班群"])
def test_a_token_is_good_for_its_recipient_and_secret_alone(recipient: str) -> None:
    token = make_token(SECRET, Subscription(recipient, Topic.ALERTS))
    assert read_token(SECRET, token) == Subscription(recipient, Topic.ALERTS)
    signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    other = base64.urlsafe_b64encode(signed.replace(b"alerts", b"weekly")).decode().rstrip("=")
    forged = (other, token[:-1], token + "A", token + "=", token + "!", "A" + token[1:], "", "邮件", "A" * 5000)
    for wrong in forged:
        with pytest.raises(InvalidToken):
            read_token(SECRET, wrong)
    with pytest.raises(InvalidToken):
        read_token(b"another secret", token)


def test_the_secret_is_kept_for_its_owner_alone_and_stays(sqlite_settings: Settings) -> None:
    first = secret_of(sqlite_settings)
    assert len(first) == 64 and secret_of(sqlite_settings) == first
    path = sqlite_settings.home / SECRET_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in sqlite_settings.home.glob("*.secret*")] == [SECRET_FILE]
