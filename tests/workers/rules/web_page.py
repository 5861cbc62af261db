"""A report printed as a web page, so that a case goes the way of a real document: bytes, reader, rules."""

from __future__ import annotations

from html import escape
from itertools import groupby

from report.figure import State
from report.form import Form
from report.report import Report

Row = list[tuple[str, int, int]]


def web_page(report: Report, form: Form) -> bytes:
    """The page: title, opening, sections and the tables of ``form``; figures as their text, blank where they are."""
    parts = [f"<h1>{escape(report.title)}</h1>"] if report.title else []
    parts += _paragraphs(report.opening)
    for section in report.sections:
        parts.append(f"<p>{escape(section.heading)}</p>")
        parts += _paragraphs(section.text)
        if section.kind == "proactive":
            parts += _table_two(report, form)
        if section.kind == "requests":
            parts.append(_table_three(report, form))
        if section.kind == "disputes":
            parts.append(_table_four(report, form))
    title = escape(report.title or "")
    body = "\n".join(parts)
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><div>{body}</div></body></html>'.encode()
    )


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{escape(line)}</p>" for line in text.splitlines() if line]


def _table(rows: list[Row]) -> str:
    made = "".join(
        "<tr>"
        + "".join(f'<td rowspan="{down}" colspan="{across}">{escape(text)}</td>' for text, down, across in row)
        + "</tr>"
        for row in rows
    )
    return f"<table border=1>{made}</table>"


def _cells(report: Report, keys: list[str]) -> Row:
    figures = [report.figures[key] for key in keys]
    return [("" if figure.state is State.BLANK else figure.text, 1, 1) for figure in figures]


def _table_two(report: Report, form: Form) -> list[str]:
    tables = []
    for block in form.file.table_two:
        rows: list[Row] = [[(block.heading, 1, len(block.columns) + 1)]]
        rows.append([("信息内容", 1, 1), *((column.label, 1, 1) for column in block.columns)])
        for row in block.rows:
            keys = [f"proactive.{row.key}.{column.key}" for column in block.columns]
            if keys[0] in report.figures:
                rows.append([(row.label, 1, 1), *_cells(report, keys)])
        tables.append(_table(rows))
    return tables


def _table_three(report: Report, form: Form) -> str:
    table = form.file.table_three
    rows: list[Row] = [
        [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(column.label, 1, 1) for column in table.columns[1:-1]],
    ]
    printed = [row for row in table.rows if f"requests.{row.key}.total" in report.figures]
    outcomes = sum(bool(row.group) for row in printed)
    first = True
    for group, members in groupby(printed, key=lambda row: row.group):
        same = list(members)
        for number, row in enumerate(same):
            cells = _cells(report, [f"requests.{row.key}.{column.key}" for column in table.columns])
            if group is None:
                rows.append([(row.label, 1, 3), *cells])
                continue
            before: Row = [("三、本年度办理结果", outcomes, 1)] if first else []
            first = False
            if group.startswith("三、"):
                rows.append([*before, (row.label, 1, 2), *cells])
            else:
                rows.append([*before, *([(group, len(same), 1)] if number == 0 else []), (row.label, 1, 1), *cells])
    return _table(rows)


def _table_four(report: Report, form: Form) -> str:
    table = form.file.table_four
    labels = [(column.label, 1, 1) for column in table.columns]
    keys = [f"{group.key}.{column.key}" for group in table.groups for column in table.columns]
    return _table(
        [
            [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
            [*((label, 2, 1) for label, _, _ in labels), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
            [*labels, *labels],
            _cells(report, keys),
        ]
    )
