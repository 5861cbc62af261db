"""Why a document could not be read: a kind for programs, one sentence for people."""

from __future__ import annotations

from enum import StrEnum


class ReadErrorKind(StrEnum):
    """The kinds of failure. TIMEOUT, MEMORY and CRASHED come from the child process that reads.

    SCAN is none: whoever asked leaves it to others to recognise what is written in pictures.
    """

    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    KIND_NOT_READ = "kind_not_read"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    BROKEN = "broken"
    NO_TEXT = "no_text"
    GARBLED = "garbled"
    NOT_A_REPORT = "not_a_report"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    SCAN = "scan"


class ReadError(Exception):
    """A document could not be read. ``sentence`` says in plain Chinese what is wrong and what to do."""

    def __init__(self, kind: ReadErrorKind, sentence: str) -> None:
        self.kind = kind
        self.sentence = sentence
        super().__init__(sentence)

    def __reduce__(self) -> tuple[type[ReadError], tuple[ReadErrorKind, str]]:
        """So that it travels between processes."""
        return type(self), (self.kind, self.sentence)
