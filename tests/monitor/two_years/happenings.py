"""The story as it is told in story.yaml: what portals show from which day on, and who does what at which minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from config.time_zone import SHANGHAI
from ledger.states import PortalState

SHOWN_FROM = time(7, 0)


class Part(BaseModel):
    """A part of the story, as written in YAML."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(Part):
    """Reports of agencies (by everyday name) that a portal shows; see the head of story.yaml."""

    year: int
    of: tuple[str, ...]
    like: str = Field(default="sound", alias="with")
    shown: datetime | date | None = None
    record: datetime | None = None
    copy_number: int = Field(default=1, alias="copy")
    title: str | None = None
    unassigned: str = ""


class Named(Part):
    """One agency's report."""

    year: int
    of: str


class OnPortals(Part):
    """What the portals show from 7:00 of a day on."""

    day: date
    shows: tuple[Shown, ...] = ()
    hides: tuple[Named, ...] = ()
    brings_back: tuple[Named, ...] = ()


class SomebodyActs(Part):
    """What somebody does, or a portal begins to do, at a minute."""

    at: datetime
    year: int | None = None
    why: str = ""
    portal: str | None = None
    state: PortalState = PortalState.HEALTHY
    sentence: str = ""
    crawl: str | None = None
    register_changes: tuple[tuple[str, str], ...] = Field(default=(), alias="register")
    dismiss: str | None = None
    acknowledge: str | None = None
    snooze: str | None = None
    kind: str | None = None
    until: date | None = None
    ask: str | None = None
    what: str = ""
    due: date | None = None
    close: str | None = None
    result: Literal["done", "not_done", "dropped"] = "done"
    enter: str | None = None
    published: date | None = None
    found_at: str = ""
    retry: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the story at its moment."""

    at: datetime
    what: OnPortals | SomebodyActs


def read_story(path: Path) -> list[Happening]:
    """All entries in the order of their moments (Shanghai), those of one moment as they stand in the file."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    happenings = []
    for entry in entries:
        what = OnPortals(**entry) if "day" in entry else SomebodyActs(**entry)
        moment = datetime.combine(what.day, SHOWN_FROM) if isinstance(what, OnPortals) else what.at
        happenings.append(Happening(moment.replace(tzinfo=SHANGHAI), what))
    return sorted(happenings, key=lambda one: one.at)


def shown_on(shown: Shown, day: date) -> tuple[datetime, bool]:
    """The date on the page (the day before unless the story says another), and whether it has a time of day."""
    if isinstance(shown.shown, datetime):
        return shown.shown.replace(tzinfo=SHANGHAI), True
    return datetime.combine(shown.shown or day - timedelta(days=1), time(), SHANGHAI), False
