"""What drafts and reports are judged by, for everybody to read: the same rules from which docs/rules is written."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.calendar import day_of
from web.answers import NotFound
from web.desk import Desk
from web.guard import TheDesk, asks
from web.rendering import page
from web.visitor import Need
from workers.rules.described import DescribedRule, described, known_rules

router = APIRouter()
ADDRESS = "/check/rules"


@router.get(ADDRESS)
@asks(Need.NOTHING)
def rules(request: Request, desk: TheDesk) -> Response:
    """All rules, those that a draft is judged by first."""
    every = _rules(desk)
    return page(
        request,
        "rules.html",
        of_reports=[one for one in every if one.judges_reports],
        of_publication=[one for one in every if not one.judges_reports],
    )


@router.get(ADDRESS + "/{code}")
@asks(Need.NOTHING)
def rule(request: Request, desk: TheDesk, code: str) -> Response:
    """One rule."""
    found = next((one for one in _rules(desk) if one.code == code), None)
    if found is None:
        raise NotFound
    return page(request, "rule.html", rule=found)


def _rules(desk: Desk) -> list[DescribedRule]:
    known, register, today = known_rules(), desk.register, day_of(desk.now())
    return [
        described(code, entry, known[code], register.wording, today)
        for code, entry in register.rules.rules.items()
        if code in known
    ]
