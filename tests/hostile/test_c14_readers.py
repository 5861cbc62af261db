"""c14, c19 and c20: documents made to hurt their reader, through the reading process with its limits."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cli.demo.portals.sound_report import sound_body
from config.settings import load_settings
from tests.waiting import wait_until
from workers.reading.child.process import Interrupted, ReadingProcess
from workers.reading.errors import ReadError, ReadErrorKind

TITLE = "云山区青山街道办事处2023年政府信息公开工作年度报告"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEMPLATE = (
    f'<Relationship Id="r9" Type="{RELATION}/attachedTemplate" TargetMode="External" Target="http://127.0.0.1:1/"/>'
)
LAUGHS = '[<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '[<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return packed.getvalue()


def docx(body: str, declared: str = "", more: str = "") -> bytes:
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>{more}</Relationships>'
    )
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    whole = f'<?xml version="1.0"?>{declared}<w:document xmlns:w="{words}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "_rels/.rels": relations, "word/document.xml": whole})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def nested(deep: int, inner: str) -> str:
    return "<w:tbl><w:tr><w:tc>" * deep + inner + "</w:tc></w:tr></w:tbl>" * deep


# A file of old Word by its first bytes: LibreOffice is asked to open it.
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\x5a" * 200_000
BOMBS: dict[str, Callable[[], bytes]] = {
    "html rowspan 10^9": lambda: (
        f"<html>{TITLE}<table><tr><td rowspan=1000000000 colspan=1000000000>1<td>2</tr></table>".encode()
    ),
    "html 10^4 rowspans": lambda: (f"<html>{TITLE}<table>" + "<tr><td rowspan=400 colspan=64>1" * 10_000).encode(),
    "html deep": lambda: ("<html>" + "<div>" * 200_000 + TITLE).encode(),
    "html nested tables": lambda: ("<html>" + TITLE + "<table><tr><td>" * 2000 + "x").encode(),
    "docx laughs": lambda: docx(paragraph("&j;"), f"<!DOCTYPE w {LAUGHS}"),
    "docx entity from outside": lambda: docx(paragraph("&x;" + TITLE), f"<!DOCTYPE w {OUTSIDE}"),
    "docx template from outside": lambda: docx(paragraph(TITLE), more=TEMPLATE),
    "docx nested tables": lambda: docx(nested(400, paragraph("x"))),
}


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    # Generous: what hangs is ended, whatever machine this is.
    with ReadingProcess(load_settings(read_timeout_seconds=240)) as reading:
        yield reading


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_refused_and_the_next_document_is_read(process: ReadingProcess, name: str) -> None:
    try:
        report = process.read(BOMBS[name](), "x")
    except ReadError as error:
        assert error.kind not in (ReadErrorKind.TIMEOUT, ReadErrorKind.CRASHED), error
        assert str(error)
    else:
        assert "root:" not in "".join(section.text for section in report.sections)
    sound = f"<html><head><meta charset=utf-8></head><body><h1>{TITLE}</h1>{sound_body('青山街道办事处', 2023)}"
    assert process.read(sound.encode(), "x").year == 2023


def test_too_little_memory_is_never_a_damaged_file() -> None:
    sound = f"<html><head><meta charset=utf-8></head><body><h1>{TITLE}</h1>{sound_body('青山街道办事处', 2023)}"
    data = (sound + "<p>x" * 3_000_000).encode()
    with (
        ReadingProcess(load_settings(read_memory_megabytes=400, read_timeout_seconds=240)) as little,
        pytest.raises(ReadError) as raised,
    ):
        little.read(data, "x")
    assert raised.value.kind is ReadErrorKind.MEMORY


@pytest.fixture
def hanging_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LibreOffice that hangs, and so does what it starts; the folder that has its processes and temporary files."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    (tmp_path / "temporary").mkdir()
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $$ $! > {tmp_path}/new\nmv {tmp_path}/new {tmp_path}/ids\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def break_off(office: Path) -> list[int]:
    """Breaks off the reading once LibreOffice runs; its processes."""
    with ReadingProcess(load_settings(read_timeout_seconds=240)) as reading:

        def interrupt() -> None:
            wait_until((office / "ids").exists, "LibreOffice runs")
            reading.interrupt()

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(Interrupted):
            reading.read(OLD_WORD, "x")
        thread.join()
    return [int(one) for one in (office / "ids").read_text().split()]


def runs(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_what_libreoffice_started_ends_with_the_reader(hanging_office: Path) -> None:
    processes = break_off(hanging_office)
    wait_until(lambda: not any(map(runs, processes)), "LibreOffice and what it started are gone")


@pytest.mark.xfail(strict=True, reason="issue 19: a killed reader leaves its temporary folder")
def test_a_killed_reader_leaves_no_temporary_folder(hanging_office: Path) -> None:
    break_off(hanging_office)
    assert not [one.name for one in (hanging_office / "temporary").iterdir() if one.name.startswith("nianbao-")]
