"""The data files that are in force: today's, and in place of a broken one the last that was good.

A file that an office breaks while the service runs stops nothing: what it last said stays in force, a new one that
never was good is set aside, and all others go on. A process that starts takes the last good one from the copy in the
home (``cache/last-good``); where there is none it refuses the start with file, line and remedy, unless it is started
again by a service that runs (``set_aside``).

Between files the one that was changed is blamed: a district that takes the id of another district's agency has the
fault, and not whoever had the id before.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from config import deadlines, filings, listed_documents, maintenance, offices, rules, wanted, wording
from config.agencies import DistrictFile, date_clashes, district_clashes, unknown_names
from config.families import FamilyFile, preset_clashes
from config.forms import form_clashes, read_form
from config.mail_templates import template_faults
from config.parsed_texts import ParsedTexts
from config.portals import PortalFile, family_clashes, portal_clashes, read_portal
from config.register import Register
from config.yaml_file import PACKAGED, ConfigurationError, data_file, data_files, fault_at, read_yaml

log = logging.getLogger("nianbao.config")

AGENCIES = "agencies"
# The files of a folder, and files by themselves; each is read by itself, and is in force or not by itself.
FOLDERS: dict[str, Callable[[Path], Any]] = {
    AGENCIES: lambda path: read_yaml(path, DistrictFile),
    "families": lambda path: read_yaml(path, FamilyFile),
    "portals": read_portal,
    "forms": read_form,
}
FILES: dict[str, Callable[[Path], Any]] = {
    deadlines.FILE: deadlines.read_deadlines,
    filings.FILE: filings.read_filings,
    listed_documents.FILE: listed_documents.read_document_lists,
    maintenance.FILE: maintenance.read_maintenance,
    offices.FILE: offices.read_offices,
    rules.FILE: rules.read_rules,
    wanted.FILE: wanted.read_wanted,
    wording.FILE: wording.read_wording,
}
# What only some rule needs, which is off without it: nothing else stops where such a file is broken.
OPTIONAL = (filings.FILE, listed_documents.FILE, wanted.FILE)
LAST_GOOD = Path("cache", "last-good")

_Stamp = tuple[str, int, int, int]
_Clash = tuple[Path, ConfigurationError]


class Instead(StrEnum):
    """What holds in place of a broken file: what it said last, nothing, all but what is wrong, or what we ship."""

    LAST_GOOD = "last_good"
    NOTHING = "nothing"
    THE_REST = "the_rest"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not in force as it stands.

    ``file`` is its name below ``config/``, ``where`` its path with the line; ``wrong`` and ``remedy`` are for people.
    """

    file: str
    where: str
    wrong: str
    remedy: str
    instead: Instead

    @property
    def line(self) -> str:
        """The number of the line; empty where there is none."""
        tail = self.where.rpartition(":")[2]
        return tail if tail.isdecimal() else ""

    @property
    def sentence(self) -> str:
        """File, line, what is wrong and what to do, and what holds meanwhile."""
        return f"{self.where}：{self.wrong}；{self.remedy}（{_HOLDS[self.instead]}，其他文件不受影响）"


_HOLDS = {
    Instead.LAST_GOOD: "仍按上一次有效的内容运行",
    Instead.NOTHING: "这个文件暂不使用",
    Instead.THE_REST: "文件的其余内容有效",
    Instead.SHIPPED: "已改用随软件提供的",
}


def load_register(home: Path | None, *, set_aside: bool = False) -> Register:
    """The register of today's files, each looked at again where it changed; the same object while none did.

    The first call in a process raises ConfigurationError where a file is broken of which there is no good copy;
    ``set_aside``: it is set aside then, as it is in every later call.
    """
    return _watched(home).look(set_aside=set_aside)


def file_faults(home: Path | None) -> tuple[Fault, ...]:
    """The files that are not in force as they stand, for a process that runs on whatever they are."""
    files = _watched(home)
    try:
        files.look()
    except ConfigurationError as error:
        return (Fault("", error.where, error.wrong, error.remedy, Instead.NOTHING),)
    return (*files.faults, *_templates(home))


def examine_files(home: Path | None) -> tuple[Fault, ...]:
    """What is wrong with the files as they stand, whatever was in force before: for whoever can mend them now.

    Raises ConfigurationError where there can be no register at all.
    """
    files = _RegisterFiles(home, examines=True)
    files.look(set_aside=True)
    return (*files.faults, *_templates(home))


def _templates(home: Path | None) -> Iterator[Fault]:
    for name, one in template_faults(home):
        yield Fault(name, one.where, one.wrong, one.remedy, Instead.SHIPPED)


@lru_cache(maxsize=4)
def _watched(home: Path | None) -> _RegisterFiles:
    return _RegisterFiles(home)


@dataclass(slots=True)
class _File:
    """One file: ``current`` is what it says (None: it is broken, ``fault`` says how), ``good`` what it last said."""

    path: Path
    stamp: _Stamp | None = None
    current: Any = None
    fault: ConfigurationError | None = None
    good: Any = None

    @property
    def settled(self) -> bool:
        """Whether it is as it was when it was in force last."""
        return self.current is not None and self.current is self.good


class _RegisterFiles:
    """The files of one home, watched; ``examines``: for their faults alone, whatever was in force before."""

    def __init__(self, home: Path | None, *, examines: bool = False) -> None:
        self._home = home
        self._examines = examines
        self._copies = None if home is None or examines else home / LAST_GOOD
        self._files: dict[str, _File] = {}
        self._register: Register | None = None
        self._one_at_a_time = Lock()
        self.faults: tuple[Fault, ...] = ()

    def look(self, *, set_aside: bool = False) -> Register:
        """The register that is in force now. Raises ConfigurationError at the first look alone."""
        with self._one_at_a_time:
            names = dict(self._names())
            gone = self._files.keys() - names.keys()
            # A country's agencies take twenty seconds to parse, and a command has one (bench.monitor).
            parsed = ParsedTexts(self._home, AGENCIES) if self._register is None else None
            read = [name for name, path in names.items() if self._read(name, path, parsed)]
            if parsed is not None:
                parsed.keep()
            if self._register is None or gone or read:
                for name in gone:
                    self._forget(name)
                self._take_up(strict=self._register is None and not set_aside)
            assert self._register is not None  # noqa: S101 - narrows the type
            return self._register

    def _names(self) -> Iterator[tuple[str, Path]]:
        for folder in FOLDERS:
            for path in data_files(folder, self._home):
                yield f"{folder}/{path.name}", path
        for name in FILES:
            yield name, data_file(name, self._home)

    def _read(self, name: str, path: Path, parsed: ParsedTexts | None) -> bool:
        """Reads a file where it is not as it was at the last look."""
        file = self._files.setdefault(name, _File(path))
        stamp = _stamp(path)
        if stamp is not None and stamp == file.stamp:
            return False
        file.path, file.stamp = path, stamp
        before = file.fault
        try:
            if name.startswith(f"{AGENCIES}/"):
                file.current = read_yaml(path, DistrictFile, parsed)
            else:
                file.current = _reader(name)(path)
            file.fault = None
        except ConfigurationError as error:
            file.current, file.fault = None, error
            if isinstance(error.__cause__, OSError):
                file.stamp = None  # a disk or a server that does not answer: nothing of the file has to change
            return before is None or str(before) != str(error)
        if file.good is None and self._copy_is_of(name, stamp):
            file.good = file.current
        return True

    def _take_up(self, *, strict: bool) -> None:
        """Chooses what is in force of every file, and makes the register of it."""
        chosen: dict[str, Any] = {}
        faults: dict[str, ConfigurationError] = {}
        for name, file in self._files.items():
            if file.fault is not None:
                faults[name] = file.fault
            instead = file.current if file.fault is None else self._good(name)
            if instead is not None:
                chosen[name] = instead
        borne: set[str] = set()
        while clash := next((one for one in self._clashes(chosen) if one[0] not in borne), None):
            name, error = clash
            blamed = self._blamed(name, error, chosen)
            faults[blamed] = error
            good = self._good(blamed)
            if good is not None and chosen[blamed] is not good:
                chosen[blamed] = good
            elif self._files[name].settled and not name.startswith("portals/"):
                borne.add(name)  # nothing of it was changed: it holds as it did
            else:
                del chosen[blamed]
        kept = {name: Instead.LAST_GOOD if name in chosen else Instead.NOTHING for name in faults}
        for name, error in faults.items():
            if kept[name] is Instead.NOTHING and (strict or name in FILES):
                if not self._examines and (strict or name not in OPTIONAL):
                    raise error
                chosen[name] = _reader(name)(PACKAGED / name)
        self._register = _register_of(chosen)
        for name, file in self._files.items():
            if name in chosen:
                file.good = chosen[name]
                if name not in faults:
                    self._keep_copy(name, file)
        broken = [Fault(name, one.where, one.wrong, one.remedy, kept[name]) for name, one in faults.items()]
        self._tell((*broken, *self._in_part(self._register)))

    def _in_part(self, register: Register) -> Iterator[Fault]:
        """What is wrong with a part of a file of which the rest holds."""
        path = self._files[offices.FILE].path
        for one in offices.unknown_districts(path, register.offices, register.districts):
            yield Fault(offices.FILE, one.where, one.wrong, one.remedy, Instead.THE_REST)

    def _blamed(self, name: str, error: ConfigurationError, chosen: Mapping[str, Any]) -> str:
        """Whose fault a clash is: of the file that was changed, be it the one that is named or another."""
        if self._files[name].settled:
            for other, file in self._files.items():
                changed = other in chosen and chosen[other] is file.current and not file.settled
                if changed and (good := self._good(other)) is not None:
                    clashes = self._clashes({**chosen, other: good})
                    if all(str(one) != str(error) for _, one in clashes):
                        return other
        return name

    def _clashes(self, chosen: Mapping[str, Any]) -> Iterator[tuple[str, ConfigurationError]]:
        """What is wrong between the files that are chosen, those that were changed named before the others."""
        # Who was there first keeps an id.
        names = sorted(chosen, key=lambda name: (chosen[name] is not self._files[name].good, name))
        by_path = {self._files[name].path: name for name in names}

        def of(folder: str) -> dict[Path, Any]:
            return {self._files[name].path: chosen[name] for name in names if name.startswith(f"{folder}/")}

        districts, portals, presets = of("agencies"), of("portals"), of("families")
        found: Iterable[Iterable[_Clash]] = (
            form_clashes(of("forms")),
            district_clashes(districts),
            date_clashes(districts, chosen[deadlines.FILE]) if deadlines.FILE in chosen else (),
            preset_clashes(presets),
            portal_clashes(portals),
            family_clashes(portals, {preset.family: preset for preset in presets.values()}),
            _without_district(portals, {district.district for district in districts.values()}),
            *(unknown_names(self._files[name].path, chosen[name], districts) for name in OPTIONAL if name in chosen),
        )
        for clashes in found:
            for path, error in clashes:
                yield by_path[path], error

    def _good(self, name: str) -> Any:
        """What a file said when it was in force last; None where it never was, or today's reader does not take it."""
        file = self._files[name]
        if file.good is None and self._copies is not None and (self._copies / name).is_file():
            try:
                file.good = _reader(name)(self._copies / name)
            except ConfigurationError as error:
                log.warning("上一次有效的副本不能使用：%s", error)
        return file.good

    def _forget(self, name: str) -> None:
        del self._files[name]
        if self._copies is not None:
            copy = self._copies / name
            _without_trouble(lambda: copy.unlink(missing_ok=True))

    def _copy_is_of(self, name: str, stamp: _Stamp | None) -> bool:
        copy = None if self._copies is None else _stamp(self._copies / name)
        return copy is not None and stamp is not None and copy[1:3] == stamp[1:3]

    def _keep_copy(self, name: str, file: _File) -> None:
        """Copies an office's own file that is in force, for a process that starts when it is broken."""
        home, copies = self._home, self._copies
        if home is None or copies is None or not file.path.is_relative_to(home) or self._copy_is_of(name, file.stamp):
            return
        copy = copies / name
        beside = copy.with_name(f"{copy.name}.{os.getpid()}")

        def keep() -> None:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file.path, beside)
            # What was changed meanwhile was not read by us.
            if _stamp(file.path) == file.stamp:
                beside.replace(copy)
            else:
                beside.unlink()

        _without_trouble(keep)

    def _tell(self, faults: tuple[Fault, ...]) -> None:
        """Says in the log what is new of the faults; the operators are told by the monitor."""
        known = {fault.sentence for fault in self.faults}
        for fault in faults:
            if fault.sentence not in known and not self._examines:
                log.error("配置文件有误：%s", fault.sentence)
        mended = {fault.file for fault in self.faults} - {fault.file for fault in faults}
        for name in sorted(mended):
            log.info("配置文件 %s 已改正，重新生效", name)
        self.faults = faults


def _without_district(portals: Mapping[Path, PortalFile], districts: set[str]) -> Iterator[_Clash]:
    """The portals that are switched on and have no district whose agencies they are read for."""
    for path, portal in portals.items():
        if not portal.paused and portal.district not in districts:
            wrong = f"没有“{portal.district}”的机关名录"
            yield path, fault_at(path, wrong, "请在 config/agencies 中补上该区的文件", "district")


def _register_of(chosen: Mapping[str, Any]) -> Register:
    def of(folder: str) -> list[Any]:
        return [chosen[name] for name in sorted(chosen) if name.startswith(f"{folder}/")]

    return Register(
        districts={district.district: district for district in of("agencies")},
        portals={portal.portal: portal for portal in of("portals")},
        deadlines=chosen[deadlines.FILE],
        maintenance=chosen[maintenance.FILE],
        offices=chosen[offices.FILE],
        rules=chosen[rules.FILE],
        filings=chosen[filings.FILE],
        listed_documents=chosen[listed_documents.FILE],
        wanted=chosen[wanted.FILE],
        wording=chosen[wording.FILE],
        forms={form.form: form for form in of("forms")},
        families={family.family: family for family in of("families")},
    )


def _reader(name: str) -> Callable[[Path], Any]:
    return FILES[name] if name in FILES else FOLDERS[name.partition("/")[0]]


def _stamp(path: Path) -> _Stamp | None:
    """By what a changed file is noticed: its time and size, and when anything of it was changed; None: it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return str(path), status.st_mtime_ns, status.st_size, status.st_ctime_ns


def _without_trouble(write: Callable[[], object]) -> None:
    """A home that is read-only or full: the next process that starts does without the copy."""
    try:
        write()
    except OSError as error:
        log.info("有效配置的副本未能写入（%s）：文件有误时重新启动的进程没有可用的副本", error)
