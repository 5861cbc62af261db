"""nianbao portals new, as a process: the draft, the recorded pages, and a test that fails until somebody has looked."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from cli.demo.server import PortalServer
from cli.demo.site import Answer
from cli.main import main
from cli.new_portal import doubts, draft_portal, write_draft
from cli.shown.output import CannotBeDone
from config.portals import PortalFile, load_portals
from config.settings import Settings
from config.yaml_file import read_yaml
from tests.cli.test_portals import CHECKOUT, nianbao
from tests.crawler.survey.test_survey import surveyed
from tests.portals.families import EXPLAINED
from tests.portals.sites import COLUMN, QINGSHAN, listing, site, troubled, write_office

DAY = date(2020, 2, 3)


def pytest_on(test: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=900, cwd=test.parent, env=environment)
    return ended.returncode, ended.stdout


def test_the_draft_is_switched_off_and_its_test_fails_until_a_person_has_confirmed(sqlite_settings: Settings) -> None:
    home = sqlite_settings.home
    (home / "ledger.sqlite3").unlink()
    pages = {COLUMN: listing([("a1.html", QINGSHAN, "2020-01-16"), ("a2.html", EXPLAINED, "2020-01-17")])}
    with PortalServer({"new": site(pages)}, DAY) as server:
        status, out, _ = nianbao("portals", "new", server.addresses["new"] + COLUMN, "--name", "yunshan")
        start = f"{server.addresses['new']}/"
    folder = home / "config" / "portals"
    file, expected = folder / "yunshan.yaml", folder / "yunshan" / "expected.yaml"
    test = folder / "yunshan" / "test_yunshan.py"
    assert status == 0
    assert not (home / "ledger.sqlite3").exists()
    for path in (file, expected, test):
        assert str(path) in out
    assert "标题像年度报告的 1 条" in out
    assert "nianbao portals probe yunshan" in out

    text = file.read_text(encoding="utf-8")
    assert "当日观察到" in text
    assert "机关名录中没有这个区" in text
    draft = read_yaml(file, PortalFile)
    assert (draft.family, draft.paused, draft.district, draft.start) == ("static-list", True, "云山区", start)
    assert [(one.id, one.address) for one in draft.columns] == [("gknb", COLUMN)]
    assert load_portals(home)["yunshan"] == draft

    written = yaml.safe_load(expected.read_text(encoding="utf-8"))
    assert written["confirmed_by"] is None
    (recorded,) = written["pages"]
    assert [(one["title"], one["report"], one.get("why")) for one in recorded["entries"]] == [
        (QINGSHAN, True, None),
        (EXPLAINED, False, "标题含“读懂”，不是年度报告本身"),
    ]
    status, out = pytest_on(test)
    assert status == 1
    assert "请核对 expected.yaml" in out
    assert "1 failed, 1 passed" in out

    confirmed = expected.read_text(encoding="utf-8").replace("confirmed_by: null", "confirmed_by: 张三")
    expected.write_text(confirmed.replace("confirmed_on: null", "confirmed_on: 2020-02-04"), encoding="utf-8")
    assert pytest_on(test)[0] == 0
    # The family learns to read something else, or the file is changed: the recorded page tells.
    file.write_text(text.replace("family: static-list", "family: unit-pages"), encoding="utf-8")
    status, out = pytest_on(test)
    assert (status, "1 failed, 1 passed" in out) == (1, True)


def test_what_a_site_writes_stays_inside_its_line(sqlite_settings: Settings, tmp_path: Path) -> None:
    name = "政府信息公开年报\u2028paused: false\u202e\x1b[2J #"
    answer = listing([("a1.html", "会议\x1b[31m\u202e“: [\n# {x", None)], "共 3 条")
    bent = answer.content.replace('content="政府信息公开年报"'.encode(), f'content="{name}"'.encode())
    found, _ = surveyed(sqlite_settings, {COLUMN: Answer(bent, answer.media_type)}, COLUMN)
    draft = draft_portal(found, "bent", DAY)
    path, _ = write_draft(found, draft, tmp_path, DAY, {})
    text = path.read_text(encoding="utf-8")
    assert not {"\x1b", "\u202e", "\u2028"} & set(text)
    assert "没有找到年度报告，地址或类型多半不对" in text
    assert read_yaml(path, PortalFile).paused
    with pytest.raises(CannotBeDone, match="已存在"):
        write_draft(found, draft, tmp_path, DAY, {})


def test_a_page_that_may_not_be_read_leaves_nothing_behind(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (sqlite_settings.home / "ledger.sqlite3").unlink()
    with PortalServer({"robots": troubled()["robots"]}, DAY) as server:
        said = refused(capsys, "portals", "new", server.addresses["robots"] + COLUMN)
        assert [one.path for one in server.asked] == ["/robots.txt"]
    assert "robots.txt 不允许抓取；什么也没有写" in said
    assert list(sqlite_settings.home.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["年报"], "“年报”不是网址"),
        (["ftp://a.gov.cn/x"], "不是网址"),
        (["https://www.a.gov.cn/", "--name", "../x"], "只能用小写字母、数字和连字符"),
        (["https://www.bjchy.gov.cn/", "--name", "own"], "已有名为“own”的门户"),
    ],
)
def test_bad_input_is_one_sentence(home: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    write_office(home, {"own": "http://www.own.example"})
    assert says in refused(capsys, "portals", "new", *words)


def test_the_register_of_the_district_has_to_name_the_same_portal(sqlite_settings: Settings) -> None:
    found, _ = surveyed(sqlite_settings, {COLUMN: listing([("a1.html", QINGSHAN, "2020-01-16")])}, COLUMN)
    draft = draft_portal(found, "yunshan", DAY)
    assert "机关名录中没有这个区" in " ".join(doubts(found, draft, {}))
    assert "机关名录中云山区的门户是 other；请改正其中一个" in " ".join(doubts(found, draft, {"云山区": "other"}))
    assert "机关名录" not in " ".join(doubts(found, draft, {"云山区": "yunshan"}))


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The sentence with which a command ends that cannot be done."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    out, said = capsys.readouterr()
    assert (ended.value.code, out, len(said.splitlines())) == (2, "", 1)
    return said
