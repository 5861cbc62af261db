"""The operators' weekly summary: once a week, and with the figures of the week."""

from __future__ import annotations

from datetime import timedelta

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Heartbeat, Round
from ledger.states import ArticleOutcome, PortalState, RoundState, WorkState
from monitor.loop import tick
from tests.monitor.factory import OFFICES_WITH_SUMMARY, OPERATORS, PORTAL, World, at, write_register
from tests.monitor.reading_mail import text_of, words_of


def summaries(inbox: Inbox) -> list[str]:
    return [str(mail["Subject"]) for mail in inbox.messages() if "每周运行情况" in mail["Subject"]]


def turn(settings: Settings, ledger: Ledger, moment: str) -> None:
    tick(settings, ledger, at(moment), machinery=True)


def test_it_comes_once_a_week_once_anything_was_looked_at(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    turn(mailing, ledger, "2020-06-08 09:00")
    assert summaries(inbox) == []
    world.look("2020-06-09 09:00")
    # Monday was missed: it comes on the day on which somebody is there again.
    for moment in ("2020-06-10 09:00", "2020-06-10 09:01", "2020-06-15 07:59", "2020-06-15 08:00", "2020-06-16 08:00"):
        turn(mailing, ledger, moment)
    assert [mail["To"] for mail in inbox.messages() if "每周运行情况" in mail["Subject"]] == [OPERATORS, OPERATORS]
    assert summaries(inbox) == [
        "【年报·运行】每周运行情况：截至2020年6月10日，没有未解决的事项",
        "【年报·运行】每周运行情况：截至2020年6月15日，没有未解决的事项",
    ]


def test_a_replay_of_the_past_has_none(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    world.look("2020-06-08 09:00")
    tick(mailing, ledger, at("2020-06-09 09:00"))
    assert summaries(inbox) == []


def test_it_says_what_was_done_and_what_was_not(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    world.look("2020-02-01 09:00")  # a week before counts no more
    world.version(world.article("yunshan-dongjie", 2019, "2020-02-01", column="streets"), "2020-02-01 09:00")
    world.look("2020-02-11 09:00")
    for day in ("12", "13", "14"):
        world.look(f"2020-02-{day} 09:00", found=PortalState.BLOCKED, sentence="返回验证页面")
    with ledger.write() as session:
        broken = at("2020-02-14 10:00")
        session.add(Round(portal=PORTAL, begun_at=broken, ended_at=broken, state=RoundState.FAILED, figures={}))
        beat = {"role": "worker", "name": "host:1", "started_at": broken, "host_checks": {}, "busy": False}
        session.add(Heartbeat(at=at("2020-02-17 08:29"), last_work_at=None, stopped_at=None, **beat))
    culture = world.article("yunshan-culture", 2019, "2020-02-11", page_label="2020-02-11")
    world.version(culture, "2020-02-11 09:05")
    title = "<b>坏</b>的\u202e文件\r\nBcc: x@example.com"
    bad = world.article(None, 2019, "2020-02-11", title=title, outcome=ArticleOutcome.UNASSIGNED, reason="名册中没有")
    world.version(bad, "2020-02-11 09:06", state=WorkState.QUARANTINED)
    world.version(culture, "2020-02-17 08:00", "new", state=WorkState.WAITING)
    turn(mailing, ledger, "2020-02-17 08:30")

    (message,) = [mail for mail in inbox.messages() if "每周运行情况" in mail["Subject"]]
    assert message["To"] == OPERATORS
    for words in (text_of(message), " ".join(words_of(message).split())):
        assert "1个门户，共4次，正常1次" in words
        assert "程序中断1次" in words
        assert "现为访问被拦截；本周巡查4次，正常1次，程序中断1次" in words
        assert "新文档3份，读完1份，未能读出1份" in words
        assert "平均每份0.1秒，最长0.1秒" in words
        assert "现有1份等待读取，最早的自2020年2月17日8:00起" in words
        assert "1份，其中本周新增1份" in words
        assert "的文件" in words and "Bcc: x@example.com" in words and "\u202e" not in words
        assert "门户不能查看" in words and "返回验证页面" in words
        assert "发出0封，被拒收0封，发送失败0次" in words
        assert "抓取0个，读取1个，监测0个" in words
    assert "Bcc" not in message


def test_failed_mail_is_counted(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    write_register(mailing.home, offices=OFFICES_WITH_SUMMARY)
    world.look("2020-02-01 09:00")
    world.look("2020-02-02 09:00")
    inbox.stop()
    tick(mailing, ledger, at("2020-02-02 13:00"))
    inbox.start()
    tick(mailing, ledger, at("2020-02-02 13:00") + timedelta(hours=2))
    turn(mailing, ledger, "2020-02-03 08:00")
    (message,) = [mail for mail in inbox.messages() if "每周运行情况" in mail["Subject"]]
    assert "发出1封，被拒收0封，发送失败1次" in text_of(message)


def test_it_says_what_was_not_understood_on_the_lists(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.look("2020-02-03 09:00")
    turn(mailing, ledger, "2020-02-03 10:00")
    (message,) = inbox.messages()
    assert "2个栏目，内容都有着落" in text_of(message)
    left = [{"kind": "link", "text": f"<b>报告{n}</b>\u202e", "name": "unknown", "agencies": []} for n in range(4)]
    world.look("2020-02-08 09:00", columns=("departments",), left=left)
    world.look(
        "2020-02-09 09:00", columns=("streets",), complete=False, sentence="栏目“街道年报”：列表有无法跟随的翻页"
    )
    turn(mailing, ledger, "2020-02-10 10:00")
    message = [mail for mail in inbox.messages() if "每周运行情况" in mail["Subject"]][-1]
    for words in (text_of(message), " ".join(words_of(message).split())):
        assert "2个栏目，其中2个没有全部读懂" in words
        assert "没有读懂的内容4处，没有读完的栏目1个" in words
        assert "栏目“部门年报”：没有读懂4处，如" in words and "报告2" in words and "报告3" not in words
        assert "列表有无法跟随的翻页" in words
        assert "\u202e" not in words
    assert "<b>报告" not in str(message.get_body(("html",)))


def test_a_change_of_a_level_is_announced_with_what_it_would_have_done(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    (mailing.home / "config" / "rules.yaml").write_text(
        "rules:\n  N01: {severity: error, from: 2021-03-01}\n  D06: {severity: human}\n", encoding="utf-8"
    )
    version = world.version(world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets"), "2020-01-17")
    for message, how in (("甲", ["plain_text"]), ("乙", None)):
        world.finding(
            version, "yunshan-dongjie", 2019, "2020-01-18", rule="N01", severity="warning", message=message,
            confirmed_by=how,
        )  # fmt: skip
    world.look("2020-12-20 09:00")
    turn(mailing, ledger, "2020-12-28 09:00")
    message = text_of([mail for mail in inbox.messages() if "每周运行情况" in mail["Subject"]][-1])
    assert "将要变动1条，本周已变动0条" in message and "D06" not in message
    assert "自2021年3月1日起由提示改为错误；2019年度有1份报告共2处，届时为错误" in message
    assert "其中1处的数字只看过一次" in message and "nianbao replay --what-if N01=error --year 2019" in message
    turn(mailing, ledger, "2021-03-08 09:00")
    message = text_of([mail for mail in inbox.messages() if "每周运行情况" in mail["Subject"]][-1])
    assert "没有变动" in message
