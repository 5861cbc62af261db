"""The queue of what waits for a person: matters, the worst first, each with its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from ledger.models import Agency, Article, FindingRow, Version
from ledger.states import STANDING_FINDINGS, FindingDecision, FindingState
from web.visitor import Visitor

CARDS = 50
_WORST_FIRST = case({level.value: place for place, level in enumerate(Severity)}, value=FindingRow.severity)


@dataclass(frozen=True, slots=True)
class Card:
    """Findings that one correction would mend, or one alone; with the agency (None: nobody's report) and its portal."""

    key: str
    agency: Agency | None
    year: int | None
    portal: str
    findings: Sequence[FindingRow]


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of cards; ``total`` are all findings that wait."""

    cards: Sequence[Card]
    total: int
    more: bool


def queue_of(
    session: Session,
    register: Register,
    visitor: Visitor,
    *,
    district: str | None,
    rule: str | None,
    undecided: bool,
    page: int,
) -> Queue:
    """The findings that nobody has judged (or, ``undecided``, that somebody could not), the worst first."""
    waits = (
        FindingRow.decision == FindingDecision.UNDECIDED
        if undecided
        else and_(FindingRow.state == FindingState.OPEN, FindingRow.decision.is_(None))
    )
    conditions: list[Any] = [waits, FindingRow.state.in_(STANDING_FINDINGS)]
    if rule is not None:
        conditions.append(FindingRow.rule == rule)
    conditions.append(findings_seen(register, visitor, district))
    base = (
        select(FindingRow, Agency, Article.portal)
        .join(Version, Version.id == FindingRow.version_id)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Agency, Agency.agency == FindingRow.agency)
        .where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    order = (_WORST_FIRST, FindingRow.year.desc(), Agency.district, FindingRow.agency, FindingRow.rule)
    # Whether a matter goes on over the end of a page costs less to see there than to look for.
    rows = session.execute(
        base.order_by(*order, FindingRow.fingerprint).offset((page - 1) * CARDS).limit(CARDS + 1)
    ).all()
    cards: dict[str, Card] = {}
    for finding, agency, portal in rows[:CARDS]:
        key = f"{finding.agency}:{finding.year}:{finding.matter}" if finding.matter else finding.fingerprint
        known = cards.get(key)
        together = [*(known.findings if known is not None else ()), finding]
        cards[key] = Card(key, agency, finding.year, portal, together)
    return Queue(list(cards.values()), total, len(rows) > CARDS)


def findings_seen(register: Register, visitor: Visitor, district: str | None) -> Any:
    """Whether a finding is of the visitor's districts, or of one; what is nobody's report belongs to its portal's
    district. To be asked of FindingRow, Agency and Article.
    """
    names = [district] if district is not None else visitor.seen(register.districts)
    portals = [register.districts[name].portal for name in names if name in register.districts]
    return or_(Agency.district.in_(names), and_(FindingRow.agency.is_(None), Article.portal.in_(portals)))
