"""Every address of the API, version 1: what can be added without breaking a program stays in this version."""

from __future__ import annotations

from fastapi import APIRouter

from web.api import agencies, drafts, findings, incidents, messages, reports
from web.api.description import description_router

PARTS = (agencies, reports, findings, incidents, messages, drafts)


def api_routers() -> list[APIRouter]:
    """The API with its description."""
    parts = [part.router for part in PARTS]
    return [*parts, description_router(parts)]
