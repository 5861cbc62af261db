"""c14 and c20: what is made to choke a reader ends within its limits, and too little memory is not called damage.

Through the real child process with its real limits. Each bomb ends as a reading or a refusal in one sentence, and none
as a fault of the reader's own.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest

from cli.demo.portals.sound_report import sound_body
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Work
from ledger.states import WorkState
from tests.workers.conftest import NOON, Documents
from workers.reading.child.process import ReadingProcess
from workers.reading.errors import ReadError, ReadErrorKind
from workers.steps import WORTH_ANOTHER_ATTEMPT, Result, run
from workers.worker_context import open_worker_context

TITLE = "云山区青山街道办事处2023年政府信息公开工作年度报告"
SECONDS = 120
# What libxml2 needs for so many is far more than what is allowed below.
A_LOT = 3_000_000


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def word(body: str, before: str = "") -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = f'<?xml version="1.0"?>{before}<w:document {space}><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document.encode()})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def laughing() -> str:
    steps = "".join(f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9))
    return f'<!DOCTYPE w [<!ENTITY a "lol">{steps}]>'


def pdf(content: bytes, box: str = "0 0 595 842") -> bytes:
    packed = zlib.compress(content, 9)
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page.encode(),
        f"<</Length {len(packed)}/Filter/FlateDecode>>\nstream\n".encode() + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    end = f"trailer <</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()
    return out + head + table + end


def web_page() -> bytes:
    head = f"<html><head><meta charset=utf-8></head><body><h1>{TITLE}</h1>"
    return (head + sound_body("青山街道办事处", 2023) + "<p>x" * A_LOT).encode()


def open_document() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = f"<text:p>{TITLE}</text:p>" + "<text:p>x</text:p>" * A_LOT
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": b"<m/>", "content.xml": content.encode()})


TEXT = b"BT /F 10 Tf 50 700 Td (" + b"hello world report disclosure " * 10 + b") Tj ET "
CELLS = "<tr>" + "<td>1" * 1000
BOMBS: dict[str, Callable[[], bytes]] = {
    "a million cells": lambda: f"<html>{TITLE}<table>{CELLS * 1000}".encode(),
    "a cell over a billion rows": lambda: (
        f"<html>{TITLE}<table><tr><td rowspan=1000000000 colspan=1000000000>1<td>2</tr></table>".encode()
    ),
    "a hundred thousand cells of 400 rows": lambda: (
        f"<html>{TITLE}<table>{'<tr><td rowspan=400 colspan=64>1' * 100_000}".encode()
    ),
    "a million divs, one in the other": lambda: ("<html>" + "<div>" * 1_000_000 + TITLE).encode(),
    "five thousand tables, one in the other": lambda: f"<html>{TITLE}{'<table><tr><td>' * 5000}x".encode(),
    "rows of bars": lambda: (TITLE + "\n" + "| 1 | 2 |\n" * 500_000).encode(),
    "quotes without an end": lambda: (TITLE + "\n" + ('"' * 20_000 + "\n") * 250).encode(),
    "entities that laugh": lambda: word(paragraph("&j;"), laughing()),
    "an entity that is a file": lambda: word(
        paragraph("&x;" + TITLE), '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "tables in tables of Word": lambda: word(
        "<w:tbl><w:tr><w:tc>" * 400 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 400
    ),
    "a zip in a zip in a zip": lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c.html": b"<html>x"})})}),
    "an OFD that laughs": lambda: zipped(
        {
            "OFD.xml": (
                laughing().replace("w [", "OFD [") + "<OFD><DocBody><DocRoot>&j;</DocRoot></DocBody></OFD>"
            ).encode()
        }
    ),
    "a page as large as a country": lambda: pdf(TEXT, "0 0 1000000000 1000000000"),
    "thousands of boxes": lambda: pdf(
        TEXT + b"".join(b"%d %d 10 10 re S " % (each % 500, each // 500) for each in range(3000))
    ),
    "millions of strokes": lambda: pdf(TEXT + b"0 0 m 1 1 l S " * 1_000_000),
    "groups of RTF, one in the other": lambda: b"{\\rtf1" + b"{" * 500_000 + TITLE.encode("gbk"),
    "two billion bytes of RTF": lambda: b"{\\rtf1 \\bin2000000000 x}",
    "digits without an end": lambda: b"\xff\xfe" + (TITLE + "1" * 2_000_000).encode("utf-16-le"),
}


@pytest.mark.long
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_within_its_limits(sqlite_settings: Settings, bomb: str) -> None:
    limited = sqlite_settings.model_copy(update={"read_timeout_seconds": SECONDS})
    with ReadingProcess(limited) as child:
        try:
            report = child.read(BOMBS[bomb](), "x")
        except ReadError as error:
            assert error.sentence.endswith(("。", "查看")) and "\n" not in error.sentence
            assert error.kind is not ReadErrorKind.CRASHED
        else:
            assert "root:" not in report.opening
            assert all(figure.value is None for figure in report.figures.values())


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("a page", web_page),
        ("Word", lambda: word(paragraph(TITLE) + paragraph("x") * A_LOT)),
        ("OpenDocument", open_document),
    ],
)
def test_too_little_memory_is_no_damage(
    sqlite_settings: Settings, ledger: Ledger, kind: str, document: Callable[[], bytes]
) -> None:
    """The machine's matter: another attempt is made, and only after the last one it is set aside, as what it was."""
    assert ReadErrorKind.MEMORY in WORTH_ANOTHER_ATTEMPT
    tight = sqlite_settings.model_copy(update={"read_memory_megabytes": 500})
    work_id = Documents(sqlite_settings, ledger).publish(document(), agency="x", year=2023)
    with open_worker_context(tight) as context:
        assert run(context, work_id, NOON, worker="w") is Result.WAITS_AGAIN, kind
    with ledger.read() as session:
        work = session.get_one(Work, work_id)
        assert (work.state, work.error, work.attempts) == (WorkState.WAITING, "memory", 1)
        assert "损坏" not in work.sentence
