"""Which agency a text says it is; None rather than a guess."""

from __future__ import annotations

import pytest

from report.text.agency_in_text import agency_in_text


@pytest.mark.parametrize(
    ("texts", "margins", "agency"),
    [
        (["制定了《左家庄街道信息公开属性源头管理制度》。", "重新规整左家庄街道政务公开全清单。"], [], "左家庄街道"),
        (
            ["南磨房地区办事处2019年度共收到申请12件。", "2019年南磨房地区办事处在政府信息公开工作存在不足。"],
            [],
            "南磨房地区办事处",
        ),
        (["本报告由云山镇人民政府编制。"], [], "云山镇人民政府"),
        (["我街道认真贯彻条例。"], ["左家庄街道信息公开"], "左家庄街道"),
        (["2023年，区水务局坚持公开为常态。", "2023年，洪泽区水务局共收到申请3件。"], [], "洪泽区水务局"),
        (["本街道收到3件。", "各社区居委会认真落实。", "根据区政府办公室要求。"], [], None),
        (["东街街道收到申请3件。", "西街街道收到申请2件。"], [], None),
        ([], [], None),
    ],
)  # fmt: skip
def test_the_agency_that_speaks(texts: list[str], margins: list[str], agency: str | None) -> None:
    assert agency_in_text(texts, margins) == agency
