"""OFD: the pages of test_pdf as OFD objects, whole and broken by a page."""

from __future__ import annotations

import pytest

from report.figure import Confirmation
from report.findings.finding import Outcome
from report.form import Form
from tests.documents.make_ofd import Ofd
from tests.workers.rules.factory import check

from .test_pdf import assert_all_is_read, report_of, write


@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
def test_every_figure_and_heading(forms: dict[str, Form], split: bool) -> None:
    report = report_of(forms, write(Ofd(), split=split))
    assert_all_is_read(report)
    assert report.media_type == "application/ofd"
    assert report.title == "云山镇人民政府2023年政府信息公开工作年度报告"
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.figures["requests.received.natural_person"].place.page == 2


def test_an_error_rests_on_plain_text_only_where_no_table_of_glyphs_shows_others(forms: dict[str, Form]) -> None:
    plain = report_of(forms, write(Ofd()))
    (first, *_) = check(plain).results["T08"].findings
    assert first.confirmed_by == (Confirmation.PLAIN_TEXT,)
    mapped = write(Ofd())
    mapped.pages[-1][-1] = mapped.pages[-1][-1].replace(
        "<ofd:TextCode", '<ofd:CGTransform CodePosition="0"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform><ofd:TextCode'
    )
    assert check(report_of(forms, mapped)).results["T08"].outcome is Outcome.NOT_ASSESSABLE
