"""整改: the office hears when its date has passed without a new version, and when one comes after all."""

from __future__ import annotations

from datetime import date

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.rectifications import close_rectification, open_rectification
from ledger.states import RectificationResult
from monitor.loop import tick
from tests.monitor.factory import World, at
from tests.monitor.reading_mail import text_of, told

DONGJIE = "yunshan-dongjie"
NAME = "云山区人民政府东街街道办事处2019年政府信息公开工作年度报告"


def ask(ledger: Ledger) -> int:
    with ledger.write() as session:
        return open_rectification(
            session,
            DONGJIE,
            2019,
            asked_on=date(2020, 2, 1),
            due_on=date(2020, 2, 10),
            asked_by="王敏",
            asked_for="更正表三合计",
            now=at("2020-02-01"),
        )


def test_the_day_passes_without_a_new_version(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    article = world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    world.version(article, "2020-01-17")
    tick(mailing, ledger, at("2020-02-01 13:00"))
    ask(ledger)
    tick(mailing, ledger, at("2020-02-10 23:59:59"))
    assert told(inbox) == []
    tick(mailing, ledger, at("2020-02-11 00:00"))
    assert told(inbox) == []
    tick(mailing, ledger, at("2020-02-11 08:00"))
    tick(mailing, ledger, at("2020-02-18 09:00"))
    overdue, reminder = told(inbox)
    assert overdue["Subject"] == "东街街道整改逾期1天〔2019年报〕"
    assert "2020年2月1日要求整改（更正表三合计），期限2020年2月10日已过，尚未发现新版本" in text_of(overdue)
    assert "并回复本邮件告知复核结果和复核人" in text_of(overdue)
    assert reminder["Subject"] == "东街街道整改逾期8天（第1次催办）〔2019年报〕"
    world.version(article, "2020-02-19", "corrected")
    tick(mailing, ledger, at("2020-02-19 13:00"))
    tick(mailing, ledger, at("2020-02-20 13:00"))
    last = told(inbox)[-1]
    assert (len(told(inbox)), last["Subject"]) == (3, "东街街道已有新版本〔2019年报〕")
    assert last["In-Reply-To"] == overdue["Message-ID"]
    assert "已发现报告的新版本，请复核" in text_of(last)


def test_what_ought_not_have_been_asked_is_taken_back(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.version(world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16"), "2020-01-17")
    tick(mailing, ledger, at("2020-02-01 13:00"))
    number = ask(ledger)
    tick(mailing, ledger, at("2020-02-11 13:00"))
    with ledger.write() as session:
        on, dropped = date(2020, 2, 12), RectificationResult.DROPPED
        answer = close_rectification(
            session, number, dropped, reviewed_by="李强", remark="发错机关", on=on, now=at("2020-02-12")
        )
        assert answer is None
    tick(mailing, ledger, at("2020-02-12 13:00"))
    assert [str(mail["Subject"]) for mail in told(inbox)] == [
        "东街街道整改逾期1天〔2019年报〕",
        "东街街道更正：“整改逾期”不成立〔2019年报〕",
    ]
