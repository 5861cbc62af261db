"""Fills in a Word file with named placeholders, as an office writes them into its own: ``{{机关}}``.

A placeholder keeps the type in which it stands. A paragraph whose placeholders are all empty goes. A table row with a
placeholder that belongs to an item is repeated for each item. What is filled in is text and nothing else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from config.plain_text import plain

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]{1,30})\s*\}\}")
LONGEST = 3000


class TemplateError(Exception):
    """A template cannot be used; ``str()`` is one sentence with what to do."""


def fill_in(template: bytes, values: Mapping[str, str], items: Sequence[Mapping[str, str]]) -> tuple[bytes, list[str]]:
    """The template with ``values`` in place of their placeholders, and one row for each of ``items``.

    Returns the Word file and the placeholders that nobody knows, which stay as they are. Raises TemplateError where the
    file is no Word file.
    """
    from docx import Document  # here, so that who writes no notice does not load what makes Word files

    try:
        document = Document(io.BytesIO(template))
    except Exception as error:
        # The library raises nearly anything over a file that is none of its own.
        raise TemplateError("模板不是可以打开的 Word 文件（.docx）；请用 Word 或 WPS 另存为 docx") from error
    of_items = {name for item in items for name in item} - set(values)
    unknown: dict[str, None] = {}
    for part in _parts(document):
        for table in part.tables:
            _repeat_rows(table, items, of_items)
        for paragraph in part.paragraphs:
            names = _PLACEHOLDER.findall(paragraph.text)
            # A part without any paragraph is none that Word opens.
            if names and all(values.get(name) == "" for name in names) and len(paragraph._p.getparent()) > 1:
                paragraph._p.getparent().remove(paragraph._p)
        for paragraph in _paragraphs(part):
            _fill_paragraph(paragraph, values)
            unknown |= dict.fromkeys(_PLACEHOLDER.findall(paragraph.text))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue(), list(unknown)


def _parts(document: Any) -> Iterator[Any]:
    """The body, and what is printed above and below each page."""
    yield document
    for section in document.sections:
        yield from (section.header, section.footer, section.first_page_header, section.first_page_footer)


def _paragraphs(part: Any) -> Iterator[Any]:
    yield from part.paragraphs
    for table in part.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from _paragraphs(cell)


def _repeat_rows(table: Any, items: Sequence[Mapping[str, str]], of_items: set[str]) -> None:
    """Makes a copy of each row of items for every item; where there is none, the row goes."""
    from docx.table import _Row

    for row in list(table.rows):
        names = {name for cell in row.cells for name in _PLACEHOLDER.findall(cell.text)}
        if not names & of_items:
            continue
        for item in items:
            copied = deepcopy(row._tr)
            row._tr.addprevious(copied)
            for cell in _Row(copied, table).cells:
                for paragraph in cell.paragraphs:
                    _fill_paragraph(paragraph, item)
        table._tbl.remove(row._tr)


def _fill_paragraph(paragraph: Any, values: Mapping[str, str]) -> None:
    """Replaces what is known in one paragraph; a placeholder that Word cut into pieces is found all the same."""
    while True:
        runs = paragraph.runs
        text = "".join(run.text for run in runs)
        found = next((match for match in _PLACEHOLDER.finditer(text) if match[1] in values), None)
        if found is None:
            return
        value = plain(values[found[1]])[:LONGEST].replace("{{", "{ {")
        begin = 0
        for run in runs:
            end = begin + len(run.text)
            if end <= found.start() or begin >= found.end():
                begin = end
                continue
            before = run.text[: max(0, found.start() - begin)]
            after = run.text[max(0, found.end() - begin) :] if end > found.end() else ""
            run.text = before + (value if begin <= found.start() else "") + after
            begin = end
