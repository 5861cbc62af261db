"""An office's own words: those that its file does not have are ours, so that an older file breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.wording import FILE, load_wording, missing_words
from config.yaml_file import PACKAGED, ConfigurationError


def own(home: Path, content: str) -> None:
    (home / "config").mkdir()
    (home / "config" / FILE).write_text(content, "utf-8")


def test_an_older_file_without_newer_words_gets_ours(home: Path) -> None:
    lines = (PACKAGED / FILE).read_text("utf-8").splitlines(keepends=True)
    older = [line for line in lines if not line.startswith("  rectification:")]
    own(home, "".join(older).replace("missing: 未公布", "missing: 尚未公布"))
    wording = load_wording(home)
    assert wording.standings["missing"] == "尚未公布"
    assert wording.expected["rectification"] == load_wording().expected["rectification"]
    assert missing_words(home) == ["expected.rectification", "own_government.rectification"]


def test_a_file_of_one_word_changes_one_word(home: Path) -> None:
    own(home, "portals: {blocked: 被防火墙拦截}\n")
    ours, found = load_wording().model_dump(), load_wording(home).model_dump()
    assert found["portals"].pop("blocked") == "被防火墙拦截"
    del ours["portals"]["blocked"]
    assert found == ours


def test_the_shipped_words_lack_nothing(home: Path) -> None:
    assert missing_words(home) == []
    assert missing_words() == []


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("standing: {missing: 未公布}\n", "wording.yaml:1：“standing”不认识这一项"),
        ("levels:\n  error: 错\n  warning: [1]\n", "wording.yaml:3：“levels.warning”取值不符合要求"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_its_line(content: str, wrong: str, home: Path) -> None:
    own(home, content)
    with pytest.raises(ConfigurationError, match=wrong):
        load_wording(home)
