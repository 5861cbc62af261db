"""Turns what a page knows into HTML: every value is cleaned and escaped on its way in, nothing is written inline."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledger.states import Standing
from monitor.calendar import chinese_day, chinese_moment, day_of
from monitor.channels.mail.render import harmless, openable
from monitor.evidence import page as evidence
from web.desk import Desk
from web.guard import form_token
from web.visitor import Visitor

TEMPLATES = Path(__file__).resolve().parent / "templates"
# A state is seen by its sign and its word, and never by its colour alone.
SIGNS = {
    Standing.ON_TIME: "✓",
    Standing.LATE: "▲",
    Standing.MISSING: "✕",
    Standing.WITHDRAWN: "⊘",
    Standing.DATE_DISPUTED: "?",
    Standing.UNVERIFIABLE: "…",
    Standing.PENDING: "○",
    Standing.EXEMPT: "—",
}


def page(request: Request, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One page: a template with ``values``, and with what the frame around every page shows."""
    desk: Desk = request.app.state.desk
    visitor: Visitor | None = request.scope.get("visitor")
    html = (
        _environment()
        .get_template(template)
        .render(
            visitor=visitor,
            form_token=form_token(request),
            here=request.url.path,
            words=desk.register.wording,
            today=desk.now(),
            **values,
        )
    )
    return HTMLResponse(html, status)


def site_of(request: Request) -> str:
    """The address of the desk as its visitors reach it, without a slash at its end."""
    desk: Desk = request.app.state.desk
    return (desk.settings.web_address or str(request.base_url)).rstrip("/")


def whole(value: Any) -> Markup:
    """A text that may be long, without control characters; line ends stay."""
    text = "" if value is None else str(value)
    kept = (one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))
    return Markup("{}").format("".join(kept))


def with_query(query: dict[str, Any], **changed: Any) -> Markup:
    """The address's query with some values changed; None takes one away."""
    merged = {name: value for name, value in (query | changed).items() if value not in (None, "")}
    return Markup("?{}").format(urlencode(merged)) if merged else Markup("?")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, evidence.FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": chinese_day,
        "local_day": lambda moment: chinese_day(day_of(moment)),
        "moment": chinese_moment,
        "openable": openable,
        "circled": evidence.circled,
        "whole": whole,
        "part": lambda value: quote(str(value), safe=""),
    }
    environment.globals |= {"with_query": with_query, "SIGNS": SIGNS}
    return environment
