"""The page of evidence as one HTML file: no server, no script, nothing fetched; what stands in it was escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.calendar import chinese_moment
from monitor.channels.mail.render import harmless, openable
from monitor.evidence.facts import ReportEvidence
from monitor.evidence.pictures import PagePicture

FOLDER = Path(__file__).resolve().parent
_STYLE, _DOCUMENT_STYLE = "evidence.css", "document.css"


def evidence_page(
    reports: Sequence[ReportEvidence],
    pictures: Mapping[str, Mapping[int, PagePicture]],
    made_at: datetime,
    most_bytes: int,
) -> bytes:
    """The page for these reports, of ``most_bytes`` at most.

    ``pictures`` are by the document's sha256 and the page's number. They become smaller before any is left out; where
    the page is too large without them, reports are left out. What is left out is said.
    """
    largest = max((len(one.sizes) for of in pictures.values() for one in of.values()), default=0)
    for size in range(largest):
        page = _render(reports, pictures, size, made_at, 0)
        if len(page) <= most_bytes:
            return page
    shown = len(reports)
    while True:
        page = _render(reports[:shown], {}, 0, made_at, len(reports) - shown)
        if len(page) <= most_bytes or shown == 1:
            return page
        shown = max(1, shown // 2)


def document_style() -> str:
    """How findings, tables, sums and pages look, here and at the desk."""
    return (FOLDER / _DOCUMENT_STYLE).read_text("utf-8")


def _render(
    reports: Sequence[ReportEvidence],
    pictures: Mapping[str, Mapping[int, PagePicture]],
    size: int,
    made_at: datetime,
    left_out: int,
) -> bytes:
    environment = _environment()
    style = (FOLDER / _STYLE).read_text("utf-8") + document_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    addresses = {
        (sha256, number): _as_address(one.sizes[min(size, len(one.sizes) - 1)])
        for sha256, of in pictures.items()
        for number, one in of.items()
    }
    html = environment.get_template("evidence.html").render(
        reports=reports,
        pictures=pictures,
        addresses=addresses,
        made_at=made_at,
        left_out=left_out,
        style=Markup(style),  # noqa: S704 - a file of ours
        style_digest=digest,
    )
    return html.encode("utf-8")


def _as_address(picture: bytes) -> Markup:
    encoded = base64.b64encode(picture).decode("ascii")
    return Markup("data:image/png;base64,{}").format(encoded)


def circled(number: int) -> str:
    """A finding's number as it stands beside its cells: ①, ②, … up to fifty, then in brackets."""
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if number <= 50 else f"({number})"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["circled"] = circled
    environment.filters["moment"] = chinese_moment
    environment.filters["openable"] = openable
    return environment
