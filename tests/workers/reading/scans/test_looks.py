"""Which looks a line gets: small ones, and full ones where those leave a doubt. The model is not asked."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.documents.scans.make_scans import Picture
from workers.reading.scans import scan
from workers.reading.scans.recognition import Written
from workers.reading.scans.straighten import StraightPage
from workers.reading.scans.writing import ground_of

Answers = dict[tuple[bool, bool], Written]


def sure(text: str, sureness: float = 0.99) -> Written:
    return Written(text, (sureness,) * len(text))


def page_with(*cells: str) -> Picture:
    """One row of ruled cells, a text in each; a slash is drawn as the stroke that it is."""
    page = np.full((300, 80 + 160 * len(cells)), 255, np.uint8)
    for number, text in enumerate(cells):
        left = 40 + 160 * number
        cv2.rectangle(page, (left, 80), (left + 160, 180), (0,), 2)
        if text == "/":
            cv2.line(page, (left + 75, 145), (left + 85, 117), (0,), 3)
        else:
            cv2.putText(page, text, (left + 60, 145), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0,), 3)
    return page


def read(monkeypatch: pytest.MonkeyPatch, page: Picture, answers: Answers) -> tuple[list[tuple[str, bool]], set[bool]]:
    """The cells of a page of which each look (tight, numbers) says the same of every line; which looks there were."""
    shown: set[bool] = set()

    def answer(pictures: Sequence[NDArray[np.uint8]], *, numbers: bool = False, tight: bool = False) -> list[Written]:
        shown.update([tight] if pictures else [])
        return [answers[tight, numbers] for _ in pictures]

    monkeypatch.setattr(scan, "read_lines", answer)
    monkeypatch.setattr(scan, "straighten", lambda grey: StraightPage(grey, ((1, 0, 0), (0, 1, 0))))
    read_page = scan.read_scanned_page(page, 1, 0.36, tables_only=True)
    ((_, grid),) = read_page.tables
    return [(cell.text, cell.certain) for row in grid.rows for cell in row if cell is not None], shown


def test_small_looks_that_agree_and_are_sure_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Answers = {(True, False): sure("25", 0.5), (True, True): sure("25")}
    assert read(monkeypatch, page_with("25", "25"), answers) == ([("25", True)] * 2, {True})


@pytest.mark.parametrize("small", [sure("26"), sure("25", 0.94)], ids=["disagrees", "is not sure"])
@pytest.mark.parametrize(("again", "certain"), [(sure("25", 0.91), True), (sure("26"), False)])
def test_full_looks_decide_where_a_small_one_leaves_a_doubt(
    monkeypatch: pytest.MonkeyPatch, small: Written, again: Written, certain: bool
) -> None:
    answers = {(True, False): sure("25"), (True, True): small, (False, False): sure("25"), (False, True): again}
    assert read(monkeypatch, page_with("25", "25"), answers) == ([("25", certain)] * 2, {True, False})


def test_a_slash_is_never_one_by_small_looks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    one, seven = sure("1"), sure("7")
    answers = {(True, False): one, (True, True): one, (False, False): seven, (False, True): seven}
    assert read(monkeypatch, page_with("/", "/"), answers) == ([("7", True)] * 2, {True, False})
    answers |= {(False, False): one, (False, True): one}
    assert read(monkeypatch, page_with("/", "/"), answers) == ([("/", True)] * 2, {True, False})


@pytest.mark.parametrize(
    ("small", "is_read_again"),
    [
        (sure("小计"), False),
        (sure("小计", 0.8), True),
        (sure("1.属于国家秘密"), False),
        (sure("25件"), True),
        (sure("增10"), True),
        (sure("25(注1)"), True),
        (sure(""), True),
    ],
    ids=lambda value: value.text if isinstance(value, Written) else "",
)
def test_a_text_is_read_in_full_where_it_is_not_sure_or_a_number_that_nobody_looks_at_again(
    monkeypatch: pytest.MonkeyPatch, small: Written, is_read_again: bool
) -> None:
    answers: Answers = {(True, False): small, (False, False): sure("合计")}
    cells, shown = read(monkeypatch, page_with("E", "E"), answers)
    assert (cells[0][0], False in shown) == ("合计" if is_read_again else small.text, is_read_again)


def test_the_ground_is_what_nine_tenths_are_not_lighter_than() -> None:
    chance = np.random.default_rng(1)
    for size in ((1, 1), (2, 5), (7, 11), (48, 72)):
        picture = chance.integers(190, 256, size).astype(np.uint8)
        assert ground_of(picture) == int(np.percentile(picture, 90))
