"""``nianbao add``: a report that no crawler may or can fetch, with who entered it and why."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.options.agency_called import agency_called
from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, plain, say
from config.in_force import load_register
from config.settings import Settings, load_settings
from crawler.rounds.entering_by_address import fetch_entry, keep_fetched
from crawler.storing.store import FoundArticle
from ledger.archive import open_archive
from ledger.crawling.entry import CannotEnter, Entry, refuse_impossible
from ledger.database import open_ledger
from ledger.people.record import Who
from monitor.calendar import chinese_day, day_of
from workers.entering import enter_file, keep_entry, kind_of

app = typer.Typer(add_completion=False)

BY_HAND = "请在浏览器中下载报告，再登记文件：nianbao add 文件名 …"


@app.command()
def add(
    source: Annotated[
        str, typer.Argument(metavar="FILE或URL", help="报告文件，或报告的网址 · the report file, or its address")
    ],
    agency: Annotated[
        str, typer.Option(help="机关的名称、简称、别名或 id · name, short name, alias or id of the agency")
    ],
    year: Annotated[int, typer.Option(help="报告年度 · report year")],
    published: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="公布日期，例如 2026-01-20 · day of publication, e.g. 2026-01-20"),
    ],
    by: By,
    why: Why,
    district: Annotated[
        str | None,
        typer.Option(
            help="机关所在的区；同名机关不止一个时须写明 · district of the agency, where several have this name"
        ),
    ] = None,
) -> None:
    """登记一份不能抓取的年度报告（robots.txt 不允许、被拦截、在别的网站）：存档、读取、检查，并按所填日期认定是否按时。
    Enter a report that may not or cannot be fetched: it is stored, read, checked, and judged by the date given.

    同一份登记两次，结果与登记一次相同。退出码：0 已登记；2 没有登记。
    """
    now = datetime.now(UTC)
    settings = load_settings()
    districts = load_register(settings.home).districts
    found_in, entry = agency_called(districts.values(), agency, district)
    entered = Entry(found_in, entry, year, published.date(), by, why)
    try:
        refuse_impossible(entered, day_of(now))
        if "://" in source:
            with Console(stderr=True).status(f"正在取得 {plain(source)} …"):
                article = _fetched(settings, source, entered, now)
            with closing(open_ledger(settings)) as ledger:
                with ledger.write() as session:
                    keep_entry(session, entered, Who(by), now, article.address)
                new = keep_fetched(settings, ledger, article, entered, now)
        else:
            name, content = Path(source).name, _content(settings, Path(source))
            kind_of(settings, source, content)
            with closing(open_ledger(settings)) as ledger:
                archive = open_archive(settings)
                new = enter_file(settings, ledger, archive, entered, name, content, Who(by), now)
    except CannotEnter as error:
        raise CannotBeDone(str(error)) from error
    name = f"{entry.name}{year}年度报告"
    if new:
        say(f"已登记：{name}，{chinese_day(entered.published)}公布。读取和检查的结果见 nianbao status。")
    else:
        say(f"{name}的这份文件以前登记过，没有重复登记；公布日期以这次所填的{chinese_day(entered.published)}为准。")


def _content(settings: Settings, path: Path) -> bytes:
    """What stands in a file, one byte more than is taken at most."""
    try:
        with path.open("rb") as stream:
            return stream.read(settings.read_max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CannotBeDone(f"文件 {plain(path)} 打不开（{reason}）；请核对文件名和权限") from error


def _fetched(settings: Settings, source: str, entered: Entry, now: datetime) -> FoundArticle:
    try:
        article = fetch_entry(settings, source, entered, now, day_of(now))
        for document in article.documents:
            kind_of(settings, document.page.address, document.page.body)
        return article
    except CannotEnter as error:
        raise CannotBeDone(f"{error}。{BY_HAND}") from error
