"""The one style sheet and the one script, as files of their own: nothing is written into a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from monitor.evidence import page as evidence
from web.guard import asks
from web.visitor import Need

router = APIRouter()
FOLDER = Path(__file__).resolve().parent.parent / "static"
_CACHED = {"Cache-Control": "public, max-age=3600"}


@router.get("/static/desk.css")
@asks(Need.NOTHING)
def style() -> Response:
    """How tables of findings look is the page of evidence's, and all else the desk's own."""
    return Response(_style(), media_type="text/css; charset=utf-8", headers=_CACHED)


@router.get("/static/desk.js")
@asks(Need.NOTHING)
def script() -> Response:
    """What makes the keyboard quicker; every page works without it."""
    return Response((FOLDER / "desk.js").read_bytes(), media_type="text/javascript; charset=utf-8", headers=_CACHED)


@router.get("/static/icon.svg")
@asks(Need.NOTHING)
def icon() -> Response:
    """The picture in the browser's tab."""
    return Response((FOLDER / "icon.svg").read_bytes(), media_type="image/svg+xml", headers=_CACHED)


@router.get("/health")
@asks(Need.NOTHING)
def health() -> dict[str, bool]:
    """Whether this process answers."""
    return {"alive": True}


@cache
def _style() -> str:
    return evidence.document_style() + (FOLDER / "desk.css").read_text(encoding="utf-8")
