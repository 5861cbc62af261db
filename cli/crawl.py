"""``nianbao crawl [PORTAL…]``: one round over all or the named portals, now."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, RowsFormat, print_rows, say
from cli.shown.portal_words import ROUND_FAILED, state_word
from config.in_force import load_register
from config.settings import load_settings
from config.wording import Wording
from crawler.rounds.loop import crawl_now
from crawler.rounds.round import UnknownPortalError
from crawler.storing.result import RoundResult
from ledger.database import LedgerError, open_ledger
from ledger.states import PortalState, RoundState

HEADINGS = {
    "portal": "门户",
    "state": "状态",
    "entries": "条目",
    "dropped": "弃用",
    "new_articles": "新文章",
    "new_versions": "新文件",
    "failed_articles": "未取得",
    "requests": "请求",
    "sentence": "说明",
}

NOTHING_ON = "没有启用的门户；请在 NIANBAO_HOME/config/portals 中放入门户文件（docs/add-a-portal.md）。"

app = typer.Typer(add_completion=False)


@app.command()
def crawl(
    portals: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PORTAL…]", help="门户名称；不写则为全部 · names of portals; all by default"),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="以此时刻入账（ISO 8601，无时区则为北京时间），默认为现在"
            " · enter under this time (ISO 8601, Shanghai without a zone); now by default",
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="完整查看：每个列表都读到底，同一天可有第二次完整查看 · a whole look: every list to its end"
        ),
    ] = False,
    form: Annotated[RowsFormat, typer.Option("--format", help="输出格式 · output format")] = RowsFormat.TABLE,
) -> None:
    """立即抓取全部或所列门户一轮，并列出结果。
    Crawl all or the named portals once, now. Exit status: 0 all healthy, 1 some not, 2 not done.

    退出码：0 全部正常；1 有门户不正常或有文章未取得；2 无法执行。
    """
    moment = moment_of(at)
    settings = load_settings()
    try:
        with closing(open_ledger(settings)) as ledger:
            results = crawl_now(settings, ledger, portals or [], moment, whole=full)
    except (UnknownPortalError, LedgerError) as error:
        raise CannotBeDone(str(error)) from error
    done = {result.portal for result in results}
    left_out = [name for name in portals or [] if name not in done]
    for name in left_out:
        say(f"门户“{name}”已暂停，或正由另一进程抓取，这次没有抓取（nianbao portals list）。")
    wording = load_register(settings.home).wording
    print_rows(
        (_row(result, form, wording) for result in results),
        HEADINGS,
        form,
        empty="没有抓取任何门户。" if left_out else NOTHING_ON,
    )
    if any(_is_wrong(result) for result in results) or left_out:
        raise typer.Exit(1)


def moment_of(text: str | None) -> datetime:
    """The moment that a person wrote; now where nothing was written. Raises CannotBeDone."""
    if text is None:
        return datetime.now(UTC)
    from config.time_zone import SHANGHAI

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotBeDone(f"“{text}”不是时刻；请写成 2024-01-31T09:00 这样") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


def _is_wrong(result: RoundResult) -> bool:
    return result.found is not PortalState.HEALTHY or result.figures.get("failed_articles", 0) > 0


def _row(result: RoundResult, form: RowsFormat, wording: Wording) -> dict[str, object]:
    failed = result.state is RoundState.FAILED
    if form is RowsFormat.TABLE:
        state: object = ROUND_FAILED if failed else state_word(result.found, wording)
    else:
        state = result.state if failed else result.found
    return {
        "portal": result.portal,
        "state": state,
        "entries": sum(look.rows for look in result.looks),
        "dropped": sum(look.dropped for look in result.looks),
        **result.figures,
        "sentence": result.sentence,
    }
