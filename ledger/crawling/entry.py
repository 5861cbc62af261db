"""代录: what a person enters of a report that no crawler may or can fetch by itself, as a file or by its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from config.agencies import AgencyEntry, DistrictFile
from config.time_zone import SHANGHAI, chinese_day


class CannotEnter(ValueError):
    """What was given cannot be entered; ``str()`` is one sentence with the remedy."""


@dataclass(frozen=True)
class Entry:
    """What a person enters: whose report it is, of which year, published on which day, by whose word and why."""

    district: DistrictFile
    agency: AgencyEntry
    year: int
    published: date
    by: str
    why: str

    @property
    def moment(self) -> datetime:
        """The beginning of the day of publication."""
        return datetime.combine(self.published, time(), SHANGHAI)

    @property
    def value(self) -> str:
        """The person's word, as it stands among the evidence."""
        return f"{self.published.isoformat()}，{self.by}登记，{self.why}"

    @property
    def reason(self) -> str:
        """Why there is such an article."""
        return f"{self.by}登记：{self.why}"


def refuse_impossible(entered: Entry, today: date) -> None:
    """Raises CannotEnter where year or date cannot be."""
    year, published, watched = entered.year, entered.published, entered.district.watched
    if not watched.holds(year):
        until = f"至{watched.last}年度" if watched.last else "年度起"
        raise CannotEnter(f"{entered.district.district}监测的是{watched.first}{until}，不包括{year}年度；请核对年度")
    if published > today:
        raise CannotEnter(f"公布日期{chinese_day(published)}还没有到；请核对公布日期")
    if published.year <= year:
        raise CannotEnter(
            f"公布日期{chinese_day(published)}早于{year}年度结束，那时不可能有这份报告；请核对年度和公布日期"
        )
    if entered.agency.first_year is not None and year < entered.agency.first_year:
        raise CannotEnter(f"{entered.agency.name}自{entered.agency.first_year}年度起才有年度报告；请核对年度")
