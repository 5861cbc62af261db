"""Oversight offices and operators: who gets which mail."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.recipients import CHANNEL, Channel, Kind, Recipient, Recipients, is_channel, is_impossible
from config.yaml_file import ConfigurationError, DataFile, data_file, fault_at, read_yaml

FILE = "offices.yaml"
MOST_SUGGESTIONS = 5


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

    An office over several (a city's, a province's) has ``districts``, by name or ``all``, in place of ``district``, and
    an ``area``: how letters call them together. The districts' own offices are told as they would be without it.

    ``second_person``: how a rectification ended counts only once another person than the first has approved it.
    """

    district: str = ""
    districts: tuple[str, ...] | Literal["all"] = ()
    area: str = ""
    name: str
    people: Recipients = Field(min_length=1, alias="recipients")
    weekday: int = Field(default=1, ge=1, le=7)
    delivery: Delivery = Delivery()
    second_person: bool = False

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if bool(self.district) == bool(self.districts):
            raise ValueError("district（一个区）和 districts（几个区，或 all）中须写且只写一项")
        if bool(self.districts) != bool(self.area):
            raise ValueError("area（例如 北京市）与 districts 须同时写，只管一个区的不写")
        return self

    @property
    def key(self) -> str:
        """What notices for this office are known by, and letters call its area."""
        return self.district or self.area

    @property
    def is_over_several(self) -> bool:
        """Whether it is an office over several districts, beside their own."""
        return bool(self.districts)

    def covers(self, district: str) -> bool:
        """Whether a district is its own, or one of those that it is over."""
        return district == self.district or self.districts == "all" or district in self.districts

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody who gets some mail of it."""
        return tuple(dict.fromkeys(person.to for person in self.people))

    @property
    def readers(self) -> tuple[Recipient, ...]:
        """Who gets the weekly summary."""
        return tuple(person for person in self.people if person.weekly and not person.from_reminder)


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
        return next((office for office in self.offices if district and office.district == district), None)

    def known_by(self, key: str | None) -> Office | None:
        """The office that notices know by ``key``, None where there is none such (any more)."""
        return next((office for office in self.offices if office.key == key), None)

    @property
    def over_several(self) -> tuple[Office, ...]:
        """The offices over several districts."""
        return tuple(office for office in self.offices if office.is_over_several)


def load_offices(home: Path | None = None) -> OfficesFile:
    """The offices and operators.

    Raises ConfigurationError where the file does not fit, a district appears twice, or a channel has no address.
    """
    return read_offices(data_file(FILE, home))


def read_offices(path: Path) -> OfficesFile:
    """The offices and operators of one file; raises as :func:`load_offices` does."""
    offices = read_yaml(path, OfficesFile)
    keys = [office.key for office in offices.offices]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise fault_at(path, f"“{key}”有两个主管部门", "请为每个区只写一项", "offices", number)
    told = [(("operators", number), one.to) for number, one in enumerate(offices.staff)]
    for number, office in enumerate(offices.offices):
        told += [(("offices", number), one) for one in office.recipients]
    for (part, number), recipient in told:
        if is_channel(recipient) and recipient.removeprefix(CHANNEL) not in offices.channels:
            raise fault_at(path, f"channels 中没有“{recipient}”", "请在 channels 下写明它的地址", part, number)
    return offices


def unknown_districts(path: Path, offices: OfficesFile, districts: Collection[str]) -> Iterator[ConfigurationError]:
    """What is wrong with offices of districts that no register has: the line of each, and what it may have meant.

    It concerns these districts alone: everything else in the file holds.
    """
    for number, office in enumerate(offices.offices):
        named: list[tuple[str, tuple[str | int, ...]]] = [(office.district, ("district",))] if office.district else []
        if office.districts != "all":
            named += [(one, ("districts", place)) for place, one in enumerate(office.districts)]
        for district, place in named:
            if district not in districts:
                near = (
                    get_close_matches(district, districts, MOST_SUGGESTIONS, 0.4)
                    or sorted(districts)[:MOST_SUGGESTIONS]
                )
                meant = f"是否为{'、'.join(near)}？" if near else ""
                remedy = f"{meant}请改正区名，或在 config/agencies 中补上该区的文件"
                yield fault_at(path, f"没有“{district}”的机关名录", remedy, "offices", number, *place)
        if office.area and office.area in districts:
            wrong = f"area“{office.area}”与一个区同名"
            yield fault_at(path, wrong, "请写这些区合起来的名称，例如 北京市", "offices", number, "area")
