"""A source as text, in the ways in which conversions write a report's tables."""

from __future__ import annotations

from tests.documents.as_html import plain_table
from tests.documents.report_source import Source, Spans


def markdown(source: Source) -> bytes:
    """Markdown: cells between bars, a merged cell's text in its first position only."""
    return _text(source, _bars).encode()


def tabs(source: Source) -> bytes:
    """Cells between tabs, as copied from a page."""
    return _text(source, lambda rows: "\n".join("\t".join(row) for row in _positions(rows))).encode("gb18030")


def html_tables_in_text(source: Source) -> bytes:
    """Plain text with the tables as HTML."""
    return _text(source, plain_table).encode()


def _bars(rows: Spans) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in _positions(rows)]
    return "\n".join([lines[0], "|" + " --- |" * lines[0].count(" | ") + " --- |", *lines[1:]])


def _positions(rows: Spans) -> list[list[str]]:
    """The text of every position; those that a merged cell covers besides its first are empty."""
    wide = sum(across for _, _, across in rows[0])
    made = [[""] * wide for _ in rows]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + i, column + j) for i in range(down) for j in range(across)}
            made[number][column] = text
            column += across
    return made


def _text(source: Source, write: object) -> str:
    assert callable(write)
    parts = [source.title, source.opening()]
    tables = {
        1: write(source.table_two_as_one()),
        2: write([*source.head_three(), *source.body_three()]),
        3: write(source.table_four()),
    }
    for number, (heading, texts) in enumerate(source.sections()):
        parts += [heading, *texts, *([tables[number]] if number in tables else [])]
    return "\n\n".join(parts) + "\n"
