"""The kinds of planted errors: what is changed in a sound report, which rule has to find it, and what is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random

from bench.accuracy.plan import Plan, share_of, sound_plan
from report.findings.finding import Slip
from report.form import Form, form_for


@dataclass(frozen=True, slots=True)
class Mutant:
    """A report with one planted error.

    One of ``rules`` has to find it, naming one of ``cells`` (any cell will do where it is empty). ``right`` is what
    stood in the changed cells, empty where the sums do not tell; ``slip`` is the slip that was made, if one was.
    """

    plan: Plan
    rules: tuple[str, ...]
    cells: tuple[str, ...] = ()
    right: dict[str, int] = field(default_factory=dict)
    slip: Slip | None = None


Planter = Callable[[Plan, Random, Mapping[str, Form]], Mutant | None]


def row_total_wrong(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The total of a row of table three is off by a few."""
    key = f"requests.{random.choice(_rows(plan))}.total"
    return _one_cell(plan, key, plan.number(key) + random.choice((1, 2, 3)))


def cell_wrong(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """One applicant's cell of table three is off by a few."""
    key = f"requests.{random.choice(_rows(plan))}.{random.choice(_parts(plan))}"
    return _one_cell(plan, key, max(0, plan.number(key) + random.choice((-2, -1, 1, 2, 3))))


def column_total_forgotten(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The processed total of a column is 0."""
    keys = [f"requests.{plan.form.file.table_three.processed_total}.{column}" for column in (*_parts(plan), "total")]
    keys = [key for key in keys if plan.number(key)]
    mutant = _one_cell(plan, random.choice(keys), 0) if keys else None
    return replace(mutant, slip=Slip.TOTAL_FORGOTTEN) if mutant else None


def digits_transposed(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """12 where 21 would be right."""
    found = []
    for row in _rows(plan):
        for column in (*_parts(plan), "total"):
            text = plan.cells[f"requests.{row}.{column}"]
            found += [
                (f"requests.{row}.{column}", at) for at in range(len(text) - 1) if text[at] != text[at + 1] != "0"
            ]
    found = [(key, at) for key, at in found if not (at == 0 and plan.cells[key][1] == "0")]
    if not found:
        return None
    key, at = random.choice(found)
    text = plan.cells[key]
    mutant = _one_cell(plan, key, int(text[:at] + text[at + 1] + text[at] + text[at + 2 :]))
    return replace(mutant, slip=Slip.TRANSPOSED) if mutant else None


def row_shifted(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The applicants of a row stand one cell to the right or to the left, with or without the total."""
    rows = [row for row in _rows(plan) if plan.number(f"requests.{row}.total")]
    if not rows:
        return None
    row = random.choice(rows)
    keys = [f"requests.{row}.{column}" for column in (*_parts(plan), "total")]
    old = [plan.number(key) for key in keys]
    parts, total = old[:-1], old[-1]
    new = random.choice(([0, *parts[:-1], total], [*parts[1:], 0, total], [0, *parts], [*parts[1:], total, 0]))
    # What is pushed out of the row and stands nowhere else is lost.
    if new == [0, *parts[:-1], total] and parts[-1]:
        return None
    right = {key: value for key, value, other in zip(keys, old, new, strict=True) if value != other}
    cells = {key: str(value) for key, value in zip(keys, new, strict=True)}
    slip = Slip.SHIFTED if len(right) > 1 else None
    return Mutant(plan.with_cells(cells), ("T05", "T06", "T07"), _sums_with(plan, right), right, slip)


def wrong_applicant(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """One request of a row stands under the wrong kind of applicant; the sums do not tell in which row."""
    row = random.choice(_rows(plan))
    keys = [f"requests.{row}.{column}" for column in _parts(plan)]
    filled = [key for key in keys if plan.number(key)]
    if not filled:
        return None
    less = random.choice(filled)
    more = random.choice([key for key in keys if key != less])
    right = {key: plan.number(key) for key in (less, more)}
    cells = {less: str(plan.number(less) - 1), more: str(plan.number(more) + 1)}
    return Mutant(plan.with_cells(cells), ("T06", "T07"), _sums_with(plan, right), {}, Slip.WRONG_APPLICANT)


def totals_forgotten(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """All processed totals are 0, or all totals of the rows."""
    processed = plan.form.file.table_three.processed_total
    row = [f"requests.{processed}.{column}" for column in (*_parts(plan), "total")]
    column = [f"requests.{row}.total" for row in _rows(plan)]
    right = {key: plan.number(key) for key in random.choice((row, column)) if plan.number(key)}
    if not right:
        return None
    changed = plan.with_cells(dict.fromkeys(right, "0"))
    return Mutant(changed, ("T05", "T06"), _sums_with(plan, right), right, Slip.TOTAL_FORGOTTEN)


def thousands_as_units(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """A cell a thousand times too large."""
    keys = [f"requests.{row}.{column}" for row in _rows(plan) for column in _parts(plan)]
    keys = [key for key in keys if plan.number(key)]
    if not keys:
        return None
    key = random.choice(keys)
    mutant = _one_cell(plan, key, plan.number(key) * 1000)
    return replace(mutant, slip=Slip.THOUSANDS) if mutant else None


def amount_in_yuan(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The fees are given in yuan where the form prints 万元."""
    key = "proactive.fees.amount"
    if key not in plan.cells:
        return None
    yuan = random.randint(12_000, 900_000)
    # No street charges so many 10,000 yuan; of a department that is certain only where the unit stands in the cell.
    small = plan.agency.kind in ("subdistrict", "town")
    return Mutant(plan.with_cells({key: f"{yuan}" if small else f"{yuan}元"}), ("T04",), (key,))


def received_consistently_wrong(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """Fewer or more received in a column and in the total: rows and columns agree, the balance does not."""
    return _column_and_total(plan, random, plan.form.file.table_three.balance.left[0])


def carried_out_wrong(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The same for what is carried into the next year."""
    return _column_and_total(plan, random, plan.form.file.table_three.balance.right[-1])


def carried_in_not_last_years(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """What was carried in is not what was carried out of the year before; every sum agrees."""
    carried_in, carried_out = plan.form.file.table_three.balance.left[-1], plan.form.file.table_three.balance.right[-1]
    column = random.choice(_parts(plan))
    step = random.choice((1, 2, 5))
    previous = {one: plan.number(f"requests.{carried_in}.{one}") for one in (*_parts(plan), "total")}
    keys = [f"requests.{row}.{one}" for row in (carried_in, carried_out) for one in (column, "total")]
    cells = {key: str(plan.number(key) + step) for key in keys}
    said = replace(plan.said, carried_in=plan.said.carried_in + step, carried_out=plan.said.carried_out + step)
    changed = replace(plan.with_cells(cells), previous=previous, said=said)
    return Mutant(changed, ("Y01",), (f"requests.{carried_in}.{column}", f"requests.{carried_in}.total"))


def dispute_total_zero(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The total of a group of table four is 0."""
    keys = [f"{group.key}.total" for group in plan.form.file.table_four.groups if plan.number(f"{group.key}.total")]
    return _one_cell(plan, random.choice(keys), 0) if keys else None


def dispute_part_wrong(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """One outcome of table four is too large."""
    table = plan.form.file.table_four
    columns = [column.key for column in table.columns if column.key != table.total_column]
    key = f"{random.choice(table.groups).key}.{random.choice(columns)}"
    return _one_cell(plan, key, plan.number(key) + random.choice((1, 2, 10)))


def cell_empty(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """A cell of tables three or four is blank or holds a stroke."""
    key = random.choice([key for key in plan.cells if not key.startswith("proactive.")])
    return Mutant(plan.with_cells({key: random.choice(("", "/", "-"))}), ("T02",), (key,), {key: plan.number(key)})


def no_count(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """A count is negative or has a fraction."""
    key = random.choice([key for key in plan.cells if plan.form.names[key].kind == "count"])
    told = not key.startswith("proactive.")
    wrong = random.choice((f"-{plan.number(key) + 1}", f"{plan.cells[key]}.5"))
    return Mutant(plan.with_cells({key: wrong}), ("T03",), (key,), {key: plan.number(key)} if told else {})


def another_year(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The title, the period or the text names another year."""
    other = plan.year - 1
    place = random.choice(("title", "period", "text"))
    if place == "title":
        return Mutant(replace(plan, title=plan.title.replace(str(plan.year), str(other))), ("D02",))
    if place == "period":
        return Mutant(replace(plan, period=(date(other, 1, 1), date(other, 12, 31))), ("D02",))
    return Mutant(replace(plan, text_year=other, topics=plan.topics - {"last_year"}), ("D02",))


def period_ends_early(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The statistics end on 30 December, or begin on the second of January."""
    first, last = plan.period
    periods = (first, date(plan.year, 12, 30)), (date(plan.year, 1, 2), last), (first, date(plan.year, 11, 30))
    return Mutant(replace(plan, period=random.choice(periods)), ("D04",))


def section_missing(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """One of the six sections is not there."""
    gone = random.choice(plan.sections)
    return Mutant(replace(plan, sections=tuple(kind for kind in plan.sections if kind != gone)), ("D05",))


def sections_swapped(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """Two neighbouring sections changed places."""
    at = random.randrange(len(plan.sections) - 1)
    kinds = list(plan.sections)
    kinds[at], kinds[at + 1] = kinds[at + 1], kinds[at]
    return Mutant(replace(plan, sections=tuple(kinds)), ("D05",))


def another_years_form(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The whole report is about a year for which its form is not the right one."""
    year = random.choice([year for year in range(2019, 2025) if form_for(year, forms.values()) is not plan.form])
    other = sound_plan(plan.seed, forms, year)
    return Mutant(other, ("D07",))


def row_or_column_missing(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """A row or a column of table three is not printed."""
    if random.random() < 0.5:
        row = random.choice([row for row in _rows(plan) if not row.startswith("other")])
        gone = [key for key in plan.cells if key.rpartition(".")[0] == f"requests.{row}"]
    else:
        column = random.choice(_parts(plan)[1:])
        gone = [key for key in plan.cells if key.startswith("requests.") and key.endswith(f".{column}")
                and key.rpartition(".")[0] in {f"requests.{row}" for row in _rows(plan)}]  # fmt: skip
    cells = {key: text for key, text in plan.cells.items() if key not in gone}
    return Mutant(replace(plan, cells=cells), ("T01",), tuple(gone))


def received_in_text(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The text says another number of requests than table three."""
    wrong = plan.said.received + random.choice((1, 2, 7, 30))
    if wrong == plan.said.received + plan.said.carried_in:
        wrong += 1
    topics = plan.topics - {"channels", "both"}
    changed = replace(plan, said=replace(plan.said, received=wrong), topics=topics)
    return Mutant(changed, ("N01",), ("requests.received.total",))


def outcomes_in_text(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The text says another number of an outcome than table three."""
    told = [outcome for outcome, count in plan.said.outcomes.items() if count]
    if not told or not plan.said.received:
        return None
    outcome = random.choice(told)
    said = replace(
        plan.said, outcomes={**plan.said.outcomes, outcome: plan.said.outcomes[outcome] + random.choice((1, 3))}
    )
    return Mutant(replace(plan, said=said, topics=plan.topics | {"outcomes"}), ("N02",))


def parts_in_text(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """The ways of applying that the text lists are more than all requests."""
    if not plan.said.received:
        return None
    web, letter, visit = plan.said.channels
    said = replace(plan.said, channels=(web, letter + random.choice((1, 2, 5)), visit))
    return Mutant(replace(plan, said=said, topics=plan.topics - {"both"} | {"channels"}), ("N04",))


def percentage_wrong(plan: Plan, random: Random, forms: Mapping[str, Form]) -> Mutant | None:
    """A percentage of the text is not the share of its part."""
    wrong = plan.said.share + random.choice((Decimal("3.10"), Decimal("-2.25"), Decimal("10.00")))
    said = replace(plan.said, share=max(wrong, Decimal("0.25")))
    if said.share == share_of(said.classes[2], said.published):
        return None
    return Mutant(replace(plan, said=said, topics=plan.topics | {"shares"}), ("N05",))


KINDS: dict[str, Planter] = {
    planter.__name__: planter
    for planter in (
        row_total_wrong, cell_wrong, column_total_forgotten, digits_transposed, row_shifted, totals_forgotten,
        wrong_applicant,
        thousands_as_units, amount_in_yuan, received_consistently_wrong, carried_out_wrong, carried_in_not_last_years,
        dispute_total_zero, dispute_part_wrong, cell_empty, no_count, another_year, period_ends_early, section_missing,
        sections_swapped, another_years_form, row_or_column_missing, received_in_text, outcomes_in_text, parts_in_text,
        percentage_wrong,
    )
}  # fmt: skip


def _one_cell(plan: Plan, key: str, wrong: int) -> Mutant | None:
    """The mutant in which one cell is wrong; None where that is what stands there."""
    if wrong == plan.number(key):
        return None
    right = {key: plan.number(key)}
    rules = ("T08",) if not key.startswith("requests.") else ("T05", "T06", "T07")
    return Mutant(plan.with_cells({key: str(wrong)}), rules, _sums_with(plan, right), right)


def _column_and_total(plan: Plan, random: Random, row: str) -> Mutant | None:
    column = random.choice(_parts(plan))
    keys = (f"requests.{row}.{column}", f"requests.{row}.total")
    step = random.choice((-2, -1, 1, 2, 5))
    if plan.number(keys[0]) + step < 0:
        step = 1
    right = {key: plan.number(key) for key in keys}
    cells = {key: str(value + step) for key, value in right.items()}
    return Mutant(plan.with_cells(cells), ("T07",), keys, right)


def _sums_with(plan: Plan, cells: Mapping[str, int]) -> tuple[str, ...]:
    """The cells that a finding about one of ``cells`` names: themselves, and the totals of the sums they are in."""
    totals = [
        key for equation in plan.form.sums(plan.cells) if {*equation.parts, *equation.totals} & cells.keys()
        for key in equation.totals
    ]  # fmt: skip
    return tuple(dict.fromkeys([*cells, *totals]))


def _rows(plan: Plan) -> list[str]:
    """The rows of table three that are printed."""
    rows = [row.key for row in plan.form.file.table_three.rows]
    return [row for row in rows if f"requests.{row}.total" in plan.cells]


def _parts(plan: Plan) -> list[str]:
    table = plan.form.file.table_three
    return [column.key for column in table.columns if column.key != table.total_column]
