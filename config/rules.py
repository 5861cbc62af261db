"""Names, severities and switches of the rules: ``config/rules.yaml``, and what an office changes of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from config.severity import Severity
from config.yaml_file import PACKAGED, DataFile, data_file, read_yaml

FILE = "rules.yaml"
LIMITS_FILE = "rule_limits.yaml"


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
    ``failed`` in a subject, with the number of places for #.
    """

    title: str
    failed: str
    unknown: str
    brief: str
    asks: Literal["figures", "form", "text", "placing"]
    severity: LevelName
    enabled: bool = True


class RulesFile(DataFile):
    """All rules by code, in the order of the catalogue."""

    rules: dict[Code, RuleEntry]


class RuleChange(DataFile):
    """What an office changes of one rule; empty: as shipped."""

    title: str | None = None
    severity: LevelName | None = None
    enabled: bool | None = None


class RuleChanges(DataFile):
    """An office's own rules.yaml."""

    rules: dict[KnownCode, RuleChange]


class RuleLimits(DataFile):
    """What each rule does not look at, by code: a sentence or two for whoever has to rely on it."""

    limits: dict[KnownCode, str]


@cache
def rule_limits() -> dict[str, str]:
    """What each rule does not look at, in Chinese, by code."""
    return dict(read_yaml(PACKAGED / LIMITS_FILE, RuleLimits).limits)


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
        rules[code] = rules[code].model_copy(update=change.model_dump(exclude_none=True))
    return RulesFile(rules=rules)
