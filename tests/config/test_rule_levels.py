"""A rule's level is another from a day on: announced before, and until then as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.rules import RuleChange, RuleEntry, load_rules, shipped_rules
from config.severity import Severity
from config.yaml_file import ConfigurationError

ERROR, WARNING, HUMAN = Severity.ERROR, Severity.WARNING, Severity.HUMAN


def own(home: Path, change: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "rules.yaml").write_text(f"rules:\n  D04: {{{change}}}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("severity: error, from: 2027-03-01", WARNING, ERROR),
        ("severity: error, from: 2027-03-01, formerly: human", HUMAN, ERROR),
        ("severity: error", ERROR, ERROR),
        ("enabled: false", WARNING, WARNING),
    ],
)
def test_the_level_is_that_of_the_day_on_which_it_is_judged(
    home: Path, change: str, before: Severity, after: Severity
) -> None:
    own(home, change)
    rules = load_rules(home)
    assert rules.on(date(2027, 2, 28)).rules["D04"].severity is before
    assert rules.on(date(2027, 3, 1)).rules["D04"].severity is after
    # Days are Shanghai's: there the first of March begins at 16:00 of the last of February.
    assert rules.at(datetime(2027, 2, 28, 15, 59, tzinfo=UTC)).rules["D04"].severity is before
    assert rules.at(datetime(2027, 2, 28, 16, 0, tzinfo=UTC)).rules["D04"].severity is after


def test_an_offices_level_takes_the_place_of_a_change_that_was_announced_with_the_program() -> None:
    announced = shipped_rules().rules["D04"].model_dump(by_alias=True) | {
        "severity": "error",
        "formerly": "warning",
        "from": date(2027, 3, 1),
    }
    shipped = RuleEntry.model_validate(announced)
    plain = RuleChange.model_validate({"severity": "human"}).applied_to(shipped)
    assert plain.severity_on(date(2027, 2, 1)) is plain.severity_on(date(2027, 4, 1)) is HUMAN
    later = RuleChange.model_validate({"severity": "human", "from": date(2027, 5, 1)}).applied_to(shipped)
    assert (later.severity_on(date(2027, 4, 30)), later.severity_on(date(2027, 5, 1))) == (ERROR, HUMAN)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("from: 2027-03-01", "还须写从该日起的级别"),
        ("severity: error, formerly: human", "还须写生效日期 from"),
        ("severity: error, from: soon", "不符合要求"),
        ("severity: grave", "error、warning 或 human"),
    ],
)
def test_a_change_that_says_too_little_is_a_fault_with_its_line(home: Path, change: str, what: str) -> None:
    own(home, change)
    with pytest.raises(ConfigurationError, match=f"rules.yaml:2：.*{what}"):
        load_rules(home)


def test_what_we_change_ourselves_is_in_the_changelog() -> None:
    changes = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    for code, entry in shipped_rules().rules.items():
        if entry.since is not None:
            assert any(code in line and entry.since.isoformat() in line for line in changes.splitlines()), code
