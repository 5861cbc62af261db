"""A made-up report as figures: what the documents of the corpus are made from, and what must be read in them.

The figures are drawn by chance (the same for the same ``seed``), with every sum in order unless a document is about a
wrong one. Tables are lists of rows of (text, rowspan, colspan).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path

from config.forms import load_forms
from report.form import Form, make_form

Spans = list[list[tuple[str, int, int]]]
EXPECTED = Path(__file__).resolve().parent / "expected"
OUTCOMES_IN_USE = 6
RESULTS = "三、本年度办理结果"


@cache
def forms() -> dict[str, Form]:
    """The forms as shipped."""
    return {name: make_form(file) for name, file in load_forms().items()}


@dataclass(frozen=True)
class Source:
    """One report: ``values`` holds its figures by key, ``printed`` what stands in a cell instead of the plain number.

    ``alternatives`` are rows printed in place of others (``requests.other``), ``left_out`` rows, and ``order`` the
    columns of table three as printed; ``labels`` replaces labels. ``write`` prints a number.
    """

    agency: str
    year: int
    form: str
    values: Mapping[str, int | Decimal]
    printed: Mapping[str, str] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    write: Callable[[int | Decimal], str] = str
    year_in_title: str = ""

    @property
    def title(self) -> str:
        """The report's title."""
        return f"{self.agency}{self.year_in_title or self.year}年政府信息公开工作年度报告"

    def keys(self) -> list[str]:
        """Every figure that the document prints."""
        return [
            key
            for key in forms()[self.form].keys(self.alternatives)
            if not any(key.startswith(f"{row}.") for row in self.left_out)
        ]

    def cell(self, key: str) -> str:
        """What stands in the cell of a figure."""
        return self.printed[key] if key in self.printed else self.write(self.values[key])

    def label(self, label: str) -> str:
        """A label as this document prints it."""
        return self.labels.get(label, label)

    def sections(self) -> list[tuple[str, list[str]]]:
        """Heading and paragraphs of the six sections; the tables follow the paragraphs of two, three and four."""
        received, carried = self.values["requests.received.total"], self.values["requests.carried_in.total"]
        texts = [
            [
                f"{self.year}年，{self.agency}认真贯彻落实《中华人民共和国政府信息公开条例》，扎实推进政府信息公开工作。",
                f"（一）主动公开情况。全年通过门户网站公开信息{170 + self.year % 100}条。",
                f"（二）依申请公开情况。全年新收政府信息公开申请{received}件，上年结转{carried}件，均依法办理。",
            ],
            [],
            [],
            [],
            ["公开内容的时效性有待加强，解读形式不够丰富。下一步将完善工作机制，加强业务培训。"],
            ["本年度未收取信息处理费。"],
        ]
        headings = [section.heading for section in forms()[self.form].file.sections]
        numbers = "一二三四五六"
        return [(f"{numbers[i]}、{heading}", texts[i]) for i, heading in enumerate(headings)]

    def opening(self) -> str:
        """The paragraph before the first section."""
        return (
            "本报告根据《中华人民共和国政府信息公开条例》第五十条编制，由总体情况等六部分组成。"
            f"所列数据的统计期限自{self.year}年1月1日起至{self.year}年12月31日止。"
        )

    def table_two(self) -> list[Spans]:
        """The blocks of table two. Where rows stand under a group, labels take two columns."""
        blocks = []
        keys = set(self.keys())
        for block in forms()[self.form].file.table_two:
            printed = [row for row in block.rows if f"proactive.{row.key}.{block.columns[0].key}" in keys]
            groups = Counter(row.group for row in printed if row.group)
            labels = 2 if groups else 1
            rows: Spans = [[(block.heading, 1, len(block.columns) + labels)]]
            rows.append([("信息内容", 1, labels), *((self.label(column.label), 1, 1) for column in block.columns)])
            for row in printed:
                own = [(self.cell(f"proactive.{row.key}.{column.key}"), 1, 1) for column in block.columns]
                if row.group is None:
                    rows.append([(self.label(row.label), 1, labels), *own])
                else:
                    first = [(row.group, groups.pop(row.group), 1)] if row.group in groups else []
                    rows.append([*first, (self.label(row.label), 1, 1), *own])
            blocks.append(rows)
        return blocks

    def table_two_as_one(self) -> Spans:
        """All blocks of table two as one table, the last cell of a narrower row wider."""
        blocks = self.table_two()
        wide = max(rows[0][0][2] for rows in blocks)
        made: Spans = []
        for rows in blocks:
            more = wide - rows[0][0][2]
            made += [[*row[:-1], (row[-1][0], row[-1][1], row[-1][2] + more)] for row in rows]
        return made

    def columns(self) -> list[str]:
        """The columns of table three as printed."""
        return list(self.order) or [column.key for column in forms()[self.form].file.table_three.columns]

    def head_three(self) -> Spans:
        """The heading rows of table three."""
        labels = {column.key: self.label(column.label) for column in forms()[self.form].file.table_three.columns}
        own = {column.key: column.group for column in forms()[self.form].file.table_three.columns}
        corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
        second: list[tuple[str, int, int]] = []
        third: list[tuple[str, int, int]] = []
        for group, members in groupby(self.columns(), key=lambda key: own[key]):
            listed = list(members)
            if group is None:
                second += [(labels[key], 2, 1) for key in listed]
            else:
                second.append((group, 1, len(listed)))
                third += [(labels[key], 1, 1) for key in listed]
        return [[(corner, 3, 3), ("申请人情况", 1, 7)], second, third]

    def body_three(self) -> Spans:
        """The data rows of table three with their groups merged."""
        keys = set(self.keys())
        columns = self.columns()
        rows = [row for row in forms()[self.form].file.table_three.rows if f"requests.{row.key}.{columns[0]}" in keys]
        grouped = [row for row in rows if row.group is not None]
        made: Spans = []
        groups = {group: len(list(members)) for group, members in groupby(grouped, key=lambda row: row.group)}
        seen: set[str | None] = set()
        first_result = True
        for row in rows:
            cells: list[tuple[str, int, int]] = []
            if row.group is None:
                cells.append((self.label(row.label), 1, 3))
            else:
                if first_result:
                    cells.append((RESULTS, len(grouped), 1))
                    first_result = False
                if row.group == RESULTS:
                    cells.append((self.label(row.label), 1, 2))
                else:
                    if row.group not in seen:
                        cells.append((self.label(row.group), groups[row.group], 1))
                        seen.add(row.group)
                    cells.append((self.label(row.label), 1, 1))
            made.append([*cells, *((self.cell(f"requests.{row.key}.{column}"), 1, 1) for column in columns)])
        return made

    def table_four(self) -> Spans:
        """Table four."""
        leaves = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
        groups = forms()[self.form].file.table_four.groups
        columns = forms()[self.form].file.table_four.columns
        return [
            [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
            [*((leaf, 2, 1) for leaf in leaves), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
            [(leaf, 1, 1) for leaf in (*leaves, *leaves)],
            [(self.cell(f"{group.key}.{column.key}"), 1, 1) for group in groups for column in columns],
        ]


def drawn(
    agency: str, year: int, form: str = "2021", *, seed: int, most: int = 30, alternatives: Sequence[str] = ()
) -> Source:
    """A report whose figures are drawn by chance; ``most`` bounds a cell of table three."""
    chance = random.Random(seed)
    known = forms()[form]
    values: dict[str, int | Decimal] = {}
    for key in known.keys(alternatives):
        kind = known.names[key].kind
        if key.startswith("proactive."):
            values[key] = chance.choice([0, 0, chance.randint(1, 40), chance.randint(100, 20_000)])
            if kind == "amount":
                values[key] = Decimal(chance.randint(1, 10_000_000)) / 10_000
            elif kind == "change":
                values[key] = chance.randint(-9, 9)
    _draw_requests(values, known, alternatives, chance, most)
    for group in known.file.table_four.groups:
        parts = [column.key for column in known.file.table_four.columns if column.key != "total"]
        drawn_parts = [chance.choice([0, 0, chance.randint(1, 12)]) for _ in parts]
        values |= {f"{group.key}.{part}": number for part, number in zip(parts, drawn_parts, strict=True)}
        values[f"{group.key}.total"] = sum(drawn_parts)
    return Source(agency, year, form, values, alternatives=tuple(alternatives))


def _draw_requests(
    values: dict[str, int | Decimal], form: Form, alternatives: Sequence[str], chance: random.Random, most: int
) -> None:
    table = form.file.table_three
    printed = {key.split(".", 1)[1].rsplit(".", 1)[0] for key in form.keys(alternatives) if key.startswith("requests.")}
    counted = [row.key for row in table.rows if row.key in printed and row.group is not None]
    outcomes = [key for key in counted if key != table.processed_total]
    parts = [column.key for column in table.columns if column.key != table.total_column]
    for column in parts:
        used = (
            chance.sample(outcomes, OUTCOMES_IN_USE)
            if column in ("natural_person", "business") or most > 30
            else outcomes[:1]
        )
        numbers = {outcome: chance.randint(0, most) if outcome in used else 0 for outcome in outcomes}
        done = sum(numbers.values())
        left, before = chance.randint(0, 5), chance.randint(0, min(5, done))
        numbers |= {
            "processed_total": done,
            "carried_out": left,
            "carried_in": before,
            "received": done + left - before,
        }
        values |= {f"requests.{row}.{column}": number for row, number in numbers.items()}
    for row in (*outcomes, "processed_total", "carried_out", "carried_in", "received"):
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{column}"] for column in parts)


def of_expected(name: str) -> Source:
    """The figures that a person read in a real report (``expected/``); what is no plain number there is left blank."""
    truth = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    values: dict[str, int | Decimal] = {}
    printed: dict[str, str] = {}
    for key, value in truth["figures"].items():
        if isinstance(value, dict):
            values[key], printed[key] = 0, ""
        else:
            values[key] = value if isinstance(value, int) else Decimal(value)
    known = forms()[truth["form"]]
    own = [
        row for row in known.alternatives() if any(key.startswith(f"{row}.") for key in values) and _fits(row, values)
    ]
    return Source(truth["agency"], truth["year"], truth["form"], values, printed, tuple(own))


def _fits(row: str, values: Mapping[str, object]) -> bool:
    """Whether a row stands there itself, not only rows whose names begin like it."""
    return any(key.rsplit(".", 1)[0] == row for key in values)


def with_printed(source: Source, changes: Mapping[str, str]) -> Source:
    """The source with other texts in some cells."""
    return replace(source, printed={**source.printed, **changes})
