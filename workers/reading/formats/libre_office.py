"""LibreOffice, where it is installed, as the second way to read what our own readers cannot open."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 60


def as_docx(data: bytes) -> bytes | None:
    """The document as DOCX; None where LibreOffice is not installed, or cannot open it either."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        source = Path(folder) / "report.doc"
        source.write_bytes(data)
        # A profile of its own: macros find no trust in it, and two of these do not get in each other's way.
        command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - no shell
        except (subprocess.TimeoutExpired, OSError):
            return None
        made = source.with_suffix(".docx")
        return made.read_bytes() if made.is_file() else None
