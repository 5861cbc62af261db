"""docs/add-a-form.md followed: a form of 2027 with a new row and a renamed column is two files of an office."""

from __future__ import annotations

from pathlib import Path

import config.forms
from config.forms import load_forms
from config.rules import load_rules
from report.findings.finding import Outcome
from report.form import make_form
from tests.workers.reading.conftest import DOCUMENTS
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

SHIPPED = (Path(config.forms.__file__).parent / "2021.yaml").read_text(encoding="utf-8")
ROW = "    - {key: not_handled.machine, label: 6.以程序批量提出的申请, group: （五）不予处理}\n"


def new_form() -> str:
    """Steps 1 to 4."""
    form = SHIPPED.replace('form: "2021"', 'form: "2027"').replace("{first: 2021}", "{first: 2027}")
    form = form.replace("label: 本年制发件数", "label: 本年新制发件数")
    row = form.index("    - {key: other.not_corrected_in_time")
    form = form[:row] + ROW + form[row:]
    return form.replace("    - not_handled.reissue\n", "    - not_handled.reissue\n    - not_handled.machine\n")


def new_report() -> bytes:
    page = (DOCUMENTS / "html/plain.html").read_text(encoding="utf-8")
    page = page.replace("2024", "2027").replace("本年制发件数", "本年新制发件数")
    end = page.index("</tr>", page.index("5.要求行政机关确认")) + len("</tr>")
    cells = "".join(f"<td>{number}</td>" for number in (3, 0, 0, 0, 0, 0, 3))
    return (page[:end] + f"<tr><td>6.以程序批量提出的申请</td>{cells}</tr>" + page[end:]).encode()


def test_a_new_form_is_read_and_its_sums_are_checked(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "forms"
    folder.mkdir(parents=True)
    (folder / "2021.yaml").write_text(SHIPPED.replace("{first: 2021}", "{first: 2021, last: 2026}"), encoding="utf-8")
    (folder / "2027.yaml").write_text(new_form(), encoding="utf-8")
    forms = {name: make_form(file) for name, file in load_forms(tmp_path).items()}

    report = read_document(new_report(), source="x", forms=forms)
    results = check_report(report, forms, Context(), load_rules()).results

    assert (report.form, report.year) == ("2027", 2027)
    assert report.number("requests.not_handled.machine.natural_person") == 3
    assert results["D07"].outcome is Outcome.PASS
    # The three applications of the new row are not in the printed total.
    finding = results["T06"].findings[0]
    assert finding.cells == ("requests.processed_total.natural_person",)
    assert "6.以程序批量提出的申请3" in finding.message
    assert isinstance(finding.expected, int) and isinstance(finding.found, int)
    assert finding.expected - finding.found == 3
