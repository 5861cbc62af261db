"""``make bench``: how long a report takes to read and check, beside other ways to read the same file, in one run.

What is measured is the time of one core (of all of them together where a way uses several). The ways take turns, so
that a busy machine slows all of them alike; what counts are the ratios. Each is run once before the first round (warm),
and the median of the rounds is shown. Only ours understands the report: pdfplumber gives text and cells, pypdfium2 bare
text. The sums of this PDF do not agree (its publisher's mistake), so that ours includes the second look that such
figures get, and the search for what would make them agree. Peak memory is that of a process of its own for each way.
"""

from __future__ import annotations

import argparse
import gc
import io
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pdfplumber
import pypdfium2
from rich.console import Console
from rich.table import Table

from config.forms import load_forms
from config.rules import load_rules
from report.form import Form, make_form
from workers.reading.read import read_document
from workers.reading.scans.recognition import Written, read_lines
from workers.rules.check import check_report
from workers.rules.context import Context

CHECKOUT = Path(__file__).resolve().parent.parent
PDF = CHECKOUT / "tests/documents/real/hongze-2023.pdf"
PAGES = sorted((CHECKOUT / "tests/documents/html").glob("*.html"))
SCAN, SCAN_ROUNDS = CHECKOUT / "tests/documents/scans/qingshan-2020.pdf", 3
# What a season is made of.
MIX = {"web pages": 0.70, "PDF": 0.25, "scans": 0.05}
SECONDS_A_DAY = 86_400

OURS = "nianbao: read and check"
BOTH_ENGINES = "nianbao, both engines, no pictures"
ONE_ENGINE = "nianbao, without the second look"
PLAIN = "pdfplumber: text and tables"
RAPIDOCR = "rapidocr: every line once"
_SECOND_LOOK = "workers.reading.paged.second_opinion.seen_twice"
_PICTURES = "workers.reading.paged.witnesses.pictures_agree"
# pdfplumber-rs has pdfplumber's name, so it lives in an environment of its own.
RS_PYTHON = CHECKOUT / ".venv-rs/bin/python"
_RS = """
import io, sys, time, statistics, pdfplumber
data = open(sys.argv[1], "rb").read()
def once():
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text(), page.extract_tables()
once()
took = []
for _ in range(int(sys.argv[2])):
    begun = time.process_time(); once(); took.append(time.process_time() - begun)
print(statistics.median(took))
"""
Way = Callable[[], object]


def ours(data: bytes, forms: Mapping[str, Form]) -> Way:
    """Reading a document into figures and sections, and checking it against all rules."""
    rules = load_rules()

    def read_and_check() -> object:
        report = read_document(data, source="bench", forms=forms)
        return check_report(report, forms, Context(), rules)

    return read_and_check


def without_a_second_look(way: Way) -> Way:
    """The same with one engine: nothing is confirmed by another one, or by its picture."""

    def one_engine() -> object:
        with patch(_SECOND_LOOK, lambda data, report, form, from_pictures: report):
            return way()

    return one_engine


def without_pictures(way: Way) -> Way:
    """The same with both engines and no picture of a cell: what the workers of the queue ``read`` do with a PDF."""

    def both_engines() -> object:
        with patch(_PICTURES, lambda data, printed: None):
            return way()

    return both_engines


def pdfplumber_rs(rounds: int) -> float | None:
    """Median core seconds of pdfplumber-rs over the PDF; None where it is not installed in ``.venv-rs``."""
    if not RS_PYTHON.exists():
        return None
    command = [str(RS_PYTHON), "-c", _RS, str(PDF), str(rounds)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    return float(result.stdout) if result.returncode == 0 else None


def pdfplumber_text_and_tables(data: bytes) -> None:
    """Every page's text and tables, pages closed as pdfplumber advises."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()
            page.close()


def pypdfium2_text(data: bytes) -> None:
    """Every page's bare text."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()


def rapidocr_on_lines(data: bytes, forms: Mapping[str, Form]) -> Way:
    """rapidocr's own recogniser over the lines of a scan as ours finds them, each once, on one core as ours.

    The model is the same. It neither looks for the lines, nor looks at a number twice, nor knows what a report is.
    """
    rapidocr = import_module("rapidocr")
    pictures: list[Any] = []

    def noted(shown: Sequence[Any], *, numbers: bool = False, tight: bool = False) -> list[Written]:
        if tight and not numbers:
            pictures.extend(shown)
        return read_lines(shown, numbers=numbers, tight=tight)

    with patch("workers.reading.scans.scan.read_lines", noted):
        ours(data, forms)()
    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    recognise = rapidocr.RapidOCR(params={**threads, "Global.log_level": "critical"})
    return lambda: [recognise(picture, use_det=False, use_cls=False) for picture in pictures]


def medians(ways: Mapping[str, Way], rounds: int, *, warm: bool = True) -> dict[str, float]:
    """Median core seconds of each way over ``rounds`` rounds, the ways taking turns, garbage collected in between."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values() if warm else ():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            begun = time.process_time()
            way()
            seconds[name].append(time.process_time() - begun)
    return {name: statistics.median(times) for name, times in seconds.items()}


def table(
    title: str, what: str, measured: Mapping[str, float], *, against: str | None = None, memory_of: int = 0
) -> Table:
    """The medians as a table; with the name of one of them in ``against``, as multiples of it too.

    Peak memory is that of ``memory_of`` runs; 0 leaves it out.
    """
    shown = Table(title=title, title_justify="left")
    shown.add_column(what)
    headings = ["ms/report", "reports/s", *(["ratio"] if against else []), *(["peak MB"] if memory_of else [])]
    for heading in headings:
        shown.add_column(heading, justify="right")
    for name, seconds in measured.items():
        cells = [f"{seconds * 1000:.1f}", f"{1 / seconds:.1f}"]
        cells += [f"{seconds / measured[against]:.2f}"] if against else []
        cells += [f"{peak_megabytes(name, memory_of):.0f}"] if memory_of else []
        shown.add_row(name, *cells)
    return shown


def peak_megabytes(way: str, runs: int) -> float:
    """The most memory that a process needs which does nothing but one way, so many times, with the PDF."""
    program = "import sys; from bench.reading import print_peak; print_peak(sys.argv[1], int(sys.argv[2]))"
    result = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", program, way, str(runs)], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return float(result.stdout)


def print_peak(way: str, runs: int) -> None:
    """Goes one way so many times and prints the process's peak memory in megabytes."""
    run = pdf_ways(PDF.read_bytes(), known_forms())[way]
    for _ in range(runs):
        run()
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}")


def known_forms() -> dict[str, Form]:
    """The forms as shipped."""
    return {name: make_form(file) for name, file in load_forms().items()}


def pdf_ways(data: bytes, forms: Mapping[str, Form]) -> dict[str, Way]:
    """The ways to read a PDF, by name."""
    return {
        OURS: ours(data, forms),
        BOTH_ENGINES: without_pictures(ours(data, forms)),
        ONE_ENGINE: without_a_second_look(ours(data, forms)),
        PLAIN: lambda: pdfplumber_text_and_tables(data),
        "pypdfium2: bare text": lambda: pypdfium2_text(data),
    }


def reports_a_day(seconds: Mapping[str, float]) -> float:
    """What one core reads in a day of the mix; of what was not measured the others take the place."""
    weights = {kind: MIX[kind] for kind in seconds}
    mean = sum(weights[kind] * seconds[kind] for kind in seconds) / sum(weights.values())
    return SECONDS_A_DAY / mean


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(description="How long reading takes, beside other tools.")
    arguments.add_argument("--rounds", type=int, default=9, help="rounds to take the median of (default 9)")
    arguments.add_argument("--quick", action="store_true", help="one cold round, no scan: whether it runs, no figure")
    given = arguments.parse_args()
    rounds, quick = (1, True) if given.quick else (max(1, given.rounds), False)
    forms = known_forms()
    pdf = medians(pdf_ways(PDF.read_bytes(), forms), rounds, warm=not quick)
    html = medians({page.name: ours(page.read_bytes(), forms) for page in PAGES}, rounds, warm=not quick)
    html["all, on average"] = statistics.mean(html.values())
    seconds = {"web pages": html["all, on average"], "PDF": pdf[OURS]}
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    of = f"median of {rounds} rounds"
    console.print(table(f"{PDF.name}, {of}", "way", pdf, against=OURS, memory_of=1 if quick else 5))
    faster = {name: pdf[PLAIN] / pdf[name] for name in (OURS, BOTH_ENGINES, ONE_ENGINE)}
    console.print(
        f"Than plain pdfplumber {faster[BOTH_ENGINES]:.1f} times faster with both engines, "
        f"{faster[OURS]:.1f} times with the pictures of cells too, "
        f"{faster[ONE_ENGINE]:.1f} times without the second look."
    )
    if not quick and (peer := pdfplumber_rs(rounds)) is not None:
        console.print(
            f"pdfplumber-rs: {peer * 1000:.1f} ms, {pdf[PLAIN] / peer:.1f} times faster than plain pdfplumber."
        )
    console.print(table(f"web pages, {OURS}, {of}", "page", html))
    if not quick and find_spec("onnxruntime") is not None:
        scan = SCAN.read_bytes()
        scans = medians({OURS: ours(scan, forms), RAPIDOCR: rapidocr_on_lines(scan, forms)}, SCAN_ROUNDS)
        seconds["scans"] = scans[OURS]
        console.print(table(f"{SCAN.name}, median of {SCAN_ROUNDS} rounds", "way", scans, against=OURS))
        pages = len(pypdfium2.PdfDocument(scan))
        console.print(
            f"A scan takes {scans[OURS] / pages:.2f} seconds a page, {scans[OURS] / scans[RAPIDOCR]:.2f} of what "
            "rapidocr's own recogniser takes for its lines."
        )
    parts = ", ".join(f"{MIX[kind]:.0%} {kind}" for kind in seconds)
    console.print(f"One core reads and checks {reports_a_day(seconds):,.0f} reports a day ({parts}).")


if __name__ == "__main__":
    main()
