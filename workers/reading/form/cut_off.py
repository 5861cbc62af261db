"""The row at which a document breaks off: what stands in it may be half a number, what does not is not blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from report.figure import NOWHERE, Figure, State
from report.report import Gap, Unread
from workers.reading.content import Block, Grid

_WHAT = "文件在表格中间断开，最后一行"


def with_last_row_in_doubt(
    figures: Mapping[str, Figure], blocks: Sequence[Block]
) -> tuple[dict[str, Figure], Gap | None]:
    """The figures of a document that may be cut, those of its last row not certain where it ends within a table.

    The gap names them; None where it does not end within a table of the form.
    """
    last = blocks[-1] if blocks else None
    if not isinstance(last, Grid) or not last.rows:
        return dict(figures), None
    places = {cell.place for cell in last.rows[-1] if cell is not None} - {NOWHERE}
    keys = tuple(key for key, figure in figures.items() if figure.place in places and figure.state is not State.ABSENT)
    if not keys:
        return dict(figures), None
    doubted = dict(figures) | {key: replace(figures[key], certain=False) for key in keys}
    return doubted, Gap(Unread.CELLS_MISSING, _WHAT, keys)
