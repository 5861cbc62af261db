"""A season made by hand: every number of its indicators was counted on paper."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import CheckRow, Incident, Notice, NoticeIncident, ReadingCorrection, ReadingRow
from ledger.reading.readings import stored_reading
from ledger.states import (
    Audience,
    FindingDecision,
    FindingState,
    IncidentKind,
    IncidentOutcome,
    NoticeKind,
    NoticeState,
    Standing,
    WorkState,
)
from monitor.season.indicators import Indicators, LeftOut, Unit
from monitor.season.measuring import indicators_of
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from report.comparing.digest import digest_of, digest_to_json
from tests.monitor.factory import AGENCIES, PORTAL_FILE, World, at, write_register

# Six offices that report (a to f), a government whose report is of all of them, and a district where nobody published.
NAMES = {one: f"云山区{one.upper()}局" for one in "abcdef"}
HERE = AGENCIES[: AGENCIES.index("agencies:")] + "agencies:\n" + "".join(
    f"  - {{id: {one}, name: {name}, short: {one.upper()}局, kind: department}}\n" for one, name in NAMES.items()
) + "  - {id: all, name: 云山区人民政府, short: 云山区, kind: government}\n"  # fmt: skip
THERE = HERE.replace("云山区", "安平区").replace("portal: yunshan", "portal: anping")
for one in (*"abcdef", "all"):
    THERE = THERE.replace(f"id: {one},", f"id: anping-{one},")
NOW = at("2024-03-15")


def figures(received: int | None, carried_in: int = 0, carried_out: int = 0, **disputes: int) -> dict[str, Any]:
    numbers = {
        "requests.received.total": received,
        "requests.carried_in.total": carried_in,
        "requests.carried_out.total": carried_out,
    }
    for group in ("review", "litigation_direct", "litigation_after_review"):
        for result in ("upheld", "corrected", "other", "pending"):
            numbers[f"{group}.{result}"] = disputes.get(f"{group}_{result}", 0)
    states = {True: "blank", False: "number"}
    return {
        key: {"value": value, "state": states[value is None], "text": "" if value is None else str(value)}
        for key, value in numbers.items()
    }


def report(
    world: World, agency: str, year: int, seen: str, numbers: dict[str, Any] | None, *, judged: str | None = None
) -> int:
    """A report that was seen on a day and judged at once, or on another."""
    article = world.article(agency, year, seen, page_label=seen[:10])
    return version(world, article, agency, year, seen, numbers, judged=judged)


def version(
    world: World,
    article: int,
    agency: str,
    year: int,
    seen: str,
    numbers: dict[str, Any] | None,
    *,
    judged: str | None = None,
) -> int:
    state = WorkState.DONE if numbers is not None else WorkState.WAITING
    number = world.version(article, seen, seen, figures=numbers, state=state)
    if numbers is not None:
        said: dict[str, Any] = {"outcomes": {}, "reasons": {}, "fingerprints": []}
        with world.ledger.write() as session:
            row = CheckRow(version_id=number, reader="1", agency=agency, year=year, checked_at=at(judged or seen))
            for name, value in said.items():
                setattr(row, name, value)
            session.add(row)
    return number


def told(world: World, agency: str, number: int, outcome: IncidentOutcome | None) -> None:
    """A letter about an error, and how the matter ended."""
    with world.ledger.write() as session:
        incident = Incident(
            kind=IncidentKind.FINDING, subject=f"finding:{number}", audience=Audience.OFFICE, district="云山区",
            agency=agency, year=2023, level="error", sentence="", opened_at=at("2024-02-01"),
            detail={"outcome": outcome.value} if outcome else {},
            resolved_at=at("2024-02-20") if outcome else None,
        )  # fmt: skip
        notice = Notice(
            identity=f"letter:{number}", kind=NoticeKind.ALERT, recipient="o@example.org", subject="", text="", html="",
            message_id=f"<{number}@example.org>", created_at=at("2024-02-01"), state=NoticeState.SENT,
            next_attempt_at=at("2024-02-01"), sent_at=at("2024-02-01"),
        )  # fmt: skip
        session.add_all([incident, notice])
        session.flush()
        session.add(NoticeIncident(notice_id=notice.id, incident_id=incident.id))


@pytest.fixture
def season(ledger: Ledger, settings: Settings) -> World:
    write_register(settings.home, agencies=HERE)
    (settings.home / "config" / "agencies" / "anping.yaml").write_text(THERE, encoding="utf-8")
    portal = PORTAL_FILE.replace("yunshan", "anping").replace("云山区", "安平区")
    (settings.home / "config" / "portals" / "anping.yaml").write_text(portal, encoding="utf-8")
    world = World(ledger)
    # a: in time, clean. b: in time, an error put right on 10 February. c: late, an error that stands.
    report(world, "a", 2023, "2024-01-20", figures(10, 2, 3, review_upheld=3, review_corrected=1))
    b = world.article("b", 2023, "2024-01-25", page_label="2024-01-25")
    before = version(world, b, "b", 2023, "2024-01-25", figures(20))
    mended = world.finding(before, "b", 2023, "2024-01-25")
    version(world, b, "b", 2023, "2024-02-10", figures(20, 0, 5, litigation_direct_corrected=1, review_pending=4))
    world.change_finding(mended, state=FindingState.RESOLVED, resolved_at=at("2024-02-10"))
    c = report(world, "c", 2023, "2024-02-05", figures(40, 0, 1))
    world.finding(c, "c", 2023, "2024-02-05", cells=["requests.received.total"])
    # d: in time, and nobody has read it. e: in time, an error that was none. f: nobody could look whether it is there.
    report(world, "d", 2023, "2024-01-28", None)
    e = report(world, "e", 2023, "2024-01-29", figures(None, 1, 1))
    untrue = world.finding(e, "e", 2023, "2024-01-29", rule="T08", message="表四", cells=["review.total"])
    world.change_finding(untrue, state=FindingState.DISMISSED, decision=FindingDecision.DISMISS)
    report(world, "all", 2023, "2024-03-01", figures(1000, 500, 500))
    for number, outcome in enumerate([None, IncidentOutcome.REMEDIED, IncidentOutcome.REFUTED]):
        told(world, "bce"[number], number, outcome)
    # The year before: a and b alone, both in time, and read only now.
    report(world, "a", 2022, "2023-01-10", figures(8, 0, 2), judged="2024-01-05")
    report(world, "b", 2022, "2023-01-11", figures(30, 0, 3, review_other=2), judged="2024-01-05")
    register = load_register(settings.home)
    update_obligations(ledger, register, NOW)
    update_standings(ledger, register, NOW)
    return world


def measured(world: World, *districts: str) -> Indicators:
    with world.ledger.read() as session:
        return indicators_of(session, districts or ["云山区"], 2023, NOW)


def numbers(found: Indicators, key: str) -> tuple[int, int, dict[LeftOut, int]]:
    now = found.together[key].now
    return now.part, now.whole, {why: count for why, count in now.left_out.items() if count}


@pytest.mark.both_databases
def test_every_number_is_the_one_that_was_counted_by_hand(season: World) -> None:
    found = measured(season)
    # a, b, d and e of these and c; f cannot be told; the government's day has not come.
    assert numbers(found, "on_time") == (4, 5, {LeftOut.UNTOLD: 1, LeftOut.NOT_DUE: 1})
    # On 7 February b and c are wrong, a and e clean, d unread, f not there.
    told = {LeftOut.UNTOLD: 1, LeftOut.ABSENT: 1, LeftOut.NOT_DUE: 1}
    assert numbers(found, "clean_7") == (2, 4, told)
    assert numbers(found, "clean_14") == (3, 4, told)
    assert numbers(found, "clean_30") == (3, 4, told)
    assert numbers(found, "corrected") == (1, 2, {})
    days = found.together["days_to_clean"].now
    assert (days.days, days.value(Unit.DAYS), dict(days.left_out)) == ((16,), 16, {LeftOut.NOT_YET: 1})
    assert numbers(found, "taken_back") == (1, 3, {})
    # Three upheld and one corrected of a, one corrected of b, nothing of c and e; four of b are pending.
    figures_left = {LeftOut.UNREAD: 1, LeftOut.ABSENT: 1}
    assert numbers(found, "corrected_results") == (2, 5, figures_left)
    # 3 and 5 of 12 and 20; c's is in dispute, e's blank, d's not read; the government's would be all of them again.
    left = {LeftOut.UNREAD: 2, LeftOut.ABSENT: 1, LeftOut.DISPUTED: 1}
    assert numbers(found, "carried_over") == (8, 32, left)
    assert numbers(found, "received") == (30, 2, left)


@pytest.mark.both_databases
def test_the_year_before_is_told_as_it_was_on_the_same_day(season: World) -> None:
    found = measured(season).together
    before = found["on_time"].before
    assert before is not None and (before.part, before.whole) == (2, 2)
    # Nobody had read these reports then: that is neither clean nor wrong.
    clean = found["clean_7"].before
    assert clean is not None and clean.whole == 0 and clean.left_out[LeftOut.UNTOLD] == 2
    assert found["clean_7"].change(Unit.SHARE) is None
    # What they say is known all the same: 5 of 38 carried over, and the agencies with both years received 8 less.
    carried = found["carried_over"].before
    assert carried is not None and (carried.part, carried.whole) == (5, 38)
    assert found["carried_over"].change(Unit.SHARE) == pytest.approx(8 / 32 - 5 / 38)
    assert found["received"].same == (30, 38, 2) and found["received"].change(Unit.SUM) == -8


def test_districts_stand_in_the_order_given_and_sum_up(season: World) -> None:
    for order in (["安平区", "云山区"], ["云山区", "安平区"]):
        found = measured(season, *order)
        assert list(found.by_district) == order
        alone, nobody = found.by_district["云山区"]["clean_14"].now, found.by_district["安平区"]["clean_14"].now
        assert nobody.whole == 0 and nobody.value(Unit.SHARE) is None
        assert found.together["clean_14"].now == alone + nobody


@pytest.mark.both_databases
def test_what_people_corrected_counts_and_what_digests_hold_is_as_good_as_the_report(season: World) -> None:
    with season.ledger.write() as session:
        for row in session.query(ReadingRow).all():
            whole = stored_reading(session, row.sha256, row.reader)
            assert whole is not None
            session.execute(
                update(ReadingRow)
                .where(ReadingRow.sha256 == row.sha256)
                .values(digest=digest_to_json(digest_of(whole)))
            )
    same = measured(season)
    assert numbers(same, "carried_over")[:2] == (8, 32) and numbers(same, "received")[:2] == (30, 2)
    with season.ledger.write() as session:
        last = session.query(ReadingRow).filter(ReadingRow.content["figures"].as_string().contains('"10"')).first()
        assert last is not None
        session.add(
            ReadingCorrection(
                sha256=last.sha256, cell="requests.received.total", state="number", value="11", finding="x",
                said_by="王敏", said_at=NOW, why="看过原件",
            )
        )  # fmt: skip
    assert numbers(measured(season), "received")[:2] == (31, 2)


def test_nobody_who_is_exempt_is_counted(season: World) -> None:
    from ledger.models import StandingRow

    with season.ledger.write() as session:
        session.execute(
            update(StandingRow)
            .where(StandingRow.agency == "c", StandingRow.year == 2023)
            .values(standing=Standing.EXEMPT)
        )
    assert numbers(measured(season), "on_time")[:2] == (4, 4)
