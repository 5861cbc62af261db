"""The parts of a Word file by what they are and not by what they are called.

Word finds the document by the relationships of the package, whatever its part is named and whatever other parts are
broken; so do we. Strict and transitional files differ in their namespaces alone; a flat file holds the same parts in
one XML document.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from workers.reading.errors import ReadError, ReadErrorKind, is_out_of_memory

_MOST_BYTES = 200 * 2**20
_BROKEN = "Word 文件已损坏，打不开；请用 Word 或 WPS 另存为 docx 后再试。"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|drawingml|officeDocument)/")
_YEARS = {b"wordprocessingml": b"2006", b"drawingml": b"2006", b"officeDocument": b"2006"}
_USUAL = "word/document.xml"
_PACKAGE = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


@dataclass(frozen=True, slots=True)
class WordPackage:
    """The roots of the parts that matter; None where the file has none of them. ``name`` is the document's part."""

    name: str
    document: Any
    styles: Any
    numbering: Any
    title: str | None


def open_package(data: bytes) -> WordPackage:
    """The parts of a Word file, zipped or flat.

    Raises ReadError: broken where it has no document; encrypted; too_large where it unpacks to more than 200 MB.
    """
    try:
        part = _flat_parts(data) if data.lstrip()[:1] == b"<" else zipped_parts(data)
        name = target_of(part, "", "officeDocument") or _USUAL
        document = _parsed(part(name))
        if document is None:
            raise ReadError(ReadErrorKind.BROKEN, _BROKEN)
        styles, numbering = (_related(part, name, kind) for kind in ("styles", "numbering"))
        properties = _related(part, "", "core-properties")
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        ValueError,
        OSError,
        NotImplementedError,
        EOFError,
    ) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
    return WordPackage(name, document, styles, numbering, _title(properties))


Part = Callable[[str], bytes | None]


def zipped_parts(data: bytes) -> Part:
    """The parts of a zipped file by name, whatever its case. Raises as :func:`open_package` does, and BadZipFile."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = archive.infolist()
    if sum(member.file_size for member in members) > _MOST_BYTES:
        raise ReadError(ReadErrorKind.TOO_LARGE, "Word 文件解压后超过 200 MB；请检查文件，必要时另存后再试。")
    if any(member.flag_bits & 1 for member in members):
        raise ReadError(ReadErrorKind.ENCRYPTED, "Word 文件设有密码；请去掉密码后再试。")
    names = {member.filename.replace("\\", "/").lower(): member for member in members}

    def part(name: str) -> bytes | None:
        member = names.get(name.lower())
        return None if member is None else archive.read(member)

    return part


def _flat_parts(data: bytes) -> Part:
    root = etree.fromstring(data, parser=_parser())
    parts = {
        (each.get(f"{_PACKAGE}name") or "").lstrip("/").lower(): inner
        for each in root.iter(f"{_PACKAGE}part")
        for inner in each.iter(f"{_PACKAGE}xmlData")
        if len(inner)
    }

    def part(name: str) -> bytes | None:
        found = parts.get(name.lower())
        return None if found is None else etree.tostring(found[0])

    return part


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _parsed(content: bytes | None) -> Any:
    if content is None:
        return None
    usual = _STRICT.sub(
        lambda match: b"http://schemas.openxmlformats.org/" + match[1] + b"/" + _YEARS[match[1]] + b"/", content
    )
    return etree.fromstring(usual, parser=_parser())


def target_of(part: Part, of: str, kind: str) -> str | None:
    """The name of the part that a part (the package itself: ``""``) is related to by a kind of relationship."""
    folder, name = posixpath.split(of)
    relationships = _parsed(part(posixpath.join(folder, "_rels", f"{name}.rels")))
    if relationships is None:
        return None
    for one in relationships.iter("{*}Relationship"):
        target = one.get("Target") or ""
        if (one.get("Type") or "").endswith(f"/{kind}") and one.get("TargetMode") != "External" and target:
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return None


def _related(part: Part, of: str, kind: str) -> Any:
    """The root of a related part; None where there is none, or it is broken: the document is what counts."""
    name = target_of(part, of, kind) or (posixpath.join(posixpath.dirname(of), f"{kind}.xml") if of else None)
    try:
        return None if name is None else _parsed(part(name))
    except etree.XMLSyntaxError as error:
        if is_out_of_memory(error):
            raise
        return None


def _title(properties: Any) -> str | None:
    if properties is None:
        return None
    return next(((one.text or "").strip() or None for one in properties.iter("{*}title")), None)
