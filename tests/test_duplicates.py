"""Nothing exists twice: no two places of the code share more than ten like lines in a row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "report", "ledger", "crawler", "workers", "monitor", "web", "cli", "bench", "tests")
# A migration is never touched again, and stands for itself.
LEFT_OUT = ("ledger/migrations/versions",)
MOST_LIKE_LINES = 10


def lines_of(source: str) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers: white space folded; no imports, comments and brackets alone."""
    imports = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    folded = ((number, " ".join(line.split())) for number, line in enumerate(source.splitlines(), 1))
    return [
        (number, line)
        for number, line in folded
        if number not in imports and not line.startswith("#") and any(character.isalnum() for character in line)
    ]


def duplicates(sources: dict[str, str], most: int = MOST_LIKE_LINES) -> Iterator[str]:
    """Every run of more than ``most`` like lines as ``path:line ~ path:line``, told once where it begins."""
    seen: dict[tuple[str, ...], tuple[str, int]] = {}
    last: tuple[str, int, str, int] | None = None
    for path, source in sources.items():
        lines = lines_of(source)
        for start in range(len(lines) - most):
            window = tuple(line for _, line in lines[start : start + most + 1])
            known, at = seen.setdefault(window, (path, start))
            if known == path and start - at <= most:
                continue  # itself, or a run that overlaps with itself
            here = (path, start, known, at)
            if last != (path, start - 1, known, at - 1):
                beginning = lines_of(sources[known])[at][0]
                yield f"{path}:{lines[start][0]} ~ {known}:{beginning}"
            last = here


def code() -> dict[str, str]:
    """The source of every module, by its path."""
    paths = [path for room in ROOMS for path in sorted((CHECKOUT / room).rglob("*.py"))]
    sources = {path.relative_to(CHECKOUT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return {path: source for path, source in sources.items() if not path.startswith(LEFT_OUT)}


def test_no_two_places_share_more_than_ten_lines() -> None:
    assert list(duplicates(code())) == []


def test_it_sees_eleven_like_lines_and_lets_ten_be() -> None:
    def function(name: str, count: int) -> str:
        return f"import {name}\n\n\ndef {name}():\n" + "".join(f"    step_{step}( )\n" for step in range(count))

    def pairs(count: int) -> list[str]:
        sources = {"a.py": function("one", count), "b.py": function("other", count).replace("( )", "()  ")}
        return list(duplicates({path: source.replace("( )", "()") for path, source in sources.items()}))

    assert pairs(10) == []
    assert pairs(11) == pairs(30) == ["b.py:5 ~ a.py:5"]
    twice = function("one", 12) + function("other", 12)
    assert list(duplicates({"a.py": twice})) == ["a.py:21 ~ a.py:5"]


def test_it_looks_at_the_whole_house() -> None:
    rooms = {path.split("/")[0] for path in code()}
    assert rooms == {room for room in ROOMS if (CHECKOUT / room).is_dir()}
