"""One letter a working day with everything in it; what cannot wait, and what is not worth a letter of its own."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from config.time_zone import SHANGHAI
from ledger.database import Ledger
from ledger.messages.suppressions import suppress_messages
from ledger.states import FindingState, SuppressionReason, Topic
from monitor.loop import tick
from tests.monitor.factory import DISTRICT, OFFICE, OFFICES, World, at, write_register
from tests.monitor.reading_mail import text_of, told

CULTURE, DONGJIE = "yunshan-culture", "yunshan-dongjie"
MARK = "〔2019年报〕"


def delivery(home: Settings, words: str, recipients: str = "{to: office@yunshan.example, weekly: false}") -> None:
    offices = OFFICES.replace("{pace: at_once}", words).replace(
        "{to: office@yunshan.example, weekly: false}", recipients
    )
    write_register(home.home, offices=offices)


def finding(world: World, agency: str, moment: str, **values: str) -> str:
    column = "streets" if agency == DONGJIE else "departments"
    article = world.article(agency, 2019, "2020-01-13", column=column, page_label="2020-01-13")
    return world.finding(world.version(article, "2020-01-13"), agency, 2019, moment, **values)


def subjects(inbox: Inbox, to: str = OFFICE) -> list[tuple[str, str]]:
    """Day and hour in Shanghai with the subject, of what arrived at an address."""
    mine = [mail for mail in inbox.messages() if mail["To"] == to]
    dates = [parsedate_to_datetime(str(mail["Date"])).astimezone(SHANGHAI) for mail in mine]
    return [(f"{date:%m-%d %H:%M}", str(mail["Subject"])) for date, mail in zip(dates, mine, strict=True)]


def turn(settings: Settings, ledger: Ledger, *moments: str) -> None:
    for moment in moments:
        tick(settings, ledger, at(f"2020-{moment}"))


def test_everything_of_a_day_is_one_letter_in_the_morning(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    delivery(mailing, "{}")
    error = finding(world, DONGJIE, "2020-01-14 12:00")
    turn(mailing, ledger, "01-14 12:00", "01-14 20:00", "01-15 07:59")
    assert subjects(inbox) == []
    turn(mailing, ledger, "01-15 08:00")
    # What comes after the letter waits for the next one, and everything is in that: news, and what was put right.
    finding(world, CULTURE, "2020-01-15 08:30", rule="T02", severity="warning", message="空白")
    world.change_finding(error, state=FindingState.RESOLVED, resolved_at=at("2020-01-15 10:00"))
    world.version(world.article(DONGJIE, 2019, "2020-01-13", column="streets"), "2020-01-15", "corrected")
    turn(mailing, ledger, "01-15 08:30", "01-15 10:00", "01-15 23:59", "01-16 08:00", "01-16 08:01", "01-16 12:00")
    assert subjects(inbox) == [
        ("01-15 08:00", f"东街街道：表三1处不平{MARK}"),
        ("01-16 08:00", f"区文旅局：1处未填数字；东街街道已更正{MARK}"),
    ]
    text = text_of(inbox.messages()[-1])
    assert (
        "== 云山区文化和旅游局2019年政府信息公开工作年度报告 ==" in text and "【提示】应填数字处没有数字（T02）" in text
    )
    assert "【已解决】1处" in text and "东街街道2019年：原通知：" in text
    assert text.count("发现时间") == 1  # in the part about the report, and nowhere again


def test_nothing_on_a_day_off_but_what_the_laws_day_demands(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    delivery(mailing, "{}")
    world.article("yunshan-government", 2019, "2020-01-20", page_label="2020-01-19")
    finding(world, DONGJIE, "2020-01-25 12:00")  # the Spring Festival of 2020: 24 January to 2 February
    turn(mailing, ledger, "01-25 12:00", "01-26 08:00", "01-31 12:00")
    assert subjects(inbox) == []
    world.look("2020-02-01 07:00")
    turn(mailing, ledger, "02-01 08:00")
    world.look("2020-02-02 07:00")
    turn(mailing, ledger, "02-02 07:55", "02-02 08:00")
    assert subjects(inbox) == [("02-02 08:00", f"区文旅局未公布；东街街道：表三1处不平{MARK}")]


def test_an_office_that_wants_its_letters_on_days_off_gets_them(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    delivery(mailing, "{days_off: true, hour: 10}")
    finding(world, DONGJIE, "2020-01-25 12:00")
    turn(mailing, ledger, "01-25 12:00", "01-26 10:00")
    assert [when for when, _ in subjects(inbox)] == ["01-26 10:00"]


def test_a_kind_may_be_told_at_once(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    delivery(mailing, "{at_once: [missing]}")
    world.article("yunshan-government", 2019, "2020-01-20", page_label="2020-01-19")
    finding(world, DONGJIE, "2020-02-03 12:00")
    world.look("2020-02-01 07:00")
    world.look("2020-02-03 11:00")
    turn(mailing, ledger, "02-03 12:00", "02-04 08:00")
    assert subjects(inbox) == [
        ("02-03 12:00", f"区文旅局未公布{MARK}"),
        ("02-04 08:00", f"东街街道：表三1处不平{MARK}"),
    ]


def test_an_untrue_accusation_is_taken_back_at_once_and_a_hint_rides_along(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    delivery(mailing, "{}")
    error = finding(world, DONGJIE, "2020-01-14 12:00")
    hint = finding(world, CULTURE, "2020-01-14 12:00", rule="T02", severity="warning", message="空白")
    turn(mailing, ledger, "01-14 12:00", "01-15 08:00")
    for fingerprint in (error, hint):
        world.change_finding(fingerprint, state=FindingState.DISMISSED, said_why="无误", said_at=at("2020-01-18 15:00"))
    turn(mailing, ledger, "01-18 15:00", "01-20 08:00")  # a Saturday
    assert subjects(inbox)[1:] == [("01-18 15:00", f"东街街道更正：“表三1处不平”不成立{MARK}")]
    correction = inbox.messages()[-1]
    assert correction["In-Reply-To"] == inbox.messages()[0]["Message-ID"]
    assert "区文旅局" not in text_of(correction)
    # A hint that was none is told with another letter, alone after a week: on the first working day, 3 February.
    turn(mailing, ledger, "01-23 08:00", "01-28 08:00", "02-03 08:00", "02-04 08:00")
    assert subjects(inbox)[2:] == [("02-03 08:00", f"区文旅局更正：原提示不成立{MARK}")]


def test_the_summary_of_a_day_and_its_letter_are_one_mail_and_who_reads_no_summary_has_the_letter(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    delivery(
        mailing, "{}", "office@yunshan.example, {to: head@yunshan.example, weekly: false}, stopped@yunshan.example"
    )
    with ledger.write() as session:
        suppress_messages(
            session, "stopped@yunshan.example", Topic.WEEKLY, SuppressionReason.UNSUBSCRIBED, "", at("2020-01-02")
        )
    world.look("2020-01-20 07:00")
    error = finding(world, DONGJIE, "2020-01-18 12:00")
    turn(mailing, ledger, "01-20 08:00", "01-20 08:01", "01-21 08:00")
    alone = f"东街街道：表三1处不平{MARK}"
    assert [subject for _, subject in subjects(inbox)] == [
        f"东街街道：表三1处不平；{DISTRICT}周报1月20日：1份报告待处理{MARK}"
    ]
    assert [subject for _, subject in subjects(inbox, "head@yunshan.example")] == [alone]
    assert [subject for _, subject in subjects(inbox, "stopped@yunshan.example")] == [alone]
    mail = next(one for one in inbox.messages() if one["To"] == OFFICE)
    text = text_of(mail)
    assert text.index("表三行合计不平（T05）") < text.index("—— 云山区周报 ——") < text.index("合计：应公布")
    # It is one matter that was told: its end is told too.
    world.change_finding(
        error,
        state=FindingState.DISMISSED,
        said_why="无误",
        said_at=at("2020-01-22"),
    )
    turn(mailing, ledger, "01-22 12:00")
    assert [subject for _, subject in subjects(inbox)][1:] == [f"东街街道更正：“表三1处不平”不成立{MARK}"]
    assert told(inbox)[-1]["In-Reply-To"] is not None


@pytest.mark.both_databases
def test_two_monitors_write_it_once(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    delivery(mailing, "{}")
    finding(world, DONGJIE, "2020-01-14 12:00")
    turn(mailing, ledger, "01-15 08:00", "01-15 08:00", "01-15 08:00")
    assert len(subjects(inbox)) == 1
