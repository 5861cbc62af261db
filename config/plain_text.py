"""Text from outside, made fit for a terminal and a log."""

from __future__ import annotations

import unicodedata
from typing import Any


def plain(value: Any) -> str:
    """``value`` as text that cannot steer a terminal: without control and direction characters; None is empty."""
    if value is None:
        return ""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
