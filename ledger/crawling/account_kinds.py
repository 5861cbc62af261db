"""The words of an account: what a piece of a list page is, what became of it, and how the reading of a list ended."""

from __future__ import annotations

from enum import StrEnum


class PieceKind(StrEnum):
    """What a piece of a list page is in the document itself, before anybody reads anything from it."""

    LINK = "link"
    SCRIPTED = "scripted"
    ROW = "row"
    TEXT = "text"
    PAGER = "pager"
    FRAME = "frame"
    FORM = "form"
    SCRIPT = "script"
    ISLAND = "island"


class Fate(StrEnum):
    """What became of a piece. UNDERSTOOD: taken as a report, a list or a pager; NAMED: known to be something else."""

    UNDERSTOOD = "understood"
    NAMED = "named"
    UNACCOUNTED = "unaccounted"


class PieceName(StrEnum):
    """What a piece was taken for. The names of what is understood come first, UNKNOWN alone is unaccounted."""

    REPORT = "report"
    TO_OPEN = "to_open"
    FOLDER = "folder"
    PAGER = "pager"
    ROWS = "rows"
    # Not a report, and known as what.
    INTERPRETATION = "interpretation"
    NOTICE = "notice"
    PART_OF_YEAR = "part_of_year"
    ABOUT_REPORT = "about_report"
    OTHER_DOCUMENT = "other_document"
    OTHER_SUBJECT = "other_subject"
    OTHER_YEAR = "other_year"
    OTHER_SITE = "other_site"
    OTHER_FORM = "other_form"
    COLUMN_NAME = "column_name"
    NAVIGATION = "navigation"
    BREADCRUMB = "breadcrumb"
    IMPRINT = "imprint"
    HEADING = "heading"
    SAME_PAGE = "same_page"
    REPEATED = "repeated"
    PICTURE = "picture"
    SEARCH = "search"
    FILTER = "filter"
    BEHAVIOUR = "behaviour"
    STATISTICS = "statistics"
    EMPTY = "empty"
    # Nobody claimed it, and it cannot be named.
    UNKNOWN = "unknown"

    @property
    def fate(self) -> Fate:
        """What became of a piece of this name."""
        if self is PieceName.UNKNOWN:
            return Fate.UNACCOUNTED
        return Fate.UNDERSTOOD if self in _UNDERSTOOD else Fate.NAMED

    @property
    def speaks(self) -> bool:
        """Whether a piece of this name says something of whom it names, and does not only lead to them."""
        return self in _SPEAKING

    @property
    def leads(self) -> bool:
        """Whether a piece of this name leads elsewhere, or chooses: what says a year as well may lead to the report."""
        return self in _LEADING


class PagerKind(StrEnum):
    """What a pager is made of. NEXT: 下一页, 尾页; MORE: 加载更多; FORM: a button or a jump field; SCRIPT: a call."""

    NEXT = "next"
    NUMBER = "number"
    MORE = "more"
    FORM = "form"
    SCRIPT = "script"


class PagingEnd(StrEnum):
    """How the reading of a list ended. Only the first four are ends; at any other, rows may be left."""

    SINGLE_PAGE = "single_page"
    LAST_PAGE = "last_page"
    COUNT_REACHED = "count_reached"
    EMPTY_PAGE = "empty_page"
    REPEATED = "repeated"
    NOT_FOLLOWED = "not_followed"
    COUNT_MISSED = "count_missed"
    PAGE_FAILED = "page_failed"
    TOO_MANY_PAGES = "too_many_pages"
    KNOWN_ROWS = "known_rows"

    @property
    def is_end(self) -> bool:
        """Whether the list was followed to an end that was recognised as one."""
        return self in _ENDS


_UNDERSTOOD = frozenset(
    {PieceName.REPORT, PieceName.TO_OPEN, PieceName.FOLDER, PieceName.PAGER, PieceName.ROWS, PieceName.OTHER_YEAR}
)
_SPEAKING = frozenset(
    {
        PieceName.TO_OPEN,
        PieceName.OTHER_YEAR,
        PieceName.INTERPRETATION,
        PieceName.NOTICE,
        PieceName.PART_OF_YEAR,
        PieceName.ABOUT_REPORT,
        PieceName.OTHER_DOCUMENT,
        PieceName.OTHER_SUBJECT,
        PieceName.COLUMN_NAME,
    }
)
_LEADING = frozenset(
    {
        PieceName.NAVIGATION,
        PieceName.OTHER_SITE,
        PieceName.SAME_PAGE,
        PieceName.FILTER,
        PieceName.BEHAVIOUR,
    }
)
_ENDS = frozenset({PagingEnd.SINGLE_PAGE, PagingEnd.LAST_PAGE, PagingEnd.COUNT_REACHED, PagingEnd.EMPTY_PAGE})
