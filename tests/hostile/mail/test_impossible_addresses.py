"""An address of which no message can be made, in any place: it is named, others get their mail, and it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.offices import read_offices
from config.settings import Settings, load_settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from monitor.channels.mail.transport import MailServerAway, conversation
from monitor.loop import tick
from tests.cli.test_status import run
from tests.hostile.mail.server import Stage, Trouble, Troubled, troubled_server
from tests.monitor.factory import World, at, write_register

RIGHT = "office@yunshan.example"
OTHERS = ("head@yunshan.example", "operators@nianbao.example")
BEGIN = at("2020-02-03 09:00")
# What people write, and what passes for an address at first sight.
IMPOSSIBLE = ("a..b@yunshan.example", "office.@yunshan.example", ".office@yunshan.example")


def offices(address: str, operators: str = OTHERS[1]) -> str:
    return f"""
operators: [{operators}]
offices:
  - {{district: 云山区, name: 云山区政务公开办, weekday: 1, delivery: {{pace: at_once}},
     recipients: [{{to: "{address}", weekly: false}}, {{to: {OTHERS[0]}, weekly: false}}]}}
"""


@pytest.fixture
def troubled(sqlite_settings: Settings) -> Iterator[tuple[Settings, Troubled]]:
    """The mail server, and settings for it."""
    with troubled_server() as (port, server):
        given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_timeout_seconds": 5.0}
        login = load_settings(smtp_username="nianbao", smtp_password="secret")
        given |= {"smtp_username": login.smtp_username, "smtp_password": login.smtp_password}
        yield sqlite_settings.model_copy(update=given), server


def missing(world: World) -> None:
    """Two agencies have not published."""
    world.look("2020-02-01")
    world.look("2020-02-02")


@pytest.mark.parametrize("address", IMPOSSIBLE)
def test_one_office_has_one_and_the_server_refuses_relaying_for_an_hour(
    address: str, troubled: tuple[Settings, Troubled], ledger: Ledger, world: World
) -> None:
    settings, server = troubled
    write_register(settings.home, offices=offices(address))
    missing(world)
    server.trouble = Trouble(Stage.RCPT, "550 relay not permitted", frozenset((*OTHERS, RIGHT)))
    for minutes in range(0, 60, 4):
        tick(settings, ledger, BEGIN + timedelta(minutes=minutes))
    assert server.kept == []
    server.trouble = None
    for minutes in (60, 90, 120):
        tick(settings, ledger, BEGIN + timedelta(minutes=minutes))
    arrived = [(to, str(mail["Subject"])) for to, mail in server.kept]
    letters = [subject for to, subject in arrived if to == OTHERS[0]]
    assert len(letters) == 1 and "未公布" in letters[0]
    assert len(arrived) == len(set(arrived)), "each once"
    told = [mail.get_body(("plain",)) for to, mail in server.kept if to == OTHERS[1]]
    named = [body.get_content() for body in told if body is not None and address in body.get_content()]
    assert len(named) == 1 and "写法有误" in named[0], "one matter, told once"
    # It is put right: what was held back goes to the right address, once.
    write_register(settings.home, offices=offices(RIGHT))
    for minutes in (180, 181, 250):
        tick(settings, ledger, BEGIN + timedelta(minutes=minutes))
    assert [str(mail["Subject"]) for to, mail in server.kept if to == RIGHT] == letters


def test_it_stands_among_the_operators(troubled: tuple[Settings, Troubled], ledger: Ledger, world: World) -> None:
    settings, server = troubled
    write_register(settings.home, offices=offices(RIGHT, f'"a..b@nianbao.example", {OTHERS[1]}'))
    missing(world)
    tick(settings, ledger, BEGIN)
    tick(settings, ledger, BEGIN + timedelta(minutes=2))
    assert {to for to, _ in server.kept} == {RIGHT, *OTHERS}
    # Readers write to an address that there is.
    assert {str(mail["Reply-To"]) for _, mail in server.kept} == {OTHERS[1]}


def test_a_sender_that_cannot_be_is_refused_before_anything_is_sent(home: Path) -> None:
    for address in IMPOSSIBLE:
        with pytest.raises((ValidationError, ConfigurationError), match=r"mail_from|NIANBAO_MAIL_FROM"):
            load_settings(mail_from=address)


def test_what_is_no_address_at_all_is_refused_with_its_line(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "offices.yaml"
    for address in (
        "office",
        "office yunshan.example",
        "局@yunshan.example",
        "a@b@c.example",
        "a@b.example\\nBcc: x@y",
    ):
        path.write_text(offices(address), encoding="utf-8")
        with pytest.raises(ConfigurationError, match=r"offices\.yaml:5"):
            read_offices(path)


def test_doctor_and_a_test_mail_say_which(
    troubled: tuple[Settings, Troubled], ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, _ = troubled
    write_register(settings.home, offices=offices(IMPOSSIBLE[0]))
    run("doctor")
    assert f"收件地址“{IMPOSSIBLE[0]}”写法有误" in capsys.readouterr().out
    assert run("mail", "test", IMPOSSIBLE[0]) == 2
    assert "不是有效的邮件地址" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "value"),
    [("smtp_host", "mail..example.gov.cn"), ("smtp_host", "x" * 70 + ".example"), ("smtp_password", "密码密码")],
)
def test_a_setting_of_no_alphabet_is_said_and_concerns_no_recipient(
    setting: str, value: str, troubled: tuple[Settings, Troubled], ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    settings, server = troubled
    changed = load_settings(**{setting: value})
    wrong = settings.model_copy(update={setting: getattr(changed, setting)})
    with pytest.raises(MailServerAway, match="请检查 NIANBAO_SMTP_HOST、NIANBAO_SMTP_USERNAME"), conversation(wrong):
        pass
    assert value not in caplog.text and server.kept == []
