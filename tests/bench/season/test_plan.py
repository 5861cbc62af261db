"""A season made of the recorded dates, and the plan that is made for it."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from bench.season.arrivals import DAY, HOUR, busiest_hour, compressed, load_shape, season
from bench.season.costs import KINDS, MIX, MIX_WITHOUT_SCANS, Costs, from_data
from bench.season.crawling import Crawling, crawl
from bench.season.model import COMES_AGAIN, READ, Faults, Setup, delay_of, next_letter, simulate
from bench.season.plan import GOAL, INTERVAL, PAUSE, SIZES, Size, faults_at, fewest, plan
from crawler.rounds.loop import POLL_SECONDS

COSTS = Costs(
    day="2026-11-22", machine="a test", seconds={"html": 0.1, "pdf": 0.2, "word": 0.1, "scan": 20.0}, list_requests=6.0,
    new_requests=1.5, quiet_core=0.03, new_core=0.01, turn_seconds=0.001, letter_seconds=0.02,
)  # fmt: skip
POLITE = Crawling(processes=1, interval=INTERVAL, pause=PAUSE)


def test_the_shape_comes_from_the_recorded_dates() -> None:
    shape = load_shape()

    assert sorted(shape.days_before) == [0, 0, 1, 1, 1, 1, 3, 4, 5, 6, 6, 12]
    assert len(shape.last_days) == 26 and set(shape.last_days) <= set(range(1, 32))
    assert all(9 * HOUR <= hour <= 19 * HOUR for hour in shape.hours)


def test_a_season_lasts_two_weeks_has_its_crowd_at_the_end_and_is_always_the_same() -> None:
    shape = load_shape()
    published = season(shape, [66] * 100, seed=1)
    moments = [moment for portal in published for moment in portal]
    days = Counter(int(moment // DAY) for moment in moments)

    assert [len(portal) for portal in published] == [66] * 100
    assert all(portal == sorted(portal) for portal in published)
    assert min(days) == 31 - 12 - 1 and max(days) == 30
    assert 0.4 < (days[29] + days[30]) / len(moments) < 0.6
    assert published == season(shape, [66] * 100, seed=1) != season(shape, [66] * 100, seed=2)
    apart = [moment for portal in season(shape, [66] * 100, 1, "apart") for moment in portal]
    assert busiest_hour(apart)[1] < busiest_hour(moments)[1] / 2


def test_compressed_keeps_the_order_and_leaves_the_nights_out() -> None:
    moments = [9.5 * HOUR, 10 * HOUR, 10.5 * HOUR, DAY + 9 * HOUR, DAY + 9.5 * HOUR]

    assert compressed(moments, 30.0) == pytest.approx([5.0, 10.0, 15.0, 20.0, 25.0])


def test_a_report_is_found_by_the_next_round_at_the_portal_s_pace() -> None:
    found = crawl([[10.0, 20.0, INTERVAL + 1]], POLITE, COSTS)

    asked = [COSTS.list_requests + number * COSTS.new_requests for number in (1, 2)]
    begun = 2 * INTERVAL
    assert found.published == [10.0, 20.0, INTERVAL + 1]
    assert found.fetched[0] == pytest.approx(INTERVAL + asked[0] * PAUSE + COSTS.new_core)
    assert found.fetched[1] == pytest.approx(INTERVAL + asked[1] * PAUSE + COSTS.new_core)
    assert found.fetched[2] == pytest.approx(begun + asked[0] * PAUSE + COSTS.new_core)


def test_a_round_that_takes_longer_than_its_interval_holds_up_the_next() -> None:
    flood = [1.0] * 2_000
    found = crawl([flood, [INTERVAL + 1]], POLITE, COSTS)

    longest = (COSTS.list_requests + 2_000 * COSTS.new_requests) * PAUSE
    assert found.longest_round == pytest.approx(longest, rel=0.01)
    late = found.fetched[found.portals.index(1)]
    assert late > INTERVAL + longest + POLL_SECONDS
    two = crawl([flood, [INTERVAL + 1]], Crawling(2, INTERVAL, PAUSE), COSTS)
    assert two.fetched[two.portals.index(1)] < 2.6 * INTERVAL


def test_a_portal_that_is_away_is_read_when_it_is_back_and_disturbs_nobody() -> None:
    found = crawl([[10.0], [10.0]], POLITE, COSTS, away={0: (0.0, DAY)})

    fetched = dict(zip(found.portals, found.fetched, strict=True))
    assert DAY <= fetched[0] < DAY + INTERVAL + 60
    assert fetched[1] < INTERVAL + 60


@pytest.mark.parametrize("fault", list(faults_at(30 * DAY + 16 * HOUR)))
def test_every_report_leaves_once_whatever_fails(fault: str) -> None:
    published = season(load_shape(), SIZES[1].portals, seed=3)
    hour, _ = busiest_hour([moment for portal in published for moment in portal])
    run = simulate(published, Setup(2, 2, POLITE), COSTS, faults_at(hour)[fault])

    came = sorted((portal, moment) for portal, moments in enumerate(published) for moment in moments)
    assert sorted(zip(run.found.portals, run.found.published, strict=True)) == came
    steps = zip(run.found.published, run.found.fetched, run.read, run.told, strict=True)
    assert all(published <= fetched < read < told for published, fetched, read, told in steps)


def test_a_fault_delays_and_is_over() -> None:
    published = season(load_shape(), SIZES[2].portals, seed=3)
    hour, _ = busiest_hour([moment for portal in published for moment in portal])
    setup = Setup(2, 4, POLITE)
    worst = {
        name: delay_of(simulate(published, setup, COSTS, faults).delays()).worst
        for name, faults in faults_at(hour).items()
    }

    assert all(worst["calm"] <= delay for delay in worst.values())
    assert worst["worker machine lost for an hour"] <= worst["calm"] + COMES_AGAIN + HOUR
    assert HOUR / 2 <= worst["broker away for half an hour"] <= worst["calm"] + HOUR
    assert worst["mail away for the day"] < DAY + 2 * HOUR


def test_the_broker_away_is_the_broker_away() -> None:
    published = [[0.0, 10.0 * HOUR]]
    calm = simulate(published, Setup(1, 1, POLITE), COSTS)
    away = simulate(published, Setup(1, 1, POLITE), COSTS, Faults(broker=(10 * HOUR, 11 * HOUR)))

    assert away.read[0] == calm.read[0]
    assert away.read[1] > 11 * HOUR > calm.read[1]


def test_the_plan_is_the_fewest_that_keeps_the_hour() -> None:
    size = Size("small province", 4_000)
    heavy = from_data({**COSTS.as_data(), "seconds": {"html": 6.0, "pdf": 12.0, "word": 6.0, "scan": 120.0}})
    begun = time.process_time()
    answer = plan(size, load_shape(), heavy, seed=1)

    assert time.process_time() - begun < 200
    assert answer.setup.readers > 1 and answer.setup.scanners > 1
    assert delay_of(answer.delays["calm"]).nearly_all <= GOAL
    assert 0 < answer.reader_load < 2
    published = season(load_shape(), size.portals, 1)
    hour, _ = busiest_hour([moment for portal in published for moment in portal])
    fewer = Setup(answer.setup.readers - 1, 4_096, POLITE)
    lost = simulate(published, fewer, heavy, Faults(worker_machine=(hour, hour + HOUR)), seed=1)
    delays = [delay for delay, kind in zip(lost.delays(), lost.kinds, strict=True) if kind in READ]
    assert delay_of(delays).nearly_all > GOAL


@pytest.mark.parametrize("least", [1, 2, 3, 7, 8, 9, 1_000])
def test_fewest_is_the_first_that_is_enough(least: int) -> None:
    assert fewest(lambda count: count >= least) == least


def test_no_number_is_not_taken_for_one() -> None:
    with pytest.raises(ValueError, match="no number"):
        fewest(lambda _count: False)


def test_the_mixes_are_whole_and_costs_survive_the_file() -> None:
    assert sum(MIX.values()) == pytest.approx(1) == sum(MIX_WITHOUT_SCANS.values())
    assert set(MIX) == set(KINDS)
    assert from_data(COSTS.as_data()) == COSTS


def test_the_next_letter_is_that_of_the_next_working_morning() -> None:
    # The season begins on Thursday, 1 January 2026, a day off until Sunday the 4th, which is worked.
    assert next_letter(10 * HOUR) == 3 * DAY + 8 * HOUR
    assert next_letter(4 * DAY + 7 * HOUR) == 4 * DAY + 8 * HOUR
    assert next_letter(4 * DAY + 8.5 * HOUR) == 4 * DAY + 8.5 * HOUR
    assert next_letter(4 * DAY + 9 * HOUR) == 5 * DAY + 8 * HOUR
    assert next_letter(8 * DAY + 20 * HOUR) == 11 * DAY + 8 * HOUR
