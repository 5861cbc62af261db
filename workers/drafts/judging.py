"""Reads a report file and judges it, both in the limited child process; nothing of it is kept anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from config.rules import RulesFile
from config.severity import Severity
from report.as_json import check_json, report_to_json
from report.check_shape import CheckShape
from report.findings.finding import Check, Outcome
from report.report import Report
from workers.drafts.tasks import CHECK, CONTEXT
from workers.reading.child.process import ReadingProcess, not_understood
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.hints import Hints
from workers.rules.context import Context
from workers.rules.unread import unread_check

JUDGE = "workers.drafts.tasks:judge"


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """One file: its report (empty where nothing could be read), what the rules say, and by which reader.

    ``unread`` is why nothing could be read, with ``sentence`` for people; None and "" where it was read.
    """

    report: Report
    check: Check
    reader: str
    unread: ReadErrorKind | str | None = None
    sentence: str = ""

    @property
    def readable(self) -> bool:
        """Whether anything could be read."""
        return self.unread is None

    @property
    def wrong(self) -> bool:
        """Whether it has an error-level finding, or something that could not be read."""
        unread = self.check.results.get("X01")
        errors = any(finding.severity is Severity.ERROR for finding in self.check.findings)
        return errors or (unread is not None and unread.outcome is Outcome.FAIL)

    def as_json(self) -> CheckShape:
        """What ``nianbao check --format json`` prints of it (contract, section 2)."""
        return check_json(self.report, self.check, self.reader)


def judge_file(
    process: ReadingProcess,
    data: bytes,
    name: str,
    rules: RulesFile,
    reader: str,
    context_of: Callable[[Report], Context],
    hints: Hints | None = None,
    *,
    seconds: float | None = None,
) -> JudgedFile:
    """What a file says and what the rules say of it; one of which nothing can be read has X01 alone.

    ``context_of`` gives what is known around what was read; ``hints`` override what is detected; ``rules`` are those
    of the moment; ``seconds`` limits the reading, and the judging. Raises Interrupted where it was broken off.
    """
    try:
        report = process.read(data, name, hints, seconds=seconds)
        return JudgedFile(report, _judged(process, report, context_of(report), rules, seconds), reader)
    except ReadError as error:
        return unread_file(data, name, error.kind, error.sentence, rules, reader)


def unread_file(
    data: bytes, name: str, kind: ReadErrorKind | str, sentence: str, rules: RulesFile, reader: str
) -> JudgedFile:
    """A file of which nothing could be read, and why."""
    digest = hashlib.sha256(data).hexdigest() if data else ""
    report = Report(name, digest, "", None, None, None, None, None)
    return JudgedFile(report, unread_check(kind, sentence, rules), reader, kind, sentence)


def _judged(
    process: ReadingProcess, report: Report, context: Context, rules: RulesFile, seconds: float | None
) -> Check:
    values = {
        "report": report_to_json(report),
        # The child has the forms.
        "context": CONTEXT.dump_python(context, mode="json", exclude={"forms"}, exclude_defaults=True),
        "rules": rules.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    answer, _ = process.do(JUDGE, values, seconds=seconds)
    try:
        return CHECK.validate_python(answer)
    except ValidationError as error:
        process.close()
        raise not_understood() from error
