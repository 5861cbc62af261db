"""The runbook: a page for every kind of incident, and the words of the mails on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.wording import Wording, load_wording
from ledger.states import IncidentKind
from monitor.letters.alert import TAGS, runbook_page

CHECKOUT = Path(__file__).resolve().parents[3]
RUNBOOK = CHECKOUT / "docs" / "runbook"
OFFICES = {*TAGS, IncidentKind.FINDING}


@pytest.fixture(scope="module")
def wording() -> Wording:
    """The words as shipped."""
    return load_wording()


@pytest.mark.parametrize("kind", IncidentKind)
def test_every_kind_has_a_page_with_what_it_means_how_to_look_and_what_to_do(kind: IncidentKind) -> None:
    page = (CHECKOUT / runbook_page(kind)).read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [
        "What it means", "How to look", "What to do", "When it opens and ends",
    ]  # fmt: skip
    assert re.findall(r"^(这是什么|怎么看|怎么办)：\S", page, re.MULTILINE) == ["这是什么", "怎么看", "怎么办"]
    assert f"| `{kind.value}` |" in (RUNBOOK / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [kind for kind in IncidentKind if kind not in OFFICES])
def test_what_operators_are_told_has_its_words_and_the_page_says_the_same(kind: IncidentKind, wording: Wording) -> None:
    page = (CHECKOUT / runbook_page(kind)).read_text(encoding="utf-8")
    assert page.startswith(f"# {wording.operators[kind.value]} · ")
    for heading, words in (("这是什么", wording.meaning), ("怎么看", wording.look), ("怎么办", wording.remedy)):
        assert f"{heading}：{words[kind.value]}\n" in page


def test_no_page_is_of_nothing() -> None:
    pages = {str(page.relative_to(CHECKOUT)) for page in RUNBOOK.glob("*.md")} - {"docs/runbook/README.md"}
    assert pages == {runbook_page(kind) for kind in IncidentKind}
