"""Numbers that a narrow cell or the end of a page breaks into lines: 138 and below it a 9.

Digits on two lines may be one number, or a number and something else. They are one where every sum that the number
takes part in agrees then, along the row and down the column; else they stay unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from report.figure import NUMBER, UNREADABLE, Figure
from report.form import Form, Sum
from report.numerals import fold_width, without_space

_IN_PARTS = re.compile(r"[0-9]{1,9}(?:\s+[0-9]{1,9}){1,3}")
_LONGEST = 9


def with_parts_joined(figures: Mapping[str, Figure], form: Form) -> dict[str, Figure]:
    """The figures with those read as one number whose parts the sums confirm."""
    whole = {key: int(without_space(text)) for key, figure in figures.items() if (text := _parts(figure))}
    if not whole:
        return dict(figures)
    known = {key: figure.value for key, figure in figures.items() if figure.state is NUMBER and figure.certain} | whole
    sums = form.sums(figures)
    while doubtful := [key for key in whole if not _is_confirmed(key, sums, known, whole)]:
        for key in doubtful:
            del whole[key], known[key]
    read = {key: replace(figures[key], state=NUMBER, value=value, confirmed_by=()) for key, value in whole.items()}
    return {**figures, **read}


def _parts(figure: Figure) -> str | None:
    if figure.state is not UNREADABLE or not figure.certain:
        return None
    text = fold_width(figure.text).strip()
    return text if _IN_PARTS.fullmatch(text) and len(without_space(text)) <= _LONGEST else None


def _is_confirmed(key: str, sums: tuple[Sum, ...], known: Mapping[str, object], whole: Mapping[str, int]) -> bool:
    rules = set()
    for each in sums:
        if key not in each.parts and key not in each.totals:
            continue
        operands = (*each.parts, *each.totals)
        if not all(one in known for one in operands):
            continue
        if sum(known[one] for one in each.parts) != sum(known[one] for one in each.totals):  # type: ignore[misc]
            return False
        if each.rule != "T08" or sum(one in whole for one in operands) == 1:
            rules.add(each.rule)
    # Table four has no sums down its one row.
    return "T08" in rules or ("T05" in rules and bool(rules & {"T06", "T07"}))
