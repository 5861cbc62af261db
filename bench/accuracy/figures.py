"""Figures of a sound report: many zeros, a few small numbers, sometimes thousands; every sum of the form agrees."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from report.form import Form

# How many requests an agency gets in a year: (how often, fewest, most).
SCALES = ((0.2, 0, 0), (0.45, 1, 15), (0.25, 16, 120), (0.08, 121, 900), (0.02, 901, 6000))
# Out of a hundred requests; the other applicants get what is left over.
APPLICANTS = {"natural_person": 80, "business": 12, "research": 1, "social_organisation": 2, "legal_service": 3}
OFTEN = ("granted", "partly_granted", "not_provided.not_held", "not_handled.repeated", "refused.administrative_queries")
BEIJING_ROWS = ("proactive.inspections", "proactive.confirmations")


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells of the three tables as printed, and what was carried out of the year before, by column."""

    cells: dict[str, str]
    carried_in: dict[str, int]


def sound_figures(form: Form, random: Random, *, beijing: bool) -> Figures:
    """Figures in which nothing is wrong, by key; ``beijing`` prints the form of 2019 with Beijing's two rows."""
    numbers = _requests(form, random)
    numbers |= _disputes(form, random, numbers["requests.received.total"])
    cells = {key: str(numbers[key]) if key in numbers else "" for key in form.keys(BEIJING_ROWS if beijing else ())}
    cells |= {key: text for key, text in _proactive(form, random).items() if key in cells}
    carried_in = form.file.table_three.balance.left[-1]
    columns = [column.key for column in form.file.table_three.columns]
    return Figures(cells, {column: numbers[f"requests.{carried_in}.{column}"] for column in columns})


def _requests(form: Form, random: Random) -> dict[str, int]:
    table = form.file.table_three
    columns = [column.key for column in table.columns if column.key != table.total_column]
    rows = list(dict.fromkeys([*table.balance.left, *table.outcomes, *table.balance.right]))
    numbers = dict.fromkeys((f"requests.{row}.{column}" for row in rows for column in columns), 0)
    outcomes = [row for row in table.outcomes if row != "other.fee_not_paid"]
    received, carried_in = table.balance.left
    processed, carried_out = table.balance.right
    chosen = [row for row in OFTEN if row in outcomes] + random.sample(outcomes, 3)

    def ask(row: str, count: int) -> None:
        for _ in range(count):
            column = random.choices(columns, [APPLICANTS.get(one, 2) for one in columns])[0]
            numbers[f"requests.{row}.{column}"] += 1

    _, fewest, most = random.choices(SCALES, [share for share, _, _ in SCALES])[0]
    count = random.randint(fewest, most)
    ask(received, count)
    ask(carried_in, random.randint(0, max(0, count // 8)) if random.random() < 0.6 else 0)
    for column in columns:
        waiting = numbers[f"requests.{received}.{column}"] + numbers[f"requests.{carried_in}.{column}"]
        left = random.randint(0, waiting // 8) if random.random() < 0.7 else 0
        numbers[f"requests.{carried_out}.{column}"] = left
        numbers[f"requests.{processed}.{column}"] = waiting - left
        for _ in range(waiting - left):
            numbers[f"requests.{random.choice(chosen)}.{column}"] += 1
    for row in rows:
        numbers[f"requests.{row}.{table.total_column}"] = sum(numbers[f"requests.{row}.{one}"] for one in columns)
    return numbers


def _disputes(form: Form, random: Random, requests: int) -> dict[str, int]:
    table = form.file.table_four
    numbers = {}
    for group in table.groups:
        parts = [column.key for column in table.columns if column.key != table.total_column]
        for part in parts:
            many = min(requests // 4 + 1, 12) if random.random() < 0.25 else 0
            numbers[f"{group.key}.{part}"] = random.randint(0, many)
        numbers[f"{group.key}.{table.total_column}"] = sum(numbers[f"{group.key}.{part}"] for part in parts)
    return numbers


def _proactive(form: Form, random: Random) -> dict[str, str]:
    """Table two: documents in force are more than were issued, what was published is part of all that is."""
    cells: dict[str, str] = {}
    for block in form.file.table_two:
        for row in block.rows:
            key = f"proactive.{row.key}"
            base = random.choice((0, 0, 0, random.randint(1, 12), random.randint(13, 400)))
            for column in block.columns:
                cells[f"{key}.{column.key}"] = str(base)
            kinds = [column.key for column in block.columns]
            if row.key == "regulations" or kinds[0] == "issued" or kinds[0] == "made":
                new = random.randint(0, min(base, 6)) if row.key != "regulations" else 0
                whole = base if row.key != "regulations" else 0
                numbers = (new, random.randint(0, min(2, new)), whole) if kinds[0] == "issued" else (new, new, whole)
                cells |= {f"{key}.{kind}": str(number) for kind, number in zip(kinds, numbers, strict=True)}
            elif "change" in kinds:
                change = random.choice((0, 0, 0, 2, -1)) if base > 1 else 0
                cells[f"{key}.change"] = str(change)
                if "decisions" in kinds:
                    cells[f"{key}.decisions"] = str(random.randint(0, 3000) if base else 0)
            elif kinds[-1] == "amount":
                items = random.choice((0, random.randint(1, 40)))
                cells[f"{key}.items"] = str(items)
                amount = random.choice(("0", f"{random.uniform(0.5, 900):.4f}", f"{random.uniform(0.5, 900):.2f}"))
                cells[f"{key}.amount"] = amount if kinds == ["amount"] or items else "0"
                if items and amount == "0":
                    cells[f"{key}.amount"] = f"{random.uniform(0.5, 900):.4f}"
    return {key: text for key, text in cells.items() if key in form.names}
