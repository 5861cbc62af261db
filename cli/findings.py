"""``nianbao findings``: what was found in the reports, and what a person says of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from cli.options.filters import District, Level, Year, refuse_unknown_district
from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, Format, RowsFormat, print_json, print_rows, say
from config.in_force import load_register
from config.settings import load_settings
from config.severity import Severity, gravity
from config.wording import Wording, load_wording
from ledger.database import open_ledger
from ledger.messages.finding_decisions import decide_finding
from ledger.messages.findings import findings_like, findings_of_matter, list_findings
from ledger.models import Agency, FindingRow
from ledger.people.record import Who
from ledger.reading.corrections import NoReading, RightReading
from ledger.states import STANDING_FINDINGS, FindingDecision, FindingState
from monitor.outputs.findings import kept_findings

app = typer.Typer(add_completion=False, no_args_is_help=True)

SHORTEST = 6
FOUND_ERRORS = 1
HEADINGS = {
    "id": "编号",
    "severity": "级别",
    "district": "区",
    "agency": "机关",
    "year": "年度",
    "rule": "规则",
    "state": "状态",
    "matter": "事项编号",
    "message": "说明",
    "said": "登记",
}
# What a table shows only where it says something.
_MAY_BE_EMPTY = ("matter", "said")

Number = Annotated[
    str,
    typer.Argument(
        metavar="编号",
        help=f"findings list 所列的编号（至少前 {SHORTEST} 位）或事项编号"
        f" · number in findings list ({SHORTEST} digits at least), or that of a matter",
    ),
]


@app.callback()
def findings() -> None:
    """报告中发现的问题，以及人工核对的结果。
    What was found in the reports, and what people said of it.
    """


@app.command("list")
def list_(
    district: District = None,
    agency: Annotated[
        str | None, typer.Option(help="只看一个机关（名称、简称或 id） · one agency only (name, short name or id)")
    ] = None,
    year: Year = None,
    rule: Annotated[str | None, typer.Option(help="只看一条规则，例如 T05 · one rule only, e.g. T05")] = None,
    level: Level = None,
    state: Annotated[
        list[FindingState] | None,
        typer.Option(
            help="只看这些状态：open 未解决、acknowledged 已知悉、dismissed 不是问题、resolved 已解决；可写多次"
            " · these states only; may be repeated"
        ),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="也列出不是问题的和已解决的 · also those dismissed and resolved")
    ] = False,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出问题，最严重的在前。退出码：0 没有未解决的错误；1 有。
    List findings, the worst first. Exit status: 0 no open error, 1 some.
    """
    settings = load_settings()
    register = load_register(settings.home)
    refuse_unknown_district(register, district)
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        states = tuple(state) if state else tuple(FindingState) if all_ else STANDING_FINDINGS
        found = [
            (finding, owner)
            for finding, owner in list_findings(
                session, states, district=district, agency=agency, year=year, rule=rule.upper() if rule else None
            )
            if level is None or finding.severity == level
        ]
        found.sort(key=lambda pair: gravity(pair[0].severity))
        rows = [_row(finding, owner, register.wording, form) for finding, owner in found]
        wrong = any(finding.state in STANDING_FINDINGS and finding.severity == Severity.ERROR for finding, _ in found)
    shown = HEADINGS
    if form is RowsFormat.TABLE:
        shown = {
            name: words
            for name, words in HEADINGS.items()
            if name not in _MAY_BE_EMPTY or any(row[name] for row in rows)
        }
    print_rows(rows, shown, form, title="报告中的问题", empty="没有符合条件的问题。")
    if wrong:
        raise typer.Exit(FOUND_ERRORS)


@app.command()
def show(
    number: Number,
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
) -> None:
    """一个问题的全部内容；给出事项编号的，该事项的每个问题。
    Everything about one finding, or about each finding of a matter.
    """
    from cli.shown.finding_sheet import print_finding

    settings = load_settings()
    register = load_register(settings.home)
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        findings = _find(session, number)
        if form is Format.JSON:
            data = kept_findings(session, findings)
            print_json(data if _is_matter(number) else data[0])
            return
        for finding in findings:
            print_finding(session, register, finding)


@app.command()
def confirm(number: Number, by: By, why: Why) -> None:
    """认定属实：原件确实有误，应当整改；改正之前照常催办。
    It is so: to be put right, and reminded of until it is.
    """
    _decide(number, FindingDecision.CONFIRM, by, why)


@app.command()
def correct(
    number: Number,
    by: By,
    why: Why,
    reading: Annotated[
        list[str],
        typer.Option(
            metavar="单元格=读数",
            help="原件中的数字，例如 review.total=11；原件空白的写 review.total=；可写多次"
            " · what the original says, CELL=NUMBER; may be repeated",
        ),
    ],
) -> None:
    """认定读数有误：登记原件中的数字，机器的读数保留在旁，规则重新检查；收到过通知的人会收到更正。
    Read wrongly: the right reading is kept beside the machine's, and the rules run again.
    """
    try:
        given = (one.partition("=") for one in reading)
        readings = [RightReading.given(cell.strip(), value) for cell, _, value in given]
    except NoReading as error:
        raise CannotBeDone(str(error)) from error
    _decide(number, FindingDecision.CORRECT, by, why, readings)


@app.command("as-printed")
def as_printed(number: Number, by: By, why: Why) -> None:
    """认定原件如此：程序没有读错，原件就是这样，不再催办。
    The original does say so; nobody is reminded.
    """
    _decide(number, FindingDecision.AS_PRINTED, by, why)


@app.command()
def undecided(number: Number, by: By, why: Why) -> None:
    """无法判断：问题保留，注明无法判断，不再催办，也不写进整改通知单。
    It cannot be told: kept as such, nobody is reminded, and nothing is asked of the agency.
    """
    _decide(number, FindingDecision.UNDECIDED, by, why)


@app.command()
def acknowledge(number: Number, by: By, why: Why) -> None:
    """登记已经知悉、正在处理：问题仍然算数，不再催办。
    Known, being dealt with: it still counts, and nobody is reminded.
    """
    _decide(number, FindingDecision.ACKNOWLEDGE, by, why)


@app.command()
def dismiss(number: Number, by: By, why: Why) -> None:
    """认定不是问题：收到过通知的人会收到更正，以后重新核读也不再提出。
    No problem after all: whoever was told gets a correction, and it is not raised again.
    """
    _decide(number, FindingDecision.DISMISS, by, why)


@app.command()
def reopen(number: Number, by: By, why: Why) -> None:
    """撤销以前的认定；登记过的读数一并撤回。
    Take back what was decided, a right reading too.
    """
    _decide(number, FindingDecision.REOPEN, by, why)


def _decide(number: str, decision: FindingDecision, by: str, why: str, readings: Sequence[RightReading] = ()) -> None:
    """Decides on a finding, or on every finding of a matter on which it can be decided."""
    settings = load_settings()
    words = load_wording(settings.home)
    now = datetime.now(UTC)
    with closing(open_ledger(settings)) as ledger, ledger.write() as session:
        findings = _find(session, number)
        before = {finding.fingerprint: words.findings[finding.state] for finding in findings}
        cells = list(dict.fromkeys(cell for finding in findings for cell in finding.cells))
        unknown = [one.cell for one in readings if one.cell not in cells]
        if unknown:
            raise CannotBeDone(f"该问题不涉及单元格 {unknown[0]}；涉及的有：{'、'.join(cells) or '无'}")
        done = [
            finding
            for finding in findings
            if (not readings or any(one.cell in finding.cells for one in readings))
            and decide_finding(
                session,
                finding.fingerprint,
                decision,
                Who(by),
                why,
                now,
                readings=[one for one in readings if one.cell in finding.cells],
            )
        ]
    said = words.decisions[decision]
    if not done:
        were = "、".join(dict.fromkeys(before.values()))
        raise CannotBeDone(f"该问题的状态是“{were}”，不能登记“{said}”；请用 nianbao findings show 查看")
    decided = "，".join(f"{finding.rule}原为“{before[finding.fingerprint]}”" for finding in done)
    say(f"已登记：{decided}，现认定“{said}”。")


def _is_matter(number: str) -> bool:
    """Whether a number is that of a matter (朝阳区-2024-17), and not the beginning of a fingerprint."""
    return "-" in number


def _find(session: Session, number: str) -> list[FindingRow]:
    if _is_matter(number):
        found = findings_of_matter(session, number)
        if not found:
            raise CannotBeDone(f"没有事项编号为“{number}”的问题；请用 nianbao findings list --all 查看编号")
        return found
    if len(number) < SHORTEST:
        raise CannotBeDone(f"编号“{number}”太短；请至少给出前 {SHORTEST} 位（见 nianbao findings list）")
    found = findings_like(session, number)
    if not found:
        raise CannotBeDone(f"没有编号以“{number}”开头的问题；请用 nianbao findings list --all 查看编号")
    if len(found) > 1:
        raise CannotBeDone(f"有多个编号以“{number}”开头的问题；请多给几位")
    return found


def _row(finding: FindingRow, owner: Agency | None, words: Wording, form: RowsFormat) -> dict[str, Any]:
    said = f"{finding.said_by}：{finding.said_why}" if finding.said_by else ""
    row = {
        "id": finding.fingerprint,
        "severity": finding.severity,
        "district": owner.district if owner is not None else None,
        "agency": owner.name if owner is not None else finding.agency,
        "year": finding.year,
        "rule": finding.rule,
        "state": finding.state.value,
        "matter": finding.matter,
        "message": finding.message,
        "said": said,
    }
    if form in (RowsFormat.TABLE, RowsFormat.XLSX):
        row |= {"severity": words.levels[finding.severity], "state": words.findings[finding.state]}
    if form is RowsFormat.TABLE:
        row |= {"id": finding.fingerprint[:12], "agency": owner.short if owner is not None else "未能归属"}
    return row
