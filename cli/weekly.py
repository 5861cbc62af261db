"""``nianbao weekly``: the weekly summary, shown or sent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.shown.output import CannotBeDone, Format, plain, print_json, say
from cli.status import bring_up_to_date
from config.in_force import load_register
from config.register import Register
from config.settings import load_settings
from ledger.database import open_ledger
from monitor.calendar import last_second_of
from monitor.notices.outbox import send_waiting
from monitor.notices.write import contact_of
from monitor.weekly.enclosed import Shown, book_name
from monitor.weekly.workbook import ledger_book
from monitor.weekly.write import office_of, render_weekly, summary_of, write_weekly

app = typer.Typer(add_completion=False)


@app.command()
def weekly(
    preview: Annotated[bool, typer.Option("--preview", help="只显示，不发送 · show it, send nothing")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="写入并立即发送；本周已发过的不再发 · write and send it now, once a week")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="某一天结束时的汇总 · as it was at the end of a day"),
    ] = None,
    district: Annotated[
        str | None,
        typer.Option(help="只看一个区，或 offices.yaml 中的一个 area · one district or one area only"),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="table 或 json（--preview 时） · table or json (with --preview)")
    ] = Format.TABLE,
    xlsx: Annotated[
        Path | None,
        typer.Option(
            "--xlsx",
            help="--preview 时另将所附的台账写入这个文件 · with --preview also write the workbook to this file",
        ),
    ] = None,
) -> None:
    """每周汇总：公布进度、未公布名单、新问题、未能核实的门户。
    The weekly summary: progress, who has not published, new findings, portals that could not be looked at.
    """
    if preview == send:
        raise CannotBeDone("请在 --preview（显示）和 --send（发送）中选一个")
    if send and xlsx is not None:
        raise CannotBeDone("--xlsx 只能与 --preview 一起使用；发送的周报已附有台账")
    settings = load_settings()
    register = load_register(settings.home)
    moment = datetime.now(UTC) if as_of is None else min(last_second_of(as_of.date()), datetime.now(UTC))
    ledger = open_ledger(settings)
    try:
        if as_of is None:
            bring_up_to_date(settings, ledger, register, moment)
        if send:
            recipients = []
            offices = [office for office in register.offices.offices if district in (None, office.key)]
            if not offices:
                raise CannotBeDone("没有配置主管部门的收件人；请填写 offices.yaml（见 docs/receive-mail.md）")
            for office in offices:
                if register.districts_of(office):
                    recipients += write_weekly(settings, ledger, register, office, moment)
            contact = contact_of(settings, register)
            sent = send_waiting(settings, ledger, contact, datetime.now(UTC), register.offices)
            if not recipients:
                say("没有新的周报：本周已经写过，或当前不在公布季。")
            else:
                say(f"已写入{len(recipients)}份周报（{'、'.join(recipients)}），本次发出{sent}封邮件。")
            return
        with ledger.read() as session:
            found = [
                summary_of(session, register, office_of(register, name), moment)
                for name in _districts(register, district)
            ]
            summaries = [one for one in found if one is not None]
            if xlsx is not None:
                standings = {(row.agency, row.year): row for one in summaries for row in one.standings}
                _write(xlsx, ledger_book(session, register, list(standings.values()), moment))
    finally:
        ledger.close()
    if form is Format.JSON:
        print_json([_as_data(asdict(one)) for one in summaries])
        return
    if not summaries:
        say("没有可汇总的内容：当前不在公布季，或台账中还没有应公布的年度报告。")
    for one in summaries:
        text, _ = render_weekly(one, settings, register, Shown({}, {}, book_name(one.district, moment)))
        print(plain(f"{one.subject}\n\n{text}"))  # noqa: T201


def _write(path: Path, book: bytes) -> None:
    try:
        path.write_bytes(book)
    except OSError as error:
        raise CannotBeDone(f"无法写入 {path}（{error.strerror}）；请换一个位置，或检查权限") from error
    say(f"台账已写入 {path}。")


def _districts(register: Register, district: str | None) -> list[str]:
    """The districts, and the areas of the offices over several of them; or the one that is asked for."""
    known = [*register.districts, *(office.key for office in register.offices.over_several)]
    if district is not None and district not in known:
        raise CannotBeDone(f"名册中没有“{plain(district)}”；已登记的区：{'、'.join(known) or '无'}")
    return [district] if district is not None else known


def _as_data(value: Any) -> Any:
    """A summary for programs: every figure of a count beside its label, and no table that stands elsewhere."""
    if isinstance(value, dict):
        flat = value | value.get("numbers", {})
        return {key: _as_data(one) for key, one in flat.items() if key not in ("numbers", "standings")}
    return [_as_data(one) for one in value] if isinstance(value, (list, tuple)) else value
