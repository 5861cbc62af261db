"""That an installed nianbao has everything that a checkout has: the image installs a wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "report", "ledger", "crawler", "workers", "monitor", "web", "cli")


def test_every_file_of_every_room_is_in_the_wheel(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for room in ROOMS:
        shutil.copytree(CHECKOUT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source / name)
    here = {str(path.relative_to(source)) for room in ROOMS for path in (source / room).rglob("*") if path.is_file()}

    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    built = subprocess.run(
        [*command, "--wheel-dir", str(tmp_path), str(source)], capture_output=True, text=True, timeout=900, check=False
    )

    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("nianbao-*.whl"))) as wheel:
        assert here - set(wheel.namelist()) == set()
