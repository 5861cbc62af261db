"""Comments in a Word file at the places of findings, with everything else in it byte for byte as it was.

The markup is not written anew, as python-docx would: what a comment needs is put between the bytes of the document's
part. A cell or paragraph is found by the walk of the reader (workers/reading/formats/word.py), so that a merged cell is
the one that the finding means.

For the limited child process alone: the file is as hostile as any.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml.ns import qn
from lxml import etree

from report.form import Form
from workers.drafts.spliced import Inside, insides_of, spliced
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats.word import WordPlaces, places_in
from workers.reading.formats.word_package import open_package, target_of, zipped_parts

AUTHOR, INITIALS = "年报自查", "查"
_TYPES = "[Content_Types].xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_P, _BOX = qn("w:p"), qn("w:txbxContent")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHORTEST_QUOTE = 4


@dataclass(frozen=True, slots=True)
class Note:
    """A comment: ``cells`` (table, row, column) that it is about, else the words of a sentence, else the title's."""

    text: str
    cells: tuple[tuple[int, int, int], ...] = ()
    quote: str = ""


def comment(values: dict[str, Any], data: bytes, forms: Mapping[str, Form]) -> tuple[dict[str, Any], bytes]:
    """The task of the child process: ``notes`` as comments in the Word file ``data``, made at ``at`` (ISO, UTC).

    Raises ReadError where the file is none to which comments can be added.
    """
    notes = [
        Note(one["text"], tuple((table, row, column) for table, row, column in one["cells"]), one["quote"])
        for one in values["notes"]
    ]
    return {"comments": len(notes)}, with_comments(data, notes, values["title"], values["at"])


def with_comments(data: bytes, notes: Sequence[Note], title: str, at: str) -> bytes:
    """The Word file with a comment for each note; ``title`` is the report's, at which those without a place stand.

    Raises ReadError where the file is none to which comments can be added.
    """
    package = open_package(data)
    part = zipped_parts(data)
    content = part(package.name)
    if content is None or b"<!DOCTYPE" in content:
        raise ReadError(ReadErrorKind.KIND_NOT_READ, "这个 Word 文件的写法不能加批注；请按页面上的说明修改。")
    paragraphs = _paragraphs_for(notes, places_in(package), title)
    numbers = {element: place for place, element in enumerate(package.document.iter(etree.Element))}
    insides = insides_of(content, {numbers[one] for one in paragraphs if one is not None})
    name = target_of(part, package.name, "comments")
    existing = part(name) if name is not None else None
    first = _next_id(content, existing)
    begins: dict[Inside, str] = {}
    ends: dict[Inside, str] = {}
    texts = []
    for number, (note, paragraph) in enumerate(zip(notes, paragraphs, strict=True), first):
        if paragraph is None:
            continue
        inside = insides[numbers[paragraph]]
        word = _namespace(content)
        begins[inside] = begins.get(inside, "") + f'<w:commentRangeStart{word} w:id="{number}"/>'
        ends[inside] = ends.get(inside, "") + (
            f'<w:commentRangeEnd{word} w:id="{number}"/><w:r{word}><w:commentReference w:id="{number}"/></w:r>'
        )
        texts.append(_comment(number, note.text, at, word))
    changed = {package.name: spliced(content, begins, ends)}
    changed |= _comments_part(part, package.name, name, existing, "".join(texts), _namespace(content))
    return _packed(data, changed)


def _paragraphs_for(notes: Sequence[Note], places: WordPlaces, title: str) -> list[Any]:
    """The paragraph at which each note stands; None where the document has not a single one."""
    said = [(_letters(text), element) for text, element in places.paragraphs]
    first = next((one for text, one in said if _letters(title) and _letters(title) in text), None)
    first = first if first is not None else next((one for _, one in said), None)
    if first is None:
        first = next((one for cell in places.cells.values() for one in cell.iter(_P)), None)
    return [_outside_boxes(_of_note(note, places, said, first)) for note in notes]


def _of_note(note: Note, places: WordPlaces, said: Sequence[tuple[str, Any]], first: Any) -> Any:
    for where in note.cells:
        paragraph = places.cells[where].find(_P) if where in places.cells else None
        if paragraph is not None:
            return paragraph
    # What is quoted may be shortened in its middle.
    quoted = max(map(_letters, note.quote.split("…")), key=len)
    if len(quoted) >= _SHORTEST_QUOTE:
        return next((one for text, one in said if quoted in text), first)
    return first


def _outside_boxes(paragraph: Any) -> Any:
    """The paragraph, or the one that its text box hangs on: Word takes no comments within a box."""
    found = paragraph
    for parent in paragraph.iterancestors() if paragraph is not None else ():
        if parent.tag == _BOX:
            found = next(parent.iterancestors(_P), found)
    return found


def _letters(text: str) -> str:
    return "".join(text.split())


def _namespace(content: bytes) -> str:
    """The declaration of the prefix w, for elements of a document that does not have it as usual."""
    head = content[:20_000]
    for uri in (_WORD, _STRICT):
        if f'xmlns:w="{uri}"'.encode() in head:
            return ""
    return f' xmlns:w="{_STRICT if _STRICT.encode() in head else _WORD}"'


def _next_id(*parts: bytes | None) -> int:
    """The first number that no comment has."""
    known = [
        int(number)
        for part in parts
        if part is not None
        for number in re.findall(rb"<\w+:comment(?:RangeStart|RangeEnd|Reference)?\s[^>]*?:id=\"(\d{1,9})\"", part)
    ]
    return max(known, default=-1) + 1


def _comment(number: int, text: str, at: str, word: str) -> str:
    lines = _NO_TEXT.sub("", text).split("\n")
    first, others = lines[0], lines[1:]
    said = f'<w:p><w:r><w:annotationRef/></w:r><w:r><w:t xml:space="preserve">{escape(first)}</w:t></w:r></w:p>'
    said += "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(one)}</w:t></w:r></w:p>' for one in others)
    return (
        f'<w:comment{word} w:id="{number}" w:author="{AUTHOR}" w:date="{escape(at)}" w:initials="{INITIALS}">'
        f"{said}</w:comment>"
    )


def _comments_part(
    part: Any, document: str, name: str | None, existing: bytes | None, comments: str, word: str
) -> dict[str, bytes]:
    """The part of comments, and what says that it is there, where it was not."""
    if name is not None:
        if existing is None:
            raise ReadError(
                ReadErrorKind.BROKEN, "Word 文件的批注部分已损坏，不能加批注；请用 Word 或 WPS 另存后再试。"
            )
        return {name: _within_root(existing, comments)}
    folder, own = posixpath.split(document)
    new = next(one for one in _names("comments") if part(posixpath.join(folder, one)) is None)
    relations = posixpath.join(folder, "_rels", f"{own}.rels")
    known = part(relations)
    if known is None:
        known = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    types = part(_TYPES)
    if types is None:
        raise ReadError(ReadErrorKind.BROKEN, "Word 文件缺少内容类型表，不能加批注；请用 Word 或 WPS 另存后再试。")
    used = set(re.findall(rb'\bId="([^"]*)"', known))
    identity = next(one for one in _names("rIdNianbao") if one.encode() not in used).removesuffix(".xml")
    kind = _KIND.replace("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument")
    strict = b"purl.oclc.org/ooxml/officeDocument/relationships" in known
    prefix = _declared(known), _declared(types)
    relation = f'<{prefix[0]}Relationship Id="{identity}" Type="{kind if strict else _KIND}" Target="{new}"/>'
    whole = posixpath.join("/", folder, new)
    override = f'<{prefix[1]}Override PartName="{whole}" ContentType="{_CONTENT_TYPE}"/>'
    declared = word or f' xmlns:w="{_STRICT if strict else _WORD}"'
    root = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments{declared}>{comments}</w:comments>'
    return {
        posixpath.join(folder, new): root.encode(),
        relations: _within_root(known, relation),
        _TYPES: _within_root(types, override),
    }


def _names(stem: str) -> Iterator[str]:
    yield f"{stem}.xml"
    yield from (f"{stem}{number}.xml" for number in range(1, 1000))


def _declared(content: bytes) -> str:
    """The prefix of the root, with its colon."""
    root = re.search(rb"<(\w+:)?\w", content.split(b"?>", 1)[-1])
    return root[1].decode("ascii") if root is not None and root[1] else ""


def _within_root(content: bytes, more: str) -> bytes:
    """A part with something more at the end of its root."""
    if b"<!DOCTYPE" in content:
        raise ReadError(ReadErrorKind.KIND_NOT_READ, "这个 Word 文件的写法不能加批注；请按页面上的说明修改。")
    inside = insides_of(content, {0})[0]
    return spliced(content, {}, {inside: more})


def _packed(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The file with some parts changed and some new ones behind the others, all else as it was."""
    left = {name.lower(): (name, content) for name, content in changed.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.comment = source.comment
        for member in source.infolist():
            own = left.pop(member.filename.replace("\\", "/").lower(), None)
            target.writestr(member, source.read(member) if own is None else own[1], member.compress_type)
        for name, content in left.values():
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
