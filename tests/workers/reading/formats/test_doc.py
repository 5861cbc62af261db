"""DOC beyond what the corpus shows: what our reader cannot open goes to LibreOffice, where there is one."""

from __future__ import annotations

import pytest

from report.form import Form
from tests.workers.reading.conftest import DOCUMENTS
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats import doc
from workers.reading.read import read_document

PLAIN = (DOCUMENTS / "doc/plain.doc").read_bytes()
# The table stream that the file names is not the one that it has.
BROKEN = PLAIN.replace("1Table".encode("utf-16-le"), "7Table".encode("utf-16-le"))


def test_what_libreoffice_makes_of_it_is_read(forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch) -> None:
    converted = (DOCUMENTS / "word/plain.docx").read_bytes()
    monkeypatch.setattr(doc, "as_docx", lambda data: converted if data == BROKEN else None)
    report = read_document(BROKEN, source="x.doc", forms=forms)
    assert report.number("requests.received.total") == 801
    assert report.media_type == "application/msword"


def test_without_libreoffice_the_sentence_says_so(forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReadError) as caught:
        read_document(BROKEN, source="x.doc", forms=forms)
    assert caught.value.kind is ReadErrorKind.BROKEN
    assert "另存为 docx" in caught.value.sentence and "LibreOffice" in caught.value.sentence


def test_cells_keep_their_merges_and_their_places(forms: dict[str, Form]) -> None:
    grid = doc.read_doc(PLAIN).grids()[1]
    heads = [(cell.text, cell.column, cell.width, cell.height) for cell in grid.own_cells(1)]
    assert heads == [("自然人", 3, 1, 2), ("法人或其他组织", 4, 5, 1), ("总计", 9, 1, 2)]
    place = read_document(PLAIN, source="x", forms=forms).figures["requests.received.total"].place
    assert (place.table, place.row, place.column) == (1, 3, 9)
