"""For every rule a report that passes it, one that fails it, and one of which it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from config.wanted import Wanted
from report.figure import State
from report.report import Gap, Report, Unread
from tests.workers.rules.factory import changed, doubtful, last_year, sound, told
from workers.rules.context import Context

NOTHING = Context()
LONG = "".join(
    f"{name}由{name}科负责办理并在门户网站公布，群众可以到服务大厅{name}窗口查阅，{name}信息做到应公开尽公开。"
    for name in (
        "低保救助",
        "社区养老",
        "住房保障",
        "垃圾分类",
        "就业帮扶",
        "退役军人",
        "物业管理",
        "文化活动",
        "防汛值守",
    )
)


@dataclass(frozen=True, slots=True)
class Case:
    """A report with what is known around it."""

    report: Report
    context: Context = NOTHING


def government(text: str = "对各单位工作考核一次，开展社会评议，未发生责任追究情况。") -> Report:
    """A sound report of a district's government."""
    report = replace(sound(), agency="洪泽区人民政府", title="洪泽区人民政府2023年政府信息公开工作年度报告")
    return replace(
        told(report, f"{_overview(report)}{text}"), opening=report.opening.replace("左家庄街道", "洪泽区人民政府")
    )


def before(report: Report) -> Context:
    """Last year's sound report is known."""
    return Context(previous=last_year(report))


def _overview(report: Report) -> str:
    section = report.section("overview")
    assert section is not None
    return section.text


def _summed_up(report: Report, share: Mapping[str, int]) -> Context:
    """The one agency of a government, which has all its figures except ``share``."""
    return Context(agencies={"左家庄街道": changed(report, share)}, agencies_complete=True)


S = sound()
OLD = sound("2019")
OF_TEXT = ("D01", "D02", "D03", "D04", "D05", "D07", "D08", "D09", "D11", "D12", "D13")

WANTED = Wanted(numbers={"培训": ("培训",)}, longest=400)

UNKNOWN = replace(
    S, title=None, agency=None, year=None, period=None, form=None, opening="", years={}, sections=(), figures={}
)
CUT = replace(S, may_be_cut=True)


def _heading(report: Report, kind: str, heading: str) -> Report:
    sections = tuple(replace(one, kind=None, heading=heading) if one.kind == kind else one for one in report.sections)
    return replace(report, sections=sections)


OF_TABLES = ("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09")

PASSING: dict[str, Case] = {code: Case(S) for code in (*OF_TEXT, "D06", *OF_TABLES, "N01", "N03", "X01")} | {
    "D10": Case(government()),
    "D14": Case(S, before(S)),
    "D15": Case(S),
    "D16": Case(S),
    "D17": Case(S, Context(wanted=WANTED)),
    "D18": Case(told(S, "如有疑问，请与左家庄街道办事处联系（电话：010-64636785）。", "other")),
    "Y01": Case(S, before(S)),
    "Y02": Case(S, before(S)),
    "Y03": Case(replace(sound("2019", 2020)), Context(previous=sound("2019"))),
    "Y04": Case(S, before(S)),
    "N02": Case(told(S, "2023年，我街道共收到政府信息公开申请4件，其中予以公开2件，结转下年度继续办理1件。")),
    "N04": Case(told(S, "共收到申请12件，其中网络申请5件、信函申请7件。")),
    "N05": Case(told(S, "共收到申请20件，其中网络申请7件，占比35%。")),
    "N06": Case(told(S, "2023年，我街道制发行政规范性文件0件。")),
    "A01": Case(government(), _summed_up(S, {})),
}

FAILING: dict[str, Case] = {
    "D01": Case(replace(S, title="左家庄街道2023年政务公开工作总结")),
    "D02": Case(replace(S, years={"title": 2023, "text": 2022})),
    "D03": Case(replace(S, opening="现公布建水县民族宗教事务局2023年度政府信息公开工作年度报告。")),
    "D04": Case(replace(S, period=(date(2023, 1, 1), date(2023, 12, 30)))),
    "D05": Case(replace(S, sections=S.sections[1:])),
    "D06": Case(replace(S, opening="本报告由五个部分组成。")),
    "D07": Case(replace(OLD, year=2023)),
    "D08": Case(_heading(S, "disputes", "四、政府信息公开的收费及减免情况")),
    "D09": Case(told(S, "2023年共收到政府信息公开申请4件。")),
    "D10": Case(government("对各单位工作考核一次。")),
    "D11": Case(told(S, "无。", "problems")),
    "D12": Case(told(S, "无其他需要报告的事项。", "other")),
    "D13": Case(told(S, "XX街道全年主动公开政府信息190条。")),
    "D14": Case(told(S, LONG), Context(previous=told(last_year(S), LONG))),
    "D15": Case(replace(S, opening="根据《中华人民共和国政务信息公开条例》编制本报告。")),
    "D16": Case(told(S, "申请人张某（身份证号11010519491231002X）的申请已答复。")),
    "D17": Case(told(S, "全年公开信息190条。"), Context(wanted=WANTED)),
    "D18": Case(told(S, "如有疑问，请与左家庄街道办事处联系（电话：）。", "other")),
    "T01": Case(changed(S, {"proactive.fees.amount": State.ABSENT})),
    "T02": Case(changed(S, {"requests.granted.other": State.SLASH})),
    "T03": Case(changed(S, {"proactive.licensing.decisions": -1})),
    "T04": Case(changed(S, {"proactive.fees.amount": 251000})),
    "T05": Case(changed(S, {"requests.received.total": 8})),
    "T06": Case(changed(S, {"requests.processed_total.natural_person": 8})),
    "T07": Case(changed(S, {"requests.carried_out.natural_person": 8})),
    "T08": Case(changed(S, {"review.total": 9})),
    "T09": Case(changed(S, {"proactive.normative_documents.issued": 5, "proactive.normative_documents.in_force": 3})),
    "Y01": Case(changed(S, {"requests.carried_in.natural_person": 2}), before(S)),
    "Y02": Case(changed(S, {"proactive.normative_documents.in_force": 3}), before(S)),
    "Y03": Case(
        changed(sound("2019", 2020), {"proactive.licensing.previous_items": 3}), Context(previous=sound("2019"))
    ),
    "Y04": Case(
        changed(S, {"proactive.penalties.decisions": 600}),
        Context(previous=changed(last_year(S), {"proactive.penalties.decisions": 40})),
    ),
    "N01": Case(told(S, "2023年，我街道共收到政府信息公开申请7件。")),
    "N02": Case(told(S, "2023年，我街道共收到政府信息公开申请4件，其中予以公开3件，结转下年度继续办理1件。")),
    "N03": Case(told(S, "没有因政府信息公开被申请行政复议。", "disputes")),
    "N04": Case(told(S, "共收到申请12件，其中网络申请7件、信函申请8件。")),
    "N05": Case(told(S, "共收到申请20件，其中网络申请3件，占比35%。")),
    "N06": Case(told(S, "2023年，我街道制发行政规范性文件3件。")),
    "A01": Case(government(), _summed_up(S, {"requests.received.total": 5, "requests.received.natural_person": 4})),
    "X01": Case(replace(S, gaps=(Gap(Unread.UNCERTAIN, "表四", ("review.total",)),))),
}

UNDECIDED: dict[str, Case] = {
    **{
        code: Case(UNKNOWN)
        for code in ["D01", "D02", "D03", "D04", "D05", "D07", "D08", "D09", "D10", "D11", "D12", "D13", "D14"]
    },
    "D15": Case(UNKNOWN),
    "D16": Case(UNKNOWN),
    "D17": Case(UNKNOWN, Context(wanted=WANTED)),
    "D18": Case(replace(told(S, "如有疑问，请与左家庄街道办事处联系。", "other"), may_be_cut=True)),
    "D06": Case(replace(CUT, sections=S.sections[:4])),
    "T01": Case(replace(changed(S, {"review.total": State.ABSENT}), may_be_cut=True)),
    "T02": Case(doubtful(S, "review.total")),
    "T03": Case(changed(S, {"review.total": State.BLANK})),
    "T04": Case(changed(S, {"proactive.fees.amount": State.BLANK})),
    **{code: Case(changed(S, {"requests.granted.total": State.BLANK})) for code in ("T05", "T06")},
    "T07": Case(changed(S, {"requests.received.total": State.BLANK})),
    "T08": Case(changed(S, {"review.total": State.BLANK})),
    "T09": Case(changed(S, {"proactive.normative_documents.issued": State.BLANK})),
    **{code: Case(S) for code in ("Y01", "Y02", "Y04")},
    "Y03": Case(OLD),
    "N01": Case(told(S, "我街道高度重视政府信息公开工作。")),
    "N02": Case(
        changed(
            told(S, "2023年，我街道共收到政府信息公开申请4件，其中予以公开2件。"),
            {"requests.granted.total": State.BLANK},
        )
    ),
    "N03": Case(changed(told(S, "行政复议3件。", "disputes"), {"review.total": State.BLANK})),
    "N05": Case(told(S, "图解信息17条，占比35%。")),
    "N06": Case(told(S, "2023年，我街道制发玄妙行政规范性文件3件。")),
    "A01": Case(government()),
}

# Every total with its parts is read, or it is no listing; and what could not be read is what X01 fails over.
NEVER_UNDECIDED = {"N04", "X01"}
