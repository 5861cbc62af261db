"""Makes the documents of the corpus (``corpus.py``) and compares what is read in each with its source.

Run it from the checkout: ``python -m tests.documents.make_corpus [--again] [NAME…]``. Needed besides the project:
LibreOffice (``soffice``), Chromium, and WeasyPrint (``--weasyprint /path/to/weasyprint``, best from an environment of
its own), each only for the documents that it makes; a Chinese font for all of them. What is there already is kept.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.documents.corpus import CASES, Case
from tests.documents.report_source import forms
from tests.documents.truth import not_as_in_source
from workers.reading.errors import ReadError
from workers.reading.read import read_document

HERE = Path(__file__).resolve().parent
FILTERS = {
    "doc": "doc:MS Word 97",
    "docx": "docx:MS Word 2007 XML",
    "pdf": "pdf",
    "rtf": "rtf",
    "html": "html:HTML (StarWriter)",
}


def main() -> None:
    """Makes what is missing, and prints what differs from its source."""
    arguments = argparse.ArgumentParser(description="Makes the documents of the corpus.")
    arguments.add_argument("names", nargs="*", help="only cases whose path holds one of these")
    arguments.add_argument("--again", action="store_true", help="make also what is there already")
    arguments.add_argument("--weasyprint", default="weasyprint", help="the WeasyPrint program")
    given = arguments.parse_args()
    wrong = 0
    for case in CASES:
        if given.names and not any(name in case.path for name in given.names):
            continue
        target = HERE / case.path
        if given.again or not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(made(case, given.weasyprint))
        problems = problems_of(case)
        wrong += bool(problems)
        sys.stdout.write(f"{'WRONG' if problems else 'right'} {case.path}\n")
        sys.stdout.writelines(f"      {problem}\n" for problem in problems[:12])
    sys.exit(1 if wrong else 0)


def problems_of(case: Case) -> list[str]:
    """What is read otherwise than the source has it."""
    try:
        report = read_document((HERE / case.path).read_bytes(), source=case.path, forms=forms())
    except ReadError as error:
        return [f"not read: {error.sentence}"]
    return not_as_in_source(report, case)


def made(case: Case, weasyprint: str) -> bytes:
    """The bytes of a document, by whichever program makes it."""
    data = case.make(case.source)
    program, *formats = case.program.split() or [""]
    if program == "":
        return data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("source.html" if data.lstrip().startswith(b"<!DOCTYPE") else "source.docx")
        path.write_bytes(data)
        if program == "soffice":
            for wanted in formats:
                path = _by_libreoffice(path, wanted)
            return path.read_bytes()
        target = Path(folder) / "made.pdf"
        if program == "chromium":
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            _run(["chromium", *options, f"--print-to-pdf={target}", path.as_uri()])
        else:
            _run([weasyprint, str(path), str(target)])
        return target.read_bytes()


def _by_libreoffice(path: Path, wanted: str) -> Path:
    folder = path.parent / wanted
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    if path.suffix == ".html" and wanted != "html":
        # As Writer opens it, not as its editor for web pages does.
        _run(
            [
                "soffice",
                "--headless",
                profile,
                "--infilter=HTML (StarWriter)",
                "--convert-to",
                "odt",
                "--outdir",
                str(path.parent),
                str(path),
            ]
        )
        path = path.with_suffix(".odt")
    _run(["soffice", "--headless", profile, "--convert-to", FILTERS[wanted], "--outdir", str(folder), str(path)])
    return folder / f"source.{wanted}"


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=180)


if __name__ == "__main__":
    main()
