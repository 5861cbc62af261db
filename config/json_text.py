"""How values are written as JSON for whoever asks: by a command, or by the API."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

# What a terminal would obey and JSON does not escape by itself: DEL and C1 controls, marks of direction, of nothing.
_OBEYED = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def json_text(value: Any, indent: int | None = None) -> str:
    """``value`` as JSON; what is no JSON value (dates, decimals) is written as its string."""
    return _OBEYED.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent, default=as_data))


def as_data(value: Any) -> str:
    """What JSON has no type for: dates and moments as ISO 8601 (moments in UTC, with their offset), else its string."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.isoformat() if isinstance(value, date) else str(value)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
