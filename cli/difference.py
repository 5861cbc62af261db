"""``nianbao difference``: what was changed in an agency's report after it was published."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

import typer

from cli.options.agency_called import agency_called
from cli.shown.output import Format, console, plain, print_json, say
from config.in_force import load_register
from config.register import Register
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.reading.versions import Replaced, replaced_versions
from monitor.calendar import chinese_moment
from report.comparing.difference import ReportDifference, difference_between, in_words
from report.form import cell_label

app = typer.Typer(add_completion=False)

MOST_FIGURES = 500
MOST_SENTENCES = 200


@app.command()
def difference(
    agency: Annotated[
        str, typer.Argument(metavar="机关", help="名称、简称、别名或 id · name, short name, alias or id")
    ],
    year: Annotated[int, typer.Argument(metavar="年度", help="报告年度 · report year")],
    district: Annotated[
        str | None,
        typer.Option(
            help="机关所在的区；同名机关不止一个时须写明 · district of the agency, where several have this name"
        ),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="每一次改动；不写则只看最近一次 · every change; the last one by default")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="table 或 json · table or json")] = Format.TABLE,
) -> None:
    """一份年度报告公布之后改动了什么：哪些数字由多少改为多少，哪些文字增加、删去或改写。
    What was changed in a report after its publication. Exit status: 0 listed, 1 a version unreadable, 2 not done.

    退出码：0 已列出（或没有改动过）；1 有版本未能读出，不能对照；2 无法执行。
    """
    settings = load_settings()
    _, entry = agency_called(load_register(settings.home).districts.values(), agency, district)
    register = load_register(settings.home)
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        replaced = replaced_versions(session, entry.id, year)
    replaced = replaced if all_ else replaced[:1]
    if form is Format.JSON:
        print_json([_as_json(one) for one in replaced])
    elif not replaced:
        say(f"{entry.name}{year}年度报告只有一个版本，或台账中还没有。")
    else:
        for one in replaced:
            _print(register, one)
    if any(one.unread for one in replaced):
        raise typer.Exit(1)


def _difference(one: Replaced) -> ReportDifference | None:
    return difference_between(one.before, one.after) if one.before is not None and one.after is not None else None


def _print(register: Register, one: Replaced) -> None:
    out = console()
    out.print(
        f"{plain(one.address)}：{chinese_moment(one.before_at)}的版本，{chinese_moment(one.after_at)}改为另一版本",
        style="bold",
        soft_wrap=True,
    )
    found = _difference(one)
    if found is None or one.after is None:
        out.print(f"  {plain(one.unread)}")
        return
    form = one.after.form
    lines = in_words(found, lambda key: cell_label(register, form, key), MOST_FIGURES, MOST_SENTENCES)
    for where, what in lines:
        out.print(f"  {plain(where)}：{plain(what)}", soft_wrap=True)
    if found.is_empty:
        out.print("  能够对照的数字和文字都没有改动（改动的是版式或其他部分）")


def _as_json(one: Replaced) -> dict[str, Any]:
    found = _difference(one)
    return {
        "article": one.article,
        "address": one.address,
        "before": one.before_at,
        "after": one.after_at,
        "unread": one.unread,
        "title": found.title if found else None,
        "period": found.period if found else None,
        "form": found.form if found else None,
        "figures": [{"key": c.key, "before": c.before, "after": c.after} for c in found.figures] if found else [],
        "sections": [
            {"heading": c.heading, "changed": c.changed, "added": c.added, "removed": c.removed}
            for c in (found.sections if found else ())
        ],
        "not_compared": found.not_compared if found else (),
        "sections_not_compared": found.sections_not_compared if found else (),
    }
