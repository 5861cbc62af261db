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
    return _converted(data, "docx")


def as_web_page(data: bytes) -> bytes | None:
    """The spreadsheet as a web page; None where LibreOffice is not installed, or cannot open it either."""
    return _converted(data, "html")


def _converted(data: bytes, to: str) -> bytes | None:
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        # LibreOffice looks at the content; a name without an ending keeps it from believing the ending.
        source = Path(folder) / "report"
        source.write_bytes(data)
        # A profile of its own: macros find no trust in it, and two of these do not get in each other's way.
        command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", to, "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - no shell
        except (subprocess.TimeoutExpired, OSError):
            return None
        made = source.with_suffix(f".{to}")
        return made.read_bytes() if made.is_file() else None
