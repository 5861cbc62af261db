"""What an office keeps for single rules: its register of filings and its list of documents; a slip accuses nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.filings import Filed, Filing, load_filings
from config.in_force import Instead, examine_files, load_register
from config.listed_documents import CountedDocuments, load_document_lists
from config.yaml_file import ConfigurationError

FILED = "districts:\n  朝阳区:\n    2025:\n      due: 2026-01-31\n      kept_until: 2026-02-10\n      reports:\n"
LISTED = (
    "districts:\n  朝阳区:\n    whole_from: 2025-01-01\n    whole_until: 2026-01-31\n    all_in_force: true\n"
    "    covers: [a, b]\n    documents:\n"
)


def write(home: Path, name: str, content: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / name).write_text(content, encoding="utf-8")


def test_nothing_is_kept_where_an_office_has_written_nothing(home: Path) -> None:
    assert load_filings(home).districts == {} and load_document_lists(home).districts == {}


def test_a_filing_is_found_by_district_agency_and_year(home: Path) -> None:
    write(home, "filings.yaml", FILED + "        a: {filed: 2026-01-20, returned: 2026-01-22, again: 2026-01-28}\n")
    filings = load_filings(home)
    whole = (date(2026, 1, 31), date(2026, 2, 10))
    filing = Filing(filed=date(2026, 1, 20), returned=date(2026, 1, 22), again=date(2026, 1, 28))
    assert filings.of("朝阳区", "a", "department", 2025) == Filed(*whole, filing)
    assert filings.of("朝阳区", "b", "town", 2025) == Filed(*whole, None)
    # A government hands its report to nobody, and of other years nothing is kept.
    assert filings.of("朝阳区", "a", "government", 2025) is None
    assert filings.of("朝阳区", "a", "department", 2024) is None


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("        a: {filed: 2027-01-20}\n", "晚于登记截至日期"),
        ("        a: {filed: 2024-12-20}\n", "早于2025年"),
        ("        a: {filed: 2026-01-20, returned: 2026-01-10}\n", "不早于前一日期"),
        ("        a: {filed: 2026-01-20, again: 2026-01-28}\n", "还须写退回日期"),
        ("        a: {date: 2026-01-20}\n", "缺少必填项"),
    ],
)
def test_a_day_that_cannot_be_is_a_fault_with_its_line(home: Path, line: str, what: str) -> None:
    write(home, "filings.yaml", FILED + line)
    with pytest.raises(ConfigurationError, match=f"filings.yaml:7：.*{what}.*；."):
        load_filings(home)


def test_documents_are_counted_for_the_agencies_and_years_that_the_list_covers(home: Path) -> None:
    write(
        home,
        "listed_documents.yaml",
        LISTED
        + "      - {agency: a, number: 1号, issued: 2025-03-01}\n"
        + "      - {agency: a, number: 2号, issued: 2019-05-06, repealed: 2025-09-30}\n"
        + "      - {agency: a, number: 3号, issued: 2018-01-01}\n"
        + "      - {agency: a, number: 4号, issued: 2026-01-05}\n",
    )
    counted = load_document_lists(home).districts["朝阳区"].counted
    assert counted("a", 2025) == CountedDocuments(issued=1, repealed=1, in_force=2)
    assert counted("b", 2025) == CountedDocuments(0, 0, 0)
    assert counted("a", 2024) is None and counted("a", 2026) is None and counted("c", 2025) is None


@pytest.mark.parametrize(
    ("documents", "line", "what"),
    [
        ("      - {agency: a, number: 1号, issued: 2025-03-01}\n" * 2, 9, "列了两次"),
        ("      - {agency: c, number: 1号, issued: 2025-03-01}\n", 8, "不在 covers 中"),
        ("      - {agency: a, number: 1号, issued: 2026-03-01}\n", 8, "截至日期之后"),
        ("      - {agency: a, number: 1号, issued: 2025-03-01, repealed: 2025-01-01}\n", 8, "早于制发日期"),
    ],
)
def test_a_document_that_would_be_counted_wrongly_is_a_fault_with_its_line(
    home: Path, documents: str, line: int, what: str
) -> None:
    write(home, "listed_documents.yaml", LISTED + documents)
    with pytest.raises(ConfigurationError, match=f"listed_documents.yaml:{line}：.*{what}"):
        load_document_lists(home)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("filings.yaml", FILED + "        chaoyang-nobody: {filed: 2026-01-20}\n"),
        ("filings.yaml", FILED.replace("朝阳区", "潮阳区") + "        a: {filed: 2026-01-20}\n"),
        ("listed_documents.yaml", LISTED.replace("    documents:\n", "")),
        ("wanted_numbers.yaml", "districts:\n  潮阳区: {longest: 1000}\n"),
    ],
    ids=["no such agency", "no such district", "covers nobody known", "wishes of nobody"],
)
def test_a_name_that_no_register_has_switches_the_rule_off_and_stops_nothing_that_runs(
    home: Path, name: str, content: str
) -> None:
    write(home, name, content)
    (fault,) = examine_files(home)
    assert (fault.file, fault.instead) == (name, Instead.NOTHING) and fault.line and fault.remedy
    register = load_register(home, set_aside=True)
    assert not register.filings.districts and not register.listed_documents.districts and not register.wanted.districts
    assert "朝阳区" in register.districts
