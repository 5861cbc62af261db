"""``nianbao portals list / probe / new / pause / resume``: the portal register."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.new_portal import doubts, draft_portal, name_for, seen, write_draft
from cli.shown.output import CannotBeDone, Format, RowsFormat, console, plain, print_json, print_rows, say
from cli.shown.portal_words import state_word
from cli.shown.probe_words import lines
from config.in_force import load_register
from config.portals import Pace, PortalFile
from config.settings import Settings, load_settings
from config.wording import Wording
from crawler.accounts.paging import PagingState
from crawler.rounds.claims import keep_register
from crawler.rounds.round import RoundError, UnknownPortalError, run_probe, run_spider
from crawler.survey.probe import Probe, ProbedColumn
from crawler.survey.survey import Survey, SurveyOrder, SurveySpider, addresses_of, provisional_portal
from ledger.crawling.portal_decisions import pause_portal, resume_portal
from ledger.database import Ledger, LedgerError, open_ledger
from ledger.models import PortalRow
from ledger.people.record import Who
from ledger.states import PortalState
from monitor.calendar import day_of

HEADINGS = {
    "portal": "门户",
    "name": "名称",
    "district": "区",
    "state": "状态",
    "since": "自",
    "last_round": "上次抓取",
    "sentence": "说明",
}

app = typer.Typer(
    add_completion=False,
    help="门户名册：列出、试探、新建、暂停、恢复。 · The register of portals.",
    no_args_is_help=True,
)


@app.command("list")
def list_portals(
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式 · output format")] = RowsFormat.TABLE,
) -> None:
    """列出全部门户及其状态。
    List all portals with their states.
    """
    settings = load_settings()
    register_now = load_register(settings.home)
    rows = []
    with _ledger(settings) as ledger, ledger.read() as session:
        for name, portal in sorted(register_now.portals.items()):
            rows.append(_row(portal, session.get(PortalRow, name), form, register_now.wording))
    print_rows(rows, HEADINGS, form, empty="没有门户文件（docs/add-a-portal.md）。")


@app.command()
def probe(
    portal: Annotated[str, typer.Argument(metavar="PORTAL", help="门户名称 · name of the portal")],
    form: Annotated[Format, typer.Option("--format", help="输出格式 · output format")] = Format.TABLE,
) -> None:
    """试探一个门户：会取什么，会弃什么，为什么；什么也不存。
    What would be found on a portal, what dropped and why. Exit status: 0 all well, 1 not, 2 not done.

    退出码：0 各栏目正常，页面上的内容都有着落，翻页都读到了头；1 有栏目不是这样；2 无法执行。
    """
    settings = load_settings()
    try:
        probed = run_probe(settings, portal, datetime.now(UTC))
    except (UnknownPortalError, RoundError) as error:
        raise CannotBeDone(str(error)) from error
    if form is Format.JSON:
        print_json(_probe_json(probed))
    else:
        files = load_register(settings.home)
        for line in lines(probed, files.portals[portal].name, files.wording):
            console().print(line, style=None if line.startswith(" ") else "bold", soft_wrap=True)
    if not all(column.proves for column in probed.columns):
        raise typer.Exit(1)


@app.command()
def new(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="年报列表、年报目录或网站首页的网址 · address of a list of reports, or of the site"
        ),
    ],
    name: Annotated[
        str | None, typer.Option(help="门户名称；不写则取自网址 · name of the portal; from the address by default")
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Option(help="写到哪个目录；不写则为 NIANBAO_HOME/config/portals · folder to write to"),
    ] = None,
) -> None:
    """读一个网页，写出门户文件的草稿、录制的网页和一个待核对的测试；不写入台账。
    Read a page and write a draft portal file, recorded pages and a test to be confirmed.

    退出码：0 找到了年报列表；1 写了草稿，但没有找到年度报告；2 无法执行，什么也没有写。
    """
    settings = load_settings()
    now = datetime.now(UTC)
    chosen = name or name_for(_addresses(url)[0])
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", chosen):
        raise CannotBeDone(f"门户名称“{chosen}”只能用小写字母、数字和连字符；请用 --name 另写一个")
    known, shipped = load_register(settings.home).portals, load_register(None).portals
    if chosen in known and known[chosen] != shipped.get(chosen):  # one that is shipped is there to be replaced
        raise CannotBeDone(f"已有名为“{chosen}”的门户；请用 --name 换一个名称")
    survey = _survey(settings, url, now)
    day = day_of(now)
    portals_of = {name: file.portal for name, file in load_register(settings.home).districts.items()}
    portal = draft_portal(survey, chosen, day)
    path, test = write_draft(survey, portal, directory or settings.home / "config" / "portals", day, portals_of)
    _print_draft(survey, portal, path, test, portals_of)
    if not any(column.reports for column in survey.columns):
        raise typer.Exit(1)


@app.command()
def pause(
    portal: Annotated[str, typer.Argument(metavar="PORTAL", help="门户名称 · name of the portal")],
    reason: Annotated[str, typer.Option(help="为什么暂停 · why it is paused")] = "由操作员暂停",
) -> None:
    """暂停抓取一个门户，直到恢复。
    Stop crawling a portal until it is resumed.
    """
    settings = load_settings()
    file = _file(settings, portal)
    if file.paused:
        say(f"门户“{portal}”的文件已写明 paused: true，本来就不抓取。")
        return
    now = datetime.now(UTC)
    with _ledger(settings) as ledger:
        keep_register(ledger, {portal: file}, now)
        with ledger.write() as session:
            pause_portal(session, portal, Who(getuser()), reason, now)
    say(f"门户“{portal}”已暂停：{reason}。恢复：nianbao portals resume {portal}")


@app.command()
def resume(portal: Annotated[str, typer.Argument(metavar="PORTAL", help="门户名称 · name of the portal")]) -> None:
    """恢复抓取一个已暂停的门户。
    Crawl a paused portal again.
    """
    settings = load_settings()
    if _file(settings, portal).paused:
        raise CannotBeDone(
            f"门户“{portal}”的文件写明 paused: true；"
            f"请把它放到 {settings.home / 'config' / 'portals'} 下，改为 paused: false"
        )
    with _ledger(settings) as ledger, ledger.write() as session:
        resumed = resume_portal(session, portal, Who(getuser()), datetime.now(UTC))
    say(f"门户“{portal}”已恢复，下一轮即抓取。" if resumed else f"门户“{portal}”没有暂停，不需要恢复。")


def _addresses(url: str) -> tuple[str, ...]:
    try:
        return addresses_of(url)
    except ValueError as error:
        raise CannotBeDone(f"“{plain(url)}”不是网址；请写成 https://www.example.gov.cn/zfxxgk/gknb/ 这样") from error


def _survey(settings: Settings, url: str, now: datetime) -> Survey:
    addresses = _addresses(url)
    sites = {one.start: one for one in (provisional_portal(address, Pace(), day_of(now)) for address in addresses)}
    order = SurveyOrder(settings, tuple(sites.values()), {}, now, addresses)
    with Console(stderr=True).status(f"正在读取 {plain(url)} …"):
        found, trouble = run_spider(SurveySpider, order)
    survey: Survey = found[0] if found else Survey(trouble)
    if survey.trouble:
        raise CannotBeDone(f"{plain(url)} 不能读取：{survey.trouble}；什么也没有写。请在浏览器中核对网址")
    if not survey.columns:
        raise CannotBeDone(f"{plain(url)} 不是网页、订阅源或接口，没有可读的列表；请给出年报列表的网址")
    return survey


def _print_draft(survey: Survey, portal: PortalFile, path: Path, test: Path, portals_of: Mapping[str, str]) -> None:
    out = console()
    for sentence in seen(survey, portal):
        out.print(plain(sentence))
    out.print("须人工核实：", style="bold")
    for sentence in doubts(survey, portal, portals_of):
        out.print(f"  {plain(sentence)}")
    out.print("已写出：", style="bold")
    out.print(f"  {path}\n  {test.parent / 'expected.yaml'}\n  {test}", soft_wrap=True)
    out.print("下一步：", style="bold")
    out.print(f"  1. 打开 {path}，按其中的注释逐项核实", soft_wrap=True)
    out.print(f"  2. 对照原网页核对 {test.parent / 'expected.yaml'}，写上 confirmed_by", soft_wrap=True)
    out.print(f"  3. 运行 python -m pytest {test}，直到通过", soft_wrap=True)
    out.print(f"  4. 运行 nianbao portals probe {portal.portal}，再把 paused 改为 false")


def _ledger(settings: Settings) -> closing[Ledger]:
    try:
        return closing(open_ledger(settings))
    except LedgerError as error:
        raise CannotBeDone(str(error)) from error


def _file(settings: Settings, portal: str) -> PortalFile:
    files = load_register(settings.home).portals
    if portal not in files:
        raise CannotBeDone(f"没有门户“{portal}”；现有：{'、'.join(sorted(files))}（nianbao portals list）")
    return files[portal]


def _row(portal: PortalFile, row: PortalRow | None, form: RowsFormat, wording: Wording) -> dict[str, object]:
    state = row.state if row is not None else None
    sentence = row.sentence if row is not None else ""
    if portal.paused:
        state, sentence = PortalState.PAUSED, "门户文件写明 paused: true"
    return {
        "portal": portal.portal,
        "name": portal.name,
        "district": portal.district,
        "state": state_word(state, wording) if form is RowsFormat.TABLE else state,
        "since": row.since if row is not None else None,
        "last_round": row.last_round_at if row is not None else None,
        "sentence": sentence,
    }


def _probe_json(probed: Probe) -> dict[str, object]:
    return {
        "portal": probed.portal,
        "state": probed.found,
        "columns": [
            {
                "column": column.column,
                "name": column.name,
                "state": column.found,
                "sentence": column.sentence,
                **_family_json(column),
                "paging": _paging_json(column.paging),
                "accounted": column.accounted.as_json(),
                "pages": [
                    {
                        "address": page.address,
                        **_family_json(column),
                        "accounted": page.accounted.as_json(),
                        "paging": page.paging.as_json(),
                    }
                    for page in column.pages
                ],
                "taken": [
                    {
                        "title": entry.title,
                        "address": entry.link,
                        "listed": entry.listed,
                        "agency": judged.agency,
                        "year": judged.year,
                        "reason": judged.reason,
                    }
                    for entry, judged in column.taken
                ],
                "dropped": [
                    {"title": entry.title, "address": entry.link, "reason": reason} for entry, reason in column.dropped
                ],
            }
            for column in probed.columns
        ],
    }


def _family_json(column: ProbedColumn) -> dict[str, object]:
    found = column.family
    return {"family": found.family if found else None, "signs": list(found.signs) if found else []}


def _paging_json(states: Sequence[PagingState]) -> dict[str, object]:
    """The paging of all lists of a column together (contract.md, section 4), and of each of them."""
    counts = [state.stated_count for state in states if state.stated_count is not None]
    return {
        "seen": [pager.as_json() for state in states for pager in state.seen],
        "followed_to_end": bool(states) and all(state.followed_to_end for state in states),
        "stated_count": sum(counts) if counts else None,
        "read": sum(state.read for state in states),
        "lists": [state.as_json() for state in states],
    }
