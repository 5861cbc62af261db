"""How many figures of scans are read right, and how many seconds a page takes: a longer run than the suite's.

``make scans COUNT=20``, or ``python -m tests.documents.scans.measure --count 20``: the real PDF and, where the machine
has a Chinese font, reports drawn by chance, each through another scanner. Ends with 1 where a figure was read wrongly
and not marked as uncertain, or fewer than 99.5 % were right.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from rich.console import Console

from report.figure import Figure, State
from tests.documents.report_source import forms
from tests.documents.scans.make_scans import FONTS, Picture, Scanner, as_pdf, draw, made_source, scanned, truth_of
from workers.reading.form.cell_value import state_of
from workers.reading.read import read_document

DOCUMENTS = Path(__file__).resolve().parents[1]
FEWEST_RIGHT = 0.995


@dataclass
class Score:
    """Figures read right and certain, right but not sure of it, said to be unread, and wrong without a word."""

    right: int = 0
    unsure: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, truth: Mapping[str, Any], figures: Mapping[str, Figure]) -> None:
        """Compares every figure with what stands in the document."""
        for key, expected in truth.items():
            figure = figures.get(key)
            told = f"{key}: {expected!r}, read {figure and figure.text!r}"
            if figure is None or (figure.state in (State.ABSENT, State.UNREADABLE) or not figure.certain):
                self.unsure.append(told)
            elif is_right(expected, figure):
                self.right += 1
            else:
                self.wrong.append(told)

    @property
    def share(self) -> float:
        """The share of figures that were read right."""
        return self.right / max(self.right + len(self.unsure) + len(self.wrong), 1)


def is_right(expected: Any, figure: Figure) -> bool:
    """Whether a figure is what stands there: a number, the text of a cell, or one of the states that are fair."""
    if isinstance(expected, dict):
        states = expected["state"] if isinstance(expected["state"], list) else [expected["state"]]
        return figure.state in states
    if isinstance(expected, str):
        return (figure.state, figure.value) == state_of(expected)
    return figure.state is State.NUMBER and figure.value == Decimal(str(expected))


def real_pages() -> list[Picture]:
    """The pages of the real PDF in grey at 200 dpi."""
    with pypdfium2.PdfDocument(DOCUMENTS / "real" / "hongze-2023.pdf") as document:
        drawn = [page.render(scale=200 / 72, grayscale=True).to_numpy() for page in document]
    return [np.array(page).reshape(page.shape[:2]) for page in drawn]


def real_truth() -> dict[str, Any]:
    """What a person read in the real PDF."""
    found: dict[str, Any] = json.loads((DOCUMENTS / "expected" / "hongze-2023.json").read_text(encoding="utf-8"))
    return dict(found["figures"])


def _documents(count: int) -> Iterator[tuple[str, list[Picture], dict[str, Any]]]:
    fonts = any(Path(font).exists() for font in FONTS)
    for seed in range(count):
        chance = random.Random(seed)
        scanner = Scanner(
            skew=chance.uniform(-2, 2), noise=chance.uniform(3, 14), quality=chance.randint(35, 70),
            blur=chance.uniform(0, 0.9), ground=chance.randint(225, 255), seed=seed,
        )  # fmt: skip
        if seed % 4 and fonts:
            source = made_source(seed, chance.choice(["2019", "2021"]), chance.choice([20, 400, 900]))
            pages, truth = draw(source, digits=seed % 2, size=chance.choice([24, 26, 28])), truth_of(source)
        else:
            pages, truth = real_pages(), real_truth()
        yield f"{seed}: {scanner}", [scanned(page, scanner, number) for number, page in enumerate(pages)], truth


def main() -> None:
    """Reads and counts."""
    arguments = argparse.ArgumentParser(description="Accuracy and speed of reading scans.")
    arguments.add_argument("--count", type=int, default=8, help="documents (default 8)")
    console = Console(highlight=False, soft_wrap=True)
    score, seconds, read = Score(), 0.0, 0
    for name, pages, truth in _documents(arguments.parse_args().count):
        own = Score()
        data = as_pdf(pages, 90)
        begun = time.perf_counter()
        report = read_document(data, source=name, forms=forms())
        seconds += time.perf_counter() - begun
        read += len(pages)
        own.add(truth, report.figures)
        console.print(f"{name}  {own.right} right, {len(own.unsure)} unsure, {len(own.wrong)} wrong  {report.title}")
        for line in (*own.unsure, *own.wrong):
            console.print(f"   {line}")
        score.right += own.right
        score.unsure += own.unsure
        score.wrong += own.wrong
    console.print(
        f"{score.share:.2%} right, {len(score.unsure)} unsure, {len(score.wrong)} wrong; {seconds / read:.2f} s/page"
    )
    sys.exit(bool(score.wrong) or score.share < FEWEST_RIGHT)


if __name__ == "__main__":
    main()
