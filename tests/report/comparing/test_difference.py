"""Two versions of a report: what was changed is said, and what one of them does not give is not called a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from report.comparing.difference import FigureChange, ReportDifference, SectionChange, difference_between, in_words
from report.figure import Figure, State
from report.report import Gap, Report, Section, Unread

RECEIVED = "requests.received.total"
FEES = "proactive.fees.amount"
GRANTED = "requests.granted.total"
PENDING = "review.pending"


def figure(
    key: str, value: int | Decimal | None = None, state: State = State.NUMBER, text: str = "", certain: bool = True
) -> Figure:
    return Figure(key, state, value, text or ("" if value is None else str(value)), certain=certain)


def report(*figures: Figure, sections: tuple[Section, ...] = (), **more: object) -> Report:
    made = Report(
        "a",
        "0" * 64,
        "text/html",
        "东街街道2023年政府信息公开工作年度报告",
        "东街街道",
        2023,
        (date(2023, 1, 1), date(2023, 12, 31)),
        "2021",
        figures={one.key: one for one in figures},
        sections=sections,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def overview(text: str) -> Section:
    return Section(1, "一、总体情况", "overview", text)


def test_a_report_differs_in_nothing_from_itself() -> None:
    same = report(figure(RECEIVED, 3), sections=(overview("今年收到申请3件。"),))
    assert difference_between(same, same) == ReportDifference()
    assert difference_between(same, same).is_empty
    assert in_words(difference_between(same, same), str) == []


def test_figures_changed_are_said_as_written_and_the_same_number_otherwise_written_is_no_change() -> None:
    before = report(figure(RECEIVED, 3), figure(FEES, Decimal("0"), text="0"), figure(PENDING, None, State.BLANK))
    after = report(figure(RECEIVED, 5), figure(FEES, Decimal("0.0000"), text="0.0000"), figure(PENDING, 0))
    found = difference_between(before, after)
    assert found.figures == (FigureChange(RECEIVED, "3", "5"), FigureChange(PENDING, "空白", "0"))
    assert in_words(found, {RECEIVED: "表三总计", PENDING: "表四尚未审结"}.__getitem__) == [
        ("表三总计", "由3改为5"),
        ("表四尚未审结", "由空白改为0"),
    ]


def test_what_one_version_does_not_give_is_not_compared_and_never_a_change_to_zero() -> None:
    before = report(figure(RECEIVED, 3), figure(GRANTED, 2), figure(PENDING, 7), figure(FEES, Decimal("1.5")))
    after = report(
        figure(RECEIVED, None, State.UNREADABLE), figure(GRANTED, None, State.ABSENT), figure(PENDING, 8, certain=False)
    )
    found = difference_between(before, after)
    assert found.figures == ()
    assert found.not_compared == (RECEIVED, GRANTED, PENDING, FEES)
    assert found.is_empty
    assert in_words(found, str) == [(f"{RECEIVED}等4处", "在其中一个版本中未能读出，没有对照")]
    assert difference_between(after, before).not_compared == (RECEIVED, GRANTED, PENDING, FEES)


def test_of_two_forms_only_what_both_have_is_compared() -> None:
    before = report(figure(RECEIVED, 3), figure("proactive.procurement.items", 2), form="2019")
    after = report(figure(RECEIVED, 4), figure(FEES, Decimal("1")))
    found = difference_between(before, after)
    assert found.form == ("2019", "2021")
    assert ([one.key for one in found.figures], found.not_compared) == ([RECEIVED], ())


def test_sentences_changed_added_and_removed_by_section() -> None:
    before = report(
        sections=(
            overview("主动公开信息15条。全年收到申请\n3件。培训2次。"),
            Section(6, "六、其他需要报告的事项", "other", "没有。"),
        )
    )
    after = report(
        sections=(
            overview("主动公开信息15条。全年收到申请5件。培训2次。公报1期。"),
            Section(5, "五、存在的主要问题", "problems", "问题一。"),
        )
    )
    assert difference_between(before, after).sections == (
        SectionChange("一、总体情况", changed=(("全年收到申请3件。", "全年收到申请5件。"),), added=("公报1期。",)),
        SectionChange("六、其他需要报告的事项", removed=("没有。",)),
        SectionChange("五、存在的主要问题", added=("问题一。",)),
    )
    assert in_words(difference_between(before, after), str)[:2] == [
        ("一、总体情况", "“全年收到申请3件。”改为“全年收到申请5件。”"),
        ("一、总体情况", "增加“公报1期。”"),
    ]


def test_a_section_that_could_not_be_read_was_not_removed() -> None:
    before = report(sections=(overview("甲。"), Section(6, "六、其他", "other", "乙。")))
    cut = report(sections=(overview("甲。"),), may_be_cut=True)
    gap = report(sections=(overview("甲。"),), gaps=(Gap(Unread.SECTION_MISSING, "六、其他"),))
    for after in (cut, gap):
        found = difference_between(before, after)
        assert (found.sections, found.sections_not_compared) == ((), ("六、其他",))
    garbled = report(sections=(overview("锟斤拷。"),), gaps=(Gap(Unread.GARBLED_TEXT, "全文"),))
    assert difference_between(before, garbled).sections_not_compared == ("一、总体情况", "六、其他")
    assert difference_between(before, garbled).sections == ()


def test_title_period_and_what_stands_before_the_first_section() -> None:
    before = report(opening="二〇二四年一月十日")
    after = report(
        opening="二〇二四年一月十二日",
        title="东街街道 2023年政府信息公开工作年度报告（更正版）",
        period=(date(2023, 1, 1), date(2023, 12, 30)),
    )
    lines = in_words(difference_between(before, after), str)
    assert lines[0][0] == "标题"
    assert lines[0][1].endswith("年度报告（更正版）”")
    assert lines[1] == ("统计期限", "由“2023-01-01至2023-12-31”改为“2023-01-01至2023-12-30”")
    assert lines[2][0] == "开头"
    # White space and full width are no change; a title that one version does not give is none either.
    assert difference_between(report(), report(title="东街街道２０２３年 政府信息公开工作年度报告")).title is None
    assert difference_between(report(title=None), report()).title is None


def test_what_is_told_is_short_and_says_what_was_left_out() -> None:
    many = [figure(f"requests.row{n}.total", n) for n in range(40)]
    changed = [figure(f"requests.row{n}.total", n + 1) for n in range(40)]
    long = "很长的一句话" * 40
    before = report(*many, sections=(overview("".join(f"第{n}句。" for n in range(30))),))
    after = report(*changed, sections=(overview("".join(f"第{n}句改。" for n in range(30)) + long + "。"),))
    lines = in_words(difference_between(before, after), str, most_figures=3, most_sentences=2)
    assert [where for where, _ in lines] == [f"requests.row{n}.total" for n in range(3)] + [
        "另有", "一、总体情况", "一、总体情况", "另有",
    ]  # fmt: skip
    assert ("另有", "37处数字改动") in lines
    assert ("另有", "29处文字改动") in lines


def test_a_long_sentence_is_shown_where_it_parts() -> None:
    start = "本街道深入推进主动公开、依申请公开、政府信息管理和平台建设，" * 5
    before, after = (report(sections=(overview(f"{start}收到申请{n}件。"),)) for n in (3, 5))
    ((_, what),) = in_words(difference_between(before, after), str)
    assert "收到申请3件" in what
    assert "收到申请5件" in what
    assert len(what) < 150


def test_what_would_steer_a_terminal_or_a_mail_is_taken_out() -> None:
    before = report(sections=(overview("甲。"),))
    after = report(sections=(overview("甲\x1b[31m\u202e<script>。"),))
    ((_, what),) = in_words(difference_between(before, after), str)
    assert not {"\x1b", "\u202e"} & set(what)
