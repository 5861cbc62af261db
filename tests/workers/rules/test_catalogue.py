"""The catalogue as a whole: every rule is named, documented, worded in both languages, and graded as agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.forms import FormYears
from config.rules import CODES, RulesFile, load_rules
from report.findings.finding import Outcome, Severity
from report.form import Form, make_form
from report.report import Report
from tests.workers.rules.cases import FAILING, NEVER_UNDECIDED, PASSING, UNDECIDED
from tests.workers.rules.factory import check, forms, sound
from workers.rules import catalogue
from workers.rules.catalogue import CATALOGUE, Broken, Held, Rule, Undecided, rule
from workers.rules.check import check_report, fold
from workers.rules.context import Context
from workers.rules.reference import REFERENCE, pages

IMPLEMENTED = [code for code in CODES if not code.startswith("P")]

# As agreed with those who rely on it (E error, W warning, H for a person).
ERRORS = {"P01", "P02", "D02", "D03", "D05", "D07", "D11", "T01", "T03", "T05", "T06", "T07", "T08", "Y01"}
FOR_A_PERSON = {"P03", "Y04", "N03", "A01", "X01"}

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_these_rules_are_run_and_no_others() -> None:
    assert list(check(sound()).results) == IMPLEMENTED


@pytest.mark.parametrize("code", IMPLEMENTED)
def test_a_rule_is_named_and_documented(code: str) -> None:
    entry = CATALOGUE[code]
    assert getattr(entry.function, "__name__", None) == code.lower()
    assert entry.clause.split("\n\n")[0].endswith((".", ")"))
    assert CHINESE.search(entry.basis)


@pytest.mark.parametrize("code", CODES)
def test_severities_are_as_agreed(code: str) -> None:
    agreed = "error" if code in ERRORS else "human" if code in FOR_A_PERSON else "warning"
    assert load_rules().rules[code].severity == agreed
    assert CHINESE.search(load_rules().rules[code].title)


@pytest.mark.parametrize("code", IMPLEMENTED)
def test_a_rule_passes_fails_and_says_what_it_cannot_tell(code: str) -> None:
    for cases, outcome in (
        (PASSING, Outcome.PASS),
        (FAILING, Outcome.FAIL),
        (UNDECIDED, Outcome.NOT_ASSESSABLE),
    ):
        if code in NEVER_UNDECIDED and cases is UNDECIDED:
            assert code not in cases
            continue
        judged = check(cases[code].report, cases[code].context).results[code]
        assert judged.outcome is outcome, (judged.reason, [finding.message for finding in judged.findings])
        assert bool(judged.reason) == (outcome is Outcome.NOT_ASSESSABLE)


@pytest.mark.parametrize("code", IMPLEMENTED)
def test_a_finding_speaks_chinese_and_english(code: str) -> None:
    findings = check(FAILING[code].report, FAILING[code].context).results[code].findings
    assert findings
    for finding in findings:
        assert CHINESE.search(finding.message) and not finding.message.endswith("。")
        assert finding.message_en.endswith(".") and finding.message_en[0].isascii()
        assert finding.expected is not None or finding.found is not None


def test_what_is_switched_off_is_not_run_and_severities_are_the_offices() -> None:
    shipped = load_rules()
    changes = {
        "T08": shipped.rules["T08"].model_copy(update={"enabled": False}),
        "N01": shipped.rules["N01"].model_copy(update={"severity": "error"}),
    }
    rules = RulesFile(rules={**shipped.rules, **changes})
    results = check_report(FAILING["N01"].report, forms(), Context(), rules).results
    assert "T08" not in results
    assert results["N01"].findings[0].severity is Severity.ERROR


def test_a_rule_that_fails_in_itself_is_said_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_rule(report: Report, form: Form, context: Context) -> Iterator[catalogue.Verdict]:
        yield Held()
        raise KeyError("requests.nowhere")

    monkeypatch.setitem(CATALOGUE, "T02", replace(CATALOGUE["T02"], function=broken_rule))
    results = check(sound()).results
    assert results["T02"].outcome is Outcome.NOT_ASSESSABLE
    (finding,) = results["X01"].findings
    assert "T02" in finding.message and "KeyError" in finding.message and "requests.nowhere" not in finding.message
    assert results["T08"].outcome is Outcome.PASS


def test_a_form_that_comes_as_a_file_is_judged_by_the_same_rules() -> None:
    file = forms()["2021"].file
    newer = make_form(file.model_copy(update={"form": "2027", "years": FormYears(first=2027)}))
    report = replace(sound(year=2027), form="2027")
    results = check_report(report, {**forms(), "2027": newer}, Context(), load_rules()).results
    assert results["T05"].outcome is Outcome.PASS and results["D05"].outcome is Outcome.PASS


def test_a_rule_cannot_be_entered_under_a_wrong_name() -> None:
    def t99(report: Report, form: Form, context: Context) -> Iterator[catalogue.Verdict]:
        yield Held()

    for code in ("T99", "T08", "P01"):
        with pytest.raises(ValueError, match=code):
            rule(code, basis="…")(t99)


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([Held(), Undecided("甲"), Broken("坏", "Bad.")], Outcome.FAIL),
        ([Held(), Undecided("甲")], Outcome.NOT_ASSESSABLE),
        ([Held(), Held()], Outcome.PASS),
        ([], Outcome.NOT_APPLICABLE),
    ],
)
def test_one_broken_place_counts_before_an_undecided_and_that_before_the_rest(
    verdicts: list[catalogue.Verdict], outcome: Outcome
) -> None:
    entry = Rule("T05", "…", True, None, lambda *_: iter(()))
    assert fold(entry, Severity.ERROR, verdicts).outcome is outcome


def test_reasons_are_said_once_and_not_without_end() -> None:
    entry = Rule("T05", "…", True, None, lambda *_: iter(()))
    assert fold(entry, Severity.ERROR, [Undecided("甲"), Undecided("甲")]).reason == "甲"
    many = [Undecided(str(number)) for number in range(9)]
    assert fold(entry, Severity.ERROR, many).reason == "0；1；等9处"


def test_a_finding_keeps_its_fingerprint_as_long_as_it_says_the_same() -> None:
    (first,), (second,) = (check(FAILING["X01"].report).findings for _ in range(2))
    assert first.fingerprint("左家庄街道", 2023) == second.fingerprint("左家庄街道", 2023)
    assert first.fingerprint("左家庄街道", 2023) != first.fingerprint("左家庄街道", 2022)


def test_the_reference_in_docs_is_current() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    assert written == pages(load_rules()), "run: python -m workers.rules.reference"
    assert set(written) == {"README.md", *(f"{code}.md" for code in CODES)}
