"""What holds addresses of people is closed to others from its first moment, whatever the umask."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.doctor import _permissions
from config.private_files import make_private_folder
from config.settings import load_settings
from ledger.database import open_ledger
from monitor.notices.unsubscribe import secret_of


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.parametrize("umask", ["000", "022", "077"])
def test_a_home_and_its_ledger_are_closed_to_others_whatever_the_umask(tmp_path: Path, umask: str) -> None:
    home = tmp_path / "home"
    program = "from config.settings import load_settings as s; from ledger.database import open_ledger as o\n"
    program += "ledger = o(s())\nwith ledger.write() as session: session.connection()\ninput()"
    command = f"umask {umask}; exec {sys.executable} -c '{program}'"
    environment = {**os.environ, "NIANBAO_HOME": str(home)}
    with subprocess.Popen(
        ["/bin/sh", "-c", command], stdin=subprocess.PIPE, env=environment, cwd=Path(__file__).parents[2]
    ) as running:
        running.communicate(b"\n", timeout=300)
    assert running.returncode == 0
    assert mode(home) == "0o700"
    files = [path for path in home.rglob("*") if path.is_file()]
    assert home / "ledger.sqlite3" in files
    assert {mode(path) for path in files} == {"0o600"}


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    folder.chmod(0o750)
    make_private_folder(folder)
    assert mode(folder) == "0o750"


def test_doctor_names_a_home_of_an_earlier_program_that_others_can_read(home: Path) -> None:
    settings = load_settings()
    open_ledger(settings).close()
    secret_of(settings)
    home.chmod(0o755)
    (home / "ledger.sqlite3").chmod(0o644)
    found = _permissions(settings)
    assert not found.right
    assert "ledger.sqlite3" in found.sentence and "unsubscribe.secret" not in found.sentence
    assert f"chmod -R o-rwx {home}" in found.sentence
    home.chmod(0o750)
    assert _permissions(settings).right
