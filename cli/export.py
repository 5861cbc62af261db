"""``nianbao export``: every figure of every report as one table, one row a figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, into, print_book, print_rows
from config.in_force import load_register
from config.settings import load_settings
from ledger.database import open_ledger
from ledger.reading.stored import reported
from monitor.outputs.figures import FigureRowShape, figure_rows

HEADINGS = {
    "district": "区",
    "agency": "机关编号",
    "name": "机关",
    "year": "年度",
    "form": "表式",
    "figure": "指标",
    "label": "指标名称",
    "value": "数值",
    "state": "状态",
    "certain": "读取无疑",
    "text": "原文",
    "sha256": "sha256",
}
MOST_IN_A_WORKBOOK = 1_000_000
# Amounts have four decimals on the form; how a value was written stands in ``text``.
_DIGITS, _DECIMALS = 38, 10
_NO_PARQUET = "导出 parquet 需要 pyarrow，目前没有安装；请运行 pip install 'nianbao[parquet]'，或改用 --format csv"


class ExportFormat(StrEnum):
    """``--format`` of an export."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PARQUET = "parquet"


app = typer.Typer(add_completion=False)


@app.command()
def export(
    year: Annotated[int | None, typer.Option(help="只导出一个报告年度 · one report year only")] = None,
    district: Annotated[str | None, typer.Option(help="只导出一个区 · one district only")] = None,
    form: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="输出格式；xlsx 和 parquet 请加 --output 文件名 · output format; xlsx, parquet: with --output FILE",
        ),
    ] = ExportFormat.TABLE,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", dir_okay=False, help="写到这个文件，写完整才出现 · write to this file, whole or not at all"
        ),
    ] = None,
) -> None:
    """把各机关年度报告中的全部数字导出为一张表，每个数字一行。
    Export all figures of all reports as one table, one figure a row.

    只有状态为 number 的才有数值：空白、斜线、横线和读不出的都不是零。每个机关每个年度取现行的最新一份文件。
    """
    settings = load_settings()
    register = load_register(settings.home)
    districts = register.districts
    if district is not None and district not in districts:
        raise CannotBeDone(f"名册中没有“{district}”；已登记的区：{'、'.join(districts) or '无'}")
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        every = figure_rows(session, register, reported(session, year))
        rows = [row for row in every if district in (None, row["district"])]
    if form is ExportFormat.PARQUET:
        with into(output):
            print_book(_parquet(rows), "parquet")
        return
    if form is ExportFormat.XLSX and len(rows) > MOST_IN_A_WORKBOOK:
        raise CannotBeDone(
            f"共 {len(rows)} 个数字，超过一张工作表的行数；请用 --year 或 --district 分次导出，或改用 csv"
        )
    with into(output):
        print_rows(rows, HEADINGS, form, title="年度报告数字", empty="没有已读取的报告。")


def _parquet(rows: Sequence[FigureRowShape]) -> bytes:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise CannotBeDone(_NO_PARQUET) from error
    types = {"year": arrow.int32(), "value": arrow.decimal128(_DIGITS, _DECIMALS), "certain": arrow.bool_()}
    schema = arrow.schema([(name, types.get(name, arrow.string())) for name in HEADINGS])
    exact = [{**row, "value": None if row["value"] is None else Decimal(row["value"])} for row in rows]
    written = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(exact, schema=schema), written)
    return written.getvalue()
