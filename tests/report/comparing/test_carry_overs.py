"""The chain of carry-overs: which link breaks first, and which cannot be told."""

from __future__ import annotations

from report.comparing.carry_overs import LinkState, carry_overs, chain_in_words, first_break
from report.figure import Figure, State
from report.report import Report


def year(carried_in: int | None, carried_out: int | None, received: int | None = None, processed: int = 0) -> Report:
    """A report with one column of table three."""
    told = {"carried_in": carried_in, "carried_out": carried_out, "received": received, "processed_total": processed}
    figures = {
        key: Figure(key, State.BLANK if number is None else State.NUMBER, number, "" if number is None else str(number))
        for row, number in told.items()
        for key in [f"requests.{row}.total"]
    }
    return Report("", "", "", None, None, 2020, None, "2021", figures=figures)


def test_the_first_link_that_breaks_is_named_before_the_later_ones() -> None:
    chain = carry_overs({2019: year(0, 2), 2020: year(2, 3), 2021: year(1, 4), 2022: year(5, 0)})
    states = [(one.before, one.state) for one in chain]
    assert states == [(2019, LinkState.AGREES), (2020, LinkState.BROKEN), (2021, LinkState.BROKEN)]
    first = first_break(chain)
    assert first is not None and first.before == 2020
    assert chain_in_words(chain, lambda key: "总计") == (
        "2019→2020年度相符；2020→2021年度不符（首个不符）：总计结转下年度3、次年上年结转1；"
        "2021→2022年度不符：总计结转下年度4、次年上年结转5"
    )


def test_what_cannot_be_told_breaks_nothing() -> None:
    assert carry_overs({2020: year(0, 1)}) == []
    (missing,) = carry_overs({2019: year(0, 2), 2021: year(7, 0)})
    assert missing.state is LinkState.MISSING
    (blank,) = carry_overs({2019: year(0, None), 2020: year(1, 0)})
    assert blank.state is LinkState.UNKNOWN
    # 3 received and none handled: what 2019 says that it carries out is not to be relied on.
    (unbalanced,) = carry_overs({2019: year(0, 1, received=3), 2020: year(3, 0)})
    assert unbalanced.state is LinkState.UNKNOWN
    assert first_break([missing, blank, unbalanced]) is None
