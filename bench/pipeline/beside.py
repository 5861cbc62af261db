"""``python -m bench.pipeline.beside TREE``: the pipeline's cost of a document here, beside that of another checkout.

``TREE`` is the folder of one (``git worktree add TREE COMMIT``), run with this environment's libraries. Both have an
office on PostgreSQL with one worker for as long as this lasts, and read the same documents in turns: what a core can do
changes from minute to minute. How each figure comes about stands in turns.py; a figure is the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from types import TracebackType

from rich.console import Console
from rich.table import Table

from bench.postgres import stop_what_was_started
from bench.season.documents import CHECKOUT
from bench.season.documents import papers as found_by

GOAL = 0.8
PARTS = ("handing_over", "workers", "reading", "checking", "broker", "database", "all")
STOP_SECONDS = 60
say = Console(highlight=False, width=None if sys.stdout.isatty() else 120).print


class Side:
    """A checkout whose worker reads documents when it is asked to; a context manager."""

    def __init__(self, tree: Path, papers: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-P", str(Path(__file__).with_name("turns.py")), str(papers)],
            cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(tree)},
        )  # fmt: skip
        self.rounds: list[dict[str, float]] = []

    def __enter__(self) -> Side:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None  # noqa: S101 - narrows the type; it is a pipe
        self._process.stdin.close()
        self._process.wait(STOP_SECONDS)

    def read(self, many: int) -> dict[str, float]:
        """What so many documents cost, in milliseconds of a core each. Raises ValueError where the side has ended."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 - narrows the types
        self._process.stdin.write(f"{many}\n")
        self._process.stdin.flush()
        cost: dict[str, float] = json.loads(self._process.stdout.readline())
        cost["all"] = cost["handing_over"] + cost["workers"] + cost["broker"] + cost["database"]
        return cost


def main() -> int:
    """Measures and prints; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.pipeline.beside", description=__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--documents", type=int, default=66, help="documents a round")
    parser.add_argument("--rounds", type=int, default=8)
    given = parser.parse_args()
    stop_what_was_started()
    with ExitStack() as stack:
        papers = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nbpb-"))) / "papers"
        many = (given.rounds + 1) * given.documents
        papers.write_bytes(pickle.dumps([(one.district, one.place, one.kind, one.data) for one in found_by(many)]))
        ours, other = (stack.enter_context(Side(tree, papers)) for tree in (CHECKOUT, given.tree.resolve()))
        for side in (ours, other):
            side.read(given.documents)  # what is done once, at a start, is not counted
        found = [(ours.read(given.documents), other.read(given.documents)) for _ in range(given.rounds)]
    table = Table("milliseconds of a core a document", "here", str(given.tree), "times")
    for part in PARTS:
        here, there = (median(pair[side][part] for pair in found) for side in (0, 1))
        table.add_row(part.replace("_", " "), f"{here:.2f}", f"{there:.2f}", f"{here / there:.2f}")
    say(table)
    times = median(mine["all"] / theirs["all"] for mine, theirs in found)
    say(f"  beside {given.tree}: {times:.2f} times, the median of {given.rounds} rounds (goal ≤ {GOAL})")
    return 0 if times <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
