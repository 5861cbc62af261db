"""通报: the numbers of the board, nobody accused of what does not stand, and a release that a person answers for."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from sqlalchemy import select, update

from ledger.keeping.backup import archived
from ledger.messages.finding_decisions import decide_finding
from ledger.models import FindingRow, Record, StandingRow
from ledger.people.record import Who
from ledger.states import DeskRole, FindingDecision, RecordKind, Standing
from tests.monitor.factory import DISTRICT, World
from tests.office_program import convert, needs_libreoffice, pages_of
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.prepared import TODAY
from tests.web.reading import page_of, words
from web.desk import Desk

WHERE = f"/summaries/circular?district={DISTRICT}"
DRAFT = f"/summaries/circular.docx?district={DISTRICT}&year=2023"
SOMEBODY = Who("王敏", "wangmin")


def in_word(book: bytes) -> tuple[str, str]:
    """What stands above and below each page, and everything else."""
    document = WordDocument(io.BytesIO(book))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    section = document.sections[0]
    header = "".join(one.text for one in (*section.header.paragraphs, *section.footer.paragraphs))
    return header, "\n".join([*(one.text for one in document.paragraphs), *cells])


def form_on(page: Any) -> dict[str, str]:
    return {name: page.xpath(f"//form//input[@name='{name}']/@value")[0] for name in ("district", "year", "contents")}


def test_it_tells_the_boards_numbers_and_accuses_of_what_stands_alone(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    client = enter("officer", DeskRole.OFFICER, [DISTRICT])
    board = words(page_of(client, f"/?district={DISTRICT}&year=2023"))
    said = words(page_of(client, WHERE))
    assert "应公布4，已公布2（按时2，逾期0，日期待核0），未公布2，未能核实0" in said
    assert "2逾期未公布" in board
    header, text = in_word(client.get(DRAFT).content)
    assert header == "草稿，未经签发" and "应公布4，已公布2" in text and "签发" not in text
    assert "云山区人民政府东街街道办事处" in text and "未公布（期限2024年1月31日）" in text
    errors = text.split("云山区人民政府\n")[1].split("\n")[:2]
    assert errors[0] == "按时公布" and errors[1].startswith("错误")


def test_what_is_disputed_undecided_or_taken_back_accuses_nobody(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    client = enter("officer", DeskRole.OFFICER, [DISTRICT])
    with world.ledger.write() as session:
        wrong = session.scalars(
            select(FindingRow).where(FindingRow.severity == "error", FindingRow.agency == "yunshan-government")
        ).all()
        decisions = [FindingDecision.DISMISS, FindingDecision.UNDECIDED, FindingDecision.CONFIRM]
        assert len(wrong) >= len(decisions)
        for row, decision in zip(wrong, decisions, strict=False):
            assert decide_finding(session, row.fingerprint, decision, SOMEBODY, "看过", TODAY)
        for row in wrong[len(decisions) :]:
            assert decide_finding(session, row.fingerprint, FindingDecision.AS_PRINTED, SOMEBODY, "看过", TODAY)
        said = {"yunshan-dongjie": Standing.UNVERIFIABLE, "yunshan-culture": Standing.DATE_DISPUTED}
        for agency, standing in said.items():
            session.execute(update(StandingRow).where(StandingRow.agency == agency).values(standing=standing))
    _, text = in_word(client.get(DRAFT).content)
    assert "错误1处（其中人工认定1处）" in text
    named, open_ones = text.split("序号")[1], text.split("下列情况不作为有关单位的问题，须进一步核实：")[1]
    assert "东街街道" not in named and "东街街道" in open_ones.split("\n")[0]
    assert "未能核实1家" in open_ones and "1处复核后无法判断" in open_ones and "文化和旅游局" in open_ones
    assert "未公布（" not in named.split("云山区人民政府\n")[1] or "数据局" in named


@pytest.mark.both_databases
def test_a_person_releases_what_they_saw_once_and_its_copy_is_kept(
    reports: None, world: World, desk: Desk, enter: Enter
) -> None:
    officer, viewer = enter("officer", DeskRole.OFFICER, [DISTRICT]), enter("viewer", DeskRole.VIEWER, [DISTRICT])
    form = form_on(page_of(officer, WHERE))
    assert not page_of(viewer, WHERE).xpath("//main//form[@method='post']")
    assert send(viewer, "/notices", "/summaries/circular", **form, why="x").status_code == 403
    assert send(officer, WHERE, "/summaries/circular", **form, why=" ").status_code == 400
    assert send(officer, WHERE, "/summaries/circular", **(form | {"contents": "0" * 64}), why="x").status_code == 409
    for _ in range(2):
        assert send(officer, "/add", "/summaries/circular", **form, why="已逐项核对").status_code == 303
    with world.ledger.read() as session:
        record = session.scalars(select(Record).where(Record.kind == RecordKind.CIRCULAR_RELEASED)).one()
        kept = set(archived(session.connection()))
    assert (record.account, record.district, record.year, record.why) == ("officer", DISTRICT, 2023, "已逐项核对")
    released = page_of(officer, WHERE)
    assert record.detail["sha256"] in words(released) and "这些内容已经签发" in words(released)
    book = officer.get(released.xpath("//section[@id='released']//a/@href")[0]).content
    assert hashlib.sha256(book).hexdigest() == record.detail["sha256"] and record.detail["sha256"] in kept
    header, text = in_word(book)
    assert header == "officer的姓名于2024年4月10日9:00在工作台签发" and "应公布4" in text
    # What changes later changes no copy, and is a draft again.
    with world.ledger.write() as session:
        late = update(StandingRow).where(StandingRow.agency == "yunshan-culture")
        session.execute(late.values(standing=Standing.LATE))
    assert send(officer, "/add", "/summaries/circular", **form, why="x").status_code == 409
    assert "草稿，未经签发" in words(page_of(officer, WHERE)) and in_word(officer.get(DRAFT).content)[0]
    there = enter("there", DeskRole.OFFICER, ["海淀区"])
    for address in (WHERE, DRAFT, f"/summaries/circulars/{record.id}"):
        assert there.get(address).status_code == 404
    assert officer.get("/summaries/circulars/1").status_code == 404


@needs_libreoffice
def test_it_opens_in_an_office_program_and_says_on_every_page_that_it_is_a_draft(
    reports: None, world: World, desk: Desk, enter: Enter, tmp_path: Path
) -> None:
    file = tmp_path / "draft.docx"
    file.write_bytes(enter("officer", DeskRole.OFFICER, [DISTRICT]).get(DRAFT).content)
    pages = pages_of(convert(file, "pdf"))
    assert pages and all("草稿，未经签发" in text for text in pages) and "{{" not in "".join(pages)
    assert "应公布4" in "".join(pages)
