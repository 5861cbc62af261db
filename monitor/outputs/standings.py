"""How every agency stands, how every portal is, and what is in trouble: what ``nianbao status`` and the API tell.

The shapes are held by the type checker, and the JSON Schemas are made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NotRequired

from pydantic import with_config
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from config.register import Register
from config.severity import Severity
from ledger.database import Ledger
from ledger.reading.quarantine import quarantined
from ledger.reading.states_of_reports import ReportReading, report_readings
from ledger.standings.questions import (
    StandingThen,
    doubtful_articles,
    dropped_counts,
    newest_years,
    standings_at,
)
from ledger.standings.summary import portals_at, problem_counts
from ledger.states import ArticleOutcome, PortalState, Standing
from monitor.outputs.moments import Day, Moment

_NEVER = datetime.max.replace(tzinfo=UTC)

# An agency that stands so is overdue, or was; the others are in order, not yet due, or a matter for a person.
WRONG = frozenset({Standing.LATE, Standing.MISSING, Standing.WITHDRAWN, Standing.UNVERIFIABLE})


@with_config(extra="forbid")
class LevelsShape(TypedDict):
    """How many findings hold, by level; None where nobody can say, since the report was not read."""

    error: int | None
    warning: int | None
    human: int | None


@with_config(extra="forbid")
class StandingShape(TypedDict):
    """How one agency stands for a report year. ``reading`` is None where nothing was published."""

    agency: str
    id: str
    district: str
    year: int
    due: Day
    standing: Standing
    published: Day | None
    since: Moment
    evidence: dict[str, Any]
    findings: LevelsShape
    reading: ReportReading | None
    sentence: str


@with_config(extra="forbid")
class PortalShape(TypedDict):
    """How one portal is; ``state`` is None where no round had ended yet."""

    portal: str
    name: str
    state: PortalState | None
    since: Moment | None
    sentence: str


Counts = dict[tuple[str, int], dict[str, int]]
TroubleKind = Literal["unassigned", "not_found", "fetch_failed", "no_document", "unopened", "quarantined", "dropped"]


@with_config(extra="forbid")
class TroubleShape(TypedDict):
    """Links that could not be classified, and documents that could not be read."""

    kind: TroubleKind
    portal: str
    title: str
    address: str
    sentence: str
    count: NotRequired[int]


@with_config(extra="forbid")
class StatusShape(TypedDict):
    """What ``nianbao status --format json`` prints."""

    agencies: list[StandingShape]
    portals: list[PortalShape]
    troubles: list[TroubleShape]


_KINDS: dict[ArticleOutcome, TroubleKind] = {
    ArticleOutcome.REPORT: "unassigned",
    ArticleOutcome.UNASSIGNED: "unassigned",
    ArticleOutcome.NOT_FOUND: "not_found",
    ArticleOutcome.FETCH_FAILED: "fetch_failed",
    ArticleOutcome.NO_DOCUMENT: "no_document",
    ArticleOutcome.UNOPENED: "unopened",
}


@dataclass(frozen=True)
class Status:
    """The three lists of the command, whether something in them is wrong, and the standings that the first is of."""

    agencies: list[StandingShape]
    portals: list[PortalShape]
    troubles: list[TroubleShape]
    wrong: bool
    standings: list[StandingThen]

    @property
    def shape(self) -> StatusShape:
        """As it is printed."""
        return {"agencies": self.agencies, "portals": self.portals, "troubles": self.troubles}


def status_of(
    ledger: Ledger,
    register: Register,
    *,
    district: str | None = None,
    year: int | None = None,
    moment: datetime | None = None,
) -> Status:
    """The state of things now, or at a moment in the past; of a district and a report year where these are given.

    Without a year it is each district's newest one.
    """
    with ledger.read() as session:
        newest = newest_years(session)
        # Now, the newest years are known before anything else is read; of a past moment they are not.
        years = [year] if year is not None else sorted(set(newest.values())) if moment is None else None
        standings = standings_at(session, moment, district=district, years=years)
        if year is None:
            if moment is not None:  # the newest year that anybody owed then
                newest = {}
                for row in standings:
                    newest[row.district] = max(row.year, newest.get(row.district, row.year))
            standings = [row for row in standings if row.year == newest.get(row.district)]
        until = moment or _NEVER
        reading = report_readings(session, until, district, years)
        held = problem_counts(session, until, district, years)
        counts = _by_level(held)
        agencies = [_shape(row, counts, reading) for row in standings]
        shown = {(row.agency, row.year) for row in standings}
        here = [(rule, severity) for agency, of, rule, severity in held if (agency, of) in shown]
        wanted = {file.portal for file in register.districts.values() if district is None or file.district == district}
        wanted &= set(register.portals) if register.portals else wanted
        portals = portal_shapes(session, register, wanted, moment)
        troubles = _troubles(session, wanted, moment)
    wrong = (
        any(row.standing in WRONG for row in standings)
        or any(severity == Severity.ERROR or rule == "X01" for rule, severity in here)
        or any(trouble["kind"] == "quarantined" for trouble in troubles)
    )
    return Status(agencies, portals, troubles, wrong, standings)


def standing_shapes(session: Session, standings: Sequence[StandingThen]) -> list[StandingShape]:
    """Some standings of now as they are told."""
    years, agencies = {row.year for row in standings}, {row.agency for row in standings}
    reading = report_readings(session, _NEVER, years=years, agencies=agencies)
    counts = _by_level(problem_counts(session, _NEVER, years=years, agencies=agencies))
    return [_shape(row, counts, reading) for row in standings]


def portal_shapes(
    session: Session, register: Register, portals: Collection[str], moment: datetime | None = None
) -> list[PortalShape]:
    """How these portals are, or at a moment were; without those that nobody watches yet."""
    return [
        {
            "portal": then.portal,
            "name": register.portal_name(then.portal),
            "state": then.state,
            "since": then.since.isoformat() if then.since else None,
            "sentence": then.sentence or ("" if then.state else "尚未巡查"),
        }
        for then in portals_at(session, portals, moment)
        if register.is_taken_up(then.portal, then.state is not None)
    ]


def _shape(row: StandingThen, counts: Counts, readings: dict[tuple[str, int], ReportReading]) -> StandingShape:
    whose = (row.agency, row.year)
    return {
        "agency": row.name,
        "id": row.agency,
        "district": row.district,
        "year": row.year,
        "due": row.due.isoformat(),
        "standing": row.standing,
        "published": row.published.isoformat() if row.published else None,
        "since": row.since.isoformat(),
        "evidence": row.evidence,
        "findings": _known(counts.get(whose, {}), readings.get(whose)),
        "reading": readings.get(whose),
        "sentence": row.sentence,
    }


def _by_level(held: dict[tuple[str, int, str, str], int]) -> Counts:
    """By agency and report year, how many findings hold of each level; from counts by rule and level."""
    counts: Counts = {}
    for (agency, year, _, level), count in held.items():
        of = counts.setdefault((agency, year), {})
        of[level] = of.get(level, 0) + count
    return counts


def _known(counts: dict[str, int], reading: ReportReading | None) -> LevelsShape:
    """Findings by level; None where nobody can say how many there are, since the report was not read."""
    unknown = None if reading is not None and not reading.is_known else 0
    return {
        "error": counts.get(Severity.ERROR) or unknown,
        "warning": counts.get(Severity.WARNING) or unknown,
        "human": counts.get(Severity.HUMAN) or unknown,
    }


def _troubles(session: Session, portals: set[str], moment: datetime | None) -> list[TroubleShape]:
    """Links that could not be classified, and documents that could not be read, by type."""
    found: list[TroubleShape] = [
        {
            "kind": _KINDS[article.outcome],
            "portal": article.portal,
            "title": article.title,
            "address": article.address,
            "sentence": article.reason,
        }
        for article in doubtful_articles(session, portals)
        if moment is None or article.first_seen_at <= moment
    ]
    found += [
        {
            "kind": "quarantined",
            "portal": document.portal,
            "title": document.title,
            "address": document.address,
            "sentence": document.sentence,
        }
        for document in quarantined(session)
        if document.portal in portals and (moment is None or document.since <= moment)
    ]
    found += [
        {"kind": "dropped", "portal": portal, "title": "", "address": "", "count": count, "sentence": f"{count}条"}
        for portal, count in dropped_counts(session, portals, moment).items()
    ]
    return found
