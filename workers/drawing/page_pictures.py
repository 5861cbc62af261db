"""Draws the pages of a document on which something was found, and keeps them: nobody but a worker opens documents.

Each is drawn in a process with a limit on time and memory, and kept in the archive in several sizes, so that whoever
encloses one takes what there is room for. A page that cannot be drawn is left out, and holds nobody up.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from config.severity import Severity
from ledger.archive import ArchiveError
from ledger.reading.page_pictures import PictureKept, keep_pictures, pages_kept
from report.findings.finding import Check
from report.report import Report
from workers.worker_context import WorkerContext

log = logging.getLogger("nianbao.workers")

SECONDS = 30.0
MOST_PAGES = 8
DRAWN = ("application/pdf", "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp")
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")
# What a person has to look at is on the page too, but accuses nobody.
_ORDER = (Severity.ERROR, Severity.WARNING)


def pages_found(report: Report, result: Check) -> list[int]:
    """The pages of errors and warnings in a document whose pages can be drawn, the gravest first; at most 8."""
    if report.media_type not in DRAWN:
        return []
    pages: dict[int, None] = {}
    for finding in sorted(result.findings, key=lambda one: list(Severity).index(one.severity)):
        if finding.severity in _ORDER:
            places = [report.figures[key].place for key in finding.cells if key in report.figures]
            pages |= dict.fromkeys(place.page for place in (*places, finding.place) if place.page is not None)
    return list(pages)[:MOST_PAGES]


def keep_pages_found(worker_context: WorkerContext, report: Report, result: Check, data: bytes | None = None) -> None:
    """Draws and keeps what is not kept yet; ``data`` are the document's bytes, out of the archive where not given."""
    wanted = pages_found(report, result)
    if not wanted:
        return
    with worker_context.ledger.read() as session:
        wanted = [page for page in wanted if page not in pages_kept(session, report.sha256)]
    try:
        drawn = draw_pages(data or worker_context.archive.get(report.sha256), report.media_type, wanted)
        kept = [
            PictureKept(one["page"], rank, one["width"], one["height"], worker_context.archive.put(picture))
            for one in drawn
            for rank, picture in enumerate(base64.b64decode(picture) for picture in one["pictures"])
        ]
    except ArchiveError as error:
        log.warning("页面图像未能存档：%s", error)
        return
    if kept:
        with worker_context.ledger.write() as session:
            keep_pictures(session, report.sha256, kept)


def draw_pages(data: bytes, media_type: str, pages: Sequence[int]) -> list[dict[str, Any]]:
    """The pages of a document: ``page``, ``width`` and ``height`` in points, ``pictures`` (PNG, base64, smaller and
    smaller). Those that cannot be drawn are left out, and nothing is raised.
    """
    if not pages or media_type not in DRAWN:
        return []
    question = json.dumps({"media_type": media_type, "pages": list(pages)}).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "workers.drawing.draw_pages"],
            input=question + data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
        )
        answer: list[dict[str, Any]] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        log.warning("页面图像未能生成：%s", type(error).__name__)
        return []
    return answer
