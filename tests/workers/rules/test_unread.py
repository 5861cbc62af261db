"""X01: everything that could not be read is said once, for a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.figure import State
from report.findings.finding import Outcome
from report.report import Gap, Unread
from tests.workers.rules.factory import changed, doubtful, only_finding, result, sound


def test_a_report_that_was_read_whole_passes() -> None:
    assert result("X01", sound()).outcome is Outcome.PASS


@pytest.mark.parametrize("why", list(Unread))
def test_every_gap_is_one_finding_for_a_person(why: Unread) -> None:
    cells = tuple(key for key in sound().figures if key.startswith("requests.carried_out."))
    report = changed(sound(), dict.fromkeys(cells, State.UNREADABLE))
    finding = only_finding("X01", replace(report, gaps=(Gap(why, "表三“四、结转下年度继续办理”", cells),)))
    assert "四、结转下年度继续办理" in finding.message and finding.message.endswith("（7格），须人工核对")
    assert finding.cells == cells
    assert finding.severity.value == "human"
    assert finding.message_en.endswith("a person has to look.")


def test_doubtful_cells_without_a_gap_are_one_finding_a_table() -> None:
    finding = only_finding("X01", doubtful(sound(), "review.total", "review.upheld"))
    assert finding.message == "表四有2格没有读出或不能确定，须人工核对"


def test_a_blank_cell_was_read() -> None:
    assert result("X01", changed(sound(), {"review.total": State.BLANK})).outcome is Outcome.PASS
