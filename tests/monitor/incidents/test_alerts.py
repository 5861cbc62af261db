"""Alerts and corrections, from the rows of crawler and workers to the mail as it arrived."""

from __future__ import annotations

from sqlalchemy import func, select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Incident, Notice
from ledger.states import ArticleOutcome, FindingState, PortalState, WorkState
from monitor.loop import tick
from tests.monitor.factory import OFFICE, OPERATORS, World, at, write_register
from tests.monitor.reading_mail import arrived, text_of, told, words_of

CULTURE = "yunshan-culture"
DONGJIE = "yunshan-dongjie"
NATURAL = "requests.not_provided.not_held.natural_person"
SUGGESTION = {"cells": {NATURAL: 1}, "why": "the only single change that makes every sum agree"}
FIGURES = {
    NATURAL: {"state": "number", "value": 0, "text": "0"},
    "requests.not_provided.not_held.total": {"state": "number", "value": 1, "text": "1"},
    "requests.processed_total.natural_person": {"state": "number", "value": 3, "text": "3"},
}
REPORT = "云山区人民政府东街街道办事处2019年政府信息公开工作年度报告"


def open_count(ledger: Ledger) -> int:
    with ledger.read() as session:
        return session.scalar(select(func.count(Incident.id)).where(Incident.resolved_at.is_(None))) or 0


def two_broken_sums(world: World) -> tuple[int, str, str]:
    article = world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    version = world.version(article, "2020-01-17", figures=FIGURES)
    rows = world.finding(version, DONGJIE, 2019, "2020-01-17", suggestion=SUGGESTION)
    columns = world.finding(
        version,
        DONGJIE,
        2019,
        "2020-01-17",
        rule="T06",
        cells=["requests.processed_total.natural_person"],
        expected="2",
        found="3",
        message="表三“自然人”列：各项之和＝2，“（七）总计”行填报3，相差1",
        suggestion=SUGGESTION,
    )
    return article, rows, columns


def test_a_slip_of_the_hand_is_named(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    article = world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    version = world.version(article, "2020-01-17", figures=FIGURES)
    total = "requests.not_provided.not_held.total"
    slipped = {"slip": "digits_transposed", "why": "…"}
    world.finding(version, DONGJIE, 2019, "2020-01-17", suggestion=slipped | {"cells": {total: 0}})
    either = {"alternatives": [{"cells": {total: 0}}, {"cells": {NATURAL: 1}}]}
    world.finding(version, DONGJIE, 2019, "2020-01-17", rule="T06", suggestion=slipped | either)
    tick(mailing, ledger, at("2020-01-17 13:00"))
    (message,) = told(inbox)
    for words in (text_of(message), words_of(message)):
        assert "数字前后两位疑似颠倒。最小的改法是：" in words
        assert "（第一种：数字前后两位疑似颠倒）" in words


def test_what_is_wrong_in_one_report_is_one_mail(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    two_broken_sums(world)
    assert tick(mailing, ledger, at("2020-01-17 13:00")).opened == 2
    assert tick(mailing, ledger, at("2020-01-17 14:00")).sent == 0
    alerts = told(inbox)
    assert [(m["To"], m["Subject"]) for m in alerts] == [(OFFICE, "东街街道：表三1处不平〔2019年报〕")]
    message = alerts[0]
    for words in (text_of(message), words_of(message)):
        # One wrong cell, in a row and in a column: one item with one number.
        assert "表三行合计不平（T05），表三办理结果合计不平（T06）" in words
        assert words.count("事项编号：云山区-2019-") == 1 and words.count("更正后重新公布") == 1
        assert "各类申请人之和＝0，总计栏填报1，相差1" in words
        assert "“（七）总计”行填报3，相差1" in words
        assert words.count("最小的改法是") == 1
        assert "自然人”列由0改为1" in words
        assert "云山区政务服务管理局：" in words
        assert "2020年1月17日12:00取得，sha256 " in words
        assert "2020年1月16日公布" in words
        assert "http://www.yunshan.example/" in words
        assert "更正后重新公布" in words
        assert f"请写信给 {OPERATORS}" in " ".join(words.split())
    assert message.defects == [] and all(part.defects == [] for part in message.walk())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].startswith(f"<mailto:{OPERATORS}")
    assert message["Reply-To"] == OPERATORS
    assert message["Date"].datetime == at("2020-01-17 13:00")
    with ledger.read() as session:
        assert (
            session.scalars(select(Notice.message_id).where(Notice.identity.like("alert:%"))).one()
            == message["Message-ID"]
        )


def test_a_dismissed_finding_is_taken_back_in_its_thread(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    _, rows, columns = two_broken_sums(world)
    tick(mailing, ledger, at("2020-01-17 13:00"))
    for fingerprint in (rows, columns):
        world.change_finding(
            fingerprint, state=FindingState.DISMISSED, said_why="纸质原件无误", said_at=at("2020-01-18")
        )
    assert tick(mailing, ledger, at("2020-01-18 13:00")).resolved == 2
    tick(mailing, ledger, at("2020-01-18 14:00"))
    alert, taken_back = told(inbox)
    assert (taken_back["To"], taken_back["Subject"]) == (OFFICE, "东街街道更正：“表三1处不平”不成立〔2019年报〕")
    assert taken_back["In-Reply-To"] == alert["Message-ID"]
    assert "认定不是问题：纸质原件无误" in text_of(taken_back)
    assert "原通知不再作为依据" in text_of(taken_back)
    assert open_count(ledger) == 0


def test_a_new_version_without_the_problem_is_reported_as_put_right(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    article, rows, columns = two_broken_sums(world)
    tick(mailing, ledger, at("2020-01-17 13:00"))
    world.version(article, "2020-02-03", "new", figures={})
    for fingerprint in (rows, columns):
        world.change_finding(fingerprint, state=FindingState.RESOLVED, resolved_at=at("2020-02-03"))
    tick(mailing, ledger, at("2020-02-03 07:00"))
    last = told(inbox)[-1]
    assert last["Subject"] == "东街街道已更正〔2019年报〕"
    assert "重新公布的报告中已没有这个问题" in text_of(last)
    assert "更正之处" not in text_of(last)


def test_missing_then_late_is_a_follow_up_and_no_correction(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.article(DONGJIE, 2019, "2020-01-17", column="streets")
    world.look("2020-02-01")
    tick(mailing, ledger, at("2020-02-01 13:00"))
    assert told(inbox) == []
    world.look("2020-02-02")
    tick(mailing, ledger, at("2020-02-02 13:00"))
    missing = told(inbox)[-1]
    assert (missing["To"], missing["Subject"]) == (OFFICE, "区文旅局未公布〔2019年报〕")
    assert "已两次完整查看云山区人民政府门户网站“部门年报”栏目" in text_of(missing)
    assert "第四十九条第一款" in text_of(missing)
    world.look("2020-02-12")
    world.article(CULTURE, 2019, "2020-02-12", page_label="2020-02-11")
    tick(mailing, ledger, at("2020-02-12 13:00"))
    late = told(inbox)[-1]
    assert (late["To"], late["Subject"]) == (OFFICE, "区文旅局逾期11天公布〔2019年报〕")
    assert late["In-Reply-To"] == missing["Message-ID"]
    assert "逾期11天" in text_of(late)
    assert not any("更正" in subject for _, subject in arrived(inbox))


def test_missing_that_turns_out_published_in_time_is_taken_back(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.look("2020-02-01")
    world.look("2020-02-02")
    tick(mailing, ledger, at("2020-02-02 13:00"))
    (told_of,) = told(inbox)
    assert told_of["Subject"] == "区文旅局、东街街道未公布〔2019年报〕"
    world.article(CULTURE, 2019, "2020-02-05", entered="2020-01-20")
    tick(mailing, ledger, at("2020-02-05 13:00"))
    tick(mailing, ledger, at("2020-02-06 13:00"))
    corrections = [m for m in inbox.messages() if m["Subject"] == "区文旅局更正：“未公布”不成立〔2019年报〕"]
    assert [m["To"] for m in corrections] == [OFFICE]
    assert corrections[0]["In-Reply-To"] == told_of["Message-ID"]
    assert "按时公布" in text_of(corrections[0])


def test_a_blocked_portal_is_the_operators_matter_alone(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    for day in (5, 6, 7, 8):
        world.look(f"2020-02-{day:02}", found=PortalState.BLOCKED, sentence="返回验证页面")
        tick(mailing, ledger, at(f"2020-02-{day:02} 13:00"))
        expected = 0 if day < 7 else 1
        assert sum("门户不能查看" in subject for _, subject in arrived(inbox)) == expected
    world.look("2020-02-09")
    tick(mailing, ledger, at("2020-02-09 13:00"))
    mails = told(inbox)
    assert [m["To"] for m in mails] == [OPERATORS, OPERATORS]
    assert mails[0]["Subject"] == "【年报·运行】云山区人民政府门户网站：门户不能查看"
    assert "返回验证页面" in text_of(mails[0])
    assert (mails[1]["Subject"], mails[1]["In-Reply-To"]) == ("【年报·运行】已恢复正常", mails[0]["Message-ID"])


def test_what_cannot_be_assigned_or_read_reaches_the_operators_and_a_person(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.article(
        None, 2019, "2020-01-15", title="某处2019年报告", outcome=ArticleOutcome.UNASSIGNED, reason="名册中没有“某处”"
    )
    world.article(
        CULTURE, 2019, "2020-01-15", title="打不开的报告", outcome=ArticleOutcome.NOT_FOUND, reason="答复404",
        last_seen="2020-01-15",
    )  # fmt: skip
    broken = world.article(DONGJIE, 2019, "2020-01-15", column="streets")
    version = world.version(broken, "2020-01-15", state=WorkState.QUARANTINED)
    world.finding(
        version, DONGJIE, 2019, "2020-01-15", rule="X01", severity="human", cells=[], found="not_pdf", expected=None,
        message="文档无法读取，请人工查看：不是有效的 PDF",
    )  # fmt: skip
    tick(mailing, ledger, at("2020-01-15 13:00"))
    by_subject = {m["Subject"]: m for m in told(inbox)}
    assert set(by_subject) == {
        "【年报·运行】云山区人民政府门户网站：内容不能归属",
        "【年报·运行】云山区人民政府门户网站：文档无法读取",
        "东街街道：未能读出〔2019年报〕",
    }
    assert "名册中没有“某处”" in text_of(by_subject["【年报·运行】云山区人民政府门户网站：内容不能归属"])
    human = by_subject["东街街道：未能读出〔2019年报〕"]
    assert human["To"] == OFFICE
    assert "不要据此认定该机关有错" in text_of(human)
    # A link that stays broken is told after three days of rounds, not at once.
    world.change(2, last_seen_at=at("2020-01-17"))
    tick(mailing, ledger, at("2020-01-17 13:00"))
    assert "链接打不开（404）：答复404" in text_of(told(inbox)[-1])


def test_without_a_recipient_nothing_is_lost(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    write_register(mailing.home, offices="operators: []\noffices: []\n")
    two_broken_sums(world)
    assert tick(mailing, ledger, at("2020-01-17 13:00")).opened == 2
    assert inbox.messages() == []
    write_register(mailing.home)
    tick(mailing, ledger, at("2020-01-18 13:00"))
    assert (OFFICE, "东街街道：表三1处不平〔2019年报〕") in arrived(inbox)


def test_the_first_look_raises_nothing_about_seasons_that_were_over(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.look("2021-02-01")
    world.look("2021-02-02")
    article = world.article(CULTURE, 2019, "2021-02-01", baseline=True, visible_date="2020-01-15")
    world.finding(world.version(article, "2021-02-01"), CULTURE, 2019, "2021-02-01")
    tick(mailing, ledger, at("2021-02-02 13:00"))
    assert [subject for _, subject in arrived(inbox) if "2019" in subject] == []
    with ledger.read() as session:
        years = session.execute(select(Incident.agency, Incident.year)).all()
    assert {year for _, year in years} == {2020}


def test_reading_that_piles_up_is_told_once(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    article = world.article(DONGJIE, 2019, "2020-01-17 09:00", column="streets")
    world.version(article, "2020-01-17 09:00", state=WorkState.RUNNING)
    quiet = mailing.model_copy(update={"lost_after_minutes": 60.0})
    tick(quiet, ledger, at("2020-01-17 09:30"))
    assert [subject for _, subject in arrived(inbox) if "读取积压" in subject] == []
    with ledger.read() as session:
        assert session.scalar(select(func.count(Incident.id))) == 0
