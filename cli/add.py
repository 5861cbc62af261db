"""``nianbao add``: a report that no crawler may or can fetch, with who entered it and why."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.options.agency_called import agency_called
from cli.options.person import By, Why
from cli.shown.output import CannotBeDone, plain, say
from config.agencies import DistrictFile
from config.in_force import load_register
from config.portals import Pace, PortalFile
from config.settings import Settings, load_settings
from crawler.fetching.pace import host_of
from crawler.pages.evidence import DateEvidence
from crawler.rounds.entering import EnteredArticle, EntryOrder, EntrySpider
from crawler.rounds.round import run_spider
from crawler.storing.recorder import Recorder
from crawler.storing.store import FoundArticle, Store
from crawler.survey.survey import addresses_of, provisional_portal
from ledger.archive import open_archive
from ledger.crawling import portals
from ledger.database import Ledger, open_ledger
from ledger.people.record import Who
from ledger.states import EvidenceSource
from monitor.calendar import chinese_day, day_of
from workers.dispatch import hand_out
from workers.entering import CannotEnter, Entry, enter_file, keep_entry, kind_of, refuse_impossible
from workers.reading.errors import ReadError
from workers.reading.kind import media_type_of

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
            article = _fetch(settings, source, entered, districts, now)
            with closing(open_ledger(settings)) as ledger:
                new = _keep_fetched(settings, ledger, article, entered, now)
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


def _keep_fetched(settings: Settings, ledger: Ledger, article: FoundArticle, entered: Entry, now: datetime) -> bool:
    """Keeps an article that was fetched; whether something of it is new."""
    with ledger.write() as session:
        portals.keep_portal(session, entered.district.portal, now)
        keep_entry(session, entered, Who(entered.by), now, article.address)
    return bool(asyncio.run(_keep(settings, ledger, entered.district.portal, article, now)))


async def _keep(settings: Settings, ledger: Ledger, portal: str, article: FoundArticle, now: datetime) -> int:
    """Keeps the article as a round would, and hands over its work; how many versions of it are new."""
    found: list[datetime] = []
    with closing(Recorder(ledger)) as recorder:
        store = Store(recorder, open_archive(settings), portal, None, found.append)
        await store.keep_article(article, now)
    if found:
        hand_out(settings, ledger, now)
    return store.new_versions


def _content(settings: Settings, path: Path) -> bytes:
    """What stands in a file, one byte more than is taken at most."""
    try:
        with path.open("rb") as stream:
            return stream.read(settings.read_max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CannotBeDone(f"文件 {plain(path)} 打不开（{reason}）；请核对文件名和权限") from error


def _fetch(
    settings: Settings, url: str, entered: Entry, districts: dict[str, DistrictFile], now: datetime
) -> FoundArticle:
    """The article at an address, fetched with all the care of a round."""
    try:
        address = addresses_of(url)[0]
    except ValueError as error:
        raise CannotBeDone(f"“{plain(url)}”不是网址，也不是文件；请核对") from error
    own = load_register(settings.home).portals.get(entered.district.portal)
    site = _site(own, address, entered, day_of(now))
    order = EntryOrder(
        settings,
        (site,),
        districts,
        now,
        address=address,
        start=own.start if own is not None else site.start,
        title=f"{entered.agency.name}{entered.year}年政府信息公开工作年度报告",
        agency=entered.agency.id,
        year=entered.year,
    )
    with Console(stderr=True).status(f"正在取得 {plain(address)} …"):
        results, trouble = run_spider(EntrySpider, order)
    result: EnteredArticle = results[0] if results else EnteredArticle(None, trouble)
    if result.found is None:
        raise CannotBeDone(f"{plain(address)} 不能取得：{result.trouble}；没有登记。{BY_HAND}")
    try:
        for document in result.found.documents:
            media_type_of(document.page.body)
    except ReadError as error:
        raise CannotBeDone(f"{plain(address)}：{error.sentence.rstrip('。')}；没有登记。{BY_HAND}") from error
    return replace(
        result.found,
        reason=entered.reason,
        to_read=True,
        evidence=(*result.found.evidence, _evidence(entered)),
    )


def _evidence(entered: Entry) -> DateEvidence:
    """The person's word as a witness for the date."""
    return DateEvidence(EvidenceSource.ENTERED, entered.value, entered.moment, precise=False)


def _site(own: PortalFile | None, address: str, entered: Entry, today: date) -> PortalFile:
    """The portal that stands at an address: the district's own, or another of which nothing is known."""
    if own is not None and host_of(own.start) == host_of(address):
        return own
    other = provisional_portal(address, Pace(), today)
    return other.model_copy(update={"district": entered.district.district})
