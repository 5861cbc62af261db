"""Why a document could not be read: a kind for programs, one sentence for people."""

from __future__ import annotations

from enum import StrEnum

_NO_MEMORY = 2  # XML_ERR_NO_MEMORY


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


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a library's error says that memory ran out: not the file's fault, and worth another attempt.

    libxml2 and zlib do not raise MemoryError but an error of their own, with code 2 and −4.
    """
    seen: BaseException | None = error
    while seen is not None:
        text = str(seen).lower()
        if isinstance(seen, MemoryError) or (
            getattr(seen, "code", None) == _NO_MEMORY and "xml" in type(seen).__name__.lower()
        ):
            return True
        if "out of memory" in text or "cannot allocate" in text or "error -4 while" in text:
            return True
        seen = seen.__cause__
    return False


class ReadError(Exception):
    """A document could not be read. ``sentence`` says in plain Chinese what is wrong and what to do."""

    def __init__(self, kind: ReadErrorKind, sentence: str) -> None:
        self.kind = kind
        self.sentence = sentence
        super().__init__(sentence)

    def __reduce__(self) -> tuple[type[ReadError], tuple[ReadErrorKind, str]]:
        """So that it travels between processes."""
        return type(self), (self.kind, self.sentence)
