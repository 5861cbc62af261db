"""Names, severities and switches of the rules: ``config/rules.yaml``, and what an office changes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from config.severity import Severity
from config.time_zone import SHANGHAI
from config.yaml_file import PACKAGED, DataFile, data_file, read_yaml

FILE = "rules.yaml"


def _known_code(code: str) -> str:
    if code not in shipped_codes():
        raise ValueError("没有这条规则，规则编号见 docs/rules/")
    return code


def _known_level(level: object) -> object:
    if level not in tuple(Severity):
        raise ValueError("级别须为 error、warning 或 human")
    return level


Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
KnownCode = Annotated[str, AfterValidator(_known_code)]
LevelName = Annotated[Severity, BeforeValidator(_known_level)]


class RuleEntry(DataFile):
    """One rule: its names, its severity, what is asked of an office where it fails, and whether it is run.

    ``title`` says what is right, ``failed`` what is wrong, ``unknown`` that it could not be told. ``brief`` is
    ``failed`` in a subject, with the number of places for #; ``limits`` is what it does not look at. ``severity`` holds
    from the day ``since`` on (``from`` in the file); until then it is ``formerly``. Without a day it has always held.
    """

    title: str
    failed: str
    unknown: str
    brief: str
    limits: str
    asks: Literal["figures", "form", "text", "placing", "filing"]
    severity: LevelName
    since: date | None = Field(default=None, alias="from")
    formerly: LevelName | None = None
    enabled: bool = True

    @model_validator(mode="after")
    def _former_and_day(self) -> Self:
        if (self.since is None) != (self.formerly is None):
            raise ValueError("级别的变动须同时写明生效日期 from 和此前的级别 formerly")
        return self

    def severity_on(self, day: date) -> Severity:
        """The level of a finding that is judged on a day (Shanghai)."""
        return (
            self.formerly
            if self.since is not None and self.formerly is not None and day < self.since
            else self.severity
        )


class RulesFile(DataFile):
    """All rules by code, in the order of the catalogue."""

    rules: dict[Code, RuleEntry]

    def on(self, day: date) -> RulesFile:
        """The rules with the levels that hold on a day (Shanghai)."""
        known = {code: entry.severity_on(day) for code, entry in self.rules.items() if entry.since is not None}
        if all(level is self.rules[code].severity for code, level in known.items()):
            return self
        changed = {code: self.rules[code].model_copy(update={"severity": level}) for code, level in known.items()}
        return RulesFile.model_construct(rules={**self.rules, **changed})

    def at(self, moment: datetime) -> RulesFile:
        """The rules with the levels that hold at a moment."""
        return self.on(moment.astimezone(SHANGHAI).date())


class RuleChange(DataFile):
    """What an office changes of one rule; empty: as shipped.

    ``since`` (``from`` in the file) is the day from which its level holds; before it is ``formerly``, or as shipped.
    """

    title: str | None = None
    severity: LevelName | None = None
    since: date | None = Field(default=None, alias="from")
    formerly: LevelName | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _of_a_level(self) -> Self:
        if self.severity is None and self.since is not None:
            raise ValueError("写了生效日期 from，还须写从该日起的级别 severity")
        if self.since is None and self.formerly is not None:
            raise ValueError("写了此前的级别 formerly，还须写生效日期 from")
        return self

    def applied_to(self, shipped: RuleEntry) -> RuleEntry:
        """The rule with this change."""
        changes = self.model_dump(exclude_none=True)
        if self.severity is not None:
            # An office's level takes the place of ours, a change that we have announced included.
            formerly = self.formerly
            if self.since is not None and formerly is None:
                formerly = shipped.severity_on(self.since - timedelta(days=1))
            changes |= {"since": self.since, "formerly": formerly}
        return shipped.model_copy(update=changes)


class RuleChanges(DataFile):
    """An office's own rules.yaml."""

    rules: dict[KnownCode, RuleChange]


@cache
def shipped_rules() -> RulesFile:
    """The rules as they come with the program."""
    return read_yaml(PACKAGED / FILE, RulesFile)


def shipped_codes() -> dict[str, RuleEntry]:
    """The codes of all rules in the order of the catalogue, as keys; the file is the only place where they stand."""
    return shipped_rules().rules


def load_rules(home: Path | None = None) -> RulesFile:
    """The rules as shipped, with what ``home/config/rules.yaml`` changes.

    Raises ConfigurationError with file and line where a code or a level is unknown.
    """
    return read_rules(data_file(FILE, home))


def read_rules(own: Path) -> RulesFile:
    """The rules as shipped, with what one file changes; raises as :func:`load_rules` does."""
    shipped = shipped_rules()
    if own == PACKAGED / FILE:
        return shipped
    rules = dict(shipped.rules)
    for code, change in read_yaml(own, RuleChanges).rules.items():
        rules[code] = change.applied_to(rules[code])
    return RulesFile(rules=rules)
