"""Which form a document is printed on, from its labels and never from its year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from report.form import Form
from report.labels import bare
from workers.reading.content import Content, Grid

BEFORE_2019 = "pre-2019"
_OLD_HEADINGS = ("收费及减免", "收费和减免", "收费情况和减免", "收费与减免")
_OLD_TABLE = ("统计指标", "指标名称", "统计数", "主动公开政府信息数")
_FEWEST_LABELS = 4
_SURELY_A_FORM = 10
_LONGEST_LABEL = 60


def which_form(content: Content, forms: Mapping[str, Form]) -> str | None:
    """The name of the form whose own labels stand in the tables; "pre-2019" for the older structure; else None."""
    cells = {bare(text) for text in _cell_texts(content.grids())}
    scores = {name: len(cells & own) for name, own in _own_labels(forms).items()}
    best = max(scores, key=lambda name: scores[name], default=None)
    only = best is not None and scores[best] and list(scores.values()).count(scores[best]) == 1
    # One word alone (其他, 规范性文件) stands on many a page that is no report.
    if best is not None and only and len(cells & forms[best].once(_all_labels)) >= _FEWEST_LABELS:
        return best
    if has_form_tables(content, forms):
        return None
    if (
        _OLD_TABLE[0] in cells
        or len(cells & set(_OLD_TABLE)) > 1
        or any(word in paragraph.text[:_LONGEST_LABEL] for paragraph in content.paragraphs() for word in _OLD_HEADINGS)
    ):
        return BEFORE_2019
    return None


def has_form_tables(content: Content, forms: Mapping[str, Form]) -> bool:
    """Whether tables of some unified form are there, of whichever one."""
    cells = {bare(text) for text in _cell_texts(content.grids())}
    return any(len(cells & form.once(_all_labels)) >= _FEWEST_LABELS for form in forms.values())


def likely_form(content: Content, forms: Mapping[str, Form]) -> str | None:
    """The form with most labels in the tables, the newest of equals, where they are without doubt tables of some form.

    Which one they are of is not known by it: a part of a table has rows that all forms have.
    """
    cells = {bare(text) for text in _cell_texts(content.grids())}
    by_year = sorted(forms, key=lambda name: forms[name].file.years.first, reverse=True)
    best = max(by_year, key=lambda name: len(cells & forms[name].once(_all_labels)), default=None)
    return best if best is not None and len(cells & forms[best].once(_all_labels)) >= _SURELY_A_FORM else None


def block_headings(forms: Iterable[Form]) -> frozenset[str]:
    """What stands over the blocks of table two (第二十条第（一）项), bare: no running text where it is a paragraph."""
    return frozenset(
        bare(text) for form in forms for block in form.file.table_two for text in (block.heading, *block.variants)
    )


def _cell_texts(grids: Iterable[Grid]) -> Iterable[str]:
    for grid in grids:
        for row in range(len(grid.rows)):
            for cell in grid.own_cells(row):
                if 1 < len(cell.text) <= _LONGEST_LABEL:
                    yield cell.text


def _own_labels(forms: Mapping[str, Form]) -> dict[str, frozenset[str]]:
    """The labels that each form has and no other, and that are not the heads of columns which all forms have (其他)."""
    shared: frozenset[str] = frozenset().union(*(form.once(_column_heads) for form in forms.values()))
    everything = {name: form.once(_all_labels) for name, form in forms.items()}
    return {
        name: labels.difference(shared, *(other for second, other in everything.items() if second != name))
        for name, labels in everything.items()
    }


def _column_heads(form: Form) -> frozenset[str]:
    """The heads of the columns of tables three and four, bare."""
    columns = [column for table in (form.file.table_three, form.file.table_four) for column in table.columns]
    return frozenset(bare(text) for column in columns for text in (column.label, *column.variants))


def _all_labels(form: Form) -> frozenset[str]:
    file = form.file
    columns = [column for block in file.table_two for column in block.columns]
    rows = [row for block in file.table_two for row in block.rows] + [*file.table_three.rows]
    texts = [text for column in columns for text in (column.label, *column.variants)]
    return frozenset(bare(text) for text in (*texts, *(text for row in rows for text in (row.label, *row.variants))))
