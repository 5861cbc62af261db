"""A report as a Word document and as a PDF, for the sample of the run that goes through these readers."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as WordDocument

from bench.accuracy.plan import Plan
from bench.accuracy.script import Heading, script
from bench.accuracy.spelling import in_cell
from bench.accuracy.tables import Spans
from tests.documents.make_pdf import LEFT, WIDTH, Pdf, Style


def word(plan: Plan) -> bytes:
    """The report as DOCX, its tables with merged cells."""
    random = plan.random("word")
    document = Document()
    document.add_paragraph(plan.title)
    for part in script(plan):
        if isinstance(part, Heading):
            document.add_paragraph(part.text)
        elif isinstance(part, str):
            document.add_paragraph(f"　　{part}")
        else:
            _word_table(
                document, [[(in_cell(text, random), down, across) for text, down, across in row] for row in part]
            )
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(plan: Plan) -> bytes:
    """The report as PDF with ruled tables, each on a page of its own."""
    styles: tuple[Style, ...] = ("strokes", "boxes", "thin")
    paper = Pdf(style=plan.random("pdf").choice(styles))
    paper.paragraph(plan.title, 14)
    for part in script(plan):
        if isinstance(part, Heading):
            paper.paragraph(part.text)
        elif isinstance(part, str):
            paper.paragraph(part)
        else:
            paper.new_page()
            width = max(sum(across for _, _, across in row) for row in part)
            left = width - 7 if len(part) > 20 else 0
            narrow = (WIDTH - 2 * LEFT) / (width + 2 * left)
            paper.table(part, [narrow * 3] * left + [narrow] * (width - left))
            paper.new_page()
    return paper.data()


def _word_table(document: WordDocument, rows: Spans) -> None:
    width = max(sum(across for _, _, across in row) for row in rows)
    table = document.add_table(len(rows), width, style="Table Grid")
    grid = [list(row.cells) for row in table.rows]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + i, column + j) for i in range(down) for j in range(across)}
            cell = grid[number][column]
            if down > 1 or across > 1:
                cell = cell.merge(grid[number + down - 1][column + across - 1])
            cell.text = text
            column += across
