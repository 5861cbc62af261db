"""Numbers recognised in a picture that break a sum: looked at again before anybody is told of an error.

A digit read wrongly looks like an agency's mistake. Two things make a figure uncertain: another look at its cell reads
something else, or one digit changed in it alone would set right every sum that it takes part in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from report.figure import Confirmation, Figure, Place
from report.form import Form, Sum
from report.report import Gap, Unread
from workers.reading.content import Picture
from workers.reading.form.accusing import accusing, compared, difference

_FEWEST_SUMS = 2
_AGAIN = (Confirmation.SECOND_RECOGNITION,)


def with_doubts(
    figures: Mapping[str, Figure], form: Form, pictures: Mapping[Place, Picture]
) -> tuple[dict[str, Figure], Gap | None]:
    """The figures with those marked uncertain that may be misread, and the gap that names them.

    ``pictures`` are those of the cells whose numbers were recognised. A figure on which an error would rest and that
    every other look at its cell reads alike is confirmed.
    """
    sums = [each for each in form.sums(figures) if difference(each, figures) is not None]
    broken = [each for each in sums if difference(each, figures)]
    seen = {key for key, figure in figures.items() if figure.place in pictures}
    doubtful = {key for key in _keys(broken) & seen if _is_one_digit_off(key, sums, broken, figures)}
    # A sum with a doubtful figure in it accuses nobody any more.
    explained = _keys(each for each in broken if not doubtful.isdisjoint(_keys([each])))
    unexplained = _keys(each for each in broken if doubtful.isdisjoint(_keys([each])))
    accused = {key for key in accusing(figures, form) & seen if key in unexplained or key not in explained}
    again = accused | (compared(figures, form) & seen)
    alike = {key for key in sorted(again - doubtful) if pictures[figures[key].place].always_reads(figures[key].text)}
    doubtful |= accused - alike
    doubted = {
        key: replace(
            each,
            certain=each.certain and key not in doubtful,
            confirmed_by=_AGAIN if key in alike else each.confirmed_by,
        )
        for key, each in figures.items()
    }
    uncertain = tuple(key for key, each in doubted.items() if not each.certain and each.place in pictures)
    return doubted, Gap(Unread.UNCERTAIN, "图片上的数字看不真切", uncertain) if uncertain else None


def _keys(sums: Iterable[Sum]) -> set[str]:
    return {key for each in sums for key in (*each.parts, *each.totals)}


def _is_one_digit_off(key: str, sums: list[Sum], broken: list[Sum], figures: Mapping[str, Figure]) -> bool:
    own = [each for each in sums if key in each.parts or key in each.totals]
    value = figures[key].value
    if len(own) < _FEWEST_SUMS or not all(each in broken for each in own) or not isinstance(value, int):
        return False
    wanted = set()
    for each in own:
        excess = difference(each, figures) or Decimal(0)
        wanted.add(value - excess if key in each.parts else value + excess)
    if len(wanted) != 1 or (right := wanted.pop()) < 0:
        return False
    return _one_digit_apart(str(value), str(int(right)))


def _one_digit_apart(one: str, other: str) -> bool:
    """Whether one digit was taken for another, left out or added."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:index] + long[index + 1 :] == short for index in range(len(long)))
