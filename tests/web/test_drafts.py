"""自查 over HTTP: who may, what is shown, what is forgotten, and what a bad file or too many of them do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html as lxml_html
from sqlalchemy import select
from starlette.testclient import TestClient

from config.rules import shipped_codes
from config.settings import Settings
from ledger.archive import open_archive
from ledger.models import Agency, CheckAddress, Record, Table
from ledger.people.check_addresses import make_check_address
from ledger.states import DeskRole, RecordKind
from monitor.standings.obligations import update_obligations
from tests.documents.report_source import with_printed
from tests.monitor.factory import World
from tests.waiting import wait_until
from tests.web.conftest import TESTS, Clock, Enter
from tests.web.forms import send
from tests.web.prepared import TODAY, served
from tests.web.reading import page_of, words
from tests.workers.drafts.made import ELSEWHERE, GOVERNMENT, word
from web.app import make_app
from web.desk import Desk
from web.drafts import pages, room
from web.drafts.addresses import address_of
from workers.drafts.checking import check_draft

AGENCY = "yunshan-government"
WRONG = with_printed(GOVERNMENT, {"review.total": str(int(GOVERNMENT.values["review.total"]) + 1)})
HONGZE = Path(__file__).parents[1] / "documents" / "real" / "hongze-2023.pdf"
DOCUMENTS = Path(__file__).parents[1] / "documents"


@pytest.fixture
def address(desk: Desk, world: World) -> str:
    """The government's address."""
    update_obligations(desk.ledger, desk.register, TODAY)
    with desk.ledger.write() as session:
        make_check_address(session, session.get_one(Agency, AGENCY), TESTS, TODAY)
    found = address_of(desk, AGENCY)
    assert found is not None
    return found


def upload(client: TestClient, address: str, data: bytes, name: str = "年报.docx", **values: str) -> Any:
    """Sends a draft, and follows to what comes of it."""
    answer = send(client, address, address, files={"file": (name, data)}, **values)
    if answer.status_code != 303:
        return answer
    wait_until(lambda: "refresh" not in client.get(answer.headers["location"]).headers, "the draft is judged")
    return client.get(answer.headers["location"])


def said(answer: Any) -> str:
    tree: Any = lxml_html.fromstring(answer.text)
    return words(tree.xpath("//main")[0])


def everything(world: World) -> dict[str, list[Any]]:
    with world.ledger.read() as session:
        tables = Table.metadata.sorted_tables
        return {one.name: sorted(map(str, session.execute(select(one)))) for one in tables}


def test_an_agency_checks_its_draft_at_its_own_address_and_nothing_is_kept(
    address: str, world: World, settings: Settings, stranger: TestClient
) -> None:
    before = everything(world)
    answer = upload(stranger, address, word(WRONG))
    text = said(answer)
    assert "错误1处" in text and "总计栏填报" in text and "没有读出的上一年度报告" in text
    tree: Any = lxml_html.fromstring(answer.text)
    assert "error" in tree.xpath("//td[@data-cells='review.total']/@class")[0]
    where = str(answer.url.path)
    commented = stranger.get(f"{where}/file")
    assert "年报（自查批注）.docx" in httpx.URL(commented.headers["content-disposition"].split("''")[1]).path
    with zipfile.ZipFile(io.BytesIO(commented.content)) as package:
        assert "总计栏填报" in package.read("word/comments.xml").decode()
    sheet = said(stranger.get(f"{where}/sheet"))
    assert "自查表" in sheet and "年报.docx" in sheet and "T08" in sheet
    assert everything(world) == before
    assert not list((settings.home / "archive").rglob("*.*")) if (settings.home / "archive").exists() else True

    mended = said(upload(stranger, address, word(GOVERNMENT)))
    assert "没有发现错误" in mended or "没有发现问题" in mended


def test_who_may_and_what_another_browser_sees(
    address: str, desk: Desk, stranger: TestClient, enter: Enter, clock: Clock
) -> None:
    assert stranger.get("/check").headers["location"].startswith("/login")
    for token in ("1-" + "x" * 32, "9-" + address[-32:], address.rpartition("/")[2][:-1], "%00", "x" * 5000):
        assert stranger.get(f"/check/{token}").status_code == 404, token
    answer = upload(stranger, address, word(WRONG))
    where = str(answer.url.path)
    other = TestClient(stranger.app, follow_redirects=False)
    for what in ("", "/sheet", "/file", "/pages/1.png"):
        assert other.get(where + what).status_code == 404, what
    assert send(other, address, f"{where}/forget").status_code == 404
    assert stranger.get(where).status_code == 200
    assert send(stranger, address, f"{where}/forget").headers["location"] == address
    assert stranger.get(where).status_code == 404

    answer = upload(stranger, address, word(WRONG))
    clock.now += room.KEPT * 1.1
    assert stranger.get(str(answer.url.path)).status_code == 404

    officer = enter("officer", DeskRole.OFFICER, ["云山区"])
    page = page_of(officer, f"/agencies/{AGENCY}")
    assert page.xpath("//input[@id='check-address']/@value") == [f"http://testserver{address}"]
    viewer, there = enter("viewer", DeskRole.VIEWER, ["云山区"]), enter("there", DeskRole.OFFICER, ["海淀区"])
    assert address not in viewer.get(f"/agencies/{AGENCY}").text
    change = f"/agencies/{AGENCY}/check-address"
    assert send(viewer, "/findings", change, action="make").status_code == 403
    assert send(there, "/findings", change, action="make").status_code == 404
    assert send(officer, "/findings", change, action="make").status_code == 303
    renewed = address_of(desk, AGENCY)
    assert renewed != address and renewed is not None
    assert (stranger.get(address).status_code, stranger.get(renewed).status_code) == (404, 200)
    assert send(officer, "/findings", change, action="close").status_code == 303
    assert stranger.get(renewed).status_code == 404 and address_of(desk, AGENCY) is None
    with desk.ledger.read() as session:
        kinds = session.scalars(select(Record.kind).where(Record.agency == AGENCY).order_by(Record.id)).all()
        assert kinds[-2:] == [RecordKind.CHECK_ADDRESS_MADE, RecordKind.CHECK_ADDRESS_CLOSED]
        # A copy of the ledger opens nothing.
        assert address.rpartition("-")[2] not in str(session.execute(select(CheckAddress.__table__)).all())


def test_what_a_person_chose_and_the_file_says_otherwise_is_told(reports: None, desk: Desk, enter: Enter) -> None:
    client = enter("officer", DeskRole.OFFICER, ["云山区"])
    text = said(upload(client, "/check", word(ELSEWHERE), agency=AGENCY, year="2022"))
    assert "文件写的机关是“云山区文化和旅游局”，不是“云山区人民政府”；以下按“云山区文化和旅游局”检查" in text
    assert "文件写的年度是2023，不是所选的2022" in text
    text = said(upload(client, "/check", word(replace(ELSEWHERE, agency="海淀区水务局"))))
    assert "名册中没有" in text and "没有与上年对照" in text
    assert send(client, "/check", "/check", files={"file": ("a.docx", b"x")}, agency="haidian-x").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("空.docx", b"", "没有选择文件，或文件是空的"),
        ("会议.txt", "会议纪要\n".encode() * 100, "没有政府信息公开工作年度报告的标题、章节或表格"),
        ("../../etc/passwd\r\n\x00.pdf" + "长" * 300, b"%PDF-1.7 nothing", "没有检查"),
        ("图.docx", b"\x89PNG\r\n\x1a\n" + bytes(100), "没有检查"),
    ],
)
def test_a_bad_file_is_one_clear_sentence(
    address: str, stranger: TestClient, name: str, data: bytes, sentence: str
) -> None:
    answer = upload(stranger, address, data, name)
    text = said(answer)
    assert sentence in text and "没有发现问题" not in text and "etc/" not in text and "\x00" not in text
    assert answer.status_code in (200, 400) and len(text) < 1500


def test_what_a_file_and_its_name_say_is_text_and_nothing_else(address: str, stranger: TestClient) -> None:
    script = "<script>alert(1)</script>"
    hostile = replace(WRONG, agency=f"云山区{script}人民政府")
    answer = upload(stranger, address, word(hostile), f'{script}"\r\nSet-Cookie: a=b.docx')
    where = str(answer.url.path)
    assert script not in answer.text and "&lt;script&gt;" in answer.text
    assert script not in stranger.get(f"{where}/sheet").text
    header = stranger.get(f"{where}/file").headers
    assert "set-cookie" not in header and "\n" not in header["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(stranger.get(f"{where}/file").content)) as package:
        assert "<script" not in package.read("word/comments.xml").decode()


def test_what_takes_long_says_meanwhile_that_it_goes_on(
    address: str, stranger: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*given: Any, **named: Any) -> Any:
        go_on.wait(300)
        return check_draft(*given, **named)

    monkeypatch.setattr(pages, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr("web.drafts.room.check_draft", slow)
    where = send(stranger, address, address, files={"file": ("年报.docx", word(WRONG))}).headers["location"]
    waiting = stranger.get(where)
    assert waiting.headers["refresh"] == "3" and "正在检查“年报.docx”" in said(waiting)
    assert stranger.get(f"{where}/file").status_code == stranger.get(f"{where}/sheet").status_code == 404
    go_on.set()
    wait_until(lambda: "refresh" not in stranger.get(where).headers, "the draft is judged")
    assert "错误1处" in said(stranger.get(where))


def test_a_wrong_ending_is_no_matter_and_an_unread_part_is_never_called_right(
    address: str, stranger: TestClient
) -> None:
    assert "错误1处" in said(upload(stranger, address, word(WRONG), "年报.pdf"))
    cut = (DOCUMENTS / "seeds" / "002_07fb4919d9928ff3.txt").read_bytes()
    text = said(upload(stranger, address, cut, "节选.txt"))
    assert "处请人工核对" in text and "没有发现问题。" not in text


def test_bombs_end_in_their_own_process(
    address: str, stranger: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.settings = desk.settings.model_copy(
        update={"read_timeout_seconds": 20, "scan_timeout_seconds": 20, "read_memory_megabytes": 700}
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"<a>" + b" " * (220 * 2**20))
    deep = b"<html><body>" + b"<div>" * 200_000
    for name, data in (("炸弹.docx", made.getvalue()), ("深.html", deep)):
        assert "没有检查" in said(upload(stranger, address, data, name)), name
    assert "错误1处" in said(upload(stranger, address, word(WRONG)))
    assert children() == []


def children() -> list[str]:
    """The reading processes of this one that are alive."""
    command = ["ps", "--ppid", str(os.getpid()), "-o", "args="]
    own = subprocess.run(command, capture_output=True, text=True, check=False)
    return [one for one in own.stdout.splitlines() if "workers.reading.child" in one]


def test_strangers_behind_a_reverse_proxy_are_counted_apart(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_IN_A_WHILE", 1)
    given = settings.model_copy(update={"web_check_open": True, "web_proxies": "127.0.0.1"})
    app = make_app(Desk(given, world.ledger, open_archive(given), lambda: TODAY))
    answers = []
    for client in ("10.0.0.1", "10.0.0.2", "10.0.0.2"):
        with TestClient(app, client=("127.0.0.1", 1), headers={"X-Forwarded-For": client}) as stranger:
            answers.append(upload(stranger, "/check", b"x").status_code)
    assert answers == [200, 200, 429]


def test_who_sends_too_many_is_told_when_to_come_back(
    address: str, stranger: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_IN_A_WHILE", 1)
    assert upload(stranger, address, b"x").status_code == 200
    answer = upload(stranger, address, b"x")
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= room.A_WHILE_SECONDS + 1
    monkeypatch.setattr(room, "MOST_IN_A_WHILE", 100)
    monkeypatch.setattr(room, "_places", threading.BoundedSemaphore(1))
    with room.a_place():
        answer = upload(stranger, address, b"x")
        assert answer.status_code == 503 and answer.headers["retry-after"] == "60"
        assert "正在检查的文件已满，请一分钟后再试" in answer.text
    assert upload(stranger, address, b"x").status_code == 200


@pytest.fixture
def open_desk(world: World, settings: Settings) -> Iterator[str]:
    with served(settings.model_copy(update={"web_check_open": True}), world.ledger) as where:
        yield where


def test_two_hundred_at_once_are_answered_and_the_desk_stays_up(open_desk: str) -> None:
    data = word(WRONG) + bytes(300_000)

    def one(_: int) -> int:
        try:
            with httpx.Client(base_url=open_desk, timeout=300) as client:
                page: Any = lxml_html.fromstring(client.get("/check").text)
                token = page.xpath("//input[@name='form_token']/@value")[0]
                answer = client.post("/check", data={"form_token": token}, files={"file": ("a.docx", data)})
                assert answer.status_code not in (429, 503) or int(answer.headers["retry-after"]) > 0
                return answer.status_code
        except httpx.TransportError:
            return 0  # no place among the connections that the desk holds

    with ThreadPoolExecutor(60) as many:
        statuses = list(many.map(one, range(200)))
    assert set(statuses) <= {0, 303, 429, 503} and statuses.count(303) >= 1 and statuses.count(503) >= 1, statuses
    assert httpx.get(f"{open_desk}/health", timeout=60).json() == {"alive": True}
    wait_until(lambda: children() == [], "no reading process is left")


def test_command_line_and_page_find_the_same(address: str, stranger: TestClient, desk: Desk, tmp_path: Path) -> None:
    files = {"a.docx": word(WRONG), "b.docx": word(ELSEWHERE), "c.pdf": HONGZE.read_bytes()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", "from cli.main import main; main()", "check", *files, "--format", "json"]
    printed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, cwd=tmp_path)
    for (name, data), of_command in zip(files.items(), json.loads(printed.stdout), strict=True):
        of_function = room.judged_draft(desk, data, name).judged.as_json()
        assert of_function["figures"] == of_command["figures"]
        assert of_function["findings"] == of_command["findings"]
        text = upload(stranger, address, data, name).text
        for finding in of_command["findings"]:
            assert finding["rule"] in text


def test_the_criteria_are_public_with_what_they_do_not_look_at(stranger: TestClient) -> None:
    listed = page_of(stranger, "/check/rules")
    assert set(listed.xpath("//tbody//th/a/text()")) == set(shipped_codes())
    for code, entry in shipped_codes().items():
        shown = words(page_of(stranger, f"/check/rules/{code}"))
        assert entry.title in shown and " ".join(entry.limits.split()) in shown
    assert stranger.get("/check/rules/Q99").status_code == 404
