"""A broken file stops nothing while a process runs: what it last said stays in force, the others go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config import in_force
from config.in_force import Instead, examine_files, file_faults, load_register
from config.yaml_file import ConfigurationError

SHIPPED = Path(in_force.__file__).parent


def district(name: str, *agencies: str, portal: str = "p", more: str = "") -> str:
    rows = "".join(f"  - {{id: {one}, name: {name}{one}局, short: {one}局, kind: department}}\n" for one in agencies)
    return f"district: {name}\nportal: {portal}\nwatched: {{first: 2024}}\n{more}agencies:\n{rows}"


def portal(name: str, of: str, family: str = "trs") -> str:
    return (
        f"portal: {name}\nname: {of}人民政府\ndistrict: {of}\nstart: http://127.0.0.1/\nfamily: {family}\n"
        "observed: 2026-10-02\ncolumns:\n  - {id: c, name: 年报, address: /gknb/}\n"
    )


class Office:
    """The data files of one office, and the process that uses them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._second = 1_800_000_000

    def write(self, name: str, content: str) -> None:
        path = self.home / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        self._second += 1
        os.utime(path, (self._second, self._second))

    def starts(self) -> None:
        """What a new process knows: nothing but the home."""
        in_force._watched.cache_clear()

    def faults(self) -> dict[str, Instead]:
        return {fault.file: fault.instead for fault in file_faults(self.home)}

    def agencies(self, name: str) -> set[str]:
        return {agency.id for agency in load_register(self.home).districts[name].agencies}


@pytest.fixture
def office(home: Path) -> Office:
    one = Office(home)
    one.write("agencies/east.yaml", district("东区", "a", portal="east"))
    one.write("agencies/west.yaml", district("西区", "b", portal="west"))
    one.write("portals/east.yaml", portal("east", "东区"))
    one.write("portals/west.yaml", portal("west", "西区"))
    return one


def test_a_change_is_taken_up_and_the_same_files_are_the_same_register(office: Office) -> None:
    register = load_register(office.home)
    assert load_register(office.home) is register and set(register.of_portal("east")) == {"a"}
    office.write("agencies/east.yaml", district("东区", "a", "new", portal="east"))
    assert set(load_register(office.home).of_portal("east")) == {"a", "new"}
    (office.home / "config" / "agencies" / "west.yaml").unlink()
    (office.home / "config" / "portals" / "west.yaml").unlink()
    assert "西区" not in load_register(office.home).districts and office.faults() == {}


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("agencies/east.yaml", district("东区", "a", portal="east") + "  - {id: a b}\n", "6"),
        ("agencies/east.yaml", "agencies: [\n", "2"),
        ("portals/east.yaml", portal("east", "东区", family="drupal"), "5"),
        ("portals/east.yaml", portal("east", "南区"), "3"),
        ("portals/east.yaml", portal("east", "东区").replace("/gknb/}", "/gknb/, family: drupal}"), "8"),
        ("portals/east.yaml", portal("east", "东区", family="json-list"), "5"),
        ("offices.yaml", "offices:\n  - {district: 东区}\n", "2"),
        ("maintenance.yaml", "windows: 3\n", "1"),
        ("rules.yaml", "rules: {T99: {enabled: false}}\n", "1"),
        ("wanted_numbers.yaml", "districts:\n  某区: {longest: 3}\n", "2"),
        ("filings.yaml", "districts:\n  东区: {2025: {due: 2026-01-31}}\n", "2"),
        ("listed_documents.yaml", "districts:\n  东区: {covers: [a]}\n", "2"),
        ("wording.yaml", "standing: {}\n", "1"),
        ("deadlines.yaml", "deadlines: {}\n", "1"),
        ("forms/2021.yaml", "form: '2021'\n", "1"),
    ],
)
def test_whatever_is_broken_the_last_good_one_holds_and_the_rest_goes_on(
    office: Office, name: str, content: str, line: str
) -> None:
    before = load_register(office.home)
    office.write(name, content)
    office.write("agencies/west.yaml", district("西区", "b", "c", portal="west"))
    after = load_register(office.home)
    (fault,) = file_faults(office.home)
    assert (fault.file, fault.line, fault.instead) == (name, line, Instead.LAST_GOOD)
    assert fault.where.startswith(str(office.home / "config" / name)) and fault.remedy
    assert set(after.of_portal("west")) == {"b", "c"}
    for field in (
        "deadlines",
        "maintenance",
        "offices",
        "rules",
        "filings",
        "listed_documents",
        "wanted",
        "wording",
        "forms",
        "portals",
    ):
        assert getattr(after, field) == getattr(before, field)
    assert after.districts["东区"] == before.districts["东区"]


def test_a_broken_file_is_logged_once_and_its_mending_takes_effect(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    load_register(office.home)
    office.write("agencies/east.yaml", "district: 东区\n")
    with caplog.at_level("INFO", logger="nianbao.config"):
        for _ in range(3):
            load_register(office.home)
        assert [record.levelname for record in caplog.records] == ["ERROR"] and "east.yaml:1" in caplog.text
        office.write("agencies/east.yaml", district("东区", "mended", portal="east"))
        assert office.agencies("东区") == {"mended"} and office.faults() == {}
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_a_new_broken_file_is_set_aside_while_the_process_runs(office: Office) -> None:
    load_register(office.home)
    office.write("portals/new.yaml", portal("new", "东区", family="drupal"))
    office.write("agencies/new.yaml", district("南区"))
    assert office.faults() == {"portals/new.yaml": Instead.NOTHING, "agencies/new.yaml": Instead.NOTHING}
    assert {"east", "west"} <= load_register(office.home).portals.keys()
    assert "new" not in load_register(office.home).portals and "南区" not in load_register(office.home).districts


def test_the_one_that_was_changed_is_blamed_whatever_the_names(office: Office) -> None:
    load_register(office.home)
    office.write("agencies/aaa.yaml", district("北区", "a", portal="north"))
    assert office.faults() == {"agencies/aaa.yaml": Instead.NOTHING} and office.agencies("东区") == {"a"}
    office.write("agencies/west.yaml", district("西区", "b", "a", portal="west"))
    assert office.faults()["agencies/west.yaml"] is Instead.LAST_GOOD
    assert office.agencies("西区") == {"b"} and office.agencies("东区") == {"a"}


def test_an_agency_that_another_district_needs_is_not_lost_by_a_change(office: Office) -> None:
    needs = "  - {id: old, name: 西区旧局, short: 旧局, kind: department, last_year: 2024, successor: a}\n"
    office.write("agencies/west.yaml", district("西区", "b", portal="west") + needs)
    load_register(office.home)
    office.write("agencies/east.yaml", district("东区", "other", portal="east"))
    assert office.faults() == {"agencies/east.yaml": Instead.LAST_GOOD}
    assert office.agencies("东区") == {"a"} and office.agencies("西区") == {"b", "old"}
    office.write("agencies/west.yaml", district("西区", "b", portal="west"))
    assert office.faults() == {} and office.agencies("东区") == {"other"}


def test_a_district_whose_file_is_taken_away_takes_its_portal_with_it_and_nothing_else(office: Office) -> None:
    load_register(office.home)
    (office.home / "config" / "agencies" / "west.yaml").unlink()
    assert office.faults() == {"portals/west.yaml": Instead.NOTHING}
    assert "east" in load_register(office.home).portals


def test_a_process_that_starts_takes_the_last_good_one(office: Office) -> None:
    load_register(office.home)
    office.write("agencies/east.yaml", "district: 东区\n")
    office.starts()
    assert office.agencies("东区") == {"a"} and office.faults() == {"agencies/east.yaml": Instead.LAST_GOOD}
    office.starts()
    office.write("agencies/east.yaml", district("东区", "c", portal="east"))
    assert office.agencies("东区") == {"c"} and office.faults() == {}


def test_a_start_without_a_good_one_is_refused_with_file_and_line(office: Office) -> None:
    load_register(office.home)
    office.write("portals/new.yaml", portal("new", "东区", family="drupal"))
    office.starts()
    with pytest.raises(ConfigurationError, match=r"new\.yaml:5：.*“drupal”.*可用的类型：.*trs"):
        load_register(office.home)
    office.starts()
    assert "new" not in load_register(office.home, set_aside=True).portals
    assert office.faults() == {"portals/new.yaml": Instead.NOTHING}


def test_a_home_that_takes_no_copy_stops_nobody(office: Office) -> None:
    (office.home / "cache").write_text("no folder", encoding="utf-8")
    load_register(office.home)
    office.write("agencies/east.yaml", "district: 东区\n")
    assert office.agencies("东区") == {"a"}
    office.starts()
    with pytest.raises(ConfigurationError, match=r"east\.yaml:1"):
        load_register(office.home)


def test_a_copy_that_a_new_version_does_not_take_is_no_good_one(office: Office) -> None:
    load_register(office.home)
    (office.home / in_force.LAST_GOOD / "agencies" / "east.yaml").write_text("old: form\n", encoding="utf-8")
    office.write("agencies/east.yaml", "district: 东区\n")
    office.starts()
    with pytest.raises(ConfigurationError, match=r"config/agencies/east\.yaml:1"):
        load_register(office.home)


def test_a_file_that_cannot_be_opened_for_a_while_is_read_when_it_can(office: Office) -> None:
    load_register(office.home)
    path = office.home / "config" / "agencies" / "east.yaml"
    content = path.read_text(encoding="utf-8")
    path.unlink()
    path.mkdir()  # whoever runs the tests may read everything
    assert office.faults() == {"agencies/east.yaml": Instead.LAST_GOOD} and office.agencies("东区") == {"a"}
    path.rmdir()
    path.write_text(content, encoding="utf-8")
    assert office.faults() == {}


def test_all_faults_are_told_to_whoever_can_mend_them(office: Office) -> None:
    load_register(office.home)
    office.write("agencies/east.yaml", "district: 东区\n")
    office.write("offices.yaml", "offices: 3\n")
    office.write("portals/new.yaml", portal("new", "东区", family="drupal"))
    # The portal of the district that is broken has no district then.
    assert {fault.file for fault in examine_files(office.home)} >= {
        "agencies/east.yaml",
        "offices.yaml",
        "portals/new.yaml",
    }


def test_what_ships_has_no_fault() -> None:
    assert examine_files(None) == ()
