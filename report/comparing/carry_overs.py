"""The chain of carry-overs of an agency over the years: what one report carries out, the next one carries in (Y01)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from report.report import Report

CARRIED_IN, CARRIED_OUT = "requests.carried_in.", "requests.carried_out."
MOST_COLUMNS = 3


class LinkState(StrEnum):
    """Whether two reports agree on what was carried over. MISSING: a year between them has no report that was read."""

    AGREES = "agrees"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ColumnOver:
    """A column of table three in which two reports differ: what was carried out, and in the year after in."""

    column: str
    carried_out: int | Decimal
    carried_in: int | Decimal


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain, from a report year to the next that is known; ``differing`` are its broken columns."""

    before: int
    after: int
    state: LinkState
    differing: tuple[ColumnOver, ...] = ()


def carry_overs(reports: Mapping[int, Report]) -> list[Link]:
    """The links between the reports of the years that are known, the earliest first.

    A column of the earlier report that does not balance in itself is no witness, nor is a number that is not certain.
    """
    return [_link(before, after, reports) for before, after in pairwise(sorted(reports))]


def first_break(chain: list[Link]) -> Link | None:
    """The first link that breaks: where to look before any later one."""
    return next((one for one in chain if one.state is LinkState.BROKEN), None)


def balances(report: Report, column: str) -> bool:
    """Whether a column of table three balances in itself, as far as that can be told."""
    rows = ("received", "carried_in", "processed_total", "carried_out")
    received, carried_in, processed, carried_out = (report.number(f"requests.{row}.{column}") for row in rows)
    if received is None or carried_in is None or processed is None or carried_out is None:
        return True
    return received + carried_in == processed + carried_out


def chain_in_words(chain: list[Link], column_name: Callable[[str], str]) -> str:
    """The chain for people; ``column_name`` names a column of table three by the key of its cell."""
    first = first_break(chain)
    return "；".join(_in_words(one, column_name, is_first=one is first) for one in chain)


def _in_words(link: Link, column_name: Callable[[str], str], *, is_first: bool) -> str:
    years = f"{link.before}→{link.after}年度"
    if link.state is LinkState.AGREES:
        return f"{years}相符"
    if link.state is LinkState.MISSING:
        return f"{years}之间有年度没有读过报告"
    if link.state is LinkState.UNKNOWN:
        return f"{years}没有确定的数字，未能核对"
    shown = "、".join(
        f"{column_name(CARRIED_IN + one.column)}结转下年度{one.carried_out}、次年上年结转{one.carried_in}"
        for one in link.differing[:MOST_COLUMNS]
    )
    more = f"等{len(link.differing)}列" if len(link.differing) > MOST_COLUMNS else ""
    return f"{years}不符{'（首个不符）' if is_first else ''}：{shown}{more}"


def _link(before: int, after: int, reports: Mapping[int, Report]) -> Link:
    if after != before + 1:
        return Link(before, after, LinkState.MISSING)
    judged = list(_columns(reports[before], reports[after]))
    differing = tuple(one for one in judged if isinstance(one, ColumnOver))
    if differing:
        return Link(before, after, LinkState.BROKEN, differing)
    agrees = bool(judged) and all(one is True for one in judged)
    return Link(before, after, LinkState.AGREES if agrees else LinkState.UNKNOWN)


def _columns(earlier: Report, later: Report) -> Iterator[ColumnOver | bool]:
    """For each column whether the two reports agree: True, False where it cannot be told, else what differs."""
    for key in later.figures:
        if not key.startswith(CARRIED_IN):
            continue
        column = key.removeprefix(CARRIED_IN)
        carried_in, carried_out = later.number(key), earlier.number(CARRIED_OUT + column)
        if carried_in is None or carried_out is None:
            yield False
        elif carried_in == carried_out:
            yield True
        else:
            yield ColumnOver(column, carried_out, carried_in) if balances(earlier, column) else False
