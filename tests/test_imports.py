"""The walls of the house: which room may import which (docs/architecture.md), read from the source of every module."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

# A whole room, or one module of it.
MAY_IMPORT: dict[str, set[str]] = {
    "config": set(),
    "report": {"config"},
    "ledger": {"config", "report"},
    "crawler": {"config", "report", "ledger", "workers.dispatch"},
    "workers": {"config", "report", "ledger"},
    "monitor": {"config", "report", "ledger", "workers.dispatch"},
    "web": {"config", "report", "ledger", "workers", "monitor"},
    "cli": {"config", "report", "ledger", "crawler", "workers", "monitor", "web"},
}
# Of the folders of a room which may import which; the files on top of a room are free to import and be imported.
FOLDERS_MAY_IMPORT: dict[str, dict[str, set[str]]] = {
    "ledger": {
        "crawling": {"models", "people"},
        "keeping": {"machinery", "models"},
        "machinery": {"models"},
        "messages": {"models", "people", "reading"},
        "migrations": {"models"},
        "models": set(),
        "people": {"models"},
        "reading": {"models"},
        "standings": {"messages", "models", "people", "reading"},
    },
    "report": {
        "comparing": {"text"},
        "findings": set(),
        "text": set(),
    },
    "crawler": {
        # An account is built of families' and visits' parts, and kept by them: both ways, in no circle of files.
        "accounts": {"families", "pages", "rows", "visiting"},
        "families": {"accounts", "fetching", "pages", "rows"},
        "fetching": {"pages"},
        "pages": set(),
        "rounds": {"families", "fetching", "pages", "storing", "survey", "visiting"},
        "rows": {"pages"},
        "storing": {"accounts", "fetching", "pages"},
        "survey": {"accounts", "families", "fetching", "pages", "storing", "visiting"},
        "visiting": {"accounts", "families", "fetching", "pages", "rows", "storing"},
    },
    "monitor": {
        "channels": {"letters"},
        "charts": {"season"},
        "evidence": {"channels"},
        "incidents": {"publication", "standings"},
        "letters": set(),
        "machinery": {"incidents", "letters", "notices", "season", "weekly"},
        "notices": {"channels", "evidence", "incidents", "letters", "papers"},
        "outputs": set(),
        "papers": {"season"},
        "publication": {"standings"},
        "season": set(),
        "standings": set(),
        "weekly": {"channels", "charts", "letters", "notices", "season"},
    },
}
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
ROOMS = (*MAY_IMPORT, "tests", "bench")


def imported(source: str, module: str, *, package: bool) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that a module imports, wherever it stands in it.

    ``from workers import dispatch`` counts as ``workers.dispatch``; a name given to ``import_module`` or
    ``__import__`` as a constant counts too. ``package`` says whether the module is an ``__init__``.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = _absolute(module, node.level, package=package) + (node.module.split(".") if node.module else [])
            for alias in node.names:
                yield node.lineno, ".".join([*start, alias.name])
        elif isinstance(node, ast.Call) and _called(node.func) in ("import_module", "__import__") and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node.lineno, name.value


@lru_cache(maxsize=4096)
def imports_of(path: Path, module: str, package: bool) -> tuple[tuple[int, str], ...]:
    """What a module imports; each is read once for all tests."""
    return tuple(imported(path.read_text(encoding="utf-8"), module, package=package))


def forbidden(checkout: Path) -> list[str]:
    """Every import against the table, as ``path:line room imports name``."""
    found = []
    for room, allowed in MAY_IMPORT.items():
        for path, module, package in modules(checkout, room):
            where = path.relative_to(checkout)
            for line, name in imports_of(path, module, package):
                if name.split(".")[0] in ROOMS and not _within(name, {room, *allowed}):
                    found.append(f"{where}:{line} {room} imports {name}")
    return found


def between_folders(checkout: Path) -> list[str]:
    """Every import between two folders of a room against the table, as ``path:line folder imports folder``."""
    found = []
    for room, folders in FOLDERS_MAY_IMPORT.items():
        for path, module, package in modules(checkout, room):
            own = module.split(".")[1] if len(module.split(".")) > 1 + (not package) else None
            for line, name in imports_of(path, module, package):
                parts = name.split(".")
                if own is None or len(parts) < 2 or parts[0] != room or not (checkout / room / parts[1]).is_dir():
                    continue
                if parts[1] != own and parts[1] not in folders.get(own, set()):
                    found.append(f"{path.relative_to(checkout)}:{line} {room}/{own} imports {room}/{parts[1]}")
    return found


def circles(checkout: Path) -> list[list[str]]:
    """The modules that import each other around in a circle, a list for each circle; packages by their ``__init__``."""
    known = {module: (path, package) for room in MAY_IMPORT for path, module, package in modules(checkout, room)}
    graph: dict[str, set[str]] = {}
    for module, (path, package) in known.items():
        names = (name for _, name in imports_of(path, module, package))
        graph[module] = {found for name in names if (found := _module_of(name, known)) not in (None, module)}
    # What imports nothing that is left is in no circle; nor is what nothing that is left imports.
    while edge := {module for module, others in graph.items() if not others & graph.keys()} or (
        graph.keys() - {other for others in graph.values() for other in others}
    ):
        graph = {module: others for module, others in graph.items() if module not in edge}
    return [sorted(graph)] if graph else []


def modules(checkout: Path, room: str) -> Iterator[tuple[Path, str, bool]]:
    """Every module of a room: its path, its dotted name, and whether it is an ``__init__``."""
    for path in sorted((checkout / room).rglob("*.py")):
        where, package = path.relative_to(checkout), path.name == "__init__.py"
        yield path, ".".join((where.parent if package else where.with_suffix("")).parts), package


def _module_of(name: str, known: Collection[str]) -> str | None:
    """The module in which a dotted name is, or that it is itself."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def _within(name: str, allowed: set[str]) -> bool:
    return any(name == place or name.startswith(place + ".") for place in allowed)


def _absolute(module: str, level: int, *, package: bool) -> list[str]:
    parts = module.split(".")
    return parts[: len(parts) - level + package] if level else []


def _called(function: ast.expr) -> str | None:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def test_no_room_imports_against_the_table() -> None:
    assert forbidden(CHECKOUT) == []


def test_no_folder_of_a_room_imports_against_the_table() -> None:
    assert between_folders(CHECKOUT) == []


def test_every_folder_of_those_rooms_is_in_the_table() -> None:
    for room, table in FOLDERS_MAY_IMPORT.items():
        folders = {path.parent.name for path in (CHECKOUT / room).glob("*/__init__.py")}
        assert folders == set(table), room


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(CHECKOUT) == []


def test_a_planted_circle_and_an_import_between_folders_are_found(tmp_path: Path) -> None:
    for place, source in {
        "ledger/models/a.py": "from ledger.reading.b import x",
        "ledger/reading/b.py": "def f():\n    import ledger.models.a",
        "ledger/reading/c.py": "import ledger.reading.b",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(source, encoding="utf-8")
    assert circles(tmp_path) == [["ledger.models.a", "ledger.reading.b"]]
    assert between_folders(tmp_path) == ["ledger/models/a.py:1 ledger/models imports ledger/reading"]


def test_every_room_has_modules_to_look_at() -> None:
    assert [room for room in MAY_IMPORT if not list((CHECKOUT / room).rglob("*.py"))] == []


def test_every_folder_of_code_is_a_room() -> None:
    folders = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")}

    assert folders == set(ROOMS)


@pytest.mark.parametrize(
    ("place", "source", "verdict"),
    [
        ("config/a.py", "import report", "config/a.py:1 config imports report"),
        ("report/a.py", "import ledger.models as tables", "report/a.py:1 report imports ledger.models"),
        ("ledger/a.py", "from crawler import spider", "ledger/a.py:1 ledger imports crawler.spider"),
        ("ledger/a.py", "def f():\n    import cli.main", "ledger/a.py:2 ledger imports cli.main"),
        ("crawler/a.py", "from workers.dispatch import hand_over", None),
        ("crawler/a.py", "from workers import dispatch", None),
        ("crawler/a.py", "from workers import dispatch, reading", "crawler/a.py:1 crawler imports workers.reading"),
        ("crawler/a.py", "import workers", "crawler/a.py:1 crawler imports workers"),
        ("crawler/a.py", "import workers.dispatcher", "crawler/a.py:1 crawler imports workers.dispatcher"),
        ("workers/b/c.py", "from ...monitor import x", "workers/b/c.py:1 workers imports monitor.x"),
        ("workers/b/__init__.py", "from ..monitor import x", None),
        ("workers/b/c.py", "from ..reading import x", None),
        (
            "monitor/a.py",
            "import importlib\nimportlib.import_module('crawler.x')",
            "monitor/a.py:2 monitor imports crawler.x",
        ),
        ("monitor/a.py", "if True:\n    __import__('cli')", "monitor/a.py:2 monitor imports cli"),
        ("cli/a.py", "from tests.conftest import home", "cli/a.py:1 cli imports tests.conftest.home"),
        ("cli/a.py", "import crawler, workers.app, monitor.loop", None),
        ("config/a.py", "import reporting, pathlib", None),
    ],
)
def test_a_planted_module_is_judged_by_the_table(tmp_path: Path, place: str, source: str, verdict: str | None) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")

    assert forbidden(tmp_path) == ([verdict] if verdict else [])


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    names = [path for room in ROOMS for path in (CHECKOUT / room).rglob("*") if "__pycache__" not in path.parts]

    assert [str(path) for path in names if path.stem in SAYS_NOTHING] == []
