"""The reading process: the same report as without it, and an end for whatever a document does to its reader."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.forms import load_forms
from config.settings import Settings, load_settings
from config.yaml_file import ConfigurationError
from report.form import make_form
from tests.waiting import wait_until
from tests.workers import troublesome_readers as trouble
from workers.reading.child.process import DOCUMENTS_A_PROCESS, ReadingProcess
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.read import read_document

SEED = Path(__file__).parent.parent / "documents" / "seeds" / "002_07fb4919d9928ff3.txt"
READER = "tests.workers.troublesome_readers:read"
# For a process to start and read a sound document, on a machine that has other things to do.
LONG_ENOUGH = 600


LIMITS = {"read_timeout_seconds": 10, "read_memory_megabytes": 700, "read_max_bytes": 1_000_000}


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings(**LIMITS)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingProcess]:
    """One for all tests after which the next document is read: what one of them left is what the next one meets."""
    with ReadingProcess(load_settings(home=tmp_path_factory.mktemp("home"), **LIMITS), reader=READER) as process:
        yield process


def test_the_report_is_the_same_as_without_the_process(settings: Settings) -> None:
    data = SEED.read_bytes()
    forms = {name: make_form(file) for name, file in load_forms().items()}
    with ReadingProcess(settings) as process:
        assert process.read(data, "seed") == read_document(data, source="seed", forms=forms)


@pytest.mark.parametrize(
    ("document", "kind", "sentence"),
    [
        (b"", ReadErrorKind.EMPTY, ""),
        (b"%PDF-1.7 and nothing else", ReadErrorKind.BROKEN, ""),
        (b"x" * 1_000_001, ReadErrorKind.TOO_LARGE, "超过读取上限 1 MB"),
        (trouble.EATS, ReadErrorKind.MEMORY, "内存超过上限"),
        (trouble.CRASHES, ReadErrorKind.CRASHED, "异常退出（信号 11）"),
        (trouble.FAULTY, ReadErrorKind.CRASHED, "读取程序出错（LookupError）"),
    ],
)
def test_a_document_that_cannot_be_read_ends_as_an_error_and_the_next_is_read(
    reading: ReadingProcess, document: bytes, kind: ReadErrorKind, sentence: str
) -> None:
    with pytest.raises(ReadError) as error:
        reading.read(document, "hostile")
    assert error.value.kind is kind
    assert sentence in error.value.sentence
    assert reading.read(SEED.read_bytes(), "seed").year is not None


def test_a_document_that_hangs_is_ended_with_its_process(home: Path) -> None:
    settings = load_settings(read_timeout_seconds=3)
    with ReadingProcess(settings, reader=READER) as reading:
        reading.read(SEED.read_bytes(), "seed", seconds=LONG_ENOUGH)
        child = reading.pid
        assert child is not None
        with pytest.raises(ReadError) as error:
            reading.read(trouble.HANGS, "hanging")
        assert error.value.kind is ReadErrorKind.TIMEOUT
        assert "超过 3 秒" in error.value.sentence
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
        assert reading.pid is None


def test_what_a_library_prints_does_not_come_between(reading: ReadingProcess) -> None:
    assert reading.read(trouble.PRINTS + b"\n" + SEED.read_bytes(), "seed").form is not None


def test_the_process_of_a_hostile_document_knows_no_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = ("NIANBAO_DATABASE_URL", "NIANBAO_SMTP_PASSWORD", "AWS_SECRET_ACCESS_KEY", "OUR_GROUPS_WEBHOOK")
    for name in secrets:
        monkeypatch.setenv(name, "never-shown")
    with ReadingProcess(settings) as process:
        process.read(SEED.read_bytes(), "seed")
        environment = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    assert b"never-shown" not in b"".join(environment)
    assert any(line.startswith(b"PATH=") for line in environment)


def test_the_process_stays_from_document_to_document_and_is_replaced_in_time(settings: Settings) -> None:
    data = SEED.read_bytes()
    with ReadingProcess(settings) as reading:
        reading.read(data, "seed")
        first = reading.pid
        for _ in range(DOCUMENTS_A_PROCESS - 2):
            reading.read(data, "seed")
        assert reading.pid == first
        reading.read(data, "seed")
        assert reading.pid is None


def test_a_form_of_the_office_that_does_not_fit_is_no_fault_of_the_document(home: Path, settings: Settings) -> None:
    (home / "config" / "forms").mkdir(parents=True)
    (home / "config" / "forms" / "2021.yaml").write_text("form: '2021'\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"2021\.yaml"), ReadingProcess(settings) as reading:
        reading.read(SEED.read_bytes(), "seed")


def test_the_process_ends_with_its_parent_even_while_it_hangs(home: Path) -> None:
    program = (
        "from config.settings import load_settings\n"
        "from workers.reading.child.process import ReadingProcess\n"
        f"reading = ReadingProcess(load_settings(), reader={READER!r})\n"
        f"reading.read({SEED.read_bytes()!r}, 'seed')\n"
        "print(reading.pid, flush=True)\n"
        f"reading.read({trouble.HANGS!r}, 'hanging')\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{child}").exists(), "the reading process has ended")


def test_a_file_beside_the_documents_is_not_taken_for_a_module(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit('taken for a module')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with ReadingProcess(settings) as reading:
        assert reading.read(SEED.read_bytes(), "seed").year == 2019


def test_a_reader_that_is_killed_leaves_no_files_and_no_programs_of_its_own(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A LibreOffice that hangs, with a program that it started."""
    programs, scratch, pids = tmp_path / "bin", tmp_path / "scratch", tmp_path / "pids"
    programs.mkdir()
    scratch.mkdir()
    office = programs / "soffice"
    office.write_text(f"#!/bin/sh\nsleep 543 &\necho $$ $! > {pids}\nexec sleep 544\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    document = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 80
    with ReadingProcess(load_settings(read_timeout_seconds=3)) as reading:
        reading.read(SEED.read_bytes(), "seed", seconds=LONG_ENOUGH)
        with pytest.raises(ReadError) as error:
            reading.read(document, "x")
        assert error.value.kind is ReadErrorKind.TIMEOUT
        assert list(scratch.iterdir()) == []
        for pid in map(int, pids.read_text().split()):
            wait_until(lambda pid=pid: not _lives(pid), "the programs of the reader end")  # type: ignore[misc]


def test_what_a_killed_worker_left_is_removed_by_the_next_reader_and_nobody_elses(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    left, other = scratch / "nianbao-reader-left", scratch / "another-program"
    for folder in (left, other):
        folder.mkdir(parents=True)
        (folder / "document").write_bytes(b"x")
    with ReadingProcess(settings) as first, ReadingProcess(settings) as second:
        first.read(SEED.read_bytes(), "seed")
        second.read(SEED.read_bytes(), "seed")
        assert not left.exists() and other.exists()
        assert len(list(scratch.glob("nianbao-reader-*"))) == 2
    assert list(scratch.iterdir()) == [other]


def _lives(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
