"""Which of the cells that a finding names it suspects, and which only take part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def suspects(cells: Sequence[str], suggestion: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The cells that are suspected: those whose change would mend it, else the only one that the finding names.

    ``suggestion`` as a finding keeps it in JSON.
    """
    found = suggestion or {}
    if found.get("cells"):
        return tuple(found["cells"])
    alternatives = [cell for one in found.get("alternatives", ()) for cell in one["cells"]]
    if alternatives:
        return tuple(dict.fromkeys(alternatives))
    return tuple(cells) if len(cells) == 1 else ()
