"""The waiting lines against what is known of them in closed form, and nothing gets lost in them."""

from __future__ import annotations

from math import factorial
from random import Random

import pytest

from bench.season.queues import Outage, next_try, serve, serve_by_turns, share_below, turns

JOBS = 40_000


def chance_arrivals(seed: int, a_second: float, jobs: int = JOBS) -> list[float]:
    random, now, found = Random(seed), 0.0, []
    for _ in range(jobs):
        now += random.expovariate(a_second)
        found.append(now)
    return found


def mean_wait(ready: list[float], needed: list[float], servers: int) -> float:
    done = serve(ready, needed, servers)
    return sum(end - work - moment for end, work, moment in zip(done, needed, ready, strict=True)) / len(ready)


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_one_server_and_equal_work_wait_as_pollaczek_and_khinchine_say(load: float) -> None:
    seconds = 2.0
    expected = load * seconds / (2 * (1 - load))

    assert mean_wait(chance_arrivals(1, load / seconds), [seconds] * JOBS, 1) == pytest.approx(expected, rel=0.08)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (2, 0.7), (5, 0.8)])
def test_several_servers_and_chance_work_wait_as_erlang_says(servers: int, load: float) -> None:
    random, seconds = Random(2), 1.5
    offered = servers * load
    last = offered**servers / factorial(servers) / (1 - load)
    waits = last / (sum(offered**n / factorial(n) for n in range(servers)) + last)
    expected = waits * seconds / (servers * (1 - load))
    needed = [random.expovariate(1 / seconds) for _ in range(JOBS)]

    assert mean_wait(chance_arrivals(3, offered / seconds), needed, servers) == pytest.approx(expected, rel=0.1)


def test_who_comes_first_is_served_first_and_nobody_twice_at_once() -> None:
    ready = [0.0, 0.0, 1.0, 2.0, 9.0]

    assert serve(ready, [4.0, 5.0, 1.0, 1.0, 1.0], 2) == [4.0, 5.0, 5.0, 6.0, 10.0]


def test_a_flood_of_one_portal_does_not_hold_up_another() -> None:
    ready = [0.0, 0.0, 0.0, 0.0, 1.0, 1.5]
    groups = ["a", "a", "a", "a", "b", "b"]

    # At 2 the second of a (turn 1) waits, and b's first (turn 0) goes before it; b's second (turn 1) came after a's.
    assert serve_by_turns(ready, [2.0] * 6, 1, groups) == [2.0, 6.0, 10.0, 12.0, 4.0, 8.0]
    assert serve(ready, [2.0] * 6, 1) == [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]


def test_turns_change_who_waits_and_not_how_long_all_wait() -> None:
    ready, random = chance_arrivals(7, 0.8, 5_000), Random(8)
    needed, groups = [1.0] * len(ready), [random.randrange(20) for _ in ready]

    by_turns, in_line = serve_by_turns(ready, needed, 1, groups), serve(ready, needed, 1)

    assert sorted(by_turns) == pytest.approx(sorted(in_line))
    assert serve_by_turns(ready, needed, 1, ["one"] * len(ready)) == pytest.approx(in_line)
    with pytest.raises(ValueError, match="no server"):
        serve_by_turns(ready, needed, 0, groups)


def test_what_a_lost_machine_had_in_hand_comes_again_and_all_of_it_ends_once() -> None:
    lost = Outage(10.0, 100.0, end_server=1, loses=True)
    ready = [8.0, 8.0, 8.0]

    done = serve(ready, [5.0, 5.0, 5.0], 2, [lost], again_after=30.0)

    # The first was in the lost machine's hand from 8 to 10; the other machine had the second, then the third.
    assert done == [45.0, 13.0, 18.0]


def test_work_is_conserved_whatever_fails() -> None:
    random = Random(4)
    ready = chance_arrivals(5, 3.0, 2_000)
    needed = [random.uniform(0.1, 1.2) for _ in ready]
    outages = [
        Outage(begin, begin + random.uniform(5, 60), end_server=2, loses=random.random() < 0.5)
        for begin in (50.0, 90.0, 200.0, 400.0)
    ]

    done = serve(ready, needed, 4, outages, again_after=20.0)

    assert all(end >= moment + work - 1e-9 for end, moment, work in zip(done, ready, needed, strict=True))
    # No more than four at a time: in any stretch of time no more is done than four servers can.
    ends = sorted(zip(done, needed, strict=True))
    for first in range(0, len(ends), 100):
        within = [work for end, work in ends[first:] if end <= ends[first][0] + 50.0]
        assert sum(within) <= 4 * (50.0 + max(needed))


def test_without_a_server_nothing_is_promised() -> None:
    with pytest.raises(ValueError, match="no server"):
        serve([1.0], [1.0], 0)


def test_an_outage_of_all_servers_lets_nothing_begin() -> None:
    done = serve([5.0, 20.0], [2.0, 2.0], 3, [Outage(10.0, 60.0)])

    assert done == [7.0, 62.0]


def test_turns_and_growing_pauses() -> None:
    assert turns([0.0, 1.0, 20.0, 21.0], 20.0) == [0.0, 20.0, 20.0, 40.0]
    assert next_try(5.0, 10.0, 20.0, (1.0, 2.0)) == 5.0
    assert next_try(10.0, 10.0, 20.0, (1.0, 2.0, 4.0)) == 21.0


def test_shares_are_values_that_were_there() -> None:
    values = [float(number) for number in range(1, 101)]

    assert [share_below(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50.0, 95.0, 99.0, 100.0]
    with pytest.raises(ValueError, match="no values"):
        share_below([], 0.5)
