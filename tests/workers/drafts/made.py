"""Drafts that are made up: Word files of the invented district's agencies."""

from __future__ import annotations

from functools import cache

from tests.documents.as_docx import blocks, docx
from tests.documents.report_source import Source, drawn

# Drawn by chance: what last year left over is another number than what this year begins with.
GOVERNMENT = drawn("云山区人民政府", 2023, seed=7)
ELSEWHERE = drawn("云山区文化和旅游局", 2023, seed=8)


@cache
def _word(markup: tuple[str, ...]) -> bytes:
    return docx(list(markup))


def word(source: Source) -> bytes:
    """A report as its agency would hand it in."""
    return _word(tuple(blocks(source)))
