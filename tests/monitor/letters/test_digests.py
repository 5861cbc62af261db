"""Storms, paces and quiet hours: few mails, and in them everything, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Incident, Notice, NoticeIncident
from ledger.states import ArticleOutcome, FindingState, PortalState
from monitor.loop import tick
from tests.monitor.factory import AGENCIES, OFFICE, OFFICES, OPERATORS, World, at, write_register
from tests.monitor.reading_mail import text_of, told, words_of

STREETS = 60
AGENCIES_60 = "district: 云山区\nportal: yunshan\nwatched: {first: 2019, last: 2019}\nagencies:\n" + "".join(
    f"  - {{id: street-{n}, name: 云山区人民政府第{n}街道办事处, short: 第{n}街道, kind: subdistrict}}\n"
    for n in range(STREETS)
)


def offices(delivery: str, operators: str = "{}") -> str:
    return OFFICES.replace("{pace: at_once}", delivery) + f"operators_delivery: {operators}\n"


def finding(world: World, street: int, moment: str, rule: str = "T05") -> str:
    article = world.article(f"street-{street}", 2019, "2020-01-16", column="streets", page_label="2020-01-15")
    version = world.version(article, "2020-01-16")
    return world.finding(version, f"street-{street}", 2019, moment, rule=rule)


def told_twice_or_never(ledger: Ledger) -> list[int]:
    """Incidents of which the office was told another number of times than once, reminders and corrections aside."""
    with ledger.read() as session:
        rows = session.execute(
            select(Incident.id, func.count(Notice.id))
            .outerjoin(NoticeIncident, NoticeIncident.incident_id == Incident.id)
            .outerjoin(Notice, Notice.id == NoticeIncident.notice_id)
            .where(Notice.id.is_(None) | Notice.identity.like("alert:%") | Notice.identity.like("digest:%"))
            .group_by(Incident.id)
        ).all()
    return [incident for incident, count in rows if count != 1]


def test_a_portal_that_comes_back_after_a_week_is_one_digest(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES_60)
    world.look("2020-02-08")
    world.look("2020-02-09")
    believing = mailing.model_copy(update={"common_cause_share": 1.0})  # that all are missing has no common cause
    assert tick(believing, ledger, at("2020-02-09 13:00")).opened == STREETS
    tick(believing, ledger, at("2020-02-09 13:01"))
    (mail,) = told(inbox)
    assert (mail["To"], mail["Subject"]) == (OFFICE, "第0街道、第1街道等60家未公布〔2019年报〕")
    for words in (text_of(mail), words_of(mail)):
        assert {int(n) for n in re.findall(r"第(\d+)街道2019年", words)} == set(range(STREETS))
        assert "未公布" in words and "60份报告" in words and "请督促该机关尽快公布" in words
    assert told_twice_or_never(ledger) == []
    with ledger.read() as session:
        assert session.scalars(select(Notice.kind).where(Notice.recipient == OFFICE)).one() == "digest"


def test_a_storm_that_trickles_in_is_some_alerts_and_one_digest_an_hour(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES_60, offices=offices("{pace: at_once, storm: 5}"))
    start = at("2020-01-16 13:00")
    for street in range(20):
        finding(world, street, "2020-01-16 13:00")
        tick(mailing, ledger, start + timedelta(minutes=street))
    tick(mailing, ledger, start + timedelta(minutes=90))
    tick(mailing, ledger, start + timedelta(minutes=200))
    subjects = [str(mail["Subject"]) for mail in told(inbox)]
    assert all("表三1处不平" in subject for subject in subjects[:5])
    assert subjects[5:] == [
        "第5街道、第6街道等6份报告6处问题〔2019年报〕",
        "第11街道、第12街道等9份报告9处问题〔2019年报〕",
    ]
    assert told_twice_or_never(ledger) == []


def test_what_a_digest_told_is_taken_back_in_its_thread_and_at_once(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES_60)
    found = [finding(world, street, "2020-01-16 13:00") for street in range(50)]
    tick(mailing, ledger, at("2020-01-16 13:00"))
    (digest,) = told(inbox)
    assert "（T05），40份报告共40处" in text_of(digest)  # ten are told cell by cell
    assert text_of(digest).count("报告中 ") == 10
    assert len(set(re.findall(r"第(\d+)街道", text_of(digest)))) == 50
    for fingerprint in found[:45]:
        world.change_finding(fingerprint, state=FindingState.DISMISSED, said_why="规则有误", said_at=at("2020-01-17"))
    tick(mailing, ledger, at("2020-01-17 13:00"))
    tick(mailing, ledger, at("2020-01-17 14:00"))
    correction = told(inbox)[-1]
    assert len(told(inbox)) == 2
    assert correction["Subject"] == "第0街道、第1街道等45家更正：原通知不成立〔2019年报〕"
    assert correction["In-Reply-To"] == digest["Message-ID"]
    assert len(set(re.findall(r"第(\d+)街道2019年", text_of(correction)))) == 45
    assert "经人工核对，认定不是问题：规则有误" in text_of(correction)
    world.change_finding(found[45], state=FindingState.DISMISSED, said_why="规则有误", said_at=at("2020-01-18"))
    tick(mailing, ledger, at("2020-01-18 13:00"))
    last = told(inbox)[-1]
    assert last["Subject"] == "第45街道更正：“表三1处不平”不成立〔2019年报〕"
    assert last["In-Reply-To"] == digest["Message-ID"]


@pytest.mark.parametrize(
    ("delivery", "before", "after"),
    [
        ("{pace: hourly}", "12:59", "13:00"),
        ("{pace: daily, hour: 16}", "15:59", "16:00"),
        ("{pace: at_once, quiet: {begin: 12, end: 15}}", "14:59", "15:00"),
    ],
)
def test_an_office_that_wants_it_later_gets_it_then(
    delivery: str, before: str, after: str, mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES_60, offices=offices(delivery))
    for street in (1, 2):
        finding(world, street, "2020-01-16 12:30")
    tick(mailing, ledger, at("2020-01-16 12:30"))
    tick(mailing, ledger, at(f"2020-01-16 {before}"))
    assert told(inbox) == []
    tick(mailing, ledger, at(f"2020-01-16 {after}"))
    tick(mailing, ledger, at(f"2020-01-16 {after}") + timedelta(minutes=1))
    subjects = [str(mail["Subject"]) for mail in told(inbox)]
    if "quiet" in delivery:
        assert len(subjects) == 2 and all("表三1处不平" in subject for subject in subjects)
    else:
        assert subjects == ["第1街道：表三1处不平；第2街道：表三1处不平〔2019年报〕"]
    assert told_twice_or_never(ledger) == []


def test_a_correction_waits_for_the_end_of_the_night(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES_60, offices=offices("{pace: at_once, quiet: {begin: 22, end: 7}}"))
    fingerprint = finding(world, 1, "2020-01-16 13:00")
    tick(mailing, ledger, at("2020-01-16 13:00"))
    world.change_finding(fingerprint, state=FindingState.DISMISSED, said_why="无误", said_at=at("2020-01-16 23:00"))
    assert tick(mailing, ledger, at("2020-01-16 23:30")).resolved == 1
    tick(mailing, ledger, at("2020-01-17 06:59"))
    assert len(told(inbox)) == 1
    tick(mailing, ledger, at("2020-01-17 07:00"))
    assert [str(mail["Subject"]) for mail in told(inbox)] == [
        "第1街道：表三1处不平〔2019年报〕",
        "第1街道更正：“表三1处不平”不成立〔2019年报〕",
    ]


def test_a_cut_cable_is_one_mail_to_the_operators(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES, offices=offices("{pace: at_once}", "{storm: 1}"))
    world.article("yunshan-dongjie", 2019, "2020-01-15", column="streets")
    for day in (5, 6, 7):
        world.look(f"2020-02-{day:02}", found=PortalState.UNREACHABLE, sentence="连接超时")
    world.article(
        None, 2019, "2020-02-07", title="某处2019年报告", reason="名册中没有", outcome=ArticleOutcome.UNASSIGNED
    )
    tick(mailing, ledger, at("2020-02-07 13:00"))
    (mail,) = [mail for mail in told(inbox) if mail["To"] == OPERATORS]
    assert mail["Subject"] == "【年报·运行】汇总：2个事项需要处理"
    assert "云山区人民政府门户网站：" in text_of(mail) and "《某处2019年报告》" in text_of(mail)


def test_corrections_that_trickle_in_are_some_letters_and_one_an_hour(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES_60, offices=offices("{pace: at_once, storm: 3}"))
    found = [finding(world, street, "2020-01-16 13:00") for street in range(12)]
    tick(mailing, ledger, at("2020-01-16 13:00"))
    (digest,) = told(inbox)
    start = at("2020-01-17 13:00")
    for minute, fingerprint in enumerate(found):
        now = start + timedelta(minutes=minute)
        world.change_finding(fingerprint, state=FindingState.DISMISSED, said_why="规则有误", said_at=now)
        tick(mailing, ledger, now)
    for minute in (60, 90, 119, 130, 200):
        tick(mailing, ledger, start + timedelta(minutes=minute))
    later = told(inbox)[1:]
    assert [str(mail["Subject"])[:12] for mail in later[:3]] == [
        "第0街道更正：“表三1处",
        "第1街道更正：“表三1处",
        "第2街道更正：“表三1处",
    ]
    assert [str(mail["Subject"]) for mail in later[3:]] == ["第3街道、第4街道等9家更正：原通知不成立〔2019年报〕"]
    named = re.findall(
        r"第(\d+)街道(?:2019年|办事处2019年政府信息公开工作年度报告发出)", "".join(text_of(mail) for mail in later)
    )
    assert sorted(int(street) for street in named) == list(range(12))
    assert {mail["In-Reply-To"] for mail in later} == {digest["Message-ID"]}
