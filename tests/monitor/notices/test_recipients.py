"""Who gets what: by level and kind, the summary alone, in English; and the operators hear of who gets nothing more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.demo.inbox import Inbox
from config.offices import load_offices
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.messages.incidents import list_incidents
from ledger.messages.suppressions import list_suppressions, resume_messages, suppress_messages
from ledger.states import NoticeKind, SuppressionReason, Topic
from monitor.loop import tick
from monitor.notices.unsubscribe import unsubscribe
from tests.monitor.factory import OFFICE, OPERATORS, World, at, write_register
from tests.monitor.reading_mail import arrived, html_of, text_of, told

MARK = "〔2019年报〕"
MISSING = f"区文旅局未公布{MARK}"
WRONG = f"东街街道：表三1处不平、1处未填数字{MARK}"
HINT = f"东街街道：1处未填数字{MARK}"

# Monday before the weekly summary is due, after it, and a week later.
MOMENTS = ("2020-02-03 07:30", "2020-02-03 09:00", "2020-02-10 09:00")


def offices(settings: Settings, recipients: str, operators: str = OPERATORS) -> None:
    write_register(
        settings.home,
        offices=f"operators: [{operators}]\noffices:\n"
        f"  - {{district: 云山区, name: 云山区政务服务管理局, recipients: [{recipients}], weekday: 1, "
        "delivery: {pace: at_once}}\n",
    )


@pytest.fixture
def with_summary(settings: Settings) -> None:
    """The office gets its weekly summary."""
    offices(settings, OFFICE)


def two_agencies(world: World) -> None:
    """区文旅局 is missing; the report of 东街街道 has an error and a hint."""
    version = world.version(
        world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", page_label="2020-01-16"), "2020-01-17"
    )
    english = "table three, row 1: applicants add up to 0, the total says 1"
    world.finding(version, "yunshan-dongjie", 2019, "2020-02-02", message_en=english)
    world.finding(
        version, "yunshan-dongjie", 2019, "2020-02-02", rule="T02", severity="warning", message="空白", cells=[]
    )
    world.look("2020-02-01")
    world.look("2020-02-02")


def test_everybody_gets_what_they_asked_for(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    asked = (
        OFFICE,
        "{to: head@yunshan.example, kinds: [missing, late], weekly: false}",
        "{to: clerk@yunshan.example, levels: [warning]}",
        "{to: reader@yunshan.example, alerts: false}",
    )
    offices(mailing, ", ".join(asked))
    two_agencies(world)
    for moment in MOMENTS:
        tick(mailing, ledger, at(moment))
    found: dict[str, list[str]] = {}
    for recipient, subject in arrived(inbox):
        found.setdefault(recipient, []).append(subject)
    weekly = f"云山区周报2月3日：1家未公布，1份报告待处理{MARK}"
    again = weekly.replace("2月3日：", "2月10日：门户未能查看，")  # nobody looked for a week
    reminder = "区文旅局逾期10天未公布（第1次催办）"
    assert found == {
        OFFICE: [MISSING, WRONG, weekly, f"{reminder}；东街街道7天未更正（第1次催办）{MARK}", again],
        "head@yunshan.example": [MISSING, f"{reminder}{MARK}"],
        "clerk@yunshan.example": [HINT, weekly, again],
        "reader@yunshan.example": [weekly, again],
    }


def test_an_english_reader_gets_subject_and_summary_in_english(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    offices(mailing, f"{{to: {OFFICE}, language: en}}")
    two_agencies(world)
    for moment in MOMENTS:
        tick(mailing, ledger, at(moment))
    missing, wrong, weekly, reminder, _ = inbox.messages()
    assert missing["Subject"] == "[nianbao] Needs attention: 云山区文化和旅游局, report for 2019"
    assert "云山区文化和旅游局, report for 2019: not published; overdue since 2020-01-31." in text_of(missing)
    assert "table three, row 1: applicants add up to 0, the total says 1" in text_of(wrong)
    assert weekly["Subject"] == "[nianbao] Weekly summary: 云山区, reports for 2019, 2020-02-03, 1 not published"
    assert "Reports for 2019: 4 due" not in text_of(weekly)  # one is exempt
    assert "Reports for 2019: 3 due, 1 published (1 on time" in text_of(weekly)
    assert reminder["Subject"] == "[nianbao] Reminder, still open: 2 reports of 云山区"
    for mail in (missing, wrong, weekly, reminder):
        assert "follows in Chinese" in text_of(mail) and "follows in Chinese" in html_of(mail)
        assert text_of(mail).index("follows in Chinese") < text_of(mail).index("云山区政务服务管理局：")


@pytest.mark.usefixtures("with_summary")
def test_a_mail_to_an_office_names_no_command(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    two_agencies(world)
    for street in range(12):
        article = world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", title=f"第{street}份")
        world.finding(
            world.version(article, "2020-01-17"), "yunshan-dongjie", 2019, "2020-02-02", message=f"第{street}处"
        )
    for moment in MOMENTS:
        tick(mailing, ledger, at(moment))
    mine = [mail for mail in inbox.messages() if mail["To"] == OFFICE]
    for kind in ("次催办", "周报", "区文旅局未公布"):
        assert any(kind in str(mail["Subject"]) for mail in mine), kind
    for mail in mine:
        assert not re.search(r"nianbao [a-z]", text_of(mail) + html_of(mail)), mail["Subject"]
        assert mail["Reply-To"] == OPERATORS
    reminder = next(mail for mail in mine if "催办" in mail["Subject"])
    assert f"请回复本邮件（{OPERATORS}），写明事项编号和原因" in text_of(reminder)
    assert re.search(r"首次通知，应于2020年2月17日前反馈，事项编号云山区-2019-\d）", text_of(reminder))


@pytest.mark.usefixtures("with_summary")
def test_a_reminder_to_the_operators_names_the_command(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    with ledger.write() as session:
        suppress_messages(session, OFFICE, Topic.WEEKLY, SuppressionReason.UNSUBSCRIBED, "退订", at("2020-01-05"))
    for moment in ("2020-01-05 13:00", "2020-01-12 13:00"):
        tick(mailing, ledger, at(moment))
    reminder = [mail for mail in inbox.messages() if mail["To"] == OPERATORS][-1]
    assert reminder["Subject"] == "【年报·运行】仍未解决：1个事项"
    assert "nianbao incidents acknowledge 1 --by 姓名 --why 原因" in text_of(reminder)


@pytest.mark.usefixtures("with_summary")
def test_who_unsubscribes_gets_no_more_and_the_operators_hear_of_it(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    public = mailing.model_copy(update={"public_address": "https://nianbao.yunshan.example"})
    two_agencies(world)
    tick(public, ledger, at("2020-02-03 07:00"))
    alert = told(inbox)[0]
    header = str(alert["List-Unsubscribe"])
    address, mailto = re.fullmatch(r"<(https://\S+)>, <(mailto:\S+)>", header).groups()  # type: ignore[union-attr]
    assert alert["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mailto.startswith(f"mailto:{OPERATORS}?subject=")
    raw = sorted(Path(inbox.folder).glob("*.eml"))[0].read_bytes()
    assert f"List-Unsubscribe: <{address}>,\r\n <mailto:".encode() in raw  # as it stands, and not as an encoded word
    assert unsubscribe(public, ledger, address.rsplit("/", 1)[1], at("2020-02-03 07:30")).topic is Topic.ALERTS
    for moment in ("2020-02-03 07:31", "2020-02-03 09:00", "2020-02-10 07:59", "2020-02-10 08:00"):
        tick(public, ledger, at(moment))
    assert [(to, subject[: 9 if to == OPERATORS else 7]) for to, subject in arrived(inbox)][2:] == [
        (OPERATORS, "【年报·运行】收件"),
        (OFFICE, "云山区周报2月"),
        (OPERATORS, "【年报·运行】仍未"),
        (OFFICE, "云山区周报2月"),
    ]
    told_operators = text_of(inbox.messages()[2])
    assert f"{OFFICE}自2020年2月3日7:30起不再接收事项通知和催办（收件人退订）" in told_operators
    assert "云山区政务服务管理局（已没有其他收件人）" in told_operators
    with ledger.write() as session:
        assert list_incidents(session)[-1].level == "error"
        resume_messages(session, OFFICE, None, "李强", "误点", at("2020-02-10 14:00"))
        assert list_suppressions(session) == []
    tick(public, ledger, at("2020-02-10 14:01"))
    assert arrived(inbox)[-1] == (OPERATORS, "【年报·运行】已恢复正常")
    tick(public, ledger, at("2020-02-24 07:00"))
    tick(public, ledger, at("2020-02-24 08:00"))
    assert [to for to, subject in arrived(inbox) if "催办" in subject] == [OFFICE], (
        "the next reminder comes; what was not wanted is not sent again"
    )


def test_of_two_recipients_one_may_go(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    offices(mailing, f"{OFFICE}, second@yunshan.example")
    two_agencies(world)
    inbox.refused = {OFFICE}
    for moment in ("07:00", "07:32", "07:33"):
        tick(mailing, ledger, at(f"2020-02-03 {moment}"))
    assert {to for to, _ in arrived(inbox)} == {"second@yunshan.example", OPERATORS}
    with ledger.write() as session:
        (stop,) = list_suppressions(session)
        assert (stop.topic, stop.reason, stop.words) == (
            Topic.ALL,
            SuppressionReason.REFUSED,
            "收件服务器拒收：550 5.1.1 no such mailbox",
        )
        incident = next(one for one in list_incidents(session) if one.kind == "recipient")
        assert incident.level == "warning" and "已没有其他收件人" not in incident.sentence
        inbox.refused = ()
        resume_messages(session, OFFICE, None, "李强", "邮箱已恢复", at("2020-02-03 07:30"))
    tick(mailing, ledger, at("2020-02-03 07:30"))
    assert [subject for to, subject in arrived(inbox) if to == OFFICE] == [MISSING, WRONG]


@pytest.mark.parametrize(
    ("recipients", "wrong"),
    [
        ("wecombot://0123456789", "聊天群的地址含有密钥，请写在 channels 下"),
        ("apprise:nobody", "channels 中没有“apprise:nobody”"),
        ("not an address", "不是有效的邮件地址，也不是 apprise:名称"),
        (f"{{to: {OFFICE}, levels: [grave]}}", "级别须为 error、warning 或 human"),
        (f"{{to: {OFFICE}, kinds: [misssing]}}", "recipients.0.kinds.0"),
    ],
)
def test_a_recipient_that_cannot_be_is_refused(recipients: str, wrong: str, sqlite_settings: Settings) -> None:
    offices(sqlite_settings, recipients)
    with pytest.raises(ConfigurationError, match=wrong):
        load_offices(sqlite_settings.home)


def test_the_kinds_that_can_be_asked_for_are_those_that_there_are() -> None:
    from typing import get_args

    from config.recipients import Kind
    from ledger.states import IncidentKind

    assert set(get_args(Kind)) == {kind.value for kind in IncidentKind}
    assert {kind.value for kind in NoticeKind} == {"alert", "correction", "reminder", "digest", "weekly", "operators"}
