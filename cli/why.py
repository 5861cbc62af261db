"""``nianbao why AGENCY YEAR``: every fact that a standing rests on, in the order in which one leads to the next."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.options.agency_called import agency_called
from cli.shown.output import CannotBeDone, Format, print_json
from cli.shown.why_table import print_facts
from cli.status import bring_up_to_date
from config.in_force import load_register
from config.settings import load_settings
from config.severity import Severity
from ledger.database import open_ledger
from ledger.states import FindingState, Standing
from monitor.calendar import last_second_of
from monitor.outputs.standings import WRONG
from monitor.outputs.why import facts_of

app = typer.Typer(add_completion=False)


@app.command()
def why(
    agency: Annotated[str, typer.Argument(metavar="机关", help="名称、简称或 id · name, short name or id")],
    year: Annotated[int, typer.Argument(metavar="年度", help="报告年度 · report year")],
    district: Annotated[
        str | None, typer.Option(help="几个区有同名的机关时写明是哪个区 · district, where several have this name")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="某一天结束时的依据 · as it was known at the end of a day"),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
) -> None:
    """一个机关某一年度的状况从何而来：逐项列出所依据的巡查、日期证据、读取、问题和已发的通知。
    Every fact on which a standing rests. Exit status: 0 nothing overdue or wrong, 1 something, 2 unknown.

    退出码：0 没有逾期或错误；1 有；2 名册或台账中没有。
    """
    settings = load_settings()
    register = load_register(settings.home)
    file, entry = agency_called(register.districts.values(), agency, district)
    with closing(open_ledger(settings)) as ledger:
        moment = datetime.now(UTC) if as_of is None else last_second_of(as_of.date())
        if as_of is None:
            bring_up_to_date(settings, ledger, register, moment, file.district)
        with ledger.read() as session:
            facts = facts_of(session, register, file, entry, year, moment, past=as_of is not None)
    if facts is None:
        raise CannotBeDone(
            f"台账中没有{entry.name}{year}年度的状况；请用 nianbao status --district {file.district} --year {year} 查看"
        )
    if form is Format.JSON:
        print_json(facts)
    else:
        print_facts(facts, register.wording)
    errors = (one for one in facts["findings"] if one["severity"] == Severity.ERROR)
    held = (FindingState.OPEN, FindingState.ACKNOWLEDGED)
    if Standing(facts["standing"]["standing"]) in WRONG or any(one["state"] in held for one in errors):
        raise typer.Exit(1)
