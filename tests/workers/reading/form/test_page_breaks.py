"""Rows that a page cuts in two are one row again; two rows are never taken for one."""

from __future__ import annotations

import pytest

from report.figure import Place
from workers.reading.content import Cell, Grid, Paragraph, grid_of
from workers.reading.form.page_breaks import over_page_breaks

LABELS = {"属于行政执法案卷", "属于行政查询事项", "予以公开"}
Row = list[str]


def grid(rows: list[Row], page: int, left: float = 100.0) -> Grid:
    lines = [
        [
            Cell(
                text,
                number,
                column,
                place=Place(
                    page=page, bbox=(left + 50 * column, 20.0 * number, left + 50 * column + 50, 20.0 * number + 20)
                ),
            )
            for column, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    return grid_of(lines, page=page)


def joined(*blocks: Grid | Paragraph) -> list[list[Row]]:
    grids = over_page_breaks(blocks, lambda text: text.replace("\n", "") in LABELS)
    return [[[cell.text for cell in grid.own_cells(row)] for row in range(len(grid.rows))] for grid in grids]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (["属于行政", "3", "4"], ["执法案卷", "", ""], ["属于行政\n执法案卷", "3", "4"]),
        (["属于行政", "", ""], ["执法案卷", "3", "4"], ["属于行政\n执法案卷", "3", "4"]),
        (["予以公开", "", ""], ["", "3", "4"], ["予以公开", "3", "4"]),
        (["", "3", "4"], ["予以公开", "", ""], ["予以公开", "3", "4"]),
        (["予以公开", "165", "4"], ["", "8", ""], ["予以公开", "165\n8", "4"]),
        (["属于行政", "3", "4"], ["执法案卷", "5", ""], ["属于行政\n执法案卷", "3\n5", "4"]),
        (["别的什么", "", ""], ["", "3", "4"], ["别的什么", "3", "4"]),
    ],
    ids=["numbers above", "numbers below", "label above", "label below", "a number", "label and number", "unknown"],
)
def test_a_row_cut_in_two_is_one(above: Row, below: Row, whole: Row) -> None:
    assert joined(grid([["x", "1", "2"], above], 1), grid([below, ["y", "5", "6"]], 2)) == [
        [["x", "1", "2"], whole, ["y", "5", "6"]]
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["属于行政执法案卷", "3", "4"], ["属于行政查询事项", "", ""]),
        (["属于行政执法案卷", "", ""], ["属于行政查询事项", "3", "4"]),
        (["属于行政", "3", "4"], ["别的什么", "", ""]),
    ],
)
def test_two_rows_stay_two(above: Row, below: Row) -> None:
    assert joined(grid([above], 1), grid([below], 2)) == [[above, below]]


def test_a_heading_that_is_repeated_stands_there_once() -> None:
    heading = ["行", "甲", "乙"]
    assert joined(grid([heading, ["x", "1", "2"]], 1), grid([heading, ["y", "3", "4"]], 2)) == [
        [heading, ["x", "1", "2"], ["y", "3", "4"]]
    ]


def test_other_columns_a_text_between_or_a_page_between_leave_two_tables() -> None:
    one, other = [["x", "1", "2"]], [["y", "3", "4"]]
    for blocks in (
        (grid(one, 1), grid(other, 2, left=120.0)),
        (grid(one, 1), Paragraph("四、", 2), grid(other, 2)),
        (grid(one, 1), grid(other, 3)),
    ):
        assert joined(*blocks) == [one, other]
