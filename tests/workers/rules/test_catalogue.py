"""The catalogue as a whole: every rule is named, documented, worded in both languages, and graded as agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.forms import FormYears
from config.rules import RulesFile, load_rules
from config.severity import Severity
from report.findings import catalogue
from report.findings.catalogue import CATALOGUE, Broken, Held, Undecided, rule
from report.findings.finding import Outcome
from report.findings.fold import fold
from report.findings.publication_rules import publication_rules
from report.form import Form, make_form
from report.report import Report
from tests.workers.rules.cases import FAILING, NEVER_UNDECIDED, PASSING, UNDECIDED
from tests.workers.rules.factory import check, forms, sound
from workers.rules.check import all_rules, check_report
from workers.rules.context import Context
from workers.rules.reference import REFERENCE, pages

RULES = {**publication_rules(), **all_rules()}
ON_REPORTS = list(all_rules())

# As agreed with those who rely on it (contract, section 4). A rule that is not named here is graded by rules.yaml.
AGREED = {
    "error": "P01 P02 D02 D03 D05 D07 D11 T01 T03 T05 T06 T07 T08 Y01",
    "warning": (
        "P04 P05 P06 P07 P08 D01 D04 D06 D08 D09 D10 D12 D13 D14 D15 D16 T02 T04 T09 Y02 Y03 N01 N02 N04 N05 N06"
    ),
    "human": "P03 P09 D17 D18 Y04 N03 A01 X01",
}
LEVEL_AGREED = {code: level for level, codes in AGREED.items() for code in codes.split()}

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_rule_that_has_a_name_has_a_function_and_is_run_in_the_order_of_the_names() -> None:
    assert set(RULES) == set(load_rules().rules) == set(CATALOGUE)
    assert list(check(sound()).results) == ON_REPORTS == [code for code in load_rules().rules if code in ON_REPORTS]
    assert set(LEVEL_AGREED) <= set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_is_named_and_documented(code: str) -> None:
    entry = RULES[code]
    assert entry.clause.split("\n\n")[0].endswith((".", ")"))
    assert CHINESE.search(entry.basis)


@pytest.mark.parametrize("code", RULES)
def test_severities_are_as_agreed(code: str) -> None:
    severity = load_rules().rules[code].severity
    assert severity == LEVEL_AGREED.get(code, severity)
    assert CHINESE.search(load_rules().rules[code].title)


@pytest.mark.parametrize("code", ON_REPORTS)
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


@pytest.mark.parametrize("code", ON_REPORTS)
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
    entry = RULES["T05"]
    assert fold(entry, Severity.ERROR, verdicts).outcome is outcome


def test_reasons_are_said_once_and_not_without_end() -> None:
    entry = RULES["T05"]
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
    assert set(written) == {"README.md", *(f"{code}.md" for code in RULES)}
