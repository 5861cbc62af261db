"""docs/scaling.md: its words are written by hand, its numbers are those of docs/scaling.yaml, between marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
_MARK = "<!-- from scaling.yaml: {name} -->"
_END = "<!-- end -->"


def renew(docs: Path, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Puts figures into scaling.yaml beside those that are there, and all of them into scaling.md; returns all."""
    file, page = docs / "scaling.yaml", docs / "scaling.md"
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    data |= figures
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    if "plan" in data:
        page.write_text(with_numbers(page.read_text(encoding="utf-8"), data), encoding="utf-8")
    return data


def with_numbers(page: str, data: Mapping[str, Any]) -> str:
    """The page with today's numbers between its marks. Raises KeyError where a mark or a figure is unknown."""

    def renewed(found: re.Match[str]) -> str:
        name = found[1]
        return f"{_MARK.format(name=name)}\n{BLOCKS[name](data)}\n{_END}"

    pattern = re.escape(_MARK).replace(re.escape("{name}"), "([a-z ]+)")
    return re.sub(rf"{pattern}\n.*?{re.escape(_END)}", renewed, page, flags=re.DOTALL)


def _machines(data: Mapping[str, Any]) -> str:
    heads = ("", "agencies", "portals", "busiest hour", "crawlers", "workers", "of them for scans", "half", "95 %",
             "99 %", "worst")  # fmt: skip
    rows = []
    for one in data["plan"]:
        calm = one["delays"]["calm"]
        rows.append(
            (
                one["size"], f"{one['agencies']:,}", f"{one['portals']:,}", f"{one['busiest']:,} reports",
                one["crawlers"], one["readers"] + one["scanners"], one["scanners"],
                *(f"{calm[share]:.0f} min" for share in ("median", "most", "nearly_all", "worst")),
            )
        )  # fmt: skip
    return _table(heads, rows)


def _letters(data: Mapping[str, Any]) -> str:
    heads = ("from publication until", *(one["size"] for one in data["plan"]))
    rows = []
    for words, key, unit in (("it is read and checked", "checked", "min"), ("the next letter", "letters", "h")):
        for share, of in (("median", "half"), ("most", "95 %"), ("worst", "worst")):
            rows.append((f"{words}: {of}", *(f"{one[key][share]:.0f} {unit}" for one in data["plan"])))
    return _table(heads, rows)


def _faults(data: Mapping[str, Any]) -> str:
    heads = ("99 % (worst), minutes", *(one["size"] for one in data["plan"]))
    names = list(data["plan"][0]["delays"])
    rows = [
        (name, *(f"{(d := one['delays'][name])['nearly_all']:,.0f} ({d['worst']:,.0f})" for one in data["plan"]))
        for name in names
    ]
    return _table(heads, rows)


def _apart(data: Mapping[str, Any]) -> str:
    one = data["apart"]
    calm = one["delays"]["calm"]
    return (
        f"With a last day of its own for every district the country has {one['busiest']:,} reports in its busiest "
        f"hour; {one['readers'] + one['scanners']} workers ({one['scanners']} of them for scans) and "
        f"{one['crawlers']} crawler{'s' * (one['crawlers'] > 1)} are enough (99 % within {calm['nearly_all']:.0f} min)."
    )


def _costs(data: Mapping[str, Any]) -> str:
    costs, run = data["costs"], data["sample"]
    names = {"html": "a web page", "pdf": "a PDF", "word": "a Word file", "scan": "a scan"}
    rows = [(names[kind], f"{seconds * 1000:,.0f} ms of a core") for kind, seconds in costs["seconds"].items()]
    rows += [
        ("any but a scan", f"{run['worker_core_ms']:.0f} ms of a core in the workers, {run['database_core_ms']:.1f} ms "
         f"in PostgreSQL, {run['transactions']:.1f} transactions"),
        ("kept of it", f"{run['archive_kb']:.0f} kB in the archive, {run['ledger_kb']:.0f} kB in the ledger"),
        ("a portal in which nothing is new", f"{costs['list_requests']:.1f} requests, "
         f"{costs['quiet_core'] * 1000:.0f} ms of a core"),
        ("a new report", f"{costs['new_requests']:.1f} requests, {costs['new_core'] * 1000:.0f} ms of a core"),
        ("a turn of the monitor", f"{costs['turn_seconds'] * 1000:.2f} ms of a core for each registered agency"),
        ("a letter", f"{costs['letter_seconds'] * 1000:.0f} ms"),
    ]  # fmt: skip
    return f"Measured on {costs['day']} ({costs['machine']}):\n\n" + _table(("what", "costs"), rows)


def _limits(data: Mapping[str, Any]) -> str:
    rows = [
        (one["part"], one["bears"], f"{_rounded(one['agencies']):,}", one["then"], one["source"])
        for one in data["limits"]
    ]
    return _table(("part", "bears", "enough for agencies", "then", "figure from"), rows)


def _real(data: Mapping[str, Any]) -> str:
    if "real" not in data:
        return "No real run has ended yet: until one has, the predictions of this page are not checked against any."
    real = data["real"]
    rows = []
    for words, key, unit in (
        ("documents a second", "per_second", ""), ("delay, half of them below", "median", " s"),
        ("95 % below", "most", " s"), ("99 % below", "nearly_all", " s"), ("worst", "worst", " s"),
    ):  # fmt: skip
        predicted, measured = real["predicted"][key], real["measured"][key]
        rows.append(
            (
                words,
                f"{predicted:,.1f}{unit}",
                f"{measured:,.1f}{unit}",
                f"{measured / predicted:.2f}" if predicted else "–",
            )
        )
    scans = real["scans"]
    rows.append(
        ("scans a minute", f"{scans['predicted']:.1f}", f"{scans['measured']:.1f}",
         f"{scans['measured'] / scans['predicted']:.2f}")
    )  # fmt: skip
    return (
        f"{real['day']}: {real['documents']:,} documents ({real['mix']}) arrived within "
        f"{real['arrivals_seconds']:,.0f} s, crowded as in a season, on one machine ({real['machine']}) with "
        f"PostgreSQL, Valkey and {real['processes']} worker processes; {scans['documents']} scans after them, with one "
        f"process. {real['done']:,} were read and checked, {real['quarantined']:,} put into quarantine. Each took "
        f"{real['worker_core_ms']:.0f} ms of a core in the workers and {real['database_core_ms']:.1f} ms in "
        f"PostgreSQL, and left {real['archive_kb']:.0f} kB in the archive and {real['ledger_kb']:.0f} kB in the "
        "ledger.\n\n"
        + _table(("", "predicted", "measured", "measured ÷ predicted"), rows)
        + "\n\n![Delays of the real run, measured and predicted](pictures/scaling-real.png)"
    )


def _pipeline(data: Mapping[str, Any]) -> str:
    if "pipeline" not in data:
        return "`python -m bench.pipeline --record` has not been run here yet."
    one = data["pipeline"]
    own = one["own_ms"]
    return (
        f"`python -m bench.pipeline` on {one['day']} ({one['machine']}), without scans: beside reading and checking, "
        f"queue, ledger and archive take {own['SQLite']:.1f} ms of a core a document on SQLite and "
        f"{own['PostgreSQL']:.1f} ms on PostgreSQL. Two worker processes read {one['two_beside_one']:.2f} times "
        "what one reads, with PostgreSQL and Valkey on the same cores (two reading processes with nothing around them: "
        f"{one['two_alone']:.2f} times); with "
        f"{one['others']:,} reports in the ledger before, one reads {one['full_beside_empty']:.2f} times what it reads "
        "with an empty one."
    )


BLOCKS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "machines": _machines,
    "letters": _letters,
    "faults": _faults,
    "apart": _apart,
    "costs": _costs,
    "pipeline": _pipeline,
    "limits": _limits,
    "real run": _real,
}


def _rounded(number: int) -> int:
    """Two digits that count: more would promise too much."""
    return int(float(f"{number:.2g}"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
