"""A sound report of each form, as small as it can be, and the same with something changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from config.forms import SectionKind, load_forms
from config.rules import RulesFile, load_rules
from report.figure import Confirmation, Figure, Place, State
from report.findings.finding import Check, Finding, RuleResult
from report.form import Form, make_form
from report.report import Report, Section
from workers.rules.check import check_report
from workers.rules.context import Context

PLAIN = (Confirmation.PLAIN_TEXT,)

Value = int | Decimal | State | str

# Three natural persons and a company asked, one case is left from last year, one goes on.
_NUMBERS = {
    "requests.received": {"natural_person": 3, "business": 1, "total": 4},
    "requests.carried_in": {"natural_person": 1, "total": 1},
    "requests.granted": {"natural_person": 2, "total": 2},
    "requests.not_provided.not_held": {"natural_person": 1, "business": 1, "total": 2},
    "requests.processed_total": {"natural_person": 3, "business": 1, "total": 4},
    "requests.carried_out": {"natural_person": 1, "total": 1},
    "review": {"upheld": 2, "pending": 1, "total": 3},
}

OPENING = (
    "根据《中华人民共和国政府信息公开条例》，左家庄街道编制{year}年政府信息公开工作年度报告，由六个部分组成。"
    "统计期限自{year}年1月1日起至12月31日止。"
)
OVERVIEW = (
    "（一）主动公开情况。全年主动公开政府信息190条。\n"
    "（二）依申请公开情况。{year}年，我街道共收到政府信息公开申请4件，上年结转1件。\n"
    "（三）政府信息管理情况。落实信息发布审核制度。\n"
    "（四）政府信息公开平台建设情况。维护门户网站和微信公众号。\n"
    "（五）监督保障情况。组织培训两次，设专人负责。"
)
TEXTS = {
    "overview": OVERVIEW,
    "disputes": "没有因政府信息公开提起的行政诉讼。",
    "problems": "公开的形式还不够丰富。下一步将增加图解，改进查阅场所的服务。",
    "other": "本年度没有收取信息处理费。",
}


@cache
def forms() -> Mapping[str, Form]:
    return {name: make_form(file) for name, file in load_forms().items()}


@cache
def shipped_rules() -> RulesFile:
    return load_rules()


def sound(form: str = "2021", year: int | None = None) -> Report:
    """A report in which nothing is wrong."""
    year = year if year is not None else {"2019": 2019, "2021": 2023}[form]
    figures = {
        key: _figure(key, Decimal("1.5000") if forms()[form].names[key].kind == "amount" else 0, place)
        for place, key in enumerate(forms()[form].keys())
    }
    if "proactive.procurement.items" in figures:
        figures["proactive.procurement.items"] = replace(figures["proactive.procurement.items"], value=2, text="2")
    for row, columns in _NUMBERS.items():
        for column, value in columns.items():
            key = f"{row}.{column}"
            figures[key] = replace(figures[key], value=value, text=str(value))
    sections = tuple(
        Section(
            section.number,
            f"{'一二三四五六'[section.number - 1]}、{section.heading}",
            section.kind,
            TEXTS.get(section.kind, "").format(year=year),
        )
        for section in forms()[form].file.sections
    )
    return Report(
        source="report.html",
        sha256="0" * 64,
        media_type="text/html",
        title=f"左家庄街道{year}年政府信息公开工作年度报告",
        agency="左家庄街道",
        year=year,
        period=(date(year, 1, 1), date(year, 12, 31)),
        form=form,
        opening=OPENING.format(year=year),
        sections=sections,
        figures=figures,
        years={"title": year, "period": year, "text": year},
    )


def changed(report: Report, cells: Mapping[str, Value]) -> Report:
    """The report with other content in some cells: a number, a state, or text that is no number."""
    figures = dict(report.figures)
    for key, value in cells.items():
        figures[key] = _figure(key, value, 0)
    return replace(report, figures=figures)


def doubtful(report: Report, *keys: str) -> Report:
    """The report with some cells read without certainty."""
    figures = {key: replace(figure, certain=key not in keys) for key, figure in report.figures.items()}
    return replace(report, figures=figures)


def told(report: Report, text: str, kind: SectionKind = "overview") -> Report:
    """The report with another text in section one, or in that of another kind."""
    sections = tuple(replace(section, text=text) if section.kind == kind else section for section in report.sections)
    return replace(report, sections=sections)


def last_year(report: Report) -> Report:
    """A sound report of the year before, in which one request is carried out as one is carried in."""
    year = (report.year or 0) - 1
    return replace(sound(report.form or "", year), sha256="1" * 64)


def one_row_for_other(report: Report) -> Report:
    """A report of the form of 2021 that prints 其他处理 as one row."""
    keys = forms()["2021"].keys(["requests.other"])
    figures = {key: report.figures.get(key) or _figure(key, 0, 0) for key in keys}
    return replace(report, figures=figures)


def check(report: Report, context: Context | None = None) -> Check:
    """What all rules, as shipped, say of the report."""
    return check_report(report, forms(), context or Context(), shipped_rules())


def result(code: str, report: Report, context: Context | None = None) -> RuleResult:
    """What one rule says of the report."""
    return check(report, context).results[code]


def only_finding(code: str, report: Report, context: Context | None = None) -> Finding:
    """The one finding of a rule that fails in one place."""
    (finding,) = result(code, report, context).findings
    return finding


def _figure(key: str, value: Value, place: int) -> Figure:
    where = Place(table=0, row=place, column=0)
    if isinstance(value, State):
        return Figure(key, value, None, {State.SLASH: "/", State.DASH: "-"}.get(value, ""), where, confirmed_by=PLAIN)
    if isinstance(value, str):
        return Figure(key, State.TEXT, None, value, where, confirmed_by=PLAIN)
    return Figure(key, State.NUMBER, value, str(value), where, confirmed_by=PLAIN)
