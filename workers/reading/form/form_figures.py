"""Every figure of a form from a document's tables: read, or absent, and what of the form is not there."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from report.figure import ABSENT, UNREADABLE, Figure
from report.form import TABLE_NAMES, Form
from report.labels import bare
from report.report import Gap, UnknownLabel, Unread
from workers.reading.content import Content
from workers.reading.form.broken_numbers import with_parts_joined
from workers.reading.form.page_breaks import over_page_breaks
from workers.reading.form.table_four import read_table_four
from workers.reading.form.table_reading import OTHER_HEADS, TableReading, naming
from workers.reading.form.table_three import read_table_three
from workers.reading.form.table_two import read_table_two
from workers.reading.form.unknown_labels import unknown_labels


@dataclass
class FormFigures:
    """Every figure of the form, the gaps, what is not there, and whether table three lacks its last rows.

    ``unknown_labels`` are the labels in its tables that no form has.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    missing: list[Gap] = field(default_factory=list)
    ends_early: bool = False
    unknown_labels: tuple[UnknownLabel, ...] = ()


def read_figures(content: Content, form: Form, forms: Iterable[Form] = ()) -> FormFigures:
    """Every figure of the form: read, or absent. ``forms`` are all that there are."""
    labels = form.once(_labels)
    grids = over_page_breaks(content.blocks, lambda text: bare(text) in labels)
    two, three, four = read_table_two(grids, form), read_table_three(grids, form), read_table_four(grids, form)
    printed = [f"proactive.{row}" for row in two.rows] + [f"requests.{row}" for row in three.rows]
    printed = [row for row in printed if row in form.alternatives()]
    found = two.figures | three.figures | four.figures
    result = FormFigures(gaps=[*two.gaps, *three.gaps, *four.gaps])
    for key in form.keys(printed):
        result.figures[key] = found.get(key) or Figure(key, ABSENT)
    for table, reading in (("proactive", two), ("requests", three)):
        if reading.nameless and reading.started:
            _doubt_what_is_missing(result, table, reading)
    readings = dict(zip(TABLE_NAMES, (two, three, four), strict=True))
    strange = {table for table, of in readings.items() if of.nameless or of.is_strange}
    # A label that was recognised in a picture may be a known one, misread.
    if strange and not content.pictures:
        result.unknown_labels = unknown_labels(grids, form, strange, forms)
        result.gaps = _by_unknown_labels(result.gaps, form, result.unknown_labels)
    read = with_parts_joined(result.figures, form)
    settled = {key for key, figure in read.items() if figure is not result.figures[key]}
    result.figures, result.gaps = read, without_settled(result.gaps, settled)
    _note_missing(result, form, (two, three, four))
    processed, carried = form.file.table_three.processed_total, form.file.table_three.balance.right[-1]
    result.ends_early = three.started and processed not in three.rows and carried not in three.rows
    return result


def _labels(form: Form) -> frozenset[str]:
    """The labels and headings of all three tables with the words over their groups, bare."""
    two, three, four = form.file.table_two, form.file.table_three, form.file.table_four
    texts = [text for block in two for text in (block.heading, *block.variants)]
    texts += [text for block in two for row in block.rows for text in (row.label, *row.variants)]
    texts += [text for block in two for column in block.columns for text in (column.label, *column.variants)]
    texts += [text for row in three.rows for text in (row.label, *row.variants, row.group or "")]
    texts += [text for column in three.columns for text in (column.label, *column.variants, column.group or "")]
    texts += [text for group in four.groups for text in (group.label, *group.variants, group.group or "")]
    texts += [text for column in four.columns for text in (column.label, *column.variants)]
    return frozenset(bare(text) for text in (*filter(None, texts), *OTHER_HEADS))


def _doubt_what_is_missing(result: FormFigures, table: str, reading: TableReading) -> None:
    """Rows of a table that were not found may be those whose labels were not understood: not absent, but unread."""
    missing = [
        key
        for key, figure in result.figures.items()
        if key.startswith(f"{table}.") and figure.state is ABSENT and _row(key) not in reading.rows
    ]
    for key in missing:
        result.figures[key] = Figure(key, UNREADABLE, certain=False)
    if missing:
        name = {"proactive": "表二", "requests": "表三"}[table]
        result.gaps.append(Gap(Unread.CELLS_MISSING, f"{name}中行名认不出的行", tuple(missing)))


def _by_unknown_labels(gaps: list[Gap], form: Form, labels: Iterable[UnknownLabel]) -> list[Gap]:
    """The gaps, those of tables with labels that no form has as such, and one that names the labels."""
    by_table: dict[int, list[str]] = {}
    for label in labels:
        by_table.setdefault(label.table, []).append(f"“{label.text}”")
    found = [
        replace(gap, why=Unread.UNKNOWN_LABEL)
        if gap.why is Unread.CELLS_MISSING and gap.cells and form.names[gap.cells[0]].table in by_table
        else gap
        for gap in gaps
    ]
    told = [Gap(Unread.UNKNOWN_LABEL, TABLE_NAMES[table] + "、".join(texts)) for table, texts in by_table.items()]
    return found + told


def without_settled(gaps: Iterable[Gap], settled: Container[str]) -> list[Gap]:
    """The gaps without the figures that were read after all; one of which nothing is left is none."""
    left = [(gap, tuple(key for key in gap.cells if key not in settled)) for gap in gaps]
    return [replace(gap, cells=cells) for gap, cells in left if cells or not gap.cells]


def _row(key: str) -> str:
    return key.partition(".")[2].rpartition(".")[0]


def _note_missing(result: FormFigures, form: Form, readings: tuple[TableReading, TableReading, TableReading]) -> None:
    """What of the form is not in the document: whole tables, else rows."""
    rows: dict[tuple[int, str], list[str]] = {}
    for key in result.figures:
        name = form.names[key]
        rows.setdefault((name.table, name.row_key if name.table < 4 else "disputes"), []).append(key)
    for (number, table), reading in zip(TABLE_NAMES.items(), readings, strict=True):
        own = {row: keys for (of, row), keys in rows.items() if of == number}
        if not reading.started:
            result.missing.append(Gap(Unread.TABLE_MISSING, table, tuple(key for keys in own.values() for key in keys)))
            continue
        for row, keys in own.items():
            if row not in reading.rows:
                result.missing.append(Gap(Unread.ROW_MISSING, naming(form, keys[0]), tuple(keys)))
