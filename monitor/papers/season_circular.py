"""通报: how a district's season went, as a Word file that a person releases; until then it says that it is a draft.

It accuses of what stands alone: missing and late by the proof of the standing, and errors that hold. What is in dispute
or cannot be told is named as not judged. Its numbers are those of the weekly summary and the board (monitor/season).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.register import Register
from config.severity import Severity
from config.yaml_file import data_file
from ledger.messages.matters import by_matter
from ledger.messages.rectifications import rectifications_at
from ledger.models import Agency, FindingRow
from ledger.standings import summary as rows
from ledger.standings.questions import StandingThen, standings_at
from ledger.states import STANDING_FINDINGS, FindingDecision, Standing
from monitor.calendar import chinese_day, chinese_moment, day_of
from monitor.papers.word_template import fill_in
from monitor.season.counts import counts_of
from monitor.season.quality import quality_of

TEMPLATE = "season_circular.docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_NAMED = 60
NOT_JUDGED = "下列情况不作为有关单位的问题，须进一步核实："
# What nobody can tell, and what is right though odd, is nobody's error.
_NO_ERROR = (FindingDecision.UNDECIDED, FindingDecision.AS_PRINTED)
# That a report is missing or late, its standing says, with its proof.
_SAID_BY_STANDING = ("P01", "P02")
_ACCUSED = (Standing.MISSING, Standing.LATE)
_NOT_JUDGED = (Standing.UNVERIFIABLE, Standing.DATE_DISPUTED, Standing.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Named:
    """What the circular says of one agency: how it published, and how many errors of its report hold.

    ``confirmed`` of the ``errors`` were found to be so by a person.
    """

    agency: str
    published: str
    errors: int
    confirmed: int
    quality: str


@dataclass(frozen=True, slots=True)
class SeasonCircular:
    """What a circular says, before it is a Word file."""

    district: str
    year: int
    office: str
    overview: str
    quality: str
    corrected: str
    not_judged: tuple[str, ...]
    named: tuple[Named, ...]

    @property
    def contents(self) -> str:
        """The sha256 of all that it says: who releases it releases what they saw."""
        return hashlib.sha256(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Release:
    """Who released a circular, and when."""

    by: str
    at: datetime


def draft_circular(
    session: Session, register: Register, district: str, year: int, now: datetime
) -> SeasonCircular | None:
    """What a circular of a district's report year says as things stand; None where nobody is watched for that year."""
    standings = [
        row for row in standings_at(session, district=district, years=[year]) if register.watches(row.agency, row.year)
    ]
    if not standings:
        return None
    office = register.offices.office(district)
    problems = rows.one_a_matter(rows.problems_at(session, now, district, year))
    judged = [one for one in problems if one.severity != Severity.HUMAN]
    quality = quality_of(session, district, year, standings, judged, day_of(now), now)
    errors = _errors(session, district, year)
    named = tuple(_named(standings, errors))
    counted = counts_of("合计", standings)
    dues = sorted({row.due for row in standings if row.standing is not Standing.EXEMPT})
    due = f"公布期限：{'、'.join(map(chinese_day, dues))}。" if dues else ""
    count = sum(one.errors for one in named)
    said = sum(one.confirmed for one in named)
    wrong = sum(one.errors > 0 for one in named)
    held = f"目前仍然成立的错误共{count}处，涉及{wrong}个单位" + (f"，其中{said}处经人工认定" if said else "") + "。"
    asked = rectifications_at(session, district, year, now)
    closed = sum(one.row.closed_at is not None for one in asked)
    return SeasonCircular(
        district,
        year,
        office.name if office is not None else f"{district}政府信息公开工作主管部门",
        f"{counted.sentence}（家）。{due}",
        "".join(quality.sentences) + held,
        f"已提出整改{len(asked)}项，办结{closed}项。" if asked else "尚未提出整改。",
        tuple(_not_judged(register, session, district, year, standings)),
        named,
    )


def circular_as_word(
    draft: SeasonCircular, home: Path | None, now: datetime, released: Release | None = None
) -> tuple[bytes, list[str]]:
    """The Word file, and the placeholders of the office's template that nobody knows. Raises TemplateError."""
    values = {
        "区": draft.district,
        "年度": str(draft.year),
        "主管部门": draft.office,
        "草稿": "" if released is not None else "草稿，未经签发",
        "签发": f"{released.by}于{chinese_moment(released.at)}在工作台签发" if released is not None else "",
        "公布情况": f"截至{chinese_moment(now)}，{draft.overview}",
        "质量情况": draft.quality,
        "整改情况": draft.corrected,
        "未作评判": f"{NOT_JUDGED}{'；'.join(draft.not_judged)}。" if draft.not_judged else "没有。",
        "今天": chinese_day(day_of(now)),
    }
    items = [
        {"序号": str(number), "单位": one.agency, "公布": one.published, "质量": one.quality}
        for number, one in enumerate(draft.named, 1)
    ]
    # Without anybody named the row goes, and its placeholders with it.
    return fill_in(template_of(draft.district, home).read_bytes(), values, items or [_NOBODY])


_NOBODY = {"序号": "", "单位": "没有需要通报的单位", "公布": "", "质量": ""}


def template_of(district: str, home: Path | None) -> Path:
    """The template: the district's own, the office's own, or the shipped one."""
    own = data_file(f"{TEMPLATE.removesuffix('.docx')}.{district}.docx", home)
    return own if own.is_file() else data_file(TEMPLATE, home)


def file_name(draft: SeasonCircular, *, released: bool = False) -> str:
    """What the Word file is called."""
    return f"通报{'' if released else '（草稿）'} {draft.district}{draft.year}年度报告.docx"


def _errors(session: Session, district: str, year: int) -> dict[str, list[Sequence[FindingRow]]]:
    """By agency, the matters of its report that are errors and hold, or that a person found to be so."""
    found = session.scalars(
        select(FindingRow)
        .join(Agency, Agency.agency == FindingRow.agency)
        .where(Agency.district == district, FindingRow.year == year, FindingRow.state.in_(STANDING_FINDINGS))
        .where(FindingRow.rule.not_in(_SAID_BY_STANDING))
        .order_by(FindingRow.agency, FindingRow.fingerprint)
    )
    by_agency: dict[str, list[FindingRow]] = {}
    for row in found:
        holds = row.decision is FindingDecision.CONFIRM
        if holds or (row.severity == Severity.ERROR and row.decision not in _NO_ERROR):
            by_agency.setdefault(row.agency or "", []).append(row)
    return {agency: list(by_matter(ones)) for agency, ones in by_agency.items()}


def _named(standings: Sequence[StandingThen], errors: dict[str, list[Sequence[FindingRow]]]) -> Iterator[Named]:
    """Missing first, then late, then by the number of errors; nobody of whom nothing stands."""

    def one(row: StandingThen) -> Named:
        matters = errors.get(row.agency, [])
        confirmed = sum(any(f.decision is FindingDecision.CONFIRM for f in matter) for matter in matters)
        quality = f"错误{len(matters)}处" + (f"（其中人工认定{confirmed}处）" if confirmed else "") if matters else "—"
        return Named(row.name, _published(row), len(matters), confirmed, quality)

    accused = [row for row in standings if row.standing in _ACCUSED or errors.get(row.agency)]
    accused.sort(key=lambda row: (_order(row.standing), -len(errors.get(row.agency, ())), row.name))
    yield from map(one, accused)


def _order(standing: Standing) -> int:
    return _ACCUSED.index(standing) if standing in _ACCUSED else len(_ACCUSED)


def _published(row: StandingThen) -> str:
    due = chinese_day(row.due)
    day = chinese_day(row.published) if row.published is not None else ""
    if row.standing is Standing.MISSING:
        return f"未公布（期限{due}）"
    if row.standing is Standing.LATE:
        return f"逾期公布：{day}（期限{due}）"
    return "按时公布" if row.standing is Standing.ON_TIME else "公布情况未作评判"


def _not_judged(
    register: Register, session: Session, district: str, year: int, standings: Sequence[StandingThen]
) -> Iterator[str]:
    """What nobody is accused of, and why."""
    for standing in _NOT_JUDGED:
        names = [row.name for row in standings if row.standing is standing]
        if names:
            more = f"等{len(names)}家" if len(names) > MOST_NAMED else ""
            yield f"{register.wording.standings[standing]}{len(names)}家：{'、'.join(names[:MOST_NAMED])}{more}"
    open_ones = session.scalars(
        select(FindingRow)
        .join(Agency, Agency.agency == FindingRow.agency)
        .where(Agency.district == district, FindingRow.year == year, FindingRow.state.in_(STANDING_FINDINGS))
    ).all()
    undecided = sum(one.decision is FindingDecision.UNDECIDED for one in open_ones)
    human = sum(one.severity == Severity.HUMAN and one.decision is None for one in open_ones)
    if human:
        yield f"{human}处须由人判断，尚未复核"
    if undecided:
        yield f"{undecided}处复核后无法判断"
