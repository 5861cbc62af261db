"""A district's own earlier date reminds its office once, and makes nobody late."""

from __future__ import annotations

import pytest

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.database import Ledger
from ledger.models import Obligation, StandingRow
from ledger.states import PortalState
from monitor.loop import tick
from tests.monitor.factory import AGENCIES, OFFICE, World, at, write_register
from tests.monitor.reading_mail import text_of, told

CULTURE, DONGJIE = "yunshan-culture", "yunshan-dongjie"
OWN = "internal: {department: {month: 1, day: 20}, subdistrict: {month: 1, day: 20}, government: {month: 3, day: 1}}\n"


def standing(ledger: Ledger, agency: str) -> str:
    with ledger.read() as session:
        return session.get_one(StandingRow, (agency, 2019)).standing.value


def test_it_reminds_once_of_who_has_not_published_and_nobody_is_late(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES + OWN)
    world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    world.look("2020-01-20")
    for moment in ("20 23:59:59", "21 07:59", "21 08:00", "21 09:00", "22 09:00"):
        tick(mailing, ledger, at(f"2020-01-{moment}"))
    (mail,) = told(inbox)
    assert (mail["To"], mail["Subject"]) == (
        OFFICE,
        "区文旅局过了内部时限未公布〔2019年报〕",
    )
    text = text_of(mail)
    assert "本区的内部时限2020年1月20日已过，系统尚未发现下列机关的2019年度报告。" in text
    assert "公布期限未到，不属于逾期，请提前督促" in text
    assert "云山区文化和旅游局：期限2020年1月31日，还有10天" in text
    assert "云山区人民政府：" not in text and "东街" not in text
    assert standing(ledger, CULTURE) == "pending"
    world.article(CULTURE, 2019, "2020-01-31 23:00", page_label="2020-01-31")
    tick(mailing, ledger, at("2020-02-01 13:00"))
    assert (standing(ledger, CULTURE), len(told(inbox))) == ("on_time", 1)


def test_where_the_portal_cannot_be_seen_it_says_so_and_who_was_away_too_long_says_nothing(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES + OWN)
    world.look("2020-01-19", found=PortalState.BLOCKED, sentence="被拦截")
    tick(mailing, ledger, at("2020-01-26 23:00"))
    (mail,) = told(inbox)
    assert "该区门户目前不能正常查看，其中有的可能已经公布而系统尚未看到" in text_of(mail)
    tick(mailing, ledger, at("2020-03-09 09:00"))
    assert len([one for one in told(inbox) if "内部时限" in str(one["Subject"])]) == 1


def test_everybody_has_published_and_nobody_is_written_to(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, agencies=AGENCIES + "internal: {department: {month: 1, day: 20}}\n")
    world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    tick(mailing, ledger, at("2020-01-21 09:00"))
    assert told(inbox) == []


def test_a_district_s_own_practice_moves_only_what_practice_sets(settings: Settings, ledger: Ledger) -> None:
    practice = "deadlines: {subdistrict: {month: 3, day: 15, basis: 本区惯例, statutory: false}}\n"
    write_register(settings.home, agencies=AGENCIES + practice)
    tick(settings, ledger, at("2020-01-05"))
    with ledger.read() as session:
        moved = session.get_one(Obligation, (DONGJIE, 2019))
        kept = session.get_one(Obligation, (CULTURE, 2019))
    assert (moved.due.isoformat(), moved.basis, moved.statutory) == ("2020-03-15", "本区惯例", False)
    assert (kept.due.isoformat(), kept.statutory) == ("2020-01-31", True)


@pytest.mark.parametrize(
    ("own", "wrong"),
    [
        ("internal: {department: {month: 2, day: 1}}", "“department”的日期不早于法定时限"),
        ("internal: {government: {month: 2, day: 30}}", "“government”的日期不存在"),
        ("deadlines: {department: {month: 2, day: 1, basis: b, statutory: false}}", "“department”由法规规定时限"),
        ("deadlines: {town: {month: 2, day: 29, basis: b, statutory: false}}", "“town”的日期不存在"),
        ("internal: {bureau: {month: 1, day: 1}}", "internal.bureau"),
    ],
)
def test_a_date_that_cannot_be_is_refused(own: str, wrong: str, sqlite_settings: Settings) -> None:
    write_register(sqlite_settings.home, agencies=AGENCIES + own + "\n")
    with pytest.raises(ConfigurationError, match=wrong):
        load_register(sqlite_settings.home)
