"""The options by which lists are narrowed: the same words and the same refusals in every command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from cli.shown.output import CannotBeDone, plain
from config.register import Register
from config.severity import Severity

District = Annotated[str | None, typer.Option("--district", help="只看一个区 · one district only")]
Year = Annotated[int | None, typer.Option("--year", help="只看一个报告年度 · one report year only")]
Level = Annotated[
    Severity | None,
    typer.Option("--level", help="只看一个级别：error 错误、warning 提示、human 待人工核对 · one level only"),
]


def refuse_unknown_district(register: Register, district: str | None, areas: Sequence[str] = ()) -> None:
    """Raises CannotBeDone with the districts that there are, and ``areas`` of them, where this is none of them."""
    if district is not None and district not in (*register.districts, *areas):
        known = "、".join((*register.districts, *areas))
        raise CannotBeDone(f"名册中没有“{plain(district)}”；已登记的区：{known or '无'}")
