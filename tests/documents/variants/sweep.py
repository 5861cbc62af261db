"""Reads variants by seed and says which have a wrong number or an untrue finding: ``make variants SEED=…``.

Everything is written here from figures; nothing of the readers is used to write it. An honest "not read" is no fault.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from config.rules import load_rules
from config.severity import Severity
from report.report import Report
from tests.documents.as_docx import Style, blocks, docx
from tests.documents.as_html import body, page, table
from tests.documents.report_source import Source, Spans, drawn, forms
from tests.documents.variants import pages, pieces, sheets
from workers.reading.errors import ReadError
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

SEEDS = 4
# The drawn figures are not plausible, and the short texts lack topics: that is true, and not what this is about.
TRUE = frozenset({"D09", "D10", "T09"})
_YEARS = {"2019": 2020, "2021": 2023}


@dataclass(frozen=True)
class Variant:
    """One document and the report that it prints; ``data`` is made when it is asked for, as of most it is not."""

    name: str
    make: Callable[[], bytes]
    source: Source

    @cached_property
    def data(self) -> bytes:
        """The document."""
        return self.make()


def variants(seed: int, seeds: int = SEEDS) -> Iterator[Variant]:
    """Every kind in every form, with figures drawn by ``seed`` and the numbers after it."""
    for form, year in _YEARS.items():
        for number in range(seed * 1000, seed * 1000 + seeds):
            source = drawn("青山区人民政府", year, form, seed=number)
            for kind, make in _documents(source):
                yield Variant(f"{kind} {form} {number}", make, source)


def _documents(source: Source) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for name, cell in pieces.WEB.items():
        yield f"web/{name}", partial(_web, source, cell)
    for name, make in (pages.READ | pages.THERE).items():
        yield f"page/{name}", partial(_encoded_page, make, source)
    for name, sheet in (sheets.BESIDE | sheets.TABLES | sheets.DOUBTFUL).items():
        yield f"pdf/{name}", partial(sheet, source)
    for name, cell in pieces.WORD.items():
        yield f"word/{name}", partial(_word, source, cell)
    for name, cell in pieces.TEXT.items():
        yield f"text/{name}", partial(_markdown, source, cell)
    for name, cell in pieces.RTF.items():
        yield f"rtf/{name}", partial(_rtf, source, cell)


def _web(source: Source, cell: pieces.Cell) -> bytes:
    return page(source, body(source, partial(table, cell=cell)), style=pages.SHEET).encode()


def _encoded_page(make: Callable[[Source], str], source: Source) -> bytes:
    return make(source).encode()


def _word(source: Source, cell: Callable[[str], str]) -> bytes:
    return docx(blocks(source, Style(cell=cell)))


def faults(variant: Variant, report: Report) -> list[str]:
    """The numbers that are not the document's, and the findings that are not true."""
    found = [
        f"{key} is {variant.source.values[key]}, read {figure.value}"
        for key, figure in report.figures.items()
        if figure.value is not None and figure.certain and figure.value != variant.source.values.get(key)
    ]
    check = check_report(report, forms(), Context(), load_rules())
    found += [
        f"{finding.rule} {finding.message[:80]}"
        for finding in check.findings
        if finding.severity is not Severity.HUMAN and finding.rule not in TRUE
    ]
    return found


def read(variant: Variant) -> Report | None:
    """The report as it is read; None where it is refused in a sentence."""
    try:
        return read_document(variant.data, source=variant.name, forms=forms())
    except ReadError:
        return None


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--seeds", type=int, default=SEEDS)
    asked = ask.parse_args()
    count: Counter[str] = Counter()
    for variant in variants(asked.seed, asked.seeds):
        count["documents"] += 1
        report = read(variant)
        if report is None:
            count["refused"] += 1
            _say(f"{variant.name}: refused")
            continue
        printed = variant.source.keys()
        count["figures"] += len(printed)
        count["unread"] += sum(report.figures.get(key) is None or report.figures[key].value is None for key in printed)
        wrong = faults(variant, report)
        count["faults"] += len(wrong)
        if wrong:
            _say(f"{variant.name}: {'; '.join(wrong[:3])}{f'; and {len(wrong) - 3} more' if len(wrong) > 3 else ''}")
    _say(", ".join(f"{name} {number}" for name, number in count.items()))
    return 1 if count["faults"] else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _markdown(source: Source, cell: pieces.Cell) -> bytes:
    lines = [f"# {source.title}", "", source.opening(), ""]
    for number, (heading, texts) in enumerate(source.sections()):
        lines += [f"## {heading}", "", *(line for text in texts for line in (text, ""))]
        tables: dict[int, list[Spans]] = {
            1: source.table_two(), 2: [[*source.head_three(), *source.body_three()]], 3: [source.table_four()],
        }  # fmt: skip
        for rows in tables.get(number, []):
            for at, row in enumerate(_positions(rows)):
                lines.append("| " + " | ".join(cell(text) for text, _ in row) + " |")
                lines += ["|" + "---|" * len(row)] if at == 0 else []
            lines.append("")
    return "\n".join(lines).encode()


def _positions(rows: Spans) -> list[list[tuple[str, bool]]]:
    """The text of each position and whether it is the rest of a cell above or to the left."""
    wide = sum(across for _, _, across in rows[0])
    made: list[list[tuple[str, bool]]] = [[("", True)] * wide for _ in rows]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + i, column + j) for i in range(down) for j in range(across)}
            made[number][column] = (text, False)
            column += across
    return made


def _rtf(source: Source, cell: pieces.Cell) -> bytes:
    parts = [
        "{\\rtf1\\ansi\\ansicpg936{\\colortbl;\\red255\\green255\\blue255;}",
        _line(source.title),
        _line(source.opening()),
    ]
    for number, (heading, texts) in enumerate(source.sections()):
        parts += [_line(heading), *map(_line, texts)]
        tables: dict[int, list[Spans]] = {
            1: source.table_two(), 2: [[*source.head_three(), *source.body_three()]], 3: [source.table_four()],
        }  # fmt: skip
        for rows in tables.get(number, []):
            parts += [*_rtf_rows(rows, cell), "\\pard\\par"]
    return ("".join(parts) + "}").encode("ascii")


def _rtf_rows(rows: Spans, cell: pieces.Cell) -> Iterator[str]:
    """The rows of a table; a cell that goes on below has its rest in each row (``\\clvmrg``)."""
    going_on: dict[int, tuple[int, int]] = {}
    for row in rows:
        below: dict[int, tuple[int, int]] = {}
        definition, content, column = "\\trowd", "", 0
        own = list(row)
        while own or column in going_on:
            if column in going_on:
                left, across = going_on.pop(column)
                definition += "\\clvmrg"
                content += "\\cell "
                if left > 1:
                    below[column] = (left - 1, across)
            else:
                text, down, across = own.pop(0)
                definition += "\\clvmgf" if down > 1 else ""
                content += f"{_encoded(cell(text))}\\cell "
                if down > 1:
                    below[column] = (down - 1, across)
            column += across
            definition += f"\\cellx{column * 900}"
        going_on = below
        yield f"{definition}\\pard\\intbl {content}\\row "


def _line(text: str) -> str:
    return f"\\pard {_encoded(text)}\\par "


def _encoded(text: str) -> str:
    return "".join(
        one if ord(one) < 128 else f"\\u{ord(one) if ord(one) < 32768 else ord(one) - 65536}?" for one in text
    )


if __name__ == "__main__":
    sys.exit(main())
