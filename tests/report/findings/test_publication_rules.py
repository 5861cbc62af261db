"""The rules of publication: what each says, and above all what it does not say where it cannot know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from config.filings import Filed, Filing
from config.rules import load_rules
from report.figure import Figure, State
from report.findings.catalogue import Input
from report.findings.publication_rules import publication_rules
from report.findings.published import (
    Comparison,
    Copy,
    DatedBy,
    FigureDifference,
    Former,
    Published,
    Spot,
    compare,
)
from report.findings.verdict import Broken, Held, Undecided, Verdict
from report.report import Report

BODY = Copy("网页正文")
SAME = Copy("附件“年报.docx”", beside=Comparison(120, ()))
OTHER = Copy(
    "附件“年报.docx”",
    beside=Comparison(120, (FigureDifference("a.total", "3", "5"), FigureDifference("b.total", "0", "1"))),
)
LABEL = DatedBy("网页标签中的发布日期", date(2026, 1, 16))
RECORD = DatedBy("记录编号中的时间", date(2026, 1, 17), record=True)
HERE = Spot("年报", True, 2025, True)


def published(**values: Any) -> Published:
    return replace(
        Published(2025, date(2026, 1, 17), {"a.total": "新收总计", "b.total": "结转总计"}.__getitem__), **values
    )


def said(code: str, **values: Any) -> list[Verdict]:
    return publication_rules()[code].verdicts(published(**values))


def message(code: str, **values: Any) -> str:
    (verdict,) = said(code, **values)
    assert isinstance(verdict, Broken)
    assert verdict.message_en.endswith(".") and not verdict.message.endswith("。")
    assert verdict.expected is not None or verdict.found is not None
    return verdict.message


def reason(code: str, **values: Any) -> str:
    (verdict,) = said(code, **values)
    assert isinstance(verdict, Undecided), verdict
    return verdict.reason


def test_every_rule_of_publication_has_a_name_a_clause_and_a_basis() -> None:
    rules = publication_rules()
    assert [code for code, rule in rules.items() if rule.input is Input.STANDING] == ["P01", "P02"]
    for code, rule in rules.items():
        assert rule.clause and rule.basis
        assert import_module(rule.module)
        assert load_rules().rules[code].title


def test_p03_days_that_agree_hold() -> None:
    assert said("P03", witnesses=(LABEL, RECORD)) == [Held()]
    # A record that was made long before it was shown was a draft.
    assert said("P03", witnesses=(LABEL, replace(RECORD, day=date(2026, 1, 3)))) == [Held()]


def test_p03_says_which_two_witnesses_disagree() -> None:
    listed = DatedBy("列表显示的日期", date(2026, 1, 30))
    assert message("P03", witnesses=(LABEL, listed)) == (
        "公布日期的证据不一致：网页标签中的发布日期为2026年1月16日，列表显示的日期为2026年1月30日"
    )
    late = replace(RECORD, day=date(2026, 6, 15))
    assert message("P03", witnesses=(LABEL, late)).endswith("记录编号中的时间为2026年6月15日")
    assert "系统在2026年2月3日完整查看栏目时还没有这份报告" in message(
        "P03", witnesses=(LABEL,), absent_on=date(2026, 2, 3)
    )


def test_p03_accuses_nobody_of_a_portal_that_moved() -> None:
    late = replace(RECORD, day=date(2026, 6, 15))
    assert "网站迁移" in reason("P03", witnesses=(LABEL, late), rebuilt=True)
    assert reason("P03", witnesses=(late,)) == "页面和列表都没有日期"


def test_p04_before_the_period_ended() -> None:
    early = replace(RECORD, day=date(2025, 12, 30))
    assert message("P04", witnesses=(LABEL, early)) == (
        "统计期限到2025年12月31日为止，而记录编号中的时间为2025年12月30日"
    )
    assert "系统在2025年12月29日已经查到" in message("P04", witnesses=(LABEL,), first_seen=date(2025, 12, 29))
    assert said("P04", witnesses=(LABEL, replace(RECORD, day=date(2026, 1, 1)))) == [Held()]
    assert reason("P04") == "没有说明制作时间的证据"


def test_p05_gone_or_changed() -> None:
    assert message("P05", gone_on=date(2026, 3, 1)) == "2026年3月1日起已无法访问"
    assert message("P05", change=OTHER.beside) == ("公布之后改动了2处数字：新收总计由3改为5；结转总计由0改为1")
    assert said("P05", change=SAME.beside) == [Held()]
    assert said("P05") == [Held()]


def test_p06_copies_that_differ() -> None:
    assert message("P06", copies=(BODY, OTHER)) == (
        "同一份报告的网页正文与附件“年报.docx”有2处数字不同：新收总计分别为3和5；结转总计分别为0和1"
    )
    (verdict,) = said("P06", copies=(BODY, OTHER))
    assert isinstance(verdict, Broken)
    assert (verdict.cells, verdict.found) == (("a.total", "b.total"), "3≠5 0≠1")


def test_p06_copies_that_agree_and_one_copy_alone() -> None:
    assert said("P06", copies=(BODY, SAME)) == [Held()]
    assert said("P06", copies=(BODY,)) == []
    assert said("P06") == []


@pytest.mark.parametrize(
    ("copy", "why"),
    [
        (Copy("附件“年报.pdf”", unread="未能读出"), "附件“年报.pdf”未能读出，不能对照"),
        (Copy("附件“年报.pdf”", unread="尚未读取"), "附件“年报.pdf”尚未读取，不能对照"),
        (Copy("附件“年报.pdf”", beside=Comparison(0, ())), "网页正文与附件“年报.pdf”没有可以对照的数字"),
        (Copy("附件“年报.pdf”"), "网页正文与附件“年报.pdf”没有可以对照的数字"),
    ],
)
def test_p06_accuses_nobody_where_a_copy_says_nothing(copy: Copy, why: str) -> None:
    assert reason("P06", copies=(BODY, copy)) == why


def test_p06_a_figure_that_one_copy_does_not_give_with_certainty_is_no_difference() -> None:
    def report(*figures: Figure) -> Report:
        found = {one.key: one for one in figures}
        return Report("", "", "", None, None, 2025, None, "2021", figures=found)

    def number(key: str, value: int, *, certain: bool = True) -> Figure:
        return Figure(key, State.NUMBER, value, str(value), certain=certain)

    one = report(number("a", 3), number("b", 0), number("c", 7), Figure("d", State.BLANK))
    other = report(number("a", 5), Figure("b", State.UNREADABLE), number("c", 1, certain=False), number("d", 2))
    assert compare(one, other) == Comparison(1, (FigureDifference("a", "3", "5"),))


def test_p07_the_wrong_column_and_the_wrong_year() -> None:
    assert said("P07", spots=(HERE,)) == [Held()]
    assert message("P07", spots=(replace(HERE, belongs=False, column="部门年报"),)) == (
        "报告放在栏目“部门年报”，不是该机关报告应在的栏目"
    )
    assert message("P07", spots=(replace(HERE, folder_year=2024),)) == (
        "2025年度的报告放在2024年度的文件夹（栏目“年报”）"
    )


def test_p07_a_copy_where_it_belongs_is_enough() -> None:
    assert said("P07", spots=(replace(HERE, folder_year=2024), HERE)) == [Held()]


def test_p07_accuses_nobody_where_the_place_is_not_known() -> None:
    by_publication = replace(HERE, folder_year=2026, of_report_years=False)
    assert "不一定按报告年度命名" in reason("P07", spots=(by_publication,))
    assert "没有写明" in reason("P07", spots=(replace(HERE, belongs=None, folder_year=None),))
    assert said("P07") == []
    assert "不一定" in reason("P07", spots=(by_publication, replace(HERE, belongs=False)))


def filed(*days: str, kept: str = "2026-02-10") -> Filed:
    """A register whose date is 31 January 2026; the report came, was sent back and came again on these days."""
    on = [*map(date.fromisoformat, days), None, None][:3]
    filing = Filing(filed=on[0], returned=on[1], again=on[2]) if on[0] is not None else None
    return Filed(date(2026, 1, 31), date.fromisoformat(kept), filing)


def test_p08_what_was_filed_by_the_date_holds_also_where_it_was_sent_back_and_mended() -> None:
    assert said("P08", filed=filed("2026-01-31")) == [Held()]
    assert said("P08", filed=filed("2026-01-20", "2026-01-25", "2026-02-03")) == [Held()]
    assert said("P08") == []


def test_p08_late_not_at_all_and_not_mended() -> None:
    assert message("P08", filed=filed("2026-02-01")) == "2026年2月1日报送，报送期限为2026年1月31日"
    assert message("P08", filed=filed()) == "截至2026年2月10日的报送登记中没有这份报告，报送期限为2026年1月31日"
    assert message("P08", filed=filed("2026-01-20", "2026-01-25")) == (
        "2026年1月25日退回修改，截至2026年2月10日的报送登记中没有再次报送"
    )


def test_p08_a_register_that_ends_before_the_date_accuses_nobody() -> None:
    assert "登记只到2026年1月30日" in reason("P08", filed=filed(kept="2026-01-30"))
    assert "未能核对" in reason("P08", filed=filed("2026-01-20", "2026-01-25", kept="2026-01-26"))
    assert "未能核对" in reason("P08", filed=filed("2026-01-20", "2026-02-05", kept="2026-02-06"))


def test_p09_former_years_that_are_there_gone_or_in_doubt() -> None:
    there, gone = Former(2023, "年报"), Former(2022, "年报", gone_on=date(2026, 3, 5))
    assert said("P09", former=(there,)) == [Held()]
    assert said("P09") == []
    assert message("P09", former=(gone,)) == "2022年度的报告曾在栏目“年报”公布，2026年3月5日第二次完整查看仍未查到"
    held, broken, undecided = said("P09", former=(there, gone, Former(2021, "年报", unproved="尚未查满两次")))
    assert isinstance(held, Held) and isinstance(broken, Broken) and broken.found == "2022"
    # Of 2021 nothing can be told, and what was found of another year is not kept standing by that.
    assert isinstance(undecided, Undecided) and undecided.about == "2021" and "不能认定" in undecided.reason
