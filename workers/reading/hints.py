"""What is known of a document before it is read; apart from the readers, whose libraries are loaded where one reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known from elsewhere: form, year and agency override what is detected.

    ``title`` is what the list page or the article called the document, used where the document has none itself.
    """

    form: str | None = None
    year: int | None = None
    agency: str | None = None
    title: str | None = None


NOTHING_KNOWN = Hints()
