"""The three tables of a report as rows of (text, rowspan, colspan), with the merges that real reports have."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bench.accuracy.plan import Plan
from config.forms import FormBlock, FormRow

Spans = list[list[tuple[str, int, int]]]

CHECK = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
OUTCOMES = "三、本年度办理结果"


def table_two(plan: Plan, random: Random) -> list[Spans]:
    """Table two as one table or one a block; a block's heading fills its first row."""
    blocks = [made for block in plan.form.file.table_two if (made := _block(plan, block))]
    if not blocks:
        return []
    width = max(sum(across for _, _, across in row) for block in blocks for row in block)
    wide = [[_stretched(row, width - _hanging(block, index)) for index, row in enumerate(block)] for block in blocks]
    return wide if random.random() < 0.25 else [[row for block in wide for row in block]]


def table_three(plan: Plan, random: Random) -> Spans:
    """Table three; in some reports the outcomes have a cell of their own at the left, over all their rows."""
    table = plan.form.file.table_three
    columns = [
        column for column in table.columns if _printed(plan, "requests", [row.key for row in table.rows], column.key)
    ]
    rows = [row for row in table.rows if any(f"requests.{row.key}.{column.key}" in plan.cells for column in columns)]
    side = random.random() < 0.75
    left = 3 if side else 2
    bodies = [column for column in columns if column.group]
    head: Spans = [
        [(CHECK if random.random() < 0.8 else "", 3, left), ("申请人情况", 1, len(columns))],
        [(column.label, 2, 1) for column in columns if not column.group],
        [(column.label, 1, 1) for column in bodies],
    ]
    if bodies:
        head[1].insert(1 if not columns[0].group else 0, (bodies[0].group or "", 1, len(bodies)))
    outcomes = [row for row in rows if row.key in table.outcomes or row.key in ("other", table.processed_total)]
    spans: Spans = []
    for row in rows:
        line: list[tuple[str, int, int]] = []
        inside = row in outcomes
        if inside and side and row is outcomes[0]:
            line.append((OUTCOMES, len(outcomes), 1))
        room = left - (1 if inside and side else 0)
        group = row.group if row.group and row.group != OUTCOMES else None
        if group:
            members = [one for one in rows if one.group == row.group]
            if row is members[0]:
                line.append((group, len(members), 1))
            room -= 1
        line.append((_label(row, random), 1, room))
        line += [(plan.cells.get(f"requests.{row.key}.{column.key}", ""), 1, 1) for column in columns]
        spans.append(line)
    return [*head, *spans]


def table_four(plan: Plan) -> Spans:
    """Table four: two lines of groups, one of columns, one of numbers."""
    table = plan.form.file.table_four
    columns = [column.label for column in table.columns]
    alone, paired = (
        [group for group in table.groups if not group.group],
        [group for group in table.groups if group.group],
    )
    return [
        [(group.label, 1, len(columns)) for group in alone] + [("行政诉讼", 1, len(columns) * len(paired))],
        [(label, 2, 1) for _ in alone for label in columns] + [(group.label, 1, len(columns)) for group in paired],
        [(label, 1, 1) for _ in paired for label in columns],
        [(plan.cells.get(f"{group.key}.{column.key}", ""), 1, 1) for group in table.groups for column in table.columns],
    ]


def over_pages(table: Spans, random: Random) -> list[Spans]:
    """Table three as it is, or broken in two before 四、结转 or after 二、结转, as a word processor leaves it."""
    if random.random() > 0.12:
        return [table]
    at = random.choice((5, len(table) - 1))
    head = table[:3] if random.random() < 0.5 else []
    return [table[:at], [*head, *table[at:]]]


def _block(plan: Plan, block: FormBlock) -> Spans:
    rows = [
        row for row in block.rows if any(f"proactive.{row.key}.{column.key}" in plan.cells for column in block.columns)
    ]
    if not rows:
        return []
    grouped = any(row.group for row in rows)
    label = 2 if grouped else 1
    spans: Spans = [
        [(block.heading, 1, label + len(block.columns))],
        [("信息内容", 1, label), *((column.label, 1, 1) for column in block.columns)],
    ]
    for row in rows:
        members = [one for one in rows if one.group == row.group]
        cells = [(plan.cells.get(f"proactive.{row.key}.{column.key}", ""), 1, 1) for column in block.columns]
        if not row.group:
            spans.append([(row.label, 1, label), *cells])
        elif row is members[0]:
            spans.append([(row.group, len(members), 1), (row.label, 1, 1), *cells])
        else:
            spans.append([(row.label, 1, 1), *cells])
    return spans


def _stretched(row: list[tuple[str, int, int]], width: int) -> list[tuple[str, int, int]]:
    """The row over ``width`` positions: what is missing goes to its last cell."""
    text, down, across = row[-1]
    return [*row[:-1], (text, down, across + width - sum(span for _, _, span in row))]


def _hanging(block: Spans, index: int) -> int:
    """How many positions of a row a cell of the row above already holds."""
    return sum(down > 1 for _, down, _ in block[index - 1]) if index else 0


def _printed(plan: Plan, table: str, rows: Sequence[str], column: str) -> bool:
    return any(f"{table}.{row}.{column}" in plan.cells for row in rows)


def _label(row: FormRow, random: Random) -> str:
    """The row's label, sometimes one of its variants."""
    named = (row.label, *row.variants)
    return random.choice(named) if random.random() < 0.2 else row.label
