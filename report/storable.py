"""Text from outside, made fit for every database: JSON may say what no text can hold."""

from __future__ import annotations

from typing import Any


def storable(value: Any) -> Any:
    """The same JSON value with U+FFFD for what no database takes: NUL, and halves of characters."""
    if isinstance(value, str):
        return value if type(value) is str and _is_storable(value) else _mended(value)
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return value


def _is_storable(text: str) -> bool:
    """Whether a text is as it may be: nearly all are, and to look takes a fraction of what to mend takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _mended(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
