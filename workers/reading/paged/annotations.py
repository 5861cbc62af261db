"""What is put upon a page of a PDF: the values of form fields, notes typed over it, stamps, lines through text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from report.account import PieceKind
from workers.reading.layout.pdf_tables import Box
from workers.reading.paged.turn import Turn

_MOST = 2_000
_LONGEST = 4_000
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW | raw.FPDF_ANNOT_FLAG_INVISIBLE
# What says something of its own where it stands; a link, a highlight or a mark in the margin does not.
_KINDS = {
    raw.FPDF_ANNOT_WIDGET: PieceKind.FIELD,
    raw.FPDF_ANNOT_FREETEXT: PieceKind.FIELD,
    raw.FPDF_ANNOT_STAMP: PieceKind.ANNOTATION,
    raw.FPDF_ANNOT_CARET: PieceKind.ANNOTATION,
    raw.FPDF_ANNOT_REDACT: PieceKind.ANNOTATION,
    raw.FPDF_ANNOT_FILEATTACHMENT: PieceKind.LINK,
    raw.FPDF_ANNOT_STRIKEOUT: PieceKind.STRUCK,
}


class Annotation(NamedTuple):
    """Something put upon a page: what it is, its text where it has one, its box as shown."""

    kind: PieceKind
    text: str
    box: Box


def annotations_of(page: Any, turn: Turn) -> list[Annotation]:
    """What is put upon a page of pdfium's and may say something of its own; an empty field says nothing."""
    found = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        item = raw.FPDFPage_GetAnnot(page, index)
        if not item:
            continue
        try:
            found += list(_read(item, turn, page.formenv))
        finally:
            raw.FPDFPage_CloseAnnot(item)
    return found


def _read(item: Any, turn: Turn, form: Any) -> Iterator[Annotation]:
    subtype = raw.FPDFAnnot_GetSubtype(item)
    kind = _KINDS.get(subtype)
    box = raw.FS_RECTF()
    if kind is None or raw.FPDFAnnot_GetFlags(item) & _HIDDEN or not raw.FPDFAnnot_GetRect(item, box):
        return
    if subtype == raw.FPDF_ANNOT_WIDGET:
        text = _value(item, form) if form is not None else ""
        if not text.strip():
            return
    else:
        text = _contents(item)
    yield Annotation(kind, text, turn.box(box.left, box.bottom, box.right, box.top))


def _value(item: Any, form: Any) -> str:
    """The value of a form field, which may stand in its parent."""
    length = raw.FPDFAnnot_GetFormFieldValue(form, item, None, 0)
    room = _room(length)
    raw.FPDFAnnot_GetFormFieldValue(form, item, room, ctypes.sizeof(room))
    return _said(room)


def _contents(item: Any) -> str:
    length = raw.FPDFAnnot_GetStringValue(item, b"Contents", None, 0)
    room = _room(length)
    raw.FPDFAnnot_GetStringValue(item, b"Contents", room, ctypes.sizeof(room))
    return _said(room)


def _room(length: int) -> Any:
    return (raw.FPDF_WCHAR * (min(length, _LONGEST) // 2 + 1))()


def _said(room: Any) -> str:
    return bytes(room).decode("utf-16-le", "replace").partition("\0")[0]
