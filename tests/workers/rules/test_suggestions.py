"""Suggestions: witnesses decide, slips are recognised and named, empty cells are filled where the sums tell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from report.as_json import suggestion_json
from report.figure import State
from report.findings.finding import Slip, Suggestion
from report.findings.in_words import Names, advice
from report.report import Report
from tests.workers.rules.factory import changed, forms, only_finding, result, sound, told
from workers.rules.context import Context

RECEIVED = {"requests.received.natural_person": 4, "requests.received.total": 5}
CARRIED_IN = {"requests.carried_in.natural_person": 2, "requests.carried_in.total": 2}
CARRIED_OUT = {"requests.carried_out.natural_person": 0, "requests.carried_out.total": 0}


def suggestion(code: str, report: Report, context: Context | None = None) -> Suggestion:
    """The suggestion of the first finding of a rule."""
    found = result(code, report, context).findings[0].suggestion
    assert found is not None
    return found


def one_less(*rows: str) -> Report:
    """The sound report of whose natural persons one is missing in some rows, and whose text tells nothing."""
    report = told(sound(), "我街道高度重视政府信息公开工作。")
    cells = {f"requests.{row}.{column}": 0 for row in rows for column in ("natural_person", "total")}
    for key in cells:
        number = report.number(key)
        assert number is not None
        cells[key] = int(number) - 1
    return changed(report, cells)


def test_a_balance_that_breaks_in_two_columns_has_a_pair_in_each_row_as_alternatives() -> None:
    found = suggestion("T07", one_less("carried_in"))
    assert found.cells is None
    expected = [
        {"requests.carried_in.natural_person": 1, "requests.carried_in.total": 1},
        {"requests.received.natural_person": 4, "requests.received.total": 5},
        {"requests.carried_out.natural_person": 0, "requests.carried_out.total": 0},
    ]
    assert sorted(map(str, found.alternatives)) == sorted(map(str, expected))
    assert found.alternatives[0] == expected[0]  # an empty cell was likelier forgotten


def test_last_year_decides_between_them() -> None:
    report = one_less("received")
    previous = replace(sound(year=2022), figures=sound().figures)  # carried out 1 and 1
    found = suggestion("T07", report, Context(previous=previous))
    assert found.cells is None and CARRIED_IN not in found.alternatives and len(found.alternatives) == 2
    wrong_year = replace(previous, year=2021)
    assert CARRIED_IN in suggestion("T07", report, Context(previous=wrong_year)).alternatives


def test_the_text_decides_between_them() -> None:
    report = told(one_less("received"), "2023年，我街道共收到政府信息公开申请4件，上年结转1件。")
    found = suggestion("T07", report)
    assert found.cells is None and found.alternatives[0].keys() == RECEIVED.keys() and len(found.alternatives) == 2
    both = Context(previous=replace(sound(year=2022), figures=sound().figures))
    report = told(report, "2023年，我街道共收到政府信息公开申请5件。")
    assert suggestion("T07", report, both).why.endswith("fits last year's report and the text")


def test_a_digit_transposed_is_named() -> None:
    report = changed(sound(), {"requests.received.natural_person": 21, "requests.received.total": 13})
    report = changed(report, {"requests.granted.natural_person": 11, "requests.granted.total": 11})
    report = changed(report, {"requests.processed_total.natural_person": 12, "requests.processed_total.total": 13})
    found = suggestion("T05", report)
    assert (found.cells, found.slip) == ({"requests.received.natural_person": 12}, Slip.TRANSPOSED)
    assert found.why == "the only single change that makes every sum agree; two digits changed places"
    assert advice(Names(forms()["2021"].label, {}), report, found) == (
        "数字前后两位疑似颠倒。最小的改法是：表三“一、本年新收政府信息公开申请数量”行“自然人”列由21改为12。"
        "这样改之后，有关的各项合计全部相符。请以原始数据为准。"
    )


def test_one_request_under_the_wrong_kind_of_applicant_is_named() -> None:
    report = changed(sound(), {"requests.received.natural_person": 2, "requests.received.business": 2})
    found = suggestion("T07", report)
    assert found.alternatives[0] == {"requests.received.natural_person": 3, "requests.received.business": 1}
    assert found.slip is Slip.WRONG_APPLICANT and "wrong kind of applicant" in found.why


def test_a_row_that_stands_one_cell_aside_is_put_back() -> None:
    moved = {"natural_person": 0, "business": 3, "research": 1, "total": 4}
    report = changed(sound(), {f"requests.received.{column}": value for column, value in moved.items()})
    found = suggestion("T07", report)
    assert found.cells == {
        "requests.received.natural_person": 3,
        "requests.received.business": 1,
        "requests.received.research": 0,
    }
    assert found.slip is Slip.SHIFTED and "one cell aside" in found.why


def test_a_row_that_pushed_its_total_out_is_put_back() -> None:
    moved = {"natural_person": 0, "business": 3, "research": 1, "total": 0}
    report = changed(sound(), {f"requests.received.{column}": value for column, value in moved.items()})
    found = suggestion("T05", report)
    assert found.cells is not None and found.cells["requests.received.total"] == 4 and len(found.cells) == 4


def test_a_column_total_that_was_forgotten_is_named() -> None:
    found = suggestion("T06", changed(sound(), {"requests.processed_total.natural_person": 0}))
    assert (found.cells, found.slip) == ({"requests.processed_total.natural_person": 3}, Slip.TOTAL_FORGOTTEN)


def test_a_row_of_totals_that_was_forgotten_is_filled_as_a_whole() -> None:
    forgotten = {f"requests.processed_total.{column}": 0 for column in ("natural_person", "business", "total")}
    found = suggestion("T06", changed(sound(), forgotten))
    assert found.cells == {
        "requests.processed_total.natural_person": 3,
        "requests.processed_total.business": 1,
        "requests.processed_total.total": 4,
    }
    assert found.slip is Slip.TOTAL_FORGOTTEN


def test_thousands_entered_as_units_are_named() -> None:
    found = suggestion("T05", changed(sound(), {"requests.received.business": 1000}))
    assert (found.cells, found.slip) == ({"requests.received.business": 1}, Slip.THOUSANDS)
    assert suggestion_json(found)["slip"] == "thousands_as_units"


def test_no_suggestion_leaves_or_makes_a_fraction() -> None:
    found = suggestion("T08", changed(sound(), {"review.upheld": Decimal("1.5")}))
    assert found.cells == {"review.upheld": 2}


@pytest.mark.parametrize(
    ("cell", "value"), [("requests.granted.natural_person", 2), ("requests.refused.state_secret.other", 0)]
)
@pytest.mark.parametrize("state", [State.BLANK, State.SLASH, State.DASH])
def test_an_empty_cell_is_filled_with_what_the_sums_tell(cell: str, value: int, state: State) -> None:
    finding = only_finding("T02", changed(sound(), {cell: state}))
    assert finding.suggestion is not None and finding.suggestion.cells == {cell: value}


@pytest.mark.parametrize("wrong", [-1, Decimal("0.5"), "两件"])
def test_what_is_no_count_is_replaced_by_what_the_sums_tell(wrong: int | Decimal | str) -> None:
    finding = only_finding("T03", changed(sound(), {"review.upheld": wrong}))
    assert finding.suggestion is not None and finding.suggestion.cells == {"review.upheld": 2}


@pytest.mark.parametrize(
    "cells",
    [
        {"review.upheld": State.BLANK, "review.pending": State.BLANK},
        {"requests.granted.business": State.BLANK, "requests.processed_total.business": 0},
        {"proactive.regulations.issued": State.BLANK},
    ],
    ids=["two unknowns", "the sums contradict", "in no sum"],
)
def test_an_empty_cell_that_the_sums_do_not_tell_is_not_filled(cells: dict[str, State | int]) -> None:
    assert only_finding("T02", changed(sound(), cells)).suggestion is None


def test_that_all_sums_agree_is_said_only_where_all_could_be_checked() -> None:
    wrong = {"requests.granted.natural_person": 5}
    whole, cut = changed(sound(), wrong), changed(sound(), wrong | {"review.total": State.BLANK})
    assert "有关的各项合计全部相符" in advice(Names(str, {}), whole, suggestion("T05", whole))
    found = suggestion("T05", cut)
    assert found.partial and suggestion_json(found)["partial"] is True
    words = advice(Names(str, {}), cut, found)
    assert "全部相符" not in words and "能够核对的各项合计相符，另有合计因单元格未能读作数字而没有核对" in words
