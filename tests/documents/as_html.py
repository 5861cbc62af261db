"""A source as a web page, in the ways in which content systems and editors write one."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from tests.documents.report_source import Source, Spans

Write = Callable[[Spans], str]
STYLE = (
    "table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:2px;text-align:center;font-size:9pt}"
)


def plain_table(rows: Spans) -> str:
    """A table as simple as HTML has them."""
    return table(rows, lambda text: escape(text))


def paragraphs_in_cells(rows: Spans) -> str:
    """Every cell holds paragraphs, an empty one behind the text, and no-break spaces."""
    return table(rows, lambda text: f'<p style="text-indent:0"><span>&nbsp;{escape(text)}</span></p><p>&nbsp;</p>')


def line_breaks_in_labels(rows: Spans) -> str:
    """Labels are broken by <br> after every fourth character; numbers have one before and behind."""
    return table(
        rows,
        lambda text: (
            "<br>".join(escape(text[i : i + 4]) for i in range(0, len(text), 4))
            if not text[:1].isdigit()
            else f"<br/>{escape(text)}<br>"
        ),
    )


def pasted_from_word(rows: Spans) -> str:
    """The markup that Word leaves when a table is pasted into an editor."""
    return table(
        rows,
        lambda text: (
            '<p class="MsoNormal" align="center" style="text-align:center;mso-pagination:widow-orphan"><span '
            f'style="font-family:仿宋_GB2312;mso-bidi-font-family:宋体"><font face="仿宋">{escape(text)}</font>'
            '<span lang="EN-US"><o:p></o:p></span></span></p>'
        ),
        attributes=' class="MsoTableGrid" border="1" style="mso-border-alt:solid windowtext .5pt" valign="top"',
    )


def table(rows: Spans, cell: Callable[[str], str], attributes: str = ' border="1"', head: int = 0) -> str:
    """A table; ``cell`` writes the inside of a cell; the first ``head`` rows are its <thead>."""
    lines = [f"<table{attributes}>"]
    for number, row in enumerate(rows):
        lines += ["<thead>"] if head and number == 0 else []
        cells = "".join(
            f"<td{_reach('rowspan', down)}{_reach('colspan', across)}>{cell(text)}</td>" for text, down, across in row
        )
        lines.append(f"<tr>{cells}</tr>")
        lines += ["</thead>"] if head and number == head - 1 else []
    return "\n".join([*lines, "</table>"])


def _reach(name: str, count: int) -> str:
    return f' {name}="{count}"' if count > 1 else ""


def body(source: Source, write: Write = plain_table, *, three: str | None = None) -> str:
    """The article: title, paragraphs, tables. ``three`` is written in place of table three."""
    tables = {
        1: "".join(write(rows) + "<p></p>" for rows in source.table_two()),
        2: three if three is not None else write([*source.head_three(), *source.body_three()]),
        3: write(source.table_four()),
    }
    parts = [f"<h1>{source.title}</h1><p>　　{source.opening()}</p>"]
    for number, (heading, paragraphs) in enumerate(source.sections()):
        parts.append(f"<p>　　{heading}</p>")
        parts += [f"<p>　　{text}</p>" for text in paragraphs]
        parts.append(tables.get(number, ""))
    return "\n".join(parts)


def page(source: Source, content: str, charset: str = "utf-8", style: str = STYLE) -> str:
    """A whole page round an article."""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"><title>{source.title}</title>'
        f"<style>{style}</style></head>\n<body>\n{content}\n</body></html>\n"
    )


def split_three(source: Source, *, head_again: bool) -> str:
    """Table three as two tables, the groups that go on opened again, with or without the headings over the second."""
    first, second = split_rows(source.body_three(), 11)
    head = source.head_three()
    return plain_table([*head, *first]) + "<p></p>" + plain_table([*(head if head_again else []), *second])


def split_rows(rows: Spans, after: int) -> tuple[Spans, Spans]:
    """Rows cut in two, cells that reach over the cut going on below it with the same text."""
    first: Spans = []
    going_on: list[tuple[str, int, int]] = []
    for number, row in enumerate(rows[:after]):
        first.append([])
        for text, down, across in row:
            inside = min(down, after - number)
            first[-1].append((text, inside, across))
            if down > inside:
                going_on.append((text, down - inside, across))
    second = [list(row) for row in rows[after:]]
    second[0] = [*going_on, *second[0]]
    return first, second
