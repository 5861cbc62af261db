"""The facts behind a standing as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cli.shown.output import Format, console, plain, print_rows
from config.wording import Wording
from ledger.states import WorkState
from monitor.calendar import chinese_day, chinese_moment, day_of
from report.comparing.carry_overs import LinkState

_WORK = {
    WorkState.WAITING.value: "等待读取",
    WorkState.RUNNING.value: "正在读取",
    WorkState.DONE.value: "已读取",
    WorkState.QUARANTINED.value: "未能读取",
}


def print_facts(facts: Mapping[str, Any], words: Wording) -> None:
    """Prints what ``monitor.outputs.why`` gathered: the standing first, then what it rests on, step by step."""
    out = console()
    standing = facts["standing"]
    state = words.standings[standing["standing"]]
    out.print(plain(f"{facts['agency']}　{facts['year']}年度：{state}"), style="bold")
    out.print(plain(f"依据截至{chinese_moment(facts['as_of'])}：{standing['sentence']}"), soft_wrap=True)
    obligation = facts["obligation"]
    owed = f"免于编制：{obligation['exempt']}" if obligation["exempt"] else f"期限{chinese_day(obligation['due'])}"
    out.print(plain(f"{owed}（{obligation['basis']}）"), soft_wrap=True)
    for title, headings, rows, empty in (
        ("1. 巡查", _LOOK, list(_looks(facts, words)), "没有与此有关的巡查。"),
        ("2. 查到的内容和日期证据", _EVIDENCE, list(_evidence(facts, words)), "没有查到该机关这一年度的报告。"),
        ("3. 文档和读取", _DOCUMENT, list(_documents(facts)), "没有读取过文档。"),
        ("4. 历年结转", _CARRIED, list(_carried(facts)), "没有前后两个年度的报告可以对照。"),
        ("5. 问题", _FINDING, list(_findings(facts, words)), "没有发现问题。"),
        ("6. 状况变化", _CHANGE, list(_changes(facts, words)), "状况没有变化过。"),
        ("7. 通知", _LETTER, list(_letters(facts, words)), "没有写过通知。"),
    ):
        out.print()
        if rows:
            print_rows(rows, headings, Format.TABLE, title=title)
        else:
            out.print(f"{title}：{empty}")


_LOOK = {"column": "栏目", "begun": "开始", "complete": "完整", "rows": "条目", "accounted": "逐项交代", "why": "说明"}
_EVIDENCE = {"title": "标题", "source": "来源", "value": "原文", "moment": "日期", "address": "网址"}
_DOCUMENT = {
    "seen": "取得",
    "state": "读取",
    "reader": "读取程序",
    "failed": "未通过",
    "open": "无法判断",
    "sha": "sha256",
}
_FINDING = {"rule": "规则", "severity": "级别", "state": "状态", "message": "说明", "confirmed": "核实", "said": "登记"}
_CARRIED = {"years": "年度", "state": "结转", "differing": "不符之处"}
_LINKS = {
    LinkState.AGREES.value: "相符",
    LinkState.BROKEN.value: "不符",
    LinkState.UNKNOWN.value: "未能核对",
    LinkState.MISSING.value: "中间有年度没有报告",
}
_CHANGE = {"at": "时间", "now": "状况", "sentence": "说明"}
_LETTER = {"kind": "类型", "to": "收件人", "subject": "主题", "state": "状态", "sent": "发出", "answer": "答复"}


def _carried(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    is_first = True
    for link in facts["carry_overs"]:
        broken = link["state"] == LinkState.BROKEN.value
        yield {
            "years": f"{link['before']}→{link['after']}",
            "state": _LINKS[link["state"]] + ("（首个不符）" if broken and is_first else ""),
            "differing": "；".join(
                f"{one['name']}：结转下年度{one['carried_out']}，次年上年结转{one['carried_in']}"
                for one in link["differing"]
            ),
        }
        is_first = is_first and not broken


def _looks(facts: Mapping[str, Any], words: Wording) -> Iterator[dict[str, Any]]:
    for column in facts["looks"]:
        for look in column["looks"]:
            yield {
                "column": column["name"],
                "begun": chinese_moment(look["begun"]),
                "complete": "是" if look["complete"] else "否",
                "rows": look["rows"],
                "accounted": _accounted(look["accounted"]),
                "why": look["why_not"] or ("" if look["complete"] else words.portals[look["state"]]),
            }
        if column["left_out"]:
            yield {"column": column["name"], "why": f"此后还有{column['left_out']}次，未列出"}


def _accounted(accounted: dict[str, Any] | None) -> str:
    if accounted is None:
        return "没有交代"
    return (
        f"{accounted['pieces']}项：认出{accounted['understood']}，已知为他物{accounted['named']}，"
        f"未能归类{accounted['unaccounted']}"
    )


def _evidence(facts: Mapping[str, Any], words: Wording) -> Iterator[dict[str, Any]]:
    for article in facts["articles"]:
        place = {"title": article["title"], "address": article["address"]}
        if article["outcome"] != "report" or article["year"] is None:
            trouble = words.troubles.get(article["outcome"], words.troubles["unassigned"])
            yield place | {
                "source": trouble,
                "value": article["reason"],
                "moment": chinese_moment(article["first_seen"]),
            }
        for one in article["evidence"]:
            shown = chinese_moment(one["moment"]) if one["precise"] else chinese_day(day_of(one["moment"]))
            yield place | {"source": words.evidence[one["source"]], "value": one["value"], "moment": shown}
        if article["withdrawn"]:
            yield place | {"source": words.standings["withdrawn"], "moment": chinese_moment(article["withdrawn"])}


def _documents(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for article in facts["articles"]:
        for one in article["documents"]:
            work = one["work"]
            state = _WORK[work["state"]] if work else "未交读取"
            yield {
                "seen": chinese_moment(one["first_seen"]),
                "state": f"{state}：{work['why']}" if work and work["why"] else state,
                "reader": "、".join(
                    f"{reading['reader']}（{chinese_moment(reading['read'])}）" for reading in one["readings"]
                ),
                "failed": "、".join(one["failed"]),
                "open": "；".join(f"{code} {reason}" for code, reason in one["not_assessable"].items()),
                "sha": one["sha256"][:12],
            }


def _findings(facts: Mapping[str, Any], words: Wording) -> Iterator[dict[str, Any]]:
    for one in facts["findings"]:
        said = f"{one['said_by']}：{one['said_why']}" if one["said_by"] else ""
        yield {
            "rule": one["rule"],
            "severity": words.levels[one["severity"]],
            "state": words.findings[one["state"]],
            "message": one["message"],
            "confirmed": "；".join(words.confirmations[way] for way in one["confirmed_by"] or ()),
            "said": said,
        }


def _changes(facts: Mapping[str, Any], words: Wording) -> Iterator[dict[str, Any]]:
    for one in facts["changes"]:
        yield {"at": chinese_moment(one["at"]), "now": words.standings[one["now"]], "sentence": one["sentence"]}


def _letters(facts: Mapping[str, Any], words: Wording) -> Iterator[dict[str, Any]]:
    for one in facts["letters"]:
        yield one | {
            "kind": words.notices.get(one["kind"], one["kind"]),
            "state": words.notice_states[one["state"]],
            "sent": chinese_moment(one["sent"]) if one["sent"] else "",
        }
