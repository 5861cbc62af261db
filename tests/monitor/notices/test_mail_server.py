"""SMTP with TLS and login against a real server: what it takes, and what becomes of each of its troubles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from config.offices import OfficesFile
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.notices import write_notice
from ledger.messages.suppressions import list_suppressions
from ledger.models import Notice, SendLog
from ledger.states import NoticeForm, NoticeKind, NoticeState
from monitor.incidents.mail_trouble import mail_incidents
from monitor.notices.outbox import PAUSES, send_waiting
from monitor.notices.write import message_id
from tests.cli.test_status import run
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICE, OPERATORS, at
from tests.monitor.mail_server import PASSWORD, USER, MailServer, mail_server

NOON = at("2020-02-03")
CONTACT = "operators@nianbao.example"
Security = Literal["none", "starttls", "tls"]


@pytest.fixture
def ledger(sqlite_settings: Settings) -> Iterator[Ledger]:
    """On the embedded default alone: what is tried here does not depend on the database."""
    opened = open_mailing_ledger(sqlite_settings)
    yield opened
    opened.close()


def settings_for(settings: Settings, server: MailServer, security: Security, **more: Any) -> Settings:
    given = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": security, "smtp_timeout_seconds": 10}
    given |= {"smtp_ca_file": server.ca_file, "smtp_username": SecretStr(USER), "smtp_password": SecretStr(PASSWORD)}
    return settings.model_copy(update=given | more)


def write(ledger: Ledger, settings: Settings, *identities: str, recipient: str = OFFICE) -> None:
    for identity in identities:
        row: dict[str, Any] = {"identity": identity, "kind": NoticeKind.ALERT, "recipient": recipient}
        row |= {"subject": identity, "text": "内容", "html": "<p>内容</p>", "in_reply_to": None}
        row["message_id"] = message_id(identity, settings)
        with ledger.write() as session:
            write_notice(session, row, {}, NOON)


def notices(ledger: Ledger) -> list[Notice]:
    with ledger.read() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def answers(ledger: Ledger) -> list[str]:
    with ledger.read() as session:
        return list(session.scalars(select(SendLog.answer).order_by(SendLog.id)))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_with_tls_and_the_right_password_everything_goes_in_one_conversation(
    security: Security, sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, security, login=True) as server:
        settings = settings_for(sqlite_settings, server, security)
        write(ledger, settings, "one", "two")
        assert send_waiting(settings, ledger, CONTACT, NOON) == 2
        assert [mail["Subject"] for mail in server.troubles.kept] == ["one", "two"]
        assert server.troubles.logins == 1
    assert {notice.state for notice in notices(ledger)} == {NoticeState.SENT}


def test_a_wrong_password_is_one_sentence_and_one_login_at_growing_intervals(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(tmp_path, "starttls", login=True) as server:
        wrong = settings_for(sqlite_settings, server, "starttls", smtp_password=SecretStr("wrong-password"))
        write(ledger, wrong, "one", "two", "three")
        now = NOON
        for tries, pause in enumerate((*PAUSES, PAUSES[-1]), start=1):
            assert send_waiting(wrong, ledger, CONTACT, now) == 0
            assert send_waiting(wrong, ledger, CONTACT, now + pause - timedelta(seconds=1)) == 0
            # Two mechanisms a try; who waits with the others does not try for himself.
            assert server.troubles.logins == 2 * tries
            now += pause + timedelta(seconds=5)
        assert set(answers(ledger)) == {
            f"无法使用邮件服务器 127.0.0.1:{server.port}（535 5.7.8 Authentication credentials invalid）；"
            "请检查 NIANBAO_SMTP_USERNAME 和 NIANBAO_SMTP_PASSWORD"
        }
        assert "wrong-password" not in caplog.text
        right = settings_for(sqlite_settings, server, "starttls")
        assert send_waiting(right, ledger, CONTACT, now) == 3
    assert [notice.attempts for notice in notices(ledger)] == [8, 1, 1]


def test_a_certificate_that_nobody_trusts_gets_no_password(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    both: tuple[Security, ...] = ("starttls", "tls")
    for security in both:
        (tmp_path / security).mkdir()
        with mail_server(tmp_path / security, security, login=True) as server:
            settings = settings_for(sqlite_settings, server, security, smtp_ca_file=None)
            write(ledger, settings, security)
            assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(hours=2)) == 0
            assert server.troubles.logins == 0 and server.troubles.kept == []
            assert "证书不受信任" in answers(ledger)[-1] and "NIANBAO_SMTP_CA_FILE" in answers(ledger)[-1]
            write(ledger, settings, f"{security} later")


def test_tls_where_there_is_none_is_said(sqlite_settings: Settings, ledger: Ledger, tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as server:
        both: tuple[Security, ...] = ("starttls", "tls")
        for security in both:
            settings = settings_for(sqlite_settings, server, security)
            write(ledger, settings, security)
            assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(hours=2)) == 0
            assert "请检查 NIANBAO_SMTP_SECURITY 是否与服务器的端口相符" in answers(ledger)[-1]
        missing = settings_for(sqlite_settings, server, "tls", smtp_ca_file=tmp_path / "nowhere.pem")
        assert send_waiting(missing, ledger, CONTACT, NOON + timedelta(hours=4)) == 0
        assert answers(ledger)[-1].endswith("；请检查 NIANBAO_SMTP_CA_FILE")


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_later_is_asked_later_and_the_others_go_on(
    where: str, sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        write(ledger, settings, "greylisted", "other")
        getattr(server.troubles, where).append("451 4.7.1 try again later")
        assert send_waiting(settings, ledger, CONTACT, NOON) == 1
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(seconds=59)) == 0
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(seconds=65)) == 1
        assert [mail["Subject"] for mail in server.troubles.kept] == ["other", "greylisted"]
    assert answers(ledger) == ["451 4.7.1 try again later", "250 OK", "250 OK"]
    assert [notice.attempts for notice in notices(ledger)] == [2, 1]


OTHER = "other@yunshan.example"
OFFICES = OfficesFile.model_validate({"operators": [OPERATORS]})


def states(ledger: Ledger) -> list[str]:
    return [notice.state.value for notice in notices(ledger)]


def test_an_unknown_address_is_stopped_when_it_is_refused_again_while_others_pass(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        write(ledger, settings, "one")
        write(ledger, settings, "three", recipient=OTHER)
        for minutes in (0, 2, 5, 11, 27, 58):
            server.troubles.rcpt.append("550 5.1.1 no such mailbox")
            assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(minutes=minutes), OFFICES) == (minutes == 0)
            with ledger.read() as session:
                stops = list_suppressions(session)
            assert bool(stops) == (minutes >= 30), "a disturbance of half an hour stops nobody"
        assert [stop.recipient for stop in stops] == [OFFICE]
        assert states(ledger) == ["refused", "sent"]
        # A week later the next message is a trial; what was held back goes out with it.
        write(ledger, settings, "two")
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(days=6)) == 0
        assert states(ledger) == ["refused", "sent", "refused"]
        write(ledger, settings, "four")
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(days=8)) == 1
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(days=8, minutes=1)) == 2
        assert [mail["Subject"] for mail in server.troubles.kept] == ["three", "four", "one", "two"]
    with ledger.read() as session:
        assert list_suppressions(session) == []


@pytest.mark.parametrize("where", ["rcpt", "data"])
@pytest.mark.parametrize(
    "answer",
    [
        "550 relay not permitted",
        "550 Ip frequency limited",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "550 5.7.1 relaying denied",
        "530 authentication required",
        "554 DT:SPM 163 smtp8",
        "552 5.3.4 Message too big",
        "550 5.1.1 no such mailbox",
    ],
)
def test_while_everybody_is_refused_nobody_is_stopped_and_all_of_it_goes_out_once(
    answer: str, where: str, sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        write(ledger, settings, "one")
        write(ledger, settings, "two", recipient=OTHER)
        refusals: list[str] = getattr(server.troubles, where)
        for minutes in range(0, 61, 2):
            refusals[:] = [answer] * 10
            assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(minutes=minutes)) == 0
        refusals.clear()
        assert states(ledger) == ["waiting", "waiting"]
        with ledger.read() as session:
            assert list_suppressions(session) == []
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(hours=2, minutes=2)) == 2
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(days=2)) == 0
        ids = [str(mail["Message-ID"]) for mail in server.troubles.kept]
    assert sorted(ids) == sorted(message_id(one, settings) for one in ("one", "two"))


def test_what_a_filter_refuses_is_sent_with_less_in_it(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        write(ledger, settings, "one")
        server.troubles.data += ["554 DT:SPM"]
        send_waiting(settings, ledger, CONTACT, NOON)
        assert [notice.form for notice in notices(ledger)] == [NoticeForm.FULL], "it may be us whom it refuses"
        write(ledger, settings, "two", recipient=OTHER)
        send_waiting(settings, ledger, CONTACT, NOON + timedelta(minutes=1))
        for hours in range(1, 4):
            server.troubles.data += ["554 DT:SPM"] * (hours < 3)
            send_waiting(settings, ledger, CONTACT, NOON + timedelta(hours=hours))
        _, mail = server.troubles.kept
    assert mail.get_content_type() == "text/plain"
    assert message_id("one", settings).strip("<>") in mail.get_content()


def test_an_address_of_which_no_message_can_be_made_concerns_itself_alone(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        for number, recipient in enumerate(("a..b@yunshan.example", "office.@yunshan.example", "局@yunshan.example")):
            write(ledger, settings, f"bad {number}", recipient=recipient)
        write(ledger, settings, "good")
        assert send_waiting(settings, ledger, CONTACT, NOON) == 1
        assert [mail["Subject"] for mail in server.troubles.kept] == ["good"]
    assert [notice.state for notice in notices(ledger)] == [NoticeState.WAITING] * 3 + [NoticeState.SENT]
    with ledger.read() as session:
        # Told of by its line in offices.yaml, and not once more as a mail that is refused or as mail that fails.
        assert list(mail_incidents(session, settings, NOON + timedelta(hours=3))) == []


def test_a_server_that_breaks_off_at_one_recipient_takes_the_others(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        write(ledger, settings, "one")
        write(ledger, settings, "two", recipient=OTHER)
        server.troubles.drop_after_data = 1
        assert send_waiting(settings, ledger, CONTACT, NOON) == 1
    assert states(ledger) == ["waiting", "sent"]


def test_a_connection_that_drops_after_the_message_gives_two_copies_known_as_one(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    with mail_server(tmp_path, "none") as server:
        settings = settings_for(sqlite_settings, server, "none", smtp_username=None)
        write(ledger, settings, "one")
        write(ledger, settings, "two", recipient=OTHER)
        server.troubles.drop_after_data = 1
        assert send_waiting(settings, ledger, CONTACT, NOON) == 1, "the other does not wait"
        assert "与邮件服务器的连接中断" in answers(ledger)[0]
        assert send_waiting(settings, ledger, CONTACT, NOON + timedelta(seconds=65)) == 1
        ids = [str(mail["Message-ID"]) for mail in server.troubles.kept]
    assert ids == [message_id(one, settings) for one in ("one", "two", "one")]


def test_a_test_mail_says_what_is_wrong_and_what_to_do(
    sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server(tmp_path, "starttls", login=True) as server:
        for name, value in (
            ("HOST", "127.0.0.1"),
            ("PORT", str(server.port)),
            ("SECURITY", "starttls"),
            ("CA_FILE", str(server.ca_file)),
            ("USERNAME", USER),
            ("PASSWORD", PASSWORD),
        ):
            monkeypatch.setenv(f"NIANBAO_SMTP_{name}", value)
        assert run("mail", "test", OFFICE) == 0
        assert "邮件服务器已接收：250 OK" in capsys.readouterr().err
        monkeypatch.setenv("NIANBAO_SMTP_PASSWORD", "wrong-password")
        assert run("mail", "test", OFFICE) == 2
        said = capsys.readouterr().err
        assert "535" in said and "请检查 NIANBAO_SMTP_USERNAME 和 NIANBAO_SMTP_PASSWORD" in said
        assert "wrong-password" not in said and len(server.troubles.kept) == 1
