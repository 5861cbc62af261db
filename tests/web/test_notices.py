"""通知 and 周报: what was sent, what would be next, and who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from config.in_force import load_register
from ledger.messages.notices import write_notice
from ledger.messages.outbox import keep_unsent
from ledger.messages.suppressions import suppress_messages
from ledger.models import Incident, Notice, NoticeIncident, Record, Suppression, Table
from ledger.states import (
    DeskRole,
    NoticeKind,
    NoticePurpose,
    NoticeRole,
    NoticeState,
    RecordKind,
    SuppressionReason,
    Topic,
)
from monitor.incidents.wanted import update_incidents
from monitor.loop import tick
from tests.monitor.factory import OFFICE, OFFICES_WITH_SUMMARY, OPERATORS, World, at, write_register
from tests.web.conftest import Clock, Enter
from tests.web.forms import send
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk

DAILY = OFFICES_WITH_SUMMARY.replace("{pace: at_once}", "{pace: daily}")
WITHOUT_SUMMARY = DAILY.replace(f"[{OFFICE}]", f"[{{to: {OFFICE}, weekly: false}}]")
AREA = """
  - {districts: [云山区, 海淀区], area: 青川市, name: 青川市政务服务管理局,
     recipients: [{to: city@x.example, weekly: false}]}
"""
HOSTILE = "\u202e</title><script>alert(1)</script>\x07 \u2066&amp;"


def deaf(desk: Desk) -> Any:
    """Settings under which nothing leaves."""
    return desk.settings.model_copy(update={"smtp_port": 9})


def write(world: World, identity: str, office: str | None, kind: NoticeKind = NoticeKind.ALERT, **values: Any) -> int:
    """A notice that a monitor wrote; its number."""
    row = {
        "identity": identity,
        "kind": kind,
        "purpose": NoticePurpose.ALERT,
        "recipient": OFFICE,
        "office": office,
        "subject": identity,
        "text": "正文",
        "html": "<p>正文</p>",
        "message_id": f"<{identity}@x>",
        "in_reply_to": None,
    }
    with world.ledger.write() as session:
        assert write_notice(session, row | values, {}, TODAY)
        return session.scalars(select(Notice.id).where(Notice.identity == identity)).one()


def rows_of(world: World) -> dict[str, int]:
    """How many rows each table has, but for who looked at what."""
    with world.ledger.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Table.metadata.tables.items()
            if name not in ("records", "desk_sessions", "accounts")
        }


@pytest.mark.parametrize(
    ("offices", "now", "then"),
    [
        (DAILY, "2024-04-10 09:00", "2024-04-10 09:00"),
        (WITHOUT_SUMMARY, "2024-04-10 09:00", "2024-04-11 08:00"),
        (WITHOUT_SUMMARY, "2024-04-12 20:00", "2024-04-15 08:00"),
    ],
    ids=["the summary", "the next morning", "after the days off"],
)
def test_what_would_be_next_is_what_is_then_mailed(
    reports: None, world: World, desk: Desk, clock: Clock, enter: Enter, offices: str, now: str, then: str
) -> None:
    write_register(desk.settings.home, offices=offices)
    desk.look_again()
    clock.now = at(now)
    update_incidents(desk.settings, world.ledger, load_register(desk.settings.home), clock.now)
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    before, kept = rows_of(world), set((desk.settings.home / "archive").rglob("*"))
    shown = page_of(client, "/notices/next")
    (frame,) = shown.xpath("//iframe/@src")
    foreseen = client.get(frame)
    assert foreseen.status_code == 200 and rows_of(world) == before
    assert set((desk.settings.home / "archive").rglob("*")) == kept
    clock.now = at(then)
    tick(deaf(desk), world.ledger, clock.now)
    with world.ledger.read() as session:
        written = session.scalars(select(Notice).where(Notice.recipient == OFFICE)).one()
    assert written.kind is (NoticeKind.WEEKLY if offices == DAILY else NoticeKind.DIGEST)
    assert words(shown.xpath("//section/h2")[0]) == written.subject
    assert words(shown.xpath("//pre")[0]) == " ".join(written.text.split())
    mailed = enter("later", DeskRole.OFFICER, ["云山区"]).get(f"/notices/{written.id}/mail")
    assert mailed.content == foreseen.content
    assert ("data:image/png;base64," in mailed.text) is (offices == DAILY) and "cid:" not in mailed.text


def test_the_next_summary_as_it_would_be_written_now(
    reports: None, world: World, desk: Desk, clock: Clock, enter: Enter
) -> None:
    write_register(desk.settings.home, offices=DAILY)
    desk.look_again()
    update_incidents(desk.settings, world.ledger, load_register(desk.settings.home), TODAY)
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    assert "云山区：2024年4月15日" in words(page_of(client, "/summaries"))
    before = rows_of(world)
    foreseen = client.get("/summaries/next/mail?office=云山区")
    assert rows_of(world) == before
    tick(deaf(desk), world.ledger, TODAY)
    archive = page_of(client, "/summaries")
    assert "2024年第15周" in words(archive) and OFFICE in words(archive)
    (link,) = archive.xpath("//td/a/@href")
    assert client.get(f"{link}/mail").content == foreseen.content
    assert "看现在写出来是什么样" in words(archive)
    book = page_of(client, link).xpath("//a[contains(text(), 'xlsx')]/@href")[0]
    assert client.get(book).content[:2] == b"PK"


def test_a_notice_tells_who_where_when_and_what_was_answered(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    tick(deaf(desk), world.ledger, TODAY)
    officer, viewer = enter("officer", DeskRole.OFFICER, ["云山区"]), enter("viewer", DeskRole.VIEWER, ["云山区"])
    listed = page_of(officer, "/notices")
    assert listed.xpath("//a[@rel='next']") == []
    first = next(one for one in listed.xpath("//tbody/tr") if "无法使用邮件服务器" in words(one))
    assert "等待发出" in words(first) and OFFICE in words(first)
    link = first.xpath(".//a/@href")[0]
    one = page_of(officer, link)
    said = words(one)
    assert OFFICE in said and "@nianbao" in said and "告知的事项" in said and "无法使用邮件服务器" in said
    assert "/reports/yunshan-" in str(one.xpath("//a/@href"))
    for address in ("/notices", link):
        assert OFFICE not in viewer.get(address).text and "不显示" in viewer.get(address).text
    with world.ledger.read() as session:
        seen = session.scalars(select(Record).where(Record.kind == RecordKind.PERSONAL_DATA_SEEN)).all()
    about = {(one.account, one.subject) for one in seen}
    number = link.removeprefix("/notices/")
    assert {("officer", "通知的收件人"), ("officer", f"通知{number}"), ("viewer", f"通知{number}")} == about
    assert {one.district for one in seen} == {"云山区"}


def test_nobody_sees_letters_for_other_districts_nor_the_operators_mail(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    write_register(desk.settings.home, offices=OFFICES_WITH_SUMMARY + AREA)
    other = (desk.settings.home / "config" / "agencies" / "yunshan.yaml").read_text(encoding="utf-8")
    other = other.replace("云山区", "海淀区").replace("yunshan", "haidian")
    (desk.settings.home / "config" / "agencies" / "haidian.yaml").write_text(other, encoding="utf-8")
    desk.look_again()
    numbers = {
        "own": write(world, "own", "云山区"),
        "other": write(world, "other", "海淀区"),
        "city": write(world, "city", "青川市"),
        "staff": write(world, "staff", None, NoticeKind.OPERATORS, recipient=OPERATORS),
        "before": write(world, "before", None),
    }
    with world.ledger.write() as session:
        tell = [("own", "云山区"), ("city", "云山区"), ("city", "海淀区"), ("before", "云山区")]
        for place, (identity, district) in enumerate(tell):
            incident = Incident(
                kind="missing", subject=f"x:{place}", audience="office", district=district, agency=None, year=2023,
                level="error", sentence="未公布", detail={}, opened_at=TODAY, resolved_at=None, resolution=None,
                matter=None,
            )  # fmt: skip
            session.add(incident)
            session.flush()
            session.add(NoticeIncident(notice_id=numbers[identity], incident_id=incident.id, role=NoticeRole.TOLD))
    seen = {
        ("here", DeskRole.OFFICER, ("云山区",)): {"own", "before"},
        ("there", DeskRole.OFFICER, ("海淀区",)): {"other"},
        ("both", DeskRole.OFFICER, ("云山区", "海淀区")): {"own", "other", "city", "before"},
        ("all", DeskRole.REVIEWER, None): {"own", "other", "city", "before"},
        ("machine", DeskRole.OPERATOR, None): set(numbers),
        ("part", DeskRole.OPERATOR, ("云山区",)): {"own", "before"},
    }
    for (account, role, districts), expected in seen.items():
        client = enter(account, role, list(districts) if districts is not None else None)
        listed = {words(one) for one in page_of(client, "/notices").xpath("//tbody/tr/td[3]")}
        assert listed == expected, account
        opened = {name for name, number in numbers.items() if client.get(f"/notices/{number}").status_code == 200}
        assert opened == expected, account
        framed = {name for name, number in numbers.items() if client.get(f"/notices/{number}/mail").status_code == 200}
        assert framed == expected, account


@pytest.mark.both_databases
def test_after_a_refusal_it_is_sent_again_by_a_decision_that_is_recorded_once(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    number = write(world, "refused", "云山区")
    with world.ledger.write() as session:
        suppress_messages(session, OFFICE, Topic.ALL, SuppressionReason.REFUSED, "550 no such user", TODAY)
        row = session.get_one(Notice, number)
        keep_unsent(session, row, NoticeState.REFUSED, "没有发送：550 no such user", TODAY)
    where = f"/notices/{number}"
    officer, operator = enter("officer"), enter("operator", DeskRole.OPERATOR)
    assert "恢复发送" not in officer.get(where).text and "550 no such user" in officer.get(where).text
    assert send(officer, "/add", f"{where}/again", why="x").status_code == 403
    assert send(operator, where, f"{where}/again", why=" ").status_code == 400
    for _ in range(2):
        assert send(operator, "/people", f"{where}/again", why="地址已开通").status_code == 303
    with world.ledger.read() as session:
        assert session.get_one(Notice, number).state is NoticeState.WAITING
        stop = session.scalars(select(Suppression)).one()
        record = session.scalars(select(Record).where(Record.kind == RecordKind.MAIL_RESUMED)).one()
    assert stop.ended_why == "地址已开通"
    assert (record.account, record.subject, record.why) == ("operator", OFFICE, "地址已开通")


def test_who_wants_no_more_is_not_decided_for(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    number = write(world, "unsubscribed", "云山区")
    with world.ledger.write() as session:
        suppress_messages(session, OFFICE, Topic.ALERTS, SuppressionReason.UNSUBSCRIBED, "退订", TODAY)
    operator = enter("operator", DeskRole.OPERATOR)
    assert "恢复发送" not in operator.get(f"/notices/{number}").text
    assert send(operator, "/people", f"/notices/{number}/again", why="x").status_code == 303
    with world.ledger.read() as session:
        assert session.scalars(select(Suppression)).one().ended_at is None


def test_what_strangers_wrote_into_a_mail_is_shown_and_does_nothing(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    html = f'<p>{HOSTILE}</p><img src="cid:none"><img src="http://evil.example/x">'
    number = write(world, "hostile", "云山区", subject=HOSTILE, text=HOSTILE, html=html)
    with world.ledger.write() as session:
        keep_unsent(session, session.get_one(Notice, number), NoticeState.REFUSED, HOSTILE, TODAY)
    client = enter("officer")
    for address in ("/notices", f"/notices/{number}"):
        text = client.get(address).text
        assert "<script>alert" not in text and "\u202e" not in text and "\x07" not in text and "\u2066" not in text
        assert "&lt;script&gt;alert(1)" in text
    answer = client.get(f"/notices/{number}/mail")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'") and "script-src" not in policy and 'src=""' in answer.text
    bad_ones = (
        *("/notices/0", "/notices/99999", "/notices/next/mail?office=x", "/summaries/next?office=%00"),
        *(f"/notices/{number}/enclosures/0", f"/notices/{number}/enclosures/-1", "/notices?district=x"),
        "/summaries?office=x",
    )
    for bad in bad_ones:
        assert client.get(bad).status_code == 404, bad
    for odd in ("/notices?kind=x&state=y", "/notices?page=1000", "/summaries?page=1000"):
        assert client.get(odd).status_code == 200, odd
