"""How portals are parted among the processes that share them."""

from __future__ import annotations

import pytest

from crawler.rounds.worlds import share


def _shares(portals: int, cores: int) -> list[int]:
    """What one process after the other is given, while none has ended."""
    shares: list[int] = []
    while portals:
        shares.append(min(share(portals, len(shares), cores), 16))
        portals -= shares[-1]
    return shares


@pytest.mark.parametrize(
    ("portals", "cores", "shares"),
    [
        (1, 2, [1]),
        (5, 2, [5]),
        (8, 1, [4, 4]),
        (20, 1, [10, 10]),
        (21, 2, [11, 10]),
        (20, 4, [5, 5, 5, 5]),
        (20, 64, [4, 4, 4, 4, 4]),
        (40, 2, [16, 16, 8]),
    ],
)
def test_processes_get_even_shares_and_no_more_of_them_begin_than_have_cores(
    portals: int, cores: int, shares: list[int]
) -> None:
    assert _shares(portals, cores) == shares
