"""A template that an office broke is named with its line, and its letters are sent as we ship them."""

from __future__ import annotations

import pytest

from cli.demo.inbox import Inbox
from config.in_force import Instead, examine_files
from config.settings import Settings
from ledger.database import Ledger
from monitor.machinery.vital import Vital
from monitor.turns import Turns
from tests.monitor.factory import OFFICE, OPERATORS, World, at
from tests.monitor.reading_mail import text_of


@pytest.mark.parametrize("content", ["第一行\n{% if %}", "{{ nothing.at_all }}", "{{ letter.lead / 0 }}", "\udcff"])
def test_letters_are_sent_all_the_same(
    content: str, mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    folder = mailing.home / "config" / "mail"
    folder.mkdir(parents=True)
    (folder / "letter.txt").write_bytes(content.encode("utf-8", errors="surrogateescape"))
    world.look("2020-02-01")
    world.look("2020-02-02")
    turns = Turns(mailing, ledger, Vital())
    for minute in (0, 5):
        turns.take(at(f"2020-02-03 09:0{minute}"))
    (letter,) = [mail for mail in inbox.messages() if str(mail["To"]) == OFFICE]
    assert "区文旅局" in text_of(letter)
    told = [text_of(mail) for mail in inbox.messages() if str(mail["To"]) == OPERATORS]
    faults = examine_files(mailing.home)
    if content.startswith("{{"):
        assert faults == ()  # it is a template; only what is put into it shows that it cannot be used
        return
    (fault,) = faults
    assert (fault.file, fault.instead) == ("mail/letter.txt", Instead.SHIPPED)
    assert any(fault.where in text and "已改用随软件提供的" in text for text in told)
    if content.startswith("第一行"):
        assert fault.line == "2"
