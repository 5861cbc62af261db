"""Findings of the rules of publication: opened from the ledger, told once, and resolved when it is no longer so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.in_force import load_register
from config.register import Register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.finding_decisions import decide_finding
from ledger.messages.rectifications import open_rectification
from ledger.models import FindingRow, Version
from ledger.people.record import Who
from ledger.reading.readings import record_reading
from ledger.states import FindingDecision, VersionRole, WorkState
from monitor.loop import tick
from monitor.publication.findings import update_publication_findings
from monitor.standings.obligations import update_obligations
from report.figure import Figure, State
from report.report import Report
from tests.monitor.factory import World, at
from tests.monitor.reading_mail import text_of, told

CULTURE = "yunshan-culture"
DONGJIE = "yunshan-dongjie"
RECEIVED = "requests.received.total"
NAME = "云山区文化和旅游局2019年政府信息公开工作年度报告"


def known(home: Path, ledger: Ledger) -> Register:
    """The register, whose agencies are known to the ledger."""
    register = load_register(home)
    update_obligations(ledger, register, at("2020-01-01"))
    return register


def read(world: World, article: int, moment: str, role: VersionRole, received: int | None, **more: WorkState) -> int:
    """A document of an article that was read: a report with one figure (None: with none)."""
    version = world.version(article, moment, f"{role}{received}{moment}", state=more.get("state", WorkState.DONE))
    figures = {} if received is None else {RECEIVED: Figure(RECEIVED, State.NUMBER, received, str(received))}
    with world.ledger.write() as session:
        row = session.get_one(Version, version)
        row.role = role
        if role is VersionRole.ATTACHMENT:
            row.address = "http://www.yunshan.example/files/%E5%B9%B4%E6%8A%A5.docx"
        if more.get("state") is not WorkState.QUARANTINED:
            report = Report("", row.sha256, "", None, None, 2019, None, "2019", figures=figures)
            record_reading(session, report, "2", at(moment), 0.1)
    return version


def findings(ledger: Ledger) -> list[tuple[str, str, str]]:
    with ledger.read() as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.rule.like("P%")).order_by(FindingRow.opened_at))
        return [(row.rule, row.agency or "", row.state.value) for row in rows]


def message(ledger: Ledger) -> str:
    with ledger.read() as session:
        return session.scalars(select(FindingRow.message).where(FindingRow.rule.like("P%"))).one()


def both(world: World, received: int, attached: int | None, **more: WorkState) -> int:
    article = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    read(world, article, "2020-01-17", VersionRole.BODY, received)
    read(world, article, "2020-01-17", VersionRole.ATTACHMENT, attached, **more)
    return article


def test_page_and_attachment_that_differ_are_told_and_what_is_put_right_is_told_too(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    article = both(world, 3, 5)
    tick(mailing, ledger, at("2020-01-20 13:00"))
    (letter,) = told(inbox)
    assert letter["Subject"] == "区文旅局：几份报告不一致〔2019年报〕"
    assert "同一份报告的网页正文与附件“年报.docx”有1处数字不同：" in text_of(letter)
    assert "分别为3和5" in text_of(letter)
    assert "同一年度的几份报告不一致（P06）" in text_of(letter)
    assert findings(ledger) == [("P06", CULTURE, "open")]
    tick(mailing, ledger, at("2020-01-21 13:00"))
    assert len(told(inbox)) == 1
    read(world, article, "2020-01-22", VersionRole.ATTACHMENT, 3)
    tick(mailing, ledger, at("2020-01-22 13:00"))
    assert ("P06", CULTURE, "resolved") in findings(ledger)
    last = told(inbox)[-1]
    assert last["Subject"] == "区文旅局已更正〔2019年报〕"
    # That it was changed stays to be seen, and is no message of its own: it put right what had been found.
    assert ("P05", CULTURE, "open") in findings(ledger)
    assert len(told(inbox)) == 2


def test_copies_that_agree_or_cannot_be_compared_accuse_nobody(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    register = known(settings.home, ledger)
    both(world, 3, 3)
    covering = world.article(DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-16")
    read(world, covering, "2020-01-17", VersionRole.BODY, None)
    read(world, covering, "2020-01-17", VersionRole.ATTACHMENT, 8)
    assert update_publication_findings(ledger, register, at("2020-01-20")) == 0
    assert findings(ledger) == []


def test_an_attachment_that_cannot_be_read_neither_opens_nor_resolves(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    register = known(settings.home, ledger)
    article = both(world, 3, 5, state=WorkState.QUARANTINED)
    assert update_publication_findings(ledger, register, at("2020-01-20")) == 0
    read(world, article, "2020-01-21", VersionRole.ATTACHMENT, 5)
    assert update_publication_findings(ledger, register, at("2020-01-21")) == 1
    read(world, article, "2020-01-22", VersionRole.ATTACHMENT, 3, state=WorkState.QUARANTINED)
    assert update_publication_findings(ledger, register, at("2020-01-22")) == 0
    assert findings(ledger) == [("P06", CULTURE, "open")]


def test_a_persons_word_stays(settings: Settings, ledger: Ledger, world: World) -> None:
    register = known(settings.home, ledger)
    both(world, 3, 5)
    assert update_publication_findings(ledger, register, at("2020-01-20")) == 1
    with ledger.write() as session:
        fingerprint = session.scalars(select(FindingRow.fingerprint)).one()
        assert decide_finding(
            session, fingerprint, FindingDecision.DISMISS, Who("王敏"), "附件为草稿", at("2020-01-21")
        )
    assert update_publication_findings(ledger, register, at("2020-01-22")) == 0
    assert findings(ledger) == [("P06", CULTURE, "dismissed")]


def test_two_articles_of_one_report_are_copies_too(settings: Settings, ledger: Ledger, world: World) -> None:
    register = known(settings.home, ledger)
    for moment, received in (("2020-01-17", 3), ("2020-01-18", 4)):
        article = world.article(CULTURE, 2019, moment, page_label="2020-01-16")
        read(world, article, moment, VersionRole.BODY, received)
    assert update_publication_findings(ledger, register, at("2020-01-20")) == 1
    assert message(ledger).startswith("同一份报告的《yunshan-culture2019年政府信息公开工作年度报告》的网页正文与《")
    # One of them is gone from its list: then there is one copy.
    world.change(article, gone_times=1)
    assert update_publication_findings(ledger, register, at("2020-01-21")) == 1
    assert findings(ledger) == [("P06", CULTURE, "resolved")]


def test_the_wrong_folder_is_told_by_the_right_ones(settings: Settings, ledger: Ledger, world: World) -> None:
    register = known(settings.home, ledger)
    misplaced = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    world.change(misplaced, folder_year=2018)
    read(world, misplaced, "2020-01-17", VersionRole.BODY, 3)
    # As long as nobody else's report stands in it, its name may mean anything.
    assert update_publication_findings(ledger, register, at("2020-01-20")) == 0
    for number in range(2):
        other = world.article(CULTURE, 2018, f"2019-01-1{number}", baseline=True)
        world.change(other, folder_year=2018)
    assert update_publication_findings(ledger, register, at("2020-01-21")) == 1
    assert message(ledger) == "2019年度的报告放在2018年度的文件夹（栏目“部门年报”）"
    world.change(misplaced, folder_year=2019)
    update_publication_findings(ledger, register, at("2020-01-22"))
    assert findings(ledger) == [("P07", CULTURE, "resolved")]


def test_the_wrong_column(settings: Settings, ledger: Ledger, world: World) -> None:
    register = known(settings.home, ledger)
    article = world.article(DONGJIE, 2019, "2020-01-17", column="departments", page_label="2020-01-16")
    read(world, article, "2020-01-17", VersionRole.BODY, 3)
    update_publication_findings(ledger, register, at("2020-01-20"))
    assert message(ledger) == "报告放在栏目“部门年报”，不是该机关报告应在的栏目"
    assert findings(ledger) == [("P07", DONGJIE, "open")]


def test_a_record_from_before_the_period_ended_and_dates_that_disagree(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    early = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16", record_id="2019-12-30 10:00")
    read(world, early, "2020-01-17", VersionRole.BODY, 3)
    dated = world.article(
        DONGJIE, 2019, "2020-01-17", column="streets", page_label="2020-01-02", list_date="2020-01-16"
    )
    read(world, dated, "2020-01-17", VersionRole.BODY, 3)
    tick(mailing, ledger, at("2020-01-20 13:00"))
    assert sorted(findings(ledger)) == [("P03", DONGJIE, "open"), ("P04", CULTURE, "open")]
    (letter,) = told(inbox)
    assert "统计期限到2019年12月31日为止，而记录编号中的时间为2019年12月30日" in text_of(letter)


def test_a_portal_that_moved_raises_nothing(settings: Settings, ledger: Ledger, world: World) -> None:
    register = known(settings.home, ledger)
    for number in range(5):
        title = f"云山区文化和旅游局2019年政府信息公开工作年度报告第{number}份"
        moved = world.article(
            CULTURE, 2019, f"2020-01-1{number}", title=title, page_label="2020-01-05", record_id="2020-01-20 10:00"
        )
        read(world, moved, "2020-01-20", VersionRole.BODY, 3)
    assert update_publication_findings(ledger, register, at("2020-01-21")) == 0
    assert findings(ledger) == []


def test_a_report_that_was_changed_quietly_is_told_with_both_numbers(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    article = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    read(world, article, "2020-01-17", VersionRole.BODY, 3)
    tick(mailing, ledger, at("2020-01-20 13:00"))
    assert told(inbox) == []
    read(world, article, "2020-02-20", VersionRole.BODY, 5)
    tick(mailing, ledger, at("2020-02-20 13:00"))
    (letter,) = told(inbox)
    assert letter["Subject"] == "区文旅局：公布后有改动〔2019年报〕"
    text = text_of(letter)
    assert "公布之后改动了1处数字：" in text
    assert "由3改为5" in text
    assert "公布后有改动或无法访问（P05）" in text
    tick(mailing, ledger, at("2020-02-21 13:00"))
    assert len(told(inbox)) == 1


def test_a_report_that_was_changed_because_somebody_asked_for_it_is_no_message(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    article = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    read(world, article, "2020-01-17", VersionRole.BODY, 3)
    tick(mailing, ledger, at("2020-01-20 13:00"))
    with ledger.write() as session:
        open_rectification(
            session,
            CULTURE,
            2019,
            asked_on=date(2020, 2, 1),
            due_on=date(2020, 3, 1),
            asked_by="张三",
            asked_for="核对新收件数",
            now=at("2020-02-01"),
        )
    read(world, article, "2020-02-20", VersionRole.BODY, 5)
    tick(mailing, ledger, at("2020-02-20 13:00"))
    assert ("P05", CULTURE, "open") in findings(ledger)
    assert not any("改动了" in text_of(letter) for letter in told(inbox))


def test_what_is_taken_down_is_a_finding_and_its_mail_is_the_standings(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    article = world.article(CULTURE, 2019, "2020-01-17", page_label="2020-01-16")
    read(world, article, "2020-01-17", VersionRole.BODY, 3)
    world.change(article, withdrawn_at=at("2020-01-25"), gone_times=3)
    tick(mailing, ledger, at("2020-01-26 13:00"))
    assert findings(ledger) == [("P05", CULTURE, "open")]
    assert [mail["Subject"] for mail in told(inbox)] == ["区文旅局报告撤下〔2019年报〕"]
    world.change(article, withdrawn_at=None, gone_times=0)
    update_publication_findings(ledger, known(mailing.home, ledger), at("2020-01-27"))
    assert findings(ledger) == [("P05", CULTURE, "resolved")]


def test_a_rule_that_an_office_switched_off_says_nothing(
    home: Path, settings: Settings, ledger: Ledger, world: World
) -> None:
    both(world, 3, 5)
    (home / "config" / "rules.yaml").write_text("rules:\n  P06: {enabled: false}\n", encoding="utf-8")
    assert update_publication_findings(ledger, known(home, ledger), at("2020-01-20")) == 0
    (home / "config" / "rules.yaml").write_text("rules:\n  P06: {severity: error}\n", encoding="utf-8")
    assert update_publication_findings(ledger, known(home, ledger), at("2020-01-20")) == 1
    with ledger.read() as session:
        assert session.scalars(select(FindingRow.severity)).all() == ["error"]


def test_a_season_that_is_over_is_left_as_it_is(settings: Settings, ledger: Ledger, world: World) -> None:
    both(world, 3, 5)
    assert update_publication_findings(ledger, known(settings.home, ledger), at("2021-02-01")) == 0
