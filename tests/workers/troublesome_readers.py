"""Readers that do what a hostile document may do to a reader; the reading process is told to use one by its name."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from report.form import Form
from report.report import Report
from workers.reading.hints import Hints
from workers.reading.read import read_document
from workers.reading.scans.recognition import leave_scan

# A document that opens with one of these words does to its reader what the word says.
HANGS, EATS, CRASHES, FAULTY = b"HANGS", b"EATS", b"CRASHES", b"FAULTY"
# With a report after the line: prints while it reads; reads text that no database takes.
PRINTS, DIRTY = b"PRINTS", b"DIRTY"
# With a report after the line: has to be recognised in pictures.
SCAN = b"SCAN"
# With a file's path after it: waits until the file is there, and is then read as usual.
WAITS = b"WAITS "


def read(data: bytes, *, source: str, forms: Mapping[str, Form], hints: Hints) -> Report:
    """Reads as always, but for the troublesome documents."""
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(WAITS):
        first, _, data = data.partition(b"\n")
        gate = Path(os.fsdecode(first.removeprefix(WAITS)))
        gate.with_suffix(".reached").touch()
        while not gate.exists():
            time.sleep(0.02)
    if data.startswith(HANGS):
        while True:
            time.sleep(60)
    if data.startswith(EATS):
        eaten = []
        while True:
            eaten.append(bytearray(16 * 1024 * 1024))
    if data.startswith(CRASHES):
        ctypes.string_at(0)
    if data.startswith(FAULTY):
        raise LookupError("a fault of the reader")
    if data.startswith(PRINTS):
        sys.stdout.write("a library that prints\n" * 10_000)
        sys.stdout.flush()
        os.write(1, b"\0" * 100_000)
        data = data.partition(b"\n")[2]
    if data.startswith(SCAN):
        leave_scan()
        data = data.partition(b"\n")[2]
    if data.startswith(DIRTY):
        report = read_document(data.partition(b"\n")[2], source=source, forms=forms, hints=hints)
        return replace(
            report, sha256=sha256, title="左\0家\ud800庄2018年政府信息公开工作年度报告", years={"title": 2018}
        )
    return replace(read_document(data, source=source, forms=forms, hints=hints), sha256=sha256)
