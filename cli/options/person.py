"""Whose word it is: the options of every command that keeps what a person said."""

from __future__ import annotations

from typing import Annotated

import typer

LONGEST = 2000


def _said(value: str) -> str:
    line = " ".join(value.split())
    if not line:
        raise typer.BadParameter("不能为空")
    if len(line) > LONGEST:
        raise typer.BadParameter(f"最多 {LONGEST} 字")
    return line


By = Annotated[str, typer.Option("--by", help="登记人姓名 · who says so", callback=_said)]
Why = Annotated[str, typer.Option("--why", help="原因或说明 · why", callback=_said)]
