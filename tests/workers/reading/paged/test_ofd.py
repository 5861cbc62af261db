"""OFD: the pages of test_pdf as OFD objects, whole and broken by a page."""

from __future__ import annotations

import pytest

from report.form import Form
from tests.documents.make_ofd import Ofd

from .test_pdf import assert_all_is_read, report_of, write


@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
def test_every_figure_and_heading(forms: dict[str, Form], split: bool) -> None:
    report = report_of(forms, write(Ofd(), split=split))
    assert_all_is_read(report)
    assert report.media_type == "application/ofd"
    assert report.title == "云山镇人民政府2023年政府信息公开工作年度报告"
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.figures["requests.received.natural_person"].place.page == 2
