"""``nianbao schema``: the JSON Schemas of what commands and the API give."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, RowsFormat, print_rows
from monitor.outputs.schemas import SHAPES, schema_text

app = typer.Typer(add_completion=False)
HEADINGS = {"name": "名称", "of": "描述的内容"}


@app.command()
def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="名称", help="不写则列出全部 · name of a schema; all are listed by default")
    ] = None,
    form: Annotated[
        RowsFormat,
        typer.Option("--format", help="列出时的格式；给出名称时总是 JSON · of the list; a schema is always JSON"),
    ] = RowsFormat.TABLE,
) -> None:
    """各命令和接口所给 JSON 的结构（JSON Schema，2020-12），供别的系统校验。
    JSON Schemas of what commands print and the API gives, for other systems to validate with.
    """
    if name is None:
        print_rows([{"name": one, "of": of} for one, (_, of) in SHAPES.items()], HEADINGS, form, title="JSON Schema")
        return
    if name not in SHAPES:
        raise CannotBeDone(f"没有名为“{name}”的结构；可用的：{'、'.join(SHAPES)}")
    print(schema_text(name), end="")  # noqa: T201 - the schema is the data
