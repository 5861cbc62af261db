"""整改 from asking to the end: signed for, mended by a new version, approved by a second person, the paper in Word."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document as WordDocument
from sqlalchemy import event, select

from ledger.messages.rectifications import open_rectification, propose_result
from ledger.models import FindingRow, Rectification, Version
from ledger.people.record import Who
from ledger.states import DeskRole, FindingState, RectificationResult
from monitor.incidents.mended import update_mended
from tests.monitor.factory import OFFICES, World
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk

GOVERNMENT = {"agency": "yunshan-government", "year": "2023"}
FORM = "/rectifications?agency=yunshan-government&year=2023"


def asked(world: World) -> Rectification:
    with world.ledger.read() as session:
        return session.scalars(select(Rectification)).one()


def ask(client: Any, world: World) -> Rectification:
    with world.ledger.read() as session:
        findings = session.scalars(select(FindingRow.fingerprint).where(FindingRow.rule == "T08")).all()
    values = {"due": "2024-04-20", "what": "请更正表四", "finding": list(findings)}
    assert send(client, FORM, "/rectifications", **GOVERNMENT, **values).status_code == 303
    return asked(world)


def mend(world: World, desk: Desk, row: Rectification) -> None:
    """A new version in which nothing of it is found, read by the workers."""
    with world.ledger.read() as session:
        article = session.scalars(select(Version.article_id).order_by(Version.id)).first()
    world.version(article or 0, "2024-04-12", "corrected")
    for fingerprint in row.findings or ():
        world.change_finding(fingerprint, state=FindingState.RESOLVED, resolved_at=TODAY)
    update_mended(world.ledger, desk.register, TODAY)


@pytest.mark.both_databases
def test_it_is_asked_signed_for_and_ends_by_itself(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    client = enter("officer")
    row = ask(client, world)
    assert (row.asked_by, row.due_on.isoformat(), len(row.findings or [])) == ("officer的姓名", "2024-04-20", 2)
    page = f"/rectifications/{row.id}/received"
    assert send(client, "/rectifications", page, on="2024-05-01").status_code == 400
    assert send(client, "/rectifications", page, on="2024-04-10").status_code == 303
    assert "已签收" in words(page_of(client, "/rectifications")) and "还有10天" in words(
        page_of(client, "/rectifications")
    )
    mend(world, desk, row)
    after = asked(world)
    assert (after.result, after.reviewed_by) == (RectificationResult.DONE, "年报监测程序")
    assert "请更正表四" in words(page_of(client, "/rectifications?closed=1"))


def test_while_one_of_its_findings_holds_it_does_not_end(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    row = ask(enter("officer"), world)
    with world.ledger.read() as session:
        article = session.scalars(select(Version.article_id).order_by(Version.id)).first()
    world.version(article or 0, "2024-04-12", "corrected")
    assert update_mended(world.ledger, desk.register, TODAY) == 0 and asked(world).id == row.id


@pytest.mark.both_databases
def test_a_second_person_approves_and_never_the_first(reports: None, world: World, desk: Desk, enter: Enter) -> None:
    offices = desk.settings.home / "config" / "offices.yaml"
    offices.write_text(OFFICES.replace("weekday: 1,", "weekday: 1, second_person: true,"), encoding="utf-8")
    desk.look_again()
    first, second = enter("first", DeskRole.REVIEWER), enter("second", DeskRole.REVIEWER)
    row = ask(first, world)
    result = {"result": "done", "why": "已看过新版本"}
    assert send(first, "/rectifications", f"/rectifications/{row.id}/result", **result).status_code == 303
    assert asked(world).result is None and asked(world).proposed is RectificationResult.DONE
    approve = f"/rectifications/{row.id}/approve"
    assert send(first, "/rectifications", approve, proposed="done").status_code == 403
    assert send(enter("officer"), "/rectifications", approve, proposed="done").status_code == 403
    # What the second person saw is what they approve, and nothing that took its place meanwhile.
    assert send(second, "/rectifications", approve, proposed="dropped").status_code == 409
    assert send(second, "/rectifications", approve, proposed="done").status_code == 303
    after = asked(world)
    assert (after.result, after.reviewed_by) == (RectificationResult.DONE, "second的姓名")
    assert after.remark == "first的姓名提出：已看过新版本"


@pytest.mark.parametrize(
    ("account_before", "name_before", "may"),
    [
        ("first", "first的姓名", False),
        ("first", "改名以前的姓名", False),  # one person who has another name now
        ("other", "first的姓名", True),  # two people of one name
        (None, "first的姓名", False),  # proposed before accounts were kept, or on the command line
        (None, "别人", True),
    ],
)
def test_the_second_person_is_told_by_the_account_and_not_by_the_name(
    reports: None, world: World, desk: Desk, enter: Enter, account_before: str | None, name_before: str, may: bool
) -> None:
    client = enter("first", DeskRole.REVIEWER)
    row = ask(client, world)
    with world.ledger.write() as session:
        proposer = Who(name_before, account_before)
        assert propose_result(session, row.id, RectificationResult.DONE, proposer, "已看过", TODAY)
    button = page_of(client, "/rectifications").xpath("//button[.='同意并办结']")
    assert bool(button) is may
    answer = send(client, "/rectifications", f"/rectifications/{row.id}/approve", proposed="done")
    assert answer.status_code == (303 if may else 403)
    assert (asked(world).closed_at is not None) is may


@pytest.mark.both_databases
def test_a_page_of_many_asks_as_few_questions_as_one_of_one(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    client = enter("officer")
    ask(client, world)
    few = questions(desk, client, "/rectifications")
    with world.ledger.write() as session:
        for number in range(250):
            day = date(2024, 4, 11) + timedelta(days=number)
            values: Any = {"asked_on": TODAY.date(), "due_on": day, "asked_by": "x", "asked_for": f"第{number}项"}
            open_rectification(session, "yunshan-government", 2023, now=TODAY, findings=["nothing"], **values)
    assert questions(desk, client, "/rectifications") == few
    first, second = page_of(client, "/rectifications"), page_of(client, "/rectifications?page=2")
    assert [len(one.xpath("//article")) for one in (first, second)] == [200, 51]
    assert first.xpath("//a[@rel='next']/@href") == ["?page=2"]
    assert "第0项" in words(first) and "第249项" in words(second)


def questions(desk: Desk, client: Any, address: str) -> int:
    """How many statements a page sends to the database."""
    sent: list[str] = []

    def count(*arguments: Any) -> None:
        sent.append(arguments[2])

    event.listen(desk.ledger.engine, "before_cursor_execute", count)
    page_of(client, address)
    event.remove(desk.ledger.engine, "before_cursor_execute", count)
    return len(sent)


@pytest.mark.parametrize(
    ("values", "sentence"), [({"due": "2024-04-01"}, "已经过去"), ({"what": "  "}, "没有填写要求")]
)
def test_what_will_not_do_asks_nothing(
    reports: None, world: World, desk: Desk, enter: Enter, values: dict[str, str], sentence: str
) -> None:
    given = GOVERNMENT | {"due": "2024-04-20", "what": "请更正"} | values
    answer = send(enter("officer"), FORM, "/rectifications", **given)
    assert answer.status_code == 400 and sentence in answer.text
    with world.ledger.read() as session:
        assert session.scalars(select(Rectification)).all() == []


def test_the_paper_opens_in_word(reports: None, desk: Desk, enter: Enter) -> None:
    answer = enter("officer").get("/rectifications/notice/yunshan-government/2023")
    assert answer.status_code == 200
    text = "\n".join(paragraph.text for paragraph in WordDocument(io.BytesIO(answer.content)).paragraphs)
    assert "云山区人民政府" in text
