"""Mutated documents of every format through the reading process: ``make fuzz COUNT=5000``.

Bytes are flipped, cut, repeated, spliced from other documents, and put in, in the file and in the parts of packed ones.
Of every outcome it is asked: no crash, no limit overrun, and no number that is not in the document. Text recognition
and LibreOffice are off: it is our own readers that are tried.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2 as pdfium

from config.settings import load_settings
from report.figure import State
from report.numerals import fold_width
from report.report import Report
from workers.reading import read
from workers.reading.child.process import ReadingProcess
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.formats import doc
from workers.reading.paged import pdf
from workers.reading.scans import scanned_pdf

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"
READER = "tests.workers.reading.fuzz:read_without_programs"
SECONDS, MEGABYTES = 120, 700
SEEDS = (
    "html/tables-in-tables.html", "html/zuojiazhuang-2019.trs.html", "html/pasted-from-word.html",
    "seeds/000_94c0c8a1a4856154.txt", "seeds/002_07fb4919d9928ff3.txt", "text/markdown.md",
    "word/nanmofang-2019.docx", "word/text-boxes.docx", "word/layout-table.docx",
    "doc/plain.doc", "doc/layout-table.doc", "rtf/layout-table.rtf", "rtf/form-2019-beijing.rtf",
    "ofd/plain.ofd", "zip/one-report.zip",
    "real/hongze-2023.pdf", "pdf/libreoffice.pdf", "pdf/browser.pdf", "pdf/weasyprint.pdf", "pdf/drawn-thin-boxes.pdf",
)  # fmt: skip
# What a reader has to be stopped at is its own fault, whatever the document holds.
FAULTS = frozenset({ReadErrorKind.CRASHED, ReadErrorKind.TIMEOUT, ReadErrorKind.MEMORY})
_JUNK = b"<td>\t\n</tr><table>(\xff\x00\\trowd\\cell{\\*}]]>\x07\r99999<</Kids[1 0 R]>>"
_DIGITS = re.compile(r"[0-9]+")

Step = tuple[str, float, float, int]
WAYS = ("flip", "cut", "repeat", "splice", "insert", "truncate")


@dataclass(frozen=True)
class Mutant:
    """A document that was made from a seed: its bytes and what was done."""

    seed: str
    data: bytes
    steps: tuple[Step, ...]


def read_without_programs(data: bytes, **known: Any) -> Report:
    """Reads in the child process, with recognition and LibreOffice as if they were not installed."""
    for module in (pdf, scanned_pdf):
        vars(module)["recognition_is_installed"] = lambda: False
    vars(doc)["as_docx"] = lambda data: None
    return read.read_document(data, **known)


def mutant(seed: str, steps: Sequence[Step], *, inside: bool, other: str) -> Mutant:
    """A seed changed; ``inside``: in the parts of a packed one. ``other`` is the document that pieces come from."""
    data, source = (DOCUMENTS / seed).read_bytes(), (DOCUMENTS / other).read_bytes()
    if inside and data.startswith(b"PK"):
        return Mutant(seed, _repacked(data, lambda part: _changed(part, steps, source)), tuple(steps))
    return Mutant(seed, _changed(data, steps, source), tuple(steps))


def problems_of(process: ReadingProcess, made: Mutant) -> tuple[str, list[str]]:
    """How the reading ended, and what is wrong with that."""
    begun = time.monotonic()
    try:
        report = process.read(made.data, made.seed)
    except ReadError as error:
        ended = error.kind.value
        wrong = [f"{error.kind.value}: {error.sentence}"] if error.kind in FAULTS else []
        return ended, wrong + ([] if error.sentence.strip() else ["no sentence"])
    seconds = time.monotonic() - begun
    wrong = [f"took {seconds:.1f} s"] if seconds > SECONDS / 2 else []
    numbers = {
        figure.key: ("".join(_DIGITS.findall(fold_width(figure.text))), "".join(_DIGITS.findall(str(figure.value))))
        for figure in report.figures.values()
        if figure.state is State.NUMBER
    }
    wrong += [
        f"{key}: {value} from {text}" for key, (text, value) in numbers.items() if text.strip("0") != value.strip("0")
    ]
    unseen = {text for text, _ in numbers.values()}
    # The ways to look for a number that take long are gone through only where the others did not find it.
    for texts in ways_to_see(made.data):
        if not unseen:
            break
        seen = texts()
        unseen -= {number for number in unseen if any(number in text for text in seen)}
    wrong += [f"{key}: {text} is not in the document" for key, (text, _) in numbers.items() if text in unseen]
    return "read", wrong


def ways_to_see(data: bytes) -> Iterator[Callable[[], list[str]]]:
    """The document's text in every way in which it could be meant, the quick ways first; only digits count in it."""
    if not data.startswith((b"PK", b"\xd0\xcf", b"%PDF")):
        yield lambda: [data.decode("latin-1")]
    yield lambda: _bare([data.decode("utf-8", "replace")])
    yield lambda: _bare([data.decode("gb18030", "replace")])
    if b"%PDF-" in data[:1024]:
        yield lambda: _bare(_by_pdfium(data, sort=False))
        yield lambda: _bare(_by_pdfium(data, sort=True))
        yield lambda: _bare(_by_pdfminer(data))
    elif data.startswith(b"PK"):
        for part in _parts(data):
            yield from ways_to_see(part)
    elif data.startswith(b"\xd0\xcf"):
        yield lambda: _bare(
            [*(data[start:].decode("utf-16-le", "replace") for start in (0, 1)), data.decode("latin-1")]
        )
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield lambda: _bare([data.decode("utf-16", "replace")])


def _bare(texts: Sequence[str]) -> list[str]:
    """The texts without what may stand between the digits of a number, with and without markup."""
    plain = [unescape(re.sub(r"<[^>]*>|\\[a-z]+-?[0-9]* ?|[{}]", "", text)) for text in texts]
    return [re.sub(r"[,.\s\u200b\ufeff-]", "", fold_width(text)) for text in (*texts, *plain)]


def _by_pdfium(data: bytes, *, sort: bool) -> list[str]:
    texts = []
    try:
        document = pdfium.PdfDocument(data)
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range(errors="replace"))
            if sort:
                # In the order of the page, not of the file.
                marks = [(text.get_charbox(i), text.get_text_range(i, 1)) for i in range(text.count_chars())]
                marks.sort(key=lambda mark: (round(mark[0][1] / 3), mark[0][0]))
                texts.append("".join(mark for _, mark in marks))
            text.close()
            page.close()
        document.close()
    except pdfium.PdfiumError:
        return texts
    return texts


def _by_pdfminer(data: bytes) -> list[str]:
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            return [page.extract_text() for page in document.pages]
    except Exception:  # noqa: BLE001 - pdfminer raises nearly anything, and this only looks
        return []


def _parts(data: bytes) -> list[bytes]:
    parts = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                try:
                    parts.append(archive.read(name))
                except (
                    zipfile.BadZipFile,
                    zlib.error,
                    ValueError,
                    OSError,
                    EOFError,
                    NotImplementedError,
                    RuntimeError,
                ):
                    continue
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return parts
    return parts


def _repacked(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        largest = max(source.infolist(), key=lambda member: member.file_size).filename
        for name in source.namelist():
            part = source.read(name)
            if name in (largest, "word/document.xml"):
                part = _repacked(part, change) if part.startswith(b"PK") else change(part)
            target.writestr(name, part)
    return packed.getvalue()


def _changed(data: bytes, steps: Sequence[Step], other: bytes) -> bytes:
    for how, where, length, value in steps:
        start = int(where * len(data))
        stop = min(len(data), start + 1 + int(length * length * 4000))
        if how == "flip" and start < len(data):
            data = data[:start] + bytes([value]) + data[start + 1 :]
        elif how == "cut":
            data = data[:start] + data[stop:]
        elif how == "repeat":
            data = data[:stop] + data[start:stop] * (1 + value % 5) + data[stop:]
        elif how == "splice":
            begin = int(length * len(other))
            data = data[:start] + other[begin : begin + 16 * value] + data[start:]
        elif how == "insert":
            data = data[:start] + _JUNK[value % len(_JUNK) :] + data[start:]
        elif how == "truncate" and value < 40:
            data = data[: max(start, 1)]
    return data


def main() -> None:
    """Reads ``--count`` mutants and prints how they ended; exit status 1 where one ended badly."""
    arguments = argparse.ArgumentParser(description="Reads mutated documents of every format.")
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    chance = random.Random(given.seed)
    ends: Counter[tuple[str, str]] = Counter()
    bad = 0
    settings = load_settings(read_timeout_seconds=SECONDS, read_memory_megabytes=MEGABYTES)
    with ReadingProcess(settings, reader=READER) as process:
        for number in range(given.count):
            steps = [
                (chance.choice(WAYS), chance.random(), chance.random(), chance.randrange(256))
                for _ in range(chance.randint(1, 6))
            ]
            seed, other = SEEDS[number % len(SEEDS)], chance.choice(SEEDS)
            made = mutant(seed, steps, inside=chance.random() < 0.8, other=other)
            ended, wrong = problems_of(process, made)
            ends[Path(seed).suffix, ended] += 1
            if wrong:
                bad += 1
                kept = Path(f"fuzz-{given.seed}-{number}{Path(seed).suffix}")
                kept.write_bytes(made.data)
                sys.stdout.write(f"{kept}: {'; '.join(wrong[:3])} {made.steps}\n")
                sys.stdout.flush()
    for (kind, ended), count in sorted(ends.items()):
        sys.stdout.write(f"{kind:6} {ended:14} {count}\n")
    sys.stdout.write(f"{given.count} mutants, {bad} ended badly\n")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
