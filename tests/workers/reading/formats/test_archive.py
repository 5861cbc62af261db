"""A ZIP is read where exactly one file in it can be; else its refusal says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from report.form import Form
from tests.workers.reading.conftest import DOCUMENTS
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.read import read_document

PAGE = (DOCUMENTS / "html/yunshan-2024.trs.html").read_bytes()


def packed(*files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(files):
            archive.writestr(f"folder/{number}", data)
    return made.getvalue()


def test_the_one_report_beside_what_is_none(forms: dict[str, Form]) -> None:
    report = read_document(packed(b"\x00\x01picture", PAGE, packed(PAGE)), source="x.zip", forms=forms)
    assert report.number("requests.received.total") == 15
    assert (report.source, report.media_type) == ("x.zip", "application/zip")


@pytest.mark.parametrize(
    ("files", "kind", "says"),
    [
        (lambda: [PAGE, PAGE], ReadErrorKind.KIND_NOT_READ, "不止一个"),
        (lambda: [packed(PAGE)], ReadErrorKind.KIND_NOT_READ, "没有"),
        (lambda: [b"x"] * 201, ReadErrorKind.TOO_LARGE, "大得不合常理"),
        (lambda: [b"\x00" * (61 * 2**20)], ReadErrorKind.TOO_LARGE, "大得不合常理"),
    ],
    ids=["two", "archive in archive", "many files", "bomb"],
)
def test_refused(forms: dict[str, Form], files: Callable[[], list[bytes]], kind: ReadErrorKind, says: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_document(packed(*files()), source="x", forms=forms)
    assert caught.value.kind is kind
    assert says in caught.value.sentence
