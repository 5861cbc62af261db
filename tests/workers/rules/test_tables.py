"""T01 to T03: cells that are missing, empty, or hold no whole number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from report.figure import State
from report.findings.finding import Outcome
from report.report import Gap, Unread
from tests.workers.rules.factory import changed, doubtful, one_row_for_other, only_finding, result, sound


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("code", ["T01", "T02", "T03"])
def test_a_sound_report_passes(code: str, form: str) -> None:
    assert result(code, sound(form)).outcome is Outcome.PASS


def test_t01_takes_a_row_that_stands_for_others_as_it_stands() -> None:
    assert result("T01", one_row_for_other(sound())).outcome is Outcome.PASS


def _without(prefix: str) -> dict[str, State]:
    return {key: State.ABSENT for key in sound().figures if key.startswith(prefix)}


def test_t01_names_the_rows_that_are_missing_in_one_finding() -> None:
    cells = _without("requests.processed_total.") | _without("requests.carried_out.")
    finding = only_finding("T01", changed(sound(), cells))
    assert finding.message == "表三缺少“（七）总计”“四、结转下年度继续办理”，应有25行"
    assert len(finding.cells) == 14 and finding.severity.value == "error"


def test_t01_names_a_table_that_is_missing() -> None:
    report = changed(sound(), _without("review.") | _without("litigation"))
    assert only_finding("T01", report).message == "表四整张没有，应有3行"


def test_t01_names_a_column_that_is_missing() -> None:
    report = changed(sound(), {key: State.ABSENT for key in sound().figures if key.endswith(".legal_service")})
    assert only_finding("T01", report).message == "表三缺少“法律服务机构”列的格子，应有25行"


def test_t01_is_not_assessable_where_the_copy_may_be_cut() -> None:
    report = replace(changed(sound(), _without("review.")), may_be_cut=True)
    judged = result("T01", report)
    assert judged.outcome is Outcome.NOT_ASSESSABLE
    assert judged.reason == "表四有5格没有读到，文档可能不完整"


def test_t01_does_not_blame_the_report_for_what_the_reader_could_not_read() -> None:
    cells = tuple(key for key in sound().figures if key.startswith("requests."))
    gap = Gap(Unread.TABLE_MISSING, "表三", cells)
    report = replace(changed(sound(), dict.fromkeys(cells, State.ABSENT)), gaps=(gap,))
    assert result("T01", report).outcome is Outcome.NOT_ASSESSABLE
    assert result("T01", changed(sound(), {"review.total": State.UNREADABLE})).outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.parametrize(("state", "words"), [(State.BLANK, "空白"), (State.SLASH, "填“/”"), (State.DASH, "填“-”")])
def test_t02_is_one_finding_a_row(state: State, words: str) -> None:
    row = [f"requests.granted.{column}" for column in ("natural_person", "business")]
    finding = only_finding("T02", changed(sound(), dict.fromkeys(row, state)))
    assert finding.message == f"表三“（一）予以公开”的“自然人”“商业企业”{words}，此处应填数字，确为零的请填0"
    assert finding.cells == tuple(row)
    assert finding.severity.value == "warning"


def test_t02_is_one_finding_where_many_rows_lack_the_same_columns() -> None:
    cells = {key: State.BLANK for key in sound().figures if key.startswith("requests.") and not key.endswith(".total")}
    finding = only_finding("T02", changed(sound(), cells))
    assert "等25行的" in finding.message and len(finding.cells) == 150


def test_t02_cannot_pass_what_was_not_read() -> None:
    assert result("T02", changed(sound(), {"review.total": State.UNREADABLE})).outcome is Outcome.NOT_ASSESSABLE
    assert result("T02", doubtful(sound(), "review.total")).outcome is Outcome.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("value", "words"),
    [(-1, "为负数"), (Decimal("1.5"), "不是整数"), ("两件", "不是数字")],
)
def test_t03_wants_whole_numbers_from_zero(value: int | Decimal | str, words: str) -> None:
    finding = only_finding("T03", changed(sound(), {"proactive.licensing.decisions": value}))
    assert words in finding.message and f"“{value}”" in finding.message
    assert finding.cells == ("proactive.licensing.decisions",)


def test_t03_lets_a_change_be_negative_and_nothing_else() -> None:
    assert result("T03", changed(sound("2019"), {"proactive.licensing.change": -3})).outcome is Outcome.PASS
    assert only_finding("T03", changed(sound(), {"proactive.fees.amount": Decimal("-1.0")})).found == Decimal("-1.0")


def test_t03_never_passes_a_cell_that_is_no_number() -> None:
    assert result("T03", changed(sound(), {"review.total": State.BLANK})).outcome is Outcome.NOT_ASSESSABLE
