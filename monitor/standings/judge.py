"""How every agency stands for every report year: a pure judgement from facts, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from config.register import Register
from config.settings import COMMON_CAUSE_SHARE, LOOKS_APART
from ledger.database import Ledger
from ledger.models import StandingRow
from ledger.standings.questions import first_rounds, standings_in, write_standings
from ledger.states import PortalState, Standing
from monitor.calendar import chinese_day, chinese_moment, day_of, end_of
from monitor.standings.common_cause import Cause, Found, Sweep
from monitor.standings.dates import Publication, evidence_of, judge_publication
from monitor.standings.facts import AgencyFacts, load_facts
from monitor.standings.proof import Lack, Proof, second_look

# What a person has to look at goes before what only time will bring.
_GRAVITY = (
    Lack.GARBLED,
    Lack.LEFT_OVER,
    Lack.MENTIONED,
    Lack.NO_WITNESS,
    Lack.NO_ACCOUNT,
    Lack.NO_LOOK,
    Lack.ONE_LOOK,
)

# The best for the agency first: who published twice is judged by the better one.
_ORDER = (Standing.ON_TIME, Standing.DATE_DISPUTED, Standing.LATE)


@dataclass(frozen=True, slots=True)
class StandingJudgement:
    """A standing (contract, section 5), the day of publication, what it rests on, and one sentence."""

    standing: Standing
    published: date | None
    evidence: dict[str, Any]
    sentence: str
    article_id: int | None = None


def judge(facts: AgencyFacts, now: datetime) -> StandingJudgement:
    """Judges one agency for one report year at ``now``, from the facts alone.

    Nothing but ``missing`` and ``late`` counts against an agency, so both need proof; what cannot be told is
    ``unverifiable``, with the reason in words.
    """
    if facts.exempt is not None:
        return StandingJudgement(Standing.EXEMPT, None, {}, facts.exempt)
    if facts.reports:
        return _judge_published(facts)
    if now < end_of(facts.due):
        return StandingJudgement(Standing.PENDING, None, {}, f"期限为{chinese_day(facts.due)}，尚未到期")
    doubt, lack = _doubt(facts, now)
    if doubt is not None:
        evidence: dict[str, Any] = {"doubtful": [str(item) for item in facts.doubtful]}
        if lack is not None:
            evidence["lacking"] = lack.value
        return StandingJudgement(Standing.UNVERIFIABLE, None, evidence, doubt)
    proofs = facts.proofs
    looks = {proof.column.name: [look.begun_at.isoformat() for look in proof.looks] for proof in proofs}
    pages = {proof.column.name: [list(look.pages) for look in proof.looks] for proof in proofs}
    names = "、".join(f"“{proof.column.name}”" for proof in proofs)
    return StandingJudgement(
        Standing.MISSING,
        None,
        {"looks": looks, "pages": pages} | _confirmations(proofs),
        f"期限为{chinese_day(facts.due)}；期限之后已两次完整查看{facts.portal_name}{names}栏目"
        f"（第二次为{chinese_moment(second_look(proofs))}），均未发现该报告",
    )


def update_standings(
    ledger: Ledger,
    register: Register,
    now: datetime,
    district: str | None = None,
    *,
    share: float = COMMON_CAUSE_SHARE,
    apart: timedelta = LOOKS_APART,
) -> int:
    """Judges every watched obligation (of one district where that is given) at ``now``, and writes what changed.

    Where more than ``share`` of a district's or a family's agencies would turn missing at once, none does
    (``common_cause``): who would is written after all districts were judged, everybody else before. The two looks that
    prove an absence are begun at least ``apart`` one after the other.
    A row is changed by one conditional UPDATE, so that of several monitors one writes the change. Returns how many
    standings were new or changed.
    """
    with ledger.read() as session:
        first = first_rounds(session)
    sweep = Sweep(share)
    written, accusing = 0, list[_Change]()
    for name in sorted(register.districts, key=lambda one: one != district):
        if district not in (None, name) and not accusing:
            break  # nobody is accused here, so that no other district's part in a common cause matters
        with ledger.read() as session:
            known = standings_in(session, name)
            judged = [(facts, judge(facts, now)) for facts in load_facts(session, register, name, apart)]
        found = [Found(facts, judgement.standing, judgement.published) for facts, judgement in judged]
        accused = {key for key, row in known.items() if row.standing is Standing.MISSING}
        sweep.add(name, found, accused, now, first.get(register.districts[name].portal))
        if district not in (None, name):
            continue
        changes = [_Change(known.get((facts.agency, facts.year)), facts, judgement) for facts, judgement in judged]
        accusing += [change for change in changes if change.accuses]
        written += _write(ledger, [change for change in changes if not change.accuses], now)
    held = sweep.held_back() if accusing else {}
    return written + _write(ledger, [one.held(held[one.key]) if one.key in held else one for one in accusing], now)


@dataclass(frozen=True, slots=True)
class _Change:
    """A standing as it is, and as it was judged."""

    before: StandingRow | None
    facts: AgencyFacts
    judgement: StandingJudgement

    @property
    def key(self) -> tuple[str, int]:
        return self.facts.agency, self.facts.year

    @property
    def accuses(self) -> bool:
        """Whether the agency turns missing."""
        is_missing = self.judgement.standing is Standing.MISSING
        return is_missing and (self.before is None or self.before.standing is not Standing.MISSING)

    @property
    def differs(self) -> bool:
        known, judged = self.before, self.judgement
        return known is None or (
            (known.standing, known.published, known.article_id, known.sentence, known.evidence)
            != (judged.standing, judged.published, judged.article_id, judged.sentence, judged.evidence)
        )

    def held(self, cause: Cause) -> _Change:
        """The same, but that nobody is accused."""
        evidence = self.judgement.evidence | {"lacking": Lack.COMMON_CAUSE.value, "cause": cause.name}
        sentence = f"{self.facts.portal_name}：{cause.sentence}"
        return replace(self, judgement=StandingJudgement(Standing.UNVERIFIABLE, None, evidence, sentence))


def _write(ledger: Ledger, changes: Iterable[_Change], now: datetime) -> int:
    """Writes what differs; how many that was."""
    differing = [change for change in changes if change.differs]
    if not differing:
        return 0
    rows = [
        (
            change.before,
            {
                "agency": change.facts.agency,
                "year": change.facts.year,
                "standing": change.judgement.standing,
                "published": change.judgement.published,
                "article_id": change.judgement.article_id,
                "evidence": change.judgement.evidence,
                "sentence": change.judgement.sentence,
            },
        )
        for change in differing
    ]
    with ledger.write() as session:
        return write_standings(session, rows, now)


def _judge_published(facts: AgencyFacts) -> StandingJudgement:
    judged = [(report, judge_publication(report, facts.year, facts.due)) for report in facts.reports]
    report, publication = min(judged, key=lambda pair: _ORDER.index(pair[1].standing))
    evidence = evidence_of(report, facts.due)
    live = [item for item, _ in judged if item.withdrawn_at is None]
    if not live:
        gone = max(item.withdrawn_at for item, _ in judged if item.withdrawn_at is not None)
        sentence = f"曾经公布（{_briefly(publication)}），{chinese_day(day_of(gone))}起已无法访问"
        return StandingJudgement(
            Standing.WITHDRAWN,
            publication.published,
            evidence | {"withdrawn": gone.isoformat()},
            sentence,
            report.article_id,
        )
    article_id = report.article_id if report in live else live[0].article_id
    return StandingJudgement(publication.standing, publication.published, evidence, publication.sentence, article_id)


def _briefly(publication: Publication) -> str:
    return "日期待核" if publication.published is None else f"{chinese_day(publication.published)}"


def _confirmations(proofs: Sequence[Proof]) -> dict[str, Any]:
    """Whose word stands beside the looks, by column, as JSON; nothing where nobody said anything."""
    said = {
        proof.column.name: {"by": word.by, "at": word.at.isoformat(), "why": word.why}
        for proof in proofs
        if (word := proof.column.confirmed) is not None
    }
    return {"confirmed": said} if said else {}


def _doubt(facts: AgencyFacts, now: datetime) -> tuple[str | None, Lack | None]:
    """Why it cannot be told whether an overdue report is there, and what the proof lacks; None where it can."""
    again = ""
    if facts.next_round is not None and facts.next_round > now:
        again = f"；下次查看将于{chinese_moment(facts.next_round)}以后进行"
    if facts.doubtful:
        first = facts.doubtful[0]
        more = f"等{len(facts.doubtful)}条" if len(facts.doubtful) > 1 else ""
        what = f"应在栏目中有未能归属或打开的内容{more}：《{first.title}》（{first.reason}）"
        return f"{what}，在核对之前不能认定未公布{again}", None
    if not facts.columns:
        return "没有登记该机关的报告应在哪个栏目，无法核实", Lack.NO_COLUMN
    lacking = [proof for proof in facts.proofs if proof.lack is not None]
    if not lacking:
        return None, None
    state, name = facts.portal_state, facts.portal_name
    if state is None:
        return f"{name}尚未巡查过，无法核实{again}", Lack.NEVER_LOOKED
    if state is not PortalState.HEALTHY:
        why = facts.portal_sentence or facts.portal_words
        return f"{name}目前不能正常查看（{why}），无法核实是否公布{again}", Lack.PORTAL
    first_lacking = min(lacking, key=lambda proof: _GRAVITY.index(proof.lack or Lack.NO_LOOK))
    coming = f"；{first_lacking.following}" if first_lacking.next_look and first_lacking.next_look > now else ""
    return f"{name}：{first_lacking.sentence}，暂不能认定{coming}", first_lacking.lack
