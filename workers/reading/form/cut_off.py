"""The row at which a document breaks off: what stands in it may be half a number, what does not is not blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from report.figure import NOWHERE, Figure, State
from report.report import Gap, Unread
from workers.reading.content import Content, Grid

_WHAT = "文件在表格中间断开，最后一行"


def with_last_row_in_doubt(figures: Mapping[str, Figure], content: Content) -> tuple[dict[str, Figure], Gap | None]:
    """The figures of a document that may be cut, those of its last row not certain where it ends within a table.

    Numbers too where the file itself breaks off, else only what is no number. The gap names them; None: there are none.
    """
    last = content.blocks[-1] if content.blocks else None
    if not isinstance(last, Grid) or not last.rows:
        return dict(figures), None
    places = {cell.place for cell in last.rows[-1] if cell is not None} - {NOWHERE}
    kept = {State.ABSENT} if content.breaks_off else {State.ABSENT, State.NUMBER}
    keys = tuple(key for key, figure in figures.items() if figure.place in places and figure.state not in kept)
    if not keys:
        return dict(figures), None
    doubted = dict(figures) | {key: replace(figures[key], certain=False) for key in keys}
    return doubted, Gap(Unread.CELLS_MISSING, _WHAT, keys)
