"""Oversight offices and operators: who gets which mail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.recipients import CHANNEL, Channel, Kind, Recipient, Recipients, is_channel, is_impossible
from config.yaml_file import DataFile, data_file, fault_at, read_yaml

FILE = "offices.yaml"


class QuietHours(DataFile):
    """Hours of the day (Shanghai) in which nothing is written: from 22 until 7 goes over midnight."""

    begin: int = Field(ge=0, le=23)
    end: int = Field(ge=0, le=23)

    def holds(self, hour: int) -> bool:
        """Whether an hour of the day is quiet."""
        if self.begin <= self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


class Delivery(DataFile):
    """How somebody is told: at what pace, from how many messages on together in one, and when not.

    ``pace``: daily (one letter at ``hour``, with everything in it); hourly (the same on the hour); at_once (a message a
    matter; beyond ``storm`` messages within an hour the rest comes as one digest an hour). ``days_off``: letters are
    written on days off too. ``at_once`` are kinds that are told at once at any pace. ``reminders`` are days: after
    the first message, then after each reminder; the last one is repeated. Empty: none.
    """

    pace: Literal["at_once", "hourly", "daily"] = "daily"
    hour: int = Field(default=8, ge=0, le=23)
    days_off: bool = False
    at_once: tuple[Kind, ...] = ()
    storm: int = Field(default=10, ge=1)
    quiet: QuietHours | None = None
    reminders: tuple[Annotated[int, Field(ge=1, le=366)], ...] = (7, 14, 30)

    @property
    def is_composed(self) -> bool:
        """Whether what is due within a day or an hour is one letter."""
        return self.pace != "at_once"


class OperatorsDelivery(Delivery):
    """How operators are told: at once unless they say otherwise, since what fails fails on days off too."""

    pace: Literal["at_once", "hourly", "daily"] = "at_once"
    days_off: bool = True


class Office(DataFile):
    """The oversight office of a district, who gets its mail how, and the weekday of its summary (1 is Monday).

    ``second_person``: how a rectification ended counts only once another person than the first has approved it.
    """

    district: str
    name: str
    people: Recipients = Field(min_length=1, alias="recipients")
    weekday: int = Field(default=1, ge=1, le=7)
    delivery: Delivery = Delivery()
    second_person: bool = False

    @property
    def key(self) -> str:
        """What notices for this office are known by."""
        return self.district

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody who gets some mail of it."""
        return tuple(dict.fromkeys(person.to for person in self.people))

    @property
    def readers(self) -> tuple[Recipient, ...]:
        """Who gets the weekly summary."""
        return tuple(person for person in self.people if person.weekly)


class OfficesFile(DataFile):
    """All offices, the operators of the machinery with the weekday of their summary, and the chat groups among them."""

    staff: Recipients = Field(default=(), alias="operators")
    operators_delivery: OperatorsDelivery = OperatorsDelivery()
    operators_weekday: int = Field(default=1, ge=1, le=7)
    offices: tuple[Office, ...] = ()
    channels: dict[str, Channel] = Field(default={})

    @property
    def operators(self) -> tuple[str, ...]:
        """The addresses and channels of the operators."""
        return tuple(dict.fromkeys(person.to for person in self.staff))

    @property
    def contact(self) -> str | None:
        """The mail address of operators to which readers write; None where there is none."""
        return next((to for to in self.operators if not (is_channel(to) or is_impossible(to))), None)

    def office(self, district: str) -> Office | None:
        """The office of a district, None where none is configured."""
        return next((office for office in self.offices if office.district == district), None)


def load_offices(home: Path | None = None) -> OfficesFile:
    """The offices and operators.

    Raises ConfigurationError where the file does not fit, a district appears twice, or a channel has no address.
    """
    return read_offices(data_file(FILE, home))


def read_offices(path: Path) -> OfficesFile:
    """The offices and operators of one file; raises as :func:`load_offices` does."""
    offices = read_yaml(path, OfficesFile)
    districts = [office.district for office in offices.offices]
    for number, district in enumerate(districts):
        if district in districts[:number]:
            raise fault_at(path, f"“{district}”有两个主管部门", "请为每个区只写一项", "offices", number)
    told = [(("operators", number), one.to) for number, one in enumerate(offices.staff)]
    for number, office in enumerate(offices.offices):
        told += [(("offices", number), one) for one in office.recipients]
    for (part, number), recipient in told:
        if is_channel(recipient) and recipient.removeprefix(CHANNEL) not in offices.channels:
            raise fault_at(path, f"channels 中没有“{recipient}”", "请在 channels 下写明它的地址", part, number)
    return offices
