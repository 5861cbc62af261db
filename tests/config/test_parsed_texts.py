"""A large register is parsed once; what is kept of it never stands for another text, and does no harm when damaged."""

from __future__ import annotations

import hashlib
import os
import pickle
from datetime import date
from pathlib import Path

import pytest

from config.agencies import load_districts
from config.parsed_texts import WORTH_KEEPING, ParsedTexts
from config.yaml_file import ConfigurationError

AGENCY = "  - {{id: a{n}, name: 某市某区第{n}局, short: 第{n}局, kind: department, founded: 2019-03-02}}"


class _Harmful:
    """What runs a program where it is unpacked by a reader that takes everything."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def register(home: Path) -> Path:
    """A file of agencies that is large enough to be kept."""
    path = home / "config" / "agencies" / "large.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["district: 某市某区", "portal: p", "watched: {first: 2024}", "agencies:"]
    path.write_text("\n".join([*lines, *(AGENCY.format(n=n) for n in range(1500))]), encoding="utf-8")
    assert path.stat().st_size > WORTH_KEEPING
    return path


def kept(home: Path) -> Path:
    return home / "cache" / "agencies.parsed"


def test_a_large_register_is_kept_and_reads_the_same_again(home: Path, register: Path) -> None:
    first = load_districts(home)
    assert kept(home).is_file()
    assert [path.name for path in kept(home).parent.iterdir()] == ["agencies.parsed"]
    again = load_districts(home)
    assert again == first
    assert again["某市某区"].agencies[7].founded == date(2019, 3, 2)


def test_what_is_kept_is_not_parsed_again(home: Path) -> None:
    text, parsed = "x" * WORTH_KEEPING, []

    def parse(asked: str) -> object:
        parsed.append(asked)
        return {"first": date(2019, 3, 2), 7: [None, True, 1.5, "年"]}

    for _ in range(3):
        texts = ParsedTexts(home, "some")
        assert texts.content(text, parse) == {"first": date(2019, 3, 2), 7: [None, True, 1.5, "年"]}
        texts.keep()
    assert parsed == [text]


def test_a_text_changed_without_a_trace_in_size_and_time_is_read(home: Path, register: Path) -> None:
    load_districts(home)
    before = register.stat()
    register.write_text(register.read_text(encoding="utf-8").replace("第7局", "第八局"), encoding="utf-8")
    os.utime(register, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load_districts(home)["某市某区"].agencies[7].short == "第八局"
    register.write_text("district: [", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"large\.yaml:1：不是有效的 YAML"):
        load_districts(home)


@pytest.mark.parametrize("cut", [0, 10, 32, 1000])
def test_a_cut_copy_is_done_without_and_made_anew(home: Path, register: Path, cut: int) -> None:
    first = load_districts(home)
    whole = kept(home).read_bytes()
    kept(home).write_bytes(whole[:cut])
    assert load_districts(home) == first
    assert kept(home).read_bytes() == whole


def test_a_forged_copy_runs_nothing(home: Path, register: Path) -> None:
    first = load_districts(home)
    packed = pickle.dumps({b"": _Harmful(home / "harm")})
    kept(home).write_bytes(hashlib.sha256(packed).digest() + packed)
    assert load_districts(home) == first
    assert not (home / "harm").exists()


def test_a_home_that_cannot_be_written_is_read_all_the_same(home: Path, register: Path) -> None:
    kept(home).parent.write_text("a file where the folder should be", encoding="utf-8")
    assert len(load_districts(home)["某市某区"].agencies) == 1500


def test_a_small_register_leaves_nothing_in_the_home(home: Path, register: Path) -> None:
    register.write_text(register.read_text(encoding="utf-8")[: WORTH_KEEPING // 10].rpartition("\n")[0], "utf-8")
    load_districts(home)
    assert not kept(home).exists()
