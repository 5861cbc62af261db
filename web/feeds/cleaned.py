"""What strangers wrote, as a feed may hold it."""

from __future__ import annotations

from config.plain_text import plain


def shown(text: str, longest: int) -> str:
    """A text from outside on one line, without what steers a reader, and of bounded length."""
    kept = " ".join(_xml(plain(text)).split())
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"


def _xml(text: str) -> str:
    """What XML can hold: not the two last places of a plane."""
    return "".join(one for one in text if ord(one) & 0xFFFE != 0xFFFE)
