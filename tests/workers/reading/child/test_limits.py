"""Files made to hurt their reader, through the reading process: each ends in one human sentence, and soon."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest

from config.settings import load_settings
from tests.documents import as_docx
from tests.documents.corpus import QINGHE
from tests.documents.make_pdf import Pdf
from tests.workers.reading.conftest import DOCUMENTS
from tests.workers.reading.fuzz import READER
from workers.reading.child.process import ReadingProcess
from workers.reading.errors import ReadError, ReadErrorKind

# A tenth of it is enough on a quiet machine.
SECONDS, MEGABYTES = 240, 700
DOC = (DOCUMENTS / "doc/plain.doc").read_bytes()
CONTENT = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{entities}]><w:document xmlns:w="w"><w:body>{body}'
BOMB = CONTENT.format(
    entities="".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(20)), body="&u;"
)


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    settings = load_settings(read_timeout_seconds=SECONDS, read_memory_megabytes=MEGABYTES)
    with ReadingProcess(settings, reader=READER) as reading:
        yield reading


def word_with(document: bytes) -> bytes:
    """A real Word file whose text is replaced."""
    packed = io.BytesIO()
    whole = as_docx.docx(as_docx.blocks(QINGHE))
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, document if name == "word/document.xml" else source.read(name))
    return packed.getvalue()


def pdf_of(*objects: str) -> bytes:
    """A PDF of these objects, without a table of them: readers have to find them."""
    body = "".join(f"{number} 0 obj\n{content}\nendobj\n" for number, content in enumerate(objects, 1))
    return f"%PDF-1.7\n{body}trailer << /Root 1 0 R >>\n%%EOF".encode()


def many_pages(count: int) -> bytes:
    """A PDF of so many pages with a line of text each."""
    pdf = Pdf()
    for _ in range(count):
        pdf.text(80, 80, "政府信息公开工作年度报告")
        pdf.pages.append([])
    return pdf.data()


def endless_pages() -> bytes:
    """A PDF whose page tree holds itself."""
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1000000000 >>",
        "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>",
    )  # fmt: skip


def deep_forms() -> bytes:
    """A PDF page that draws a form, which draws two forms, and so on: a billion of them."""
    pdf = Pdf()
    pdf.text(80, 80, "文" * 60)
    data = pdf.data().decode("latin-1")
    forms = "".join(
        f"{100 + n} 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9]"
        f" /Resources << /XObject << /A {101 + n} 0 R >> >> /Length 11 >>\nstream\n/A Do /A Do\nendstream\nendobj\n"
        for n in range(30)
    )
    return data.replace("xref\n0", f"{forms}xref\n0").replace("/Font <<", "/XObject << /A 100 0 R >> /Font <<").replace(
        " ET\nendstream", " ET /A Do\nendstream"
    ).encode("latin-1")  # fmt: skip


def hanging_font() -> bytes:
    """A PDF whose font claims a map to characters of four billion lines."""
    pdf = Pdf()
    pdf.paragraph("文" * 80)
    every = "<00000000> <FFFFFFFF>"
    cmap = f"begincmap 1 begincodespacerange {every} endcodespacerange 1 beginbfrange {every} <0041> endbfrange endcmap"
    data = pdf.data().decode("latin-1")
    data = data.replace("/DescendantFonts", "/ToUnicode 90 0 R /DescendantFonts")
    stream = f"90 0 obj\n<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream\nendobj\nxref\n0"
    return data.replace("xref\n0", stream, 1).encode("latin-1")


def nested_zips() -> bytes:
    data = b"<html>"
    for _ in range(50):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", data)
        data = packed.getvalue()
    return data


def bomb(name: str, megabytes: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, b"<" * (megabytes * 2**20))
    return packed.getvalue()


def encrypted_zip(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, b"secret")
    data = bytearray(packed.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def encrypted_doc() -> bytes:
    at = DOC.index(b"\xec\xa5")
    return DOC[: at + 11] + bytes([DOC[at + 11] | 1]) + DOC[at + 12 :]


NESTED = '<w:tbl xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:tr><w:tc>'
ENCRYPTED_PDF = pdf_of(
    "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>",
    f"<< /Filter /Standard /V 1 /R 2 /O <{'11' * 32}> /U <{'22' * 32}> /P -4 >>",
).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]")  # fmt: skip
REFUSED = {ReadErrorKind.BROKEN, ReadErrorKind.TOO_LARGE, ReadErrorKind.NOT_A_REPORT, ReadErrorKind.NO_TEXT}
# Made when its test runs: some take a second.
CASES: dict[str, tuple[Callable[[], bytes], set[ReadErrorKind]]] = {
    "xml bomb in docx": (lambda: word_with(BOMB.encode()), REFUSED),
    "zip bomb as docx": (lambda: bomb("word/document.xml", 300), {ReadErrorKind.TOO_LARGE}),
    "zip bomb as ofd": (lambda: bomb("OFD.xml", 150), {ReadErrorKind.TOO_LARGE}),
    "zip bomb": (lambda: bomb("report.html", 100), {ReadErrorKind.TOO_LARGE}),
    "zips in zips": (nested_zips, {ReadErrorKind.KIND_NOT_READ}),
    "encrypted zip": (lambda: encrypted_zip("a.docx"), {ReadErrorKind.ENCRYPTED}),
    "encrypted docx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        {ReadErrorKind.ENCRYPTED},
    ),
    "encrypted doc": (encrypted_doc, {ReadErrorKind.ENCRYPTED}),
    "encrypted pdf": (lambda: ENCRYPTED_PDF, {ReadErrorKind.ENCRYPTED, ReadErrorKind.BROKEN}),
    "deep html": (lambda: b"<html><body>" + b"<table><tr><td>" * 50_000, REFUSED),
    "deep docx": (
        lambda: word_with(
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            + NESTED.encode() * 200
            + b"</w:tc></w:tr></w:tbl>" * 200
            + b"</w:body></w:document>"
        ),
        REFUSED,
    ),
    "very deep docx": (lambda: word_with(b"<a>" * 1_000_000), REFUSED),
    "deep rtf": (lambda: b"{\\rtf1" + b"{" * 1_000_000, {ReadErrorKind.TOO_LARGE}),
    "nested rtf tables": (lambda: b"{\\rtf1" + b"\\itap99999\\intbl x\\nestcell" * 20_000 + b"}", REFUSED),
    "endless page tree": (endless_pages, REFUSED),
    # pdfium itself gives up where the memory limit stops it; that ends its process and nothing else.
    "forms in forms": (deep_forms, REFUSED | {ReadErrorKind.CRASHED}),
    "5000 pages": (lambda: many_pages(5000), {ReadErrorKind.TOO_LARGE}),
    "font that hangs": (hanging_font, REFUSED | {ReadErrorKind.GARBLED}),
    "one long line": (lambda: b"1 " * 3_000_000, REFUSED),
    "a million bars": (lambda: b"|" * 3_000_000, REFUSED),
    "a million tabs": (lambda: "年报\n".encode() + b"\t" * 3_000_000, REFUSED),
}


@pytest.mark.parametrize("name", CASES)
def test_ends_in_one_sentence_and_the_next_is_read(process: ReadingProcess, name: str) -> None:
    make, kinds = CASES[name]
    data = make()
    begun = time.monotonic()
    with pytest.raises(ReadError) as caught:
        process.read(data, name)
    assert caught.value.kind in kinds
    assert "请" in caught.value.sentence
    assert time.monotonic() - begun < SECONDS / 2
    page = (DOCUMENTS / "html/plain.html").read_bytes()
    assert process.read(page, "next").number("requests.received.total") == 801
