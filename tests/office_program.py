"""LibreOffice, as an office opens what is sent to it: a file becomes another, or the pages that a printer would get."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def convert(path: Path, to: str) -> Path:
    """The file as LibreOffice writes it in another format (``pdf``, or a filter ``csv:…``), beside the first."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", to, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, capture_output=True, timeout=900, check=False)
    return path.with_suffix(f".{to.partition(':')[0]}")


def pages_of(pdf: Path) -> list[str]:
    """The text of every page of a PDF, without white space."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()
