"""指标: a season in figures for whoever answers for it, each with its definition and what it is made of."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ledger.standings import board
from monitor.season.indicators import INDICATORS, LEFT_OUT_WORDS, Compared, Indicator, Measured, Unit
from monitor.season.measuring import indicators_of
from web.guard import TheDesk, TheVisitor, asks
from web.rendering import page
from web.season.board import district_asked
from web.visitor import Need

router = APIRouter()


@router.get("/indicators")
@asks(Need.LOGIN)
def indicators(request: Request, desk: TheDesk, visitor: TheVisitor, district: str = "", year: str = "") -> Response:
    """The indicators of the visitor's districts, together and each by itself in the order of the register."""
    seen = visitor.seen(desk.register.districts)
    asked = district_asked(district, seen)
    chosen = [asked] if asked is not None else seen
    with desk.ledger.read() as session:
        years = board.years_of(session, chosen)
        of = int(year) if year.isdecimal() and len(year) == 4 else None
        newest = years[0] if years else None
        found = indicators_of(session, chosen, of or newest, desk.now()) if newest is not None else None
    return page(
        request,
        "indicators.html",
        found=found,
        years=years,
        districts=seen,
        district=asked,
        chosen=chosen,
        indicators=INDICATORS,
        value=value_words,
        made_of=made_of,
        left_out=left_out_words,
        change=change_words,
    )


def value_words(one: Indicator, measured: Measured | None) -> str:
    """A value as it is printed; a dash where there is none, which is no zero."""
    value = measured.value(one.unit) if measured is not None else None
    if value is None:
        return "—"
    if one.unit is Unit.SHARE:
        return f"{100 * value:.1f}%"
    return f"{_plain(value)}天" if one.unit is Unit.DAYS else f"{value:.0f}件"


def made_of(one: Indicator, measured: Measured) -> str:
    """The numbers that a value is made of; "" where there are none."""
    if not measured.whole:
        return ""
    if one.unit is Unit.SHARE:
        return f"{measured.part} ÷ {measured.whole}{one.of}"
    return f"{measured.whole}{one.of}报告"


def left_out_words(measured: Measured) -> str:
    """What stands in neither number, by why; "" where nothing does."""
    left = measured.left_out
    return "，".join(f"{words}{left[why]}" for why, words in LEFT_OUT_WORDS.items() if left.get(why))


def change_words(one: Indicator, compared: Compared) -> str:
    """By how much it rose or fell; a sum with the agencies that have both."""
    change = compared.change(one.unit)
    if change is None:
        return "不能比较"
    unit = {Unit.SHARE: "个百分点", Unit.DAYS: "天", Unit.SUM: "件"}[one.unit]
    size = f"{100 * abs(change):.1f}" if one.unit is Unit.SHARE else _plain(abs(change))
    words = "持平" if float(size) == 0 else f"{'增加' if change > 0 else '减少'}{size}{unit}"
    if one.unit is Unit.SUM:
        now, before, both = compared.same
        return f"{words}（两年都有的{both}家：{before} → {now}）"
    return words


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
