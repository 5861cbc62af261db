"""A draft judged beside the ledger: the same as `nianbao check`, with last year's report, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from config.in_force import load_register
from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from tests.monitor.evidence.published import publish
from tests.monitor.factory import World, at, write_register
from tests.workers.drafts.made import ELSEWHERE, GOVERNMENT, word
from workers.drafts.checking import CheckedDraft, check_draft
from workers.reading.errors import ReadErrorKind

NOW = at("2024-03-01 09:00")
AGENCY = "yunshan-government"


class Drafts:
    """A ledger in which last year's report of the government stands, and drafts judged beside it."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings, self.ledger = settings, ledger
        write_register(settings.home)
        last_year = replace(GOVERNMENT, year=2022)
        publish(World(ledger), settings, word(last_year), AGENCY, 2022, "2023-03-01")

    def check(self, data: bytes, name: str = "draft.docx", **asked: object) -> CheckedDraft:
        register, archive = load_register(self.settings.home), open_archive(self.settings)
        return check_draft(self.settings, self.ledger, archive, register, data, name, NOW, **asked)  # type: ignore[arg-type]


@pytest.fixture
def drafts(settings: Settings, ledger: Ledger) -> Iterator[Drafts]:
    yield Drafts(settings, ledger)


def everything_in(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "cache" not in path.parts and not path.name.endswith(("-wal", "-shm"))
    }


def test_last_years_report_is_held_against_it_and_nothing_is_kept(drafts: Drafts) -> None:
    carried = GOVERNMENT.values["requests.carried_out.total"]
    assert carried  # what a column carries into the next year
    before = everything_in(drafts.settings.home)
    found = drafts.check(word(GOVERNMENT), agency=AGENCY)
    assert found.judged.readable and found.around.has_last_year and not found.around.is_of_another_agency
    outcomes = found.judged.as_json()["rules"]
    assert outcomes["Y01"] == "fail"
    assert not [code for code in outcomes if code.startswith("P")]
    assert everything_in(drafts.settings.home) == before


def test_it_says_itself_whose_it_is_and_nobodys_year_is_held_against_another(drafts: Drafts) -> None:
    found = drafts.check(word(ELSEWHERE), agency=AGENCY, year=2022)
    assert found.around.is_of_another_agency and found.around.is_of_another_year
    assert found.around.agency is not None and found.around.agency.id == "yunshan-culture"
    assert found.judged.as_json()["rules"]["Y01"] == "not_assessable"
    unknown = drafts.check(word(replace(ELSEWHERE, agency="海淀区水务局")), agency=AGENCY)
    assert unknown.around.is_of_another_agency and unknown.around.agency is None
    assert unknown.judged.as_json()["rules"]["Y01"] == "not_assessable"


def test_what_is_no_report_is_said_in_one_sentence(drafts: Drafts) -> None:
    found = drafts.check("会议纪要\n".encode() * 100, "会议.txt", agency=AGENCY)
    assert found.judged.unread is ReadErrorKind.NOT_A_REPORT and found.judged.sentence.count("。") == 1
    assert [one["rule"] for one in found.judged.as_json()["findings"]] == ["X01"]
