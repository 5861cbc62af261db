"""Comments in a Word file: at the right cells and sentences, and not a byte of anything else is another."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from config.forms import load_forms
from report.form import make_form
from tests.documents.as_docx import PLAIN, docx, paragraph, table
from tests.office_program import convert, needs_libreoffice
from tests.workers.drafts.made import GOVERNMENT, word
from workers.drafts.comments import Note, with_comments
from workers.reading.errors import ReadError
from workers.reading.formats.word import places_in
from workers.reading.formats.word_package import open_package
from workers.reading.read import read_document

WORD = sorted((Path(__file__).parents[2] / "documents" / "word").glob("*.docx"))
AT = "2024-03-01T09:00:00Z"
NEW = {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
_ANCHORS = re.compile(rb"<w:commentRange(?:Start|End)[^>]*/>|<w:r><w:commentReference[^>]*/></w:r>")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(data: bytes, **parts_of: Callable[[bytes], bytes] | bytes) -> bytes:
    """The file with some parts made otherwise; the names are given by their last piece without its ending."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in parts(data).items():
            change = parts_of.get(name.rpartition("/")[2].split(".")[0])
            target.writestr(name, content if change is None else change(content) if callable(change) else change)
        for name, new in parts_of.items():
            if isinstance(new, bytes):
                target.writestr(f"word/{name}.xml", new)
    return made.getvalue()


def stands_at(data: bytes) -> dict[str, str]:
    """The first line of each comment, and the text of the cell or paragraph at which it stands."""
    found = parts(data)
    root: Any = etree.fromstring(found["word/document.xml"])
    comments: Any = etree.fromstring(found["word/comments.xml"])
    said = {one.get(qn("w:id")): "".join(one.find(qn("w:p")).itertext()) for one in comments}
    places: dict[str, str] = {}
    for anchor in root.iter(qn("w:commentRangeStart")):
        cell: Any = next(anchor.iterancestors(qn("w:tc")), None)
        where = cell if cell is not None else next(anchor.iterancestors(qn("w:p")))
        places[said[anchor.get(qn("w:id"))]] = "".join(where.itertext())
    return places


@pytest.mark.parametrize("path", WORD, ids=lambda path: path.name)
def test_all_but_the_comments_is_byte_for_byte_as_it_was(path: Path) -> None:
    data = path.read_bytes()
    places = places_in(open_package(data))
    notes = [Note(f"在{where}", (where,)) for where in [*places.cells][::7]]
    commented = with_comments(data, [*notes, Note("没有位置的")], "年度报告", AT)

    before, after = parts(data), parts(commented)
    assert {name for name in after if before.get(name) != after[name]} <= NEW and set(before) <= set(after)
    assert _ANCHORS.sub(b"", after["word/document.xml"]) == before["word/document.xml"]
    assert len(stands_at(commented)) == len(notes) + 1
    assert len(list(Document(io.BytesIO(commented)).comments)) == len(notes) + 1
    forms = {name: make_form(file) for name, file in load_forms().items()}
    read, again = (read_document(one, source="x", forms=forms) for one in (data, commented))
    assert (again.figures, again.sections, again.gaps) == (read.figures, read.sections, read.gaps)


def test_a_comment_stands_in_the_very_cell_merged_and_empty_ones_too() -> None:
    rows = [[("左", 2, 1), ("上", 1, 2)], [("中", 1, 1), ("", 1, 1)], [("下", 1, 2), ("末", 1, 1)]]
    data = docx([paragraph("标题"), table(rows, PLAIN), paragraph("正文写收到申请3件。")])
    cells = {"左": (0, 0, 0), "上": (0, 0, 1), "中": (0, 1, 1), "": (0, 1, 2), "下": (0, 2, 0), "末": (0, 2, 2)}
    notes = [Note(f"在“{text}”", (where,)) for text, where in cells.items()]
    notes += [
        Note("在句子", (), "收到申请 3件"),
        Note("短的", (), "…"),
        Note("没有", ((9, 9, 9),)),
        Note("<&>\x01坏字", ()),
    ]
    found = stands_at(with_comments(data, notes, "标题", AT))
    assert found == {f"在“{text}”": text for text in cells} | {
        "在句子": "正文写收到申请3件。", "短的": "标题", "没有": "标题", "<&>坏字": "标题"
    }  # fmt: skip


def test_what_is_in_a_text_box_is_told_at_its_paragraph() -> None:
    data = next(path for path in WORD if path.name == "text-boxes.docx").read_bytes()
    places = places_in(open_package(data))
    boxed = [text for text, one in places.paragraphs if next(one.iterancestors(qn("w:txbxContent")), None) is not None]
    commented = with_comments(data, [Note("框里", (), boxed[0])], "", AT)
    root = etree.fromstring(parts(commented)["word/document.xml"])
    assert all(
        next(one.iterancestors(qn("w:txbxContent")), None) is None for one in root.iter(qn("w:commentRangeStart"))
    )


def test_comments_that_are_there_stay_and_an_empty_paragraph_takes_one() -> None:
    first = with_comments(docx([paragraph("标题")]), [Note("第一")], "", AT)
    again = with_comments(first, [Note("第二")], "", AT)
    assert stands_at(again) == {"第一": "标题", "第二": "标题"}
    assert parts(again)["word/_rels/document.xml.rels"] == parts(first)["word/_rels/document.xml.rels"]
    rows = [[("头", 1, 1), ("", 1, 1)], [("", 1, 1), ("尾", 1, 1)]]
    bare = re.compile(rb'<w:p><w:pPr><w:jc w:val="center"/></w:pPr></w:p>')
    empty = changed(docx([table(rows, PLAIN)]), document=lambda content: bare.sub(b"<w:p/>", content))
    assert parts(empty)["word/document.xml"].count(b"<w:p/>") == 2
    commented = with_comments(empty, [Note("空的", ((0, 0, 1),))], "", AT)
    assert stands_at(commented) == {"空的": ""}
    left = _ANCHORS.sub(b"", parts(commented)["word/document.xml"])
    assert left.replace(b"<w:p></w:p>", b"<w:p/>") == parts(empty)["word/document.xml"]


def test_another_prefix_and_the_strict_kind_are_as_good() -> None:
    data = docx([paragraph("标题")])
    other = changed(data, document=lambda content: content.replace(b"<w:", b"<x:").replace(b"</w:", b"</x:")
                    .replace(b" w:", b" x:").replace(b"xmlns:w=", b"xmlns:x="))  # fmt: skip
    commented = with_comments(other, [Note("批注")], "", AT)
    assert stands_at(commented) == {"批注": "标题"}
    assert len(list(Document(io.BytesIO(commented)).comments)) == 1


@pytest.mark.parametrize("doctype", [b'<!DOCTYPE w [<!ENTITY a "aaaa">]>', b"<!DOCTYPE w>"])
def test_what_could_be_a_trap_gets_no_comments(doctype: bytes) -> None:
    data = changed(
        word(GOVERNMENT), document=lambda content: content.replace(b"<w:document", doctype + b"<w:document", 1)
    )
    with pytest.raises(ReadError):
        with_comments(data, [Note("批注")], "", AT)


def test_macros_and_what_lies_elsewhere_come_back_as_they_were() -> None:
    outside = b'<Relationship Id="rId99" Type="http://x/image" Target="http://evil.example/a" TargetMode="External"/>'
    end = b"</Relationships>"
    data = changed(word(GOVERNMENT), vbaProject=b"macro" * 1000)
    data = changed(data, document=lambda content: content.replace(end, outside + end))
    commented = with_comments(data, [Note("批注")], GOVERNMENT.title, AT)
    assert parts(commented)["word/vbaProject.xml"] == b"macro" * 1000
    relations = parts(commented)["word/_rels/document.xml.rels"]
    assert outside in relations and relations.count(b"/comments") == 1


@needs_libreoffice
def test_an_office_program_shows_them_and_the_same_text(tmp_path: Path) -> None:
    data = word(GOVERNMENT)
    commented = with_comments(data, [Note("错误（T08）：总计\n依据", ((2, 3, 4),)), Note("题")], GOVERNMENT.title, AT)
    texts: dict[str, Any] = {}
    for name, content in (("before", data), ("after", commented)):
        (tmp_path / f"{name}.docx").write_bytes(content)
        with zipfile.ZipFile(convert(tmp_path / f"{name}.docx", "odt")) as opened:
            texts[name] = etree.fromstring(opened.read("content.xml"))
    seen = list(texts["after"].iter("{*}annotation"))
    assert ["".join(one.itertext()) for one in seen][-1].endswith("错误（T08）：总计依据")
    for one in (*seen, *texts["after"].iter("{*}annotation-end")):
        tail, parent, before = one.tail or "", one.getparent(), one.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(one)
    assert "".join(texts["after"].itertext()) == "".join(texts["before"].itertext())
