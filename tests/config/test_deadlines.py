"""Due dates: those of the law never move; who wants a shift over holidays gets one while the calendar is known."""

from __future__ import annotations

from datetime import date

import pytest

from config.deadlines import Deadline, load_deadlines
from config.holidays import next_workday


def practice(month: int, day: int, holidays: str) -> Deadline:
    return Deadline.model_validate(
        {"month": month, "day": day, "basis": "本地惯例", "statutory": False, "holidays": holidays}
    )


def test_no_deadline_that_is_shipped_moves() -> None:
    deadlines = load_deadlines()
    assert deadlines["department"].due(2025) == date(2026, 1, 31)  # a Saturday
    assert deadlines["department"].basis_for(2025) == "《中华人民共和国政府信息公开条例》第四十九条第一款"
    assert [kind for kind, one in deadlines.items() if one.holidays != "none"] == []


@pytest.mark.parametrize(
    ("month", "day", "year", "due", "basis"),
    [
        (1, 31, 2025, date(2026, 2, 2), "本地惯例；1月31日为休息日，顺延至下一工作日"),  # Saturday to Monday
        (1, 30, 2025, date(2026, 1, 30), "本地惯例"),
        (
            1,
            22,
            2022,
            date(2023, 1, 28),
            "本地惯例；1月22日为休息日，顺延至下一工作日",
        ),
        (1, 31, 2026, date(2027, 1, 31), "本地惯例；2027年的放假安排尚不在所用日历中，期限未顺延"),
        (12, 31, 2025, date(2026, 12, 31), "本地惯例"),
    ],
)
def test_a_shift_where_an_office_wants_one(month: int, day: int, year: int, due: date, basis: str) -> None:
    deadline = practice(month, day, "next_workday")
    assert (deadline.due(year), deadline.basis_for(year)) == (due, basis)
    assert deadline.calendar_ends(year) == (year == 2026)
    assert practice(month, day, "none").due(year) == date(year + 1, month, day)


def test_where_the_calendar_ends_nobody_crashes() -> None:
    assert next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert next_workday(date(2099, 1, 1)) is None
    assert next_workday(date(1999, 1, 1)) is None
