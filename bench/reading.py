"""``make bench``: how long a report takes to read and check, beside other ways to read the same file, in one run.

The ways take turns, so that a busy machine slows all of them alike; what counts are the ratios. Each is run once
before the first round (warm), and the median of the rounds is shown. Only ours understands the report: pdfplumber gives
text and cells, pypdfium2 bare text. The sums of this PDF do not agree (its publisher's mistake), so that ours includes
the second opinion that pdfplumber is asked for on such pages.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pdfplumber
import pypdfium2
from rich.console import Console
from rich.table import Table

from config.forms import load_forms
from config.rules import load_rules
from report.form import Form, make_form
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

CHECKOUT = Path(__file__).resolve().parent.parent
PDF = CHECKOUT / "tests/documents/real/hongze-2023.pdf"
PAGES = sorted((CHECKOUT / "tests/documents/html").glob("*.html"))

OURS = "nianbao: read and check"
Way = Callable[[], object]


def ours(data: bytes, forms: Mapping[str, Form]) -> Way:
    """Reading a document into figures and sections, and checking it against all rules."""
    rules = load_rules()

    def read_and_check() -> object:
        report = read_document(data, source="bench", forms=forms)
        return check_report(report, forms, Context(), rules)

    return read_and_check


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


def medians(ways: Mapping[str, Way], rounds: int) -> dict[str, float]:
    """Median seconds of each way over ``rounds`` rounds, the ways taking turns, garbage collected in between."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            begun = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begun)
    return {name: statistics.median(times) for name, times in seconds.items()}


def table(title: str, what: str, measured: Mapping[str, float], *, against: str | None = None) -> Table:
    """The medians as a table; with the name of one of them in ``against``, as multiples of it too."""
    shown = Table(title=title, title_justify="left")
    shown.add_column(what)
    for heading in ("ms/report", "reports/s", *(["ratio"] if against else [])):
        shown.add_column(heading, justify="right")
    for name, seconds in measured.items():
        ratio = [f"{seconds / measured[against]:.2f}"] if against else []
        shown.add_row(name, f"{seconds * 1000:.1f}", f"{1 / seconds:.1f}", *ratio)
    return shown


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(description="How long reading takes, beside other tools.")
    arguments.add_argument("--rounds", type=int, default=9, help="rounds to take the median of (default 9)")
    rounds = max(1, arguments.parse_args().rounds)
    forms = {name: make_form(file) for name, file in load_forms().items()}
    data = PDF.read_bytes()
    pdf: dict[str, Way] = {
        OURS: ours(data, forms),
        "pdfplumber: text and tables": lambda: pdfplumber_text_and_tables(data),
        "pypdfium2: bare text": lambda: pypdfium2_text(data),
    }
    html = {page.name: ours(page.read_bytes(), forms) for page in PAGES}
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    of = f"median of {rounds} rounds"
    console.print(table(f"{PDF.name}, {of}", "way", medians(pdf, rounds), against=OURS))
    console.print(table(f"web pages, {OURS}, {of}", "page", medians(html, rounds)))


if __name__ == "__main__":
    main()
