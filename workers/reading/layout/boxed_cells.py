"""Tables whose cells have each a box of their own: outlines with some room between them, round corners, or fills."""

from __future__ import annotations

from collections.abc import Sequence

from workers.reading.layout.pdf_tables import Box, around, positions

_FEWEST_BOXES = 4
_MOST_BOXES = 1_500
_LOWEST, _NARROWEST = 5.0, 6.0
# How far apart the boxes of neighbouring cells stand at most.
_APART = 5.0
_INSIDE = 1.0


def tables_of_boxes(boxes: Sequence[Box], tables: Sequence[Box]) -> list[tuple[Box, list[Box]]]:
    """Box and cells of every table made of boxes with more than one column and row, outside ``tables`` found before.

    A box that holds others is the ground of a table and no cell.
    """
    free = [box for box in boxes if box[2] - box[0] >= _NARROWEST and box[3] - box[1] >= _LOWEST]
    free = [box for box in free if not any(_holds(table, box) for table in tables)]
    if len(free) < _FEWEST_BOXES or len(free) > _MOST_BOXES:
        return []
    cells = _innermost(free)
    return [
        (around(group), group)
        for group in _groups(cells)
        if len(group) >= _FEWEST_BOXES
        and len(positions(box[0] for box in group)) > 1
        and len(positions(box[1] for box in group)) > 1
    ]


def _innermost(boxes: Sequence[Box]) -> list[Box]:
    """The boxes that hold no others, each once."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1])):
        if not any(_holds(box, other) for other in kept):
            kept.append(box)
    return kept


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] - _INSIDE <= inner[0]
        and outer[1] - _INSIDE <= inner[1]
        and outer[2] + _INSIDE >= inner[2]
        and outer[3] + _INSIDE >= inner[3]
    )


def _groups(cells: Sequence[Box]) -> list[list[Box]]:
    """The cells that stand together, group by group."""
    groups: list[tuple[Box, list[Box]]] = []
    for cell in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        touching = [group for group in groups if _near(group[0], cell)]
        for group in touching:
            groups.remove(group)
        members = [member for group in touching for member in group[1]] + [cell]
        groups.append((around(members), members))
    return [members for _, members in groups]


def _near(one: Box, other: Box) -> bool:
    return (
        one[0] - _APART <= other[2]
        and other[0] - _APART <= one[2]
        and one[1] - _APART <= other[3]
        and other[1] - _APART <= one[3]
    )
