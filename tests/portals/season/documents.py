"""The documents of the season: one sound report as a page, and files that differ from agency to agency."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from random import Random

from bench.accuracy.page import page as accuracy_page
from bench.accuracy.paper import word as accuracy_word
from bench.accuracy.plan import sound_plan
from cli.demo.portals.sound_report import sound_body
from config.forms import load_forms
from report.form import Form, make_form

_DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"
_FILES = {
    "pdf": "pdf/weasyprint.pdf",
    "scan.pdf": "scans/qingshan-2023.pdf",
    "doc": "doc/plain.doc",
    "wps": "doc/strokes-and-blanks.wps",
    "rtf": "rtf/plain.rtf",
    "ofd": "ofd/plain.ofd",
    "docx": "word/plain.docx",
    "zip": "word/plain.docx",
}
_NAME = "某某机关"
_FRAME = re.compile(r'<div class="(?:header|position|info|footer)">.*?</div>', re.DOTALL)
YEAR = 2025


def body(agency: str, year: int, seed: int) -> str:
    """A sound report as the body of an article; the number of pieces of information differs by ``seed``."""
    return _sound(year).replace(_NAME, agency).replace("85条", f"{Random(seed).randint(40, 900)}条")


def file(kind: str, mark: str) -> bytes:
    """A file of a kind, with ``mark`` in it where no reader looks, so that each is another one."""
    data = _file(kind)
    if not data.startswith(b"PK"):
        return data + f"\n%{mark}".encode() if data.startswith(b"%PDF") else data + mark.encode()
    packed = io.BytesIO(data)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.comment = mark.encode()
    return packed.getvalue()


def copies(seed: int) -> tuple[str, bytes, bytes]:
    """One sound report three times: as the body of an article, as a Word file, and as a Word file of other figures."""
    plan = sound_plan(seed, _forms(), YEAR)
    html = accuracy_page(plan)
    text = next(html.decode(name) for name in ("utf-8", "gb18030") if _decodes(html, name))
    # Its frame is another portal's, with another date.
    inner = _FRAME.sub("", text[text.index("<body>") + len("<body>") : text.rindex("</body>")])
    other = next(made for number in range(seed + 1, seed + 99) if (made := sound_plan(number, _forms(), YEAR)) != plan)
    return inner, accuracy_word(plan), accuracy_word(other)


def _decodes(data: bytes, charset: str) -> bool:
    try:
        data.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


@cache
def _forms() -> dict[str, Form]:
    return {name: make_form(one) for name, one in load_forms().items()}


@cache
def _sound(year: int) -> str:
    return sound_body(_NAME, year)


@cache
def _file(kind: str) -> bytes:
    return (_DOCUMENTS / _FILES[kind]).read_bytes()
