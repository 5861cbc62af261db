"""Hostile and broken input: a Report or a ReadError comes out, never a crash, and no number not in the document."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.forms import load_forms
from report.figure import State
from report.form import Form, make_form
from report.numerals import fold_width
from report.report import Report
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.paged.pdf import read_pdf_again
from workers.reading.read import read_document

from .conftest import DOCUMENTS

TEXTS = ("seeds/000_94c0c8a1a4856154.txt", "seeds/002_07fb4919d9928ff3.txt")
PAGES = ("html/yunshan-2024.trs.html", "html/zuojiazhuang-2019.body.html")
PACKED = ("word/nanmofang-2019.docx",)
PDFS = ("real/hongze-2023.pdf",)

Mutation = tuple[str, float, float, int]
mutations = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "repeat", "insert"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=6,
)
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@cache
def known_forms() -> dict[str, Form]:
    return {name: make_form(file) for name, file in load_forms().items()}


def mutated(data: bytes, steps: list[Mutation]) -> bytes:
    for how, where, length, value in steps:
        start = int(where * len(data))
        stop = min(len(data), start + 1 + int(length * 400))
        if how == "flip" and start < len(data):
            data = data[:start] + bytes([value]) + data[start + 1 :]
        elif how == "cut":
            data = data[:start] + data[stop:]
        elif how == "repeat":
            data = data[:stop] + data[start:stop] + data[stop:]
        else:
            data = data[:start] + b"<td>\t\n</tr><table>(\xff\x00"[: value % 24] + data[start:]
    return data


def read_or_refuse(data: bytes) -> Report | None:
    try:
        return read_document(data, source="x", forms=known_forms())
    except ReadError as error:
        assert error.sentence.endswith("。")
        return None


def numbers_of(text: str) -> set[str]:
    return set(re.findall(r"[0-9]+", fold_width(text).replace(",", "")))


@many
@given(st.sampled_from(TEXTS), mutations)
def test_mutated_text_has_only_numbers_that_stand_in_it(path: str, steps: list[Mutation]) -> None:
    data = mutated((DOCUMENTS / path).read_bytes(), steps)
    report = read_or_refuse(data)
    if report is None:
        return
    there = numbers_of(data.decode("utf-8", "replace")) | numbers_of(data.decode("gb18030", "replace"))
    for figure in report.figures.values():
        if figure.state is State.NUMBER:
            assert numbers_of(figure.text) <= there


@many
@given(st.sampled_from(PAGES), mutations)
def test_mutated_page_is_read_or_refused(path: str, steps: list[Mutation]) -> None:
    read_or_refuse(mutated((DOCUMENTS / path).read_bytes(), steps))


@few
@given(st.sampled_from(PDFS), mutations)
def test_mutated_pdf_is_read_or_refused(path: str, steps: list[Mutation]) -> None:
    read_or_refuse(mutated((DOCUMENTS / path).read_bytes(), steps))


@few
@given(st.sampled_from(PACKED), mutations)
def test_mutated_archive_is_read_or_refused(path: str, steps: list[Mutation]) -> None:
    read_or_refuse(mutated((DOCUMENTS / path).read_bytes(), steps))


@many
@given(st.sampled_from(PACKED), mutations)
def test_mutated_word_content_is_read_or_refused(path: str, steps: list[Mutation]) -> None:
    with zipfile.ZipFile(DOCUMENTS / path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/document.xml"] = mutated(members["word/document.xml"], steps)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    read_or_refuse(packed.getvalue())


@few
@given(st.binary(max_size=3000))
def test_random_bytes_are_refused(data: bytes) -> None:
    assert read_or_refuse(data) is None


def refusal(data: bytes) -> ReadErrorKind:
    with pytest.raises(ReadError) as caught:
        read_document(data, source="x", forms=known_forms())
    return caught.value.kind


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ReadErrorKind.EMPTY),
        (b" \r\n\x00", ReadErrorKind.EMPTY),
        (b"\x01\x02\x00\x03binary", ReadErrorKind.UNKNOWN_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ReadErrorKind.KIND_NOT_READ),
        (b"{\\rtf1 x}", ReadErrorKind.NOT_A_REPORT),
        (b"\x89PNG\r\n\x1a\n....", ReadErrorKind.BROKEN),
        (zipped("OFD.xml", b"<x/>"), ReadErrorKind.BROKEN),
        (zipped("a.bin", b"\x01\x00"), ReadErrorKind.KIND_NOT_READ),
        (b"PK\x03\x04 no archive", ReadErrorKind.BROKEN),
        (zipped("word/document.xml", b"<x/>"), ReadErrorKind.BROKEN),
        (b"%PDF-1.7\nnothing more", ReadErrorKind.BROKEN),
        (b"<html><body><p>404 Not Found</p></body></html>", ReadErrorKind.NOT_A_REPORT),
        ("访问过于频繁，请稍后再试".encode(), ReadErrorKind.NOT_A_REPORT),
    ],
)
def test_refused_with_the_right_kind(data: bytes, kind: ReadErrorKind) -> None:
    assert refusal(data) is kind


def test_a_zip_bomb_is_not_unpacked() -> None:
    assert refusal(zipped("word/document.xml", b"\x00" * (201 * 2**20))) is ReadErrorKind.TOO_LARGE


def test_spans_out_of_all_proportion_are_refused_or_bounded() -> None:
    row = b"<tr>" + b'<td rowspan="60000" colspan="60000">\xe8\xa7\x84\xe7\xab\xa0</td>' * 50 + b"</tr>"
    page = b"<html><body><table>" + row * 400 + b"</table></body></html>"
    assert refusal(page) in (ReadErrorKind.TOO_LARGE, ReadErrorKind.NOT_A_REPORT)


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    assert refusal(b"<html><body>" + b"<div>" * 20_000 + b"x") is ReadErrorKind.NOT_A_REPORT


def test_a_web_page_named_pdf_is_read_as_the_page_it_is() -> None:
    report = read_document(
        (DOCUMENTS / "html/yunshan-2024.trs.html").read_bytes(), source="report.pdf", forms=known_forms()
    )
    assert report.media_type == "text/html"
    assert report.number("requests.received.total") == 15


def test_a_page_whose_box_is_no_box_gives_no_second_opinion() -> None:
    """Found by make fuzz: pdfplumber raises an error of its own, and once more as it closes the file."""
    data = (DOCUMENTS / "real" / "hongze-2023.pdf").read_bytes()
    damaged = data.replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 /b5 842]")
    assert damaged != data
    assert read_pdf_again(damaged) is None
