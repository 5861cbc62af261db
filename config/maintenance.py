"""Announced downtime of portals and of the machinery, in which nobody is told that they do not answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from config.yaml_file import DataFile, data_file, fault_at, read_yaml

FILE = "maintenance.yaml"


class MaintenanceWindow(DataFile):
    """A portal is away from one day to another (Shanghai, both included), and why."""

    portal: str
    begin: date
    end: date
    reason: str


class MachineryWindow(DataFile):
    """The operators work on the machinery from one day to another (Shanghai, both included), and why."""

    begin: date
    end: date
    reason: str


class MaintenanceFile(DataFile):
    """All windows."""

    windows: tuple[MaintenanceWindow, ...] = ()
    machinery: tuple[MachineryWindow, ...] = ()

    def holds(self, portal: str, day: date) -> bool:
        """Whether a portal is in a window on a day."""
        return any(one.portal == portal and one.begin <= day <= one.end for one in self.windows)

    def holds_machinery(self, day: date) -> bool:
        """Whether the machinery is being worked on, on a day."""
        return any(one.begin <= day <= one.end for one in self.machinery)


def load_maintenance(home: Path | None = None) -> MaintenanceFile:
    """The windows; ConfigurationError where the file does not fit or one ends before it begins."""
    return read_maintenance(data_file(FILE, home))


def read_maintenance(path: Path) -> MaintenanceFile:
    """The windows of one file; raises as :func:`load_maintenance` does."""
    found = read_yaml(path, MaintenanceFile)
    named: list[tuple[str, str, int, MaintenanceWindow | MachineryWindow]] = [
        *(("windows", one.portal, number, one) for number, one in enumerate(found.windows)),
        *(("machinery", "machinery", number, one) for number, one in enumerate(found.machinery)),
    ]
    for part, name, number, window in named:
        if window.end < window.begin:
            wrong = f"“{name}”的维护结束（{window.end}）早于开始（{window.begin}）"
            raise fault_at(path, wrong, "请改正这两个日期", part, number)
    return found
