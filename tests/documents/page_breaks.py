"""The page-break sweep: reports that differ in where a page ends, by 3 mm each, in three faces and three sizes.

``python -m tests.documents.page_breaks`` reads all of them (a part with ``--step``) and says which have a wrong number
or an untrue finding; ``--office`` has LibreOffice make the PDFs from Word. Everything is made by seed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice, product
from pathlib import Path

from tests.documents.as_docx import Style, blocks, docx
from tests.documents.as_pdf import EVEN, THREE, Setting, pdf_of
from tests.documents.pdf_faces import Embedded, Face, Song, SongAndTimes
from tests.documents.report_source import Source, drawn
from tests.documents.variants.sweep import Variant, faults, read

MILLIMETRE = 72 / 25.4
STEPS = 80
FACES: dict[str, Callable[[], Face]] = {"song": Song, "times": SongAndTimes, "noto": Embedded}
SIZES = (8, 9, 10.5)
_YEARS = {"2019": 2020, "2021": 2023}
_A_TIME = 40


def sources(seed: int) -> dict[str, Source]:
    """A report of each form, with numbers of up to four digits."""
    return {form: drawn("青山区人民政府", year, form, seed=seed, most=400) for form, year in _YEARS.items()}


def sweep(seed: int) -> Iterator[Variant]:
    """All of them: forms, faces, sizes, rows that may go on over a page and that may not, steps of 3 mm."""
    for form, source in sources(seed).items():
        for face, size, may_break, step in product(FACES, SIZES, (True, False), range(STEPS)):
            setting = Setting(
                size=size,
                space=3 * MILLIMETRE * step,
                may_break=may_break,
                repeat=step % 3 == 2,
                middle=step % 2 == 1,
                widths=EVEN if step % 4 == 3 else THREE,
            )
            name = f"{form} {face} {size} {'breaks' if may_break else 'whole'} {3 * step} mm"
            yield Variant(name, partial(_pdf, source, setting, face), source)


def _pdf(source: Source, setting: Setting, face: str) -> bytes:
    return pdf_of(source, setting, FACES[face]()).data()


def office_sweep(seed: int, step: int = 1) -> Iterator[Variant]:
    """The same through LibreOffice, from Word documents."""
    made: list[tuple[str, bytes, Source]] = []
    for form, source in sources(seed).items():
        for size, may_break, down in product((16, 18, 21), (True, False), range(STEPS)):
            style = Style(half_points=size, whole_rows=not may_break, repeat=3 if down % 3 == 2 else 0)
            name = f"{form} {size / 2} {'breaks' if may_break else 'whole'} {3 * down} mm"
            made.append((name, docx(blocks(source, style, round(3 * MILLIMETRE * 20 * down))), source))
    chosen = made[::step]
    for start in range(0, len(chosen), _A_TIME):
        part = chosen[start : start + _A_TIME]
        files = as_pdf([data for _, data, _ in part])
        for (name, _, source), data in zip(part, files, strict=True):
            yield Variant(name, partial(bytes, data), source)


def as_pdf(documents: Sequence[bytes]) -> list[bytes]:
    """Word documents as LibreOffice prints them."""
    office = shutil.which("soffice")
    assert office is not None
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{number:04d}.docx" for number in range(len(documents))]
        for name, data in zip(names, documents, strict=True):
            name.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *map(str, names)],
            check=True, capture_output=True,
        )  # fmt: skip
        return [name.with_suffix(".pdf").read_bytes() for name in names]


class Tally:
    """What became of the figures of some documents."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter(figures=0, unread=0, faults=0)
        self.said: list[str] = []

    def add(self, variant: Variant) -> None:
        """Reads and checks one."""
        report = read(variant)
        printed = variant.source.keys()
        self.count["documents"] += 1
        self.count["figures"] += len(printed)
        if report is None:
            self.count["unread"] += len(printed)
            self.said.append(f"{variant.name}: refused")
            return
        unread = [key for key in printed if report.number(key) is None]
        wrong = faults(variant, report)
        self.count["unread"] += len(unread)
        self.count["faults"] += len(wrong)
        if wrong or unread:
            self.said.append(f"{variant.name}: {'; '.join(wrong[:3])} unread {len(unread)} {unread[:3]}")

    @property
    def share_read(self) -> float:
        """Of the printed figures, how many were read."""
        return 1 - self.count["unread"] / max(1, self.count["figures"])


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--step", type=int, default=1)
    ask.add_argument("--office", action="store_true")
    asked = ask.parse_args()
    tally = Tally()
    chosen = office_sweep(asked.seed, asked.step) if asked.office else islice(sweep(asked.seed), 0, None, asked.step)
    for variant in chosen:
        tally.add(variant)
        for line in tally.said:
            sys.stdout.write(line + "\n")
        tally.said.clear()
    sys.stdout.write(f"{dict(tally.count)} read {tally.share_read:.2%}\n")
    return 1 if tally.count["faults"] or tally.share_read < 0.99 else 0


if __name__ == "__main__":
    sys.exit(main())
