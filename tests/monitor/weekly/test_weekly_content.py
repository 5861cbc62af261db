"""What the weekly summary compares, groups and tells, asked of the summary itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.rectifications import close_rectification, open_rectification
from ledger.states import FindingState, PortalState, RectificationResult, WorkState
from monitor.loop import tick
from monitor.season.counts import Counts
from monitor.season.report_year import Season
from monitor.weekly.summary import Weekly, weekly_of
from monitor.weekly.write import office_of, render_weekly
from tests.monitor.factory import DISTRICT, World, at


def summary(settings: Settings, ledger: Ledger, moment: str) -> Weekly:
    register = load_register(settings.home)
    with ledger.read() as session:
        found = weekly_of(session, register, office_of(register, DISTRICT), at(moment))
    assert found is not None
    return found


def season(settings: Settings, ledger: Ledger, moment: str) -> Season:
    return summary(settings, ledger, moment).seasons[-1]


def text(settings: Settings, ledger: Ledger, moment: str) -> str:
    plain, _ = render_weekly(summary(settings, ledger, moment), settings, load_register(settings.home))
    return plain


def short(counts: Counts | None) -> tuple[int, ...] | None:
    """Due, published, on time, late, missing."""
    return counts.figures[:5] if counts is not None else None


def lived(world: World, settings: Settings, ledger: Ledger, *days: str, **look: Any) -> None:
    for day in days:
        world.look(f"{day} 09:00", **look)
        tick(settings, ledger, at(f"{day} 09:30"))


def test_the_season_against_last_week_and_last_year(mailing: Settings, ledger: Ledger, world: World) -> None:
    lived(world, mailing, ledger, "2020-01-02", "2020-01-15")
    world.article("yunshan-culture", 2019, "2020-01-20 09:00", page_label="2020-01-19")
    lived(world, mailing, ledger, "2020-01-20", "2020-02-01", "2020-02-02")
    lived(world, mailing, ledger, "2021-01-04")
    world.article("yunshan-dongjie", 2020, "2021-01-12 09:00", column="streets", page_label="2021-01-11")
    lived(world, mailing, ledger, "2021-01-12", "2021-01-25")
    world.article("yunshan-culture", 2020, "2021-01-27 09:00", page_label="2021-01-26")
    lived(world, mailing, ledger, "2021-01-27")

    now = season(mailing, ledger, "2021-01-28 10:00")
    assert (short(now.total), now.total["pending"]) == ((3, 2, 2, 0, 0), 1)
    assert short(now.total.week_ago) == (3, 1, 1, 0, 0)
    assert short(now.total.year_ago) == (3, 1, 1, 0, 0)
    by_kind = {row.label: (short(row), short(row.week_ago), short(row.year_ago)) for row in now.counts}
    assert by_kind == {
        "区政府": ((1, 0, 0, 0, 0), (1, 0, 0, 0, 0), (1, 0, 0, 0, 0)),
        "部门": ((1, 1, 1, 0, 0), (1, 0, 0, 0, 0), (1, 1, 1, 0, 0)),
        "街道": ((1, 1, 1, 0, 0), (1, 1, 1, 0, 0), (1, 0, 0, 0, 0)),
    }
    assert now.progress.before is not None
    assert now.progress.before.days == (date(2021, 1, 19),)
    words = text(mailing, ledger, "2021-01-28 10:00")
    assert "    上周：应公布3，已公布1（按时1，逾期0，日期待核0），未公布0，未能核实0，已撤下0，未到期2" in words
    assert "    去年同期：应公布3，已公布1（按时1" in words
    assert "2021年1月21日：1家（去年同期1家）" in words


def test_what_nobody_was_there_to_see_is_no_data(mailing: Settings, ledger: Ledger, world: World) -> None:
    """The report of the year before is found at the first look; nobody saw a year ago that it was there."""
    tick(mailing, ledger, at("2020-01-15 09:30"))  # there was a monitor, but nobody who looked at the portal
    world.article("yunshan-culture", 2019, "2021-01-20 09:00", page_label="2020-01-19", baseline=True)
    lived(world, mailing, ledger, "2021-01-20")
    now = season(mailing, ledger, "2021-01-22 10:00")
    assert (now.year, now.total.week_ago, now.total.year_ago, now.progress.before) == (2020, None, None, None)
    words = text(mailing, ledger, "2021-01-22 10:00")
    assert words.count("上周：无数据") == words.count("    去年同期：无数据") == 4
    assert "  · 去年同期：无数据" in words
    # A year later there is something to compare with.
    lived(world, mailing, ledger, "2022-01-21")
    assert season(mailing, ledger, "2022-01-22 10:00").total.year_ago is not None


def test_new_findings_by_table_and_rule_the_worst_first(mailing: Settings, ledger: Ledger, world: World) -> None:
    lived(world, mailing, ledger, "2020-01-02")
    culture = world.article("yunshan-culture", 2019, "2020-01-20 09:00", page_label="2020-01-19")
    street = world.article("yunshan-dongjie", 2019, "2020-01-20 09:00", column="streets", page_label="2020-01-19")
    versions = {
        "yunshan-culture": world.version(culture, "2020-01-20 09:00"),
        "yunshan-dongjie": world.version(street, "2020-01-20 09:00"),
    }

    def found(agency: str, rule: str, severity: str, message: str, *cells: str, day: str = "2020-01-20 09:05") -> str:
        values = {"rule": rule, "severity": severity, "message": message, "cells": list(cells)}
        return world.finding(versions[agency], agency, 2019, day, **values)

    found("yunshan-culture", "D12", "warning", "没有写明信息处理费")
    found("yunshan-dongjie", "D12", "warning", "没有写明信息处理费")
    found("yunshan-culture", "T08", "error", "行政复议总计不符", "review.total")
    found("yunshan-culture", "T05", "error", "第1行总计不符", "requests.granted.total")
    found("yunshan-dongjie", "T05", "error", "第2行总计不符", "requests.other.total")
    found("yunshan-dongjie", "T05", "error", "第3行总计不符", "requests.received.total")
    found("yunshan-dongjie", "T03", "warning", "不是整数", "proactive.regulations.made")
    found("yunshan-dongjie", "N03", "human", "正文诉讼2件")
    found("yunshan-dongjie", "T06", "error", "早就知道的", "requests.processed_total.total", day="2020-01-10 09:05")
    lived(world, mailing, ledger, "2020-01-20")

    now = season(mailing, ledger, "2020-01-22 10:00")
    assert [(one.severity, one.place, one.rule, one.reports, len(one.found)) for one in now.problems] == [
        ("error", "表三", "T05", 2, 3),
        ("error", "表四", "T08", 1, 1),
        ("warning", "结构与正文", "D12", 2, 2),
        ("warning", "表二", "T03", 1, 1),
    ]
    assert (now.new_problems, now.older_problems) == (7, 1)
    assert [one.sentence for one in now.human] == ["正文诉讼2件"]
    words = text(mailing, ledger, "2020-01-22 10:00")
    assert "【错误】表三 T05 表三各行申请人之和等于总计：2份报告3处" in words
    assert words.index("【错误】表三 T05") < words.index("【错误】表四 T08") < words.index("【提示】结构与正文 D12")


def test_what_was_put_right_changed_taken_back_or_withdrawn(mailing: Settings, ledger: Ledger, world: World) -> None:
    lived(world, mailing, ledger, "2020-01-02")
    culture = world.article("yunshan-culture", 2019, "2020-01-10 09:00", page_label="2020-01-09")
    street = world.article("yunshan-dongjie", 2019, "2020-01-10 09:00", column="streets", page_label="2020-01-09")
    wrong = world.finding(world.version(culture, "2020-01-10 09:00"), "yunshan-culture", 2019, "2020-01-10 09:05")
    no_fault = world.finding(world.version(street, "2020-01-10 09:00"), "yunshan-dongjie", 2019, "2020-01-10 09:05")
    lived(world, mailing, ledger, "2020-01-10")
    world.version(culture, "2020-01-20 09:00", "corrected", state=WorkState.DONE)
    world.change_finding(wrong, state=FindingState.RESOLVED, resolved_at=at("2020-01-20 09:01"))
    said = {"said_by": "王敏", "said_why": "纸质原件无误", "said_at": at("2020-01-20 09:01")}
    world.change_finding(no_fault, state=FindingState.DISMISSED, **said)
    lived(world, mailing, ledger, "2020-01-20")
    world.change(street, withdrawn_at=at("2020-01-21 09:00"))
    lived(world, mailing, ledger, "2020-01-21")

    now = season(mailing, ledger, "2020-01-22 10:00")
    assert [(one.name, one.sentence.split("，")[:2]) for one in now.remedied] == [
        (
            "云山区文化和旅游局",
            [
                "2020年1月20日",
                "重新公布的报告中已没有这个问题（原通知：表三“1.本机关不掌握相关政府信息”行：各类申请人之和＝0",
            ],
        )
    ]
    assert [one.name for one in now.taken_back] == ["云山区人民政府东街街道办事处"]
    assert "经人工核对，认定不是问题：纸质原件无误" in now.taken_back[0].sentence
    assert [one.name for one in now.changed] == ["云山区文化和旅游局"]
    assert [one.name for one in now.withdrawn] == ["云山区人民政府东街街道办事处"]
    assert now.total["withdrawn"] == 1
    words = text(mailing, ledger, "2020-01-22 10:00")
    assert "本周已更正、已解决（1）" in words and "本系统更正：原通知不再作为依据（1）" in words
    assert season(mailing, ledger, "2020-01-29 10:00").remedied == []


def test_what_was_asked_to_be_put_right(mailing: Settings, ledger: Ledger, world: World) -> None:
    lived(world, mailing, ledger, "2020-01-02")
    street = world.article("yunshan-dongjie", 2019, "2020-01-10 09:00", column="streets", page_label="2020-01-09")
    world.version(street, "2020-01-10 09:00")
    lived(world, mailing, ledger, "2020-01-10")
    asked: dict[str, Any] = {"year": 2019, "asked_by": "王敏", "now": at("2020-01-13 10:00")}
    asked |= {"asked_on": date(2020, 1, 13), "due_on": date(2020, 1, 20), "asked_for": "更正表三合计"}
    with ledger.write() as session:
        number = open_rectification(session, "yunshan-dongjie", **asked)
        open_rectification(session, "yunshan-culture", **(asked | {"asked_for": "补充第六部分"}))
    sentences = [one.sentence for one in season(mailing, ledger, "2020-01-15 10:00").rectifications]
    assert sentences == [
        "2020年1月13日要求“更正表三合计”，期限2020年1月20日，还有5天",
        "2020年1月13日要求“补充第六部分”，期限2020年1月20日，还有5天",
    ]
    world.version(street, "2020-01-21 09:00", "corrected")
    sentences = [one.sentence for one in season(mailing, ledger, "2020-01-22 10:00").rectifications]
    assert sentences[0].endswith("2020年1月21日已发现新版本，待复核")
    assert sentences[1].endswith("已逾期2天，未见新版本")
    with ledger.write() as session:
        done: dict[str, Any] = {
            "reviewed_by": "李强",
            "remark": "已更正",
            "on": date(2020, 1, 23),
            "now": at("2020-01-23 10:00"),
        }
        close_rectification(session, number, RectificationResult.DONE, **done)
    assert "整改（2）" in text(mailing, ledger, "2020-01-24 10:00")
    assert season(mailing, ledger, "2020-01-24 10:00").rectifications[0].sentence.endswith("已办结：已整改")
    assert len(season(mailing, ledger, "2020-02-10 10:00").rectifications) == 1


@pytest.mark.parametrize(
    ("looks", "sentence"),
    [
        ({}, "尚未巡查。"),
        ({"2020-01-20": PortalState.HEALTHY, "2020-01-22": PortalState.HEALTHY}, None),
        (
            {"2020-01-20": PortalState.BLOCKED, "2020-01-22": PortalState.BLOCKED},
            "访问被拦截（2020年1月20日12:00起）。",
        ),
        (
            {"2020-01-20": PortalState.UNREACHABLE, "2020-01-22": PortalState.HEALTHY},
            "本周2次巡查中有1次未能正常查看（最后一次为2020年1月20日12:00），现已恢复正常。",
        ),
        # Nobody looked this week: the crawler was away, and the last state says nothing of today.
        ({"2020-01-10": PortalState.HEALTHY}, "2020年1月10日12:00起没有完成过巡查，此后的变化尚不知道。"),
    ],
)
def test_what_could_not_be_watched_and_since_when(
    mailing: Settings, ledger: Ledger, world: World, looks: dict[str, PortalState], sentence: str | None
) -> None:
    for day, state in looks.items():
        world.look(day, found=state)
    tick(mailing, ledger, at("2020-01-23 12:30"))
    found = summary(mailing, ledger, "2020-01-23 13:00").portals
    assert [one.sentence for one in found] == ([sentence] if sentence else [])


def test_lists_in_plain_text_have_a_line_each_and_are_not_cut(mailing: Settings, ledger: Ledger, world: World) -> None:
    lived(world, mailing, ledger, "2020-01-02", "2020-02-01", "2020-02-02")
    words = text(mailing, ledger, "2020-02-03 10:00")
    lines = [line for line in words.splitlines() if "逾期3天" in line]
    assert lines == ["  · 云山区文化和旅游局：逾期3天", "  · 云山区人民政府东街街道办事处：逾期3天"]
    assert "  · 未公布2家：区文旅局、东街街道" in words
