"""The pictures of docs/scaling.md, drawn from docs/scaling.yaml with what draws the pictures of the mails."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from monitor.charts.ink import GREY, INK, LINE, WIDTH, Canvas

HEIGHT = 380
LEFT, RIGHT, TOP, BOTTOM = 74, 24, 84, 62
SIZE = 17
COLOURS = ("#1d4f91", "#b42318", "#1b7f4b", "#9a5b00", "#52606d")
DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 2), (10, 3, 2, 3), (1, 3))
Points = Sequence[tuple[float, float]]
# The quantiles that stand for a distribution in the file.
SHARES = (*(share / 40 for share in range(40)), 0.99, 0.999, 1.0)
# Under this name a chart says which figures it shows.
FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis says, how far it goes, and the values that are written beside it, with their words."""

    words: str
    most: float
    marks: Sequence[tuple[float, str]]


def draw_all(data: Mapping[str, Any], folder: Path) -> None:
    """Draws every chart for which ``data`` (docs/scaling.yaml) has figures, each marked with what it was drawn from."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (figures, picture) in _charts(data).items():
        (folder / name).write_bytes(_marked(picture(figures), figures))


def drawn_from(data: Mapping[str, Any], folder: Path) -> dict[str, bool]:
    """By name, whether each chart in a folder was drawn from these figures; one that is not there was not."""
    found = {}
    for name, (figures, _) in _charts(data).items():
        path = folder / name
        found[name] = path.exists() and Image.open(path).info.get(FIGURES) == _digest(figures)
    return found


def draw(title: str, x: Axis, y: Axis, lines: Mapping[str, Points]) -> bytes:
    """A chart with a line for each of ``lines``, told apart by colour and dashes, as a PNG."""
    page = Canvas(HEIGHT + 26 * len(lines))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return LEFT + point[0] / x.most * wide, HEIGHT - BOTTOM - point[1] / y.most * high

    page.text(10, 24, title, SIZE + 3, bold=True)
    page.text(10, 56, y.words, SIZE, colour=GREY)
    for value, words in y.marks:
        height = place((0, value))[1]
        page.line([(LEFT, height), (WIDTH - RIGHT, height)], colour=LINE)
        page.text(LEFT - 8, height, words, SIZE, colour=GREY, align="right")
    for value, words in x.marks:
        across, foot = place((value, 0))
        page.line([(across, foot), (across, foot + 5)], colour=GREY)
        page.text(across, foot + 19, words, SIZE, colour=GREY, align="center")
    page.text(WIDTH - RIGHT, HEIGHT - 16, x.words, SIZE, colour=GREY, align="right")
    for number, (name, points) in enumerate(lines.items()):
        colour, dashes = COLOURS[number], DASHES[number]
        page.line([place(point) for point in _within(points, x.most)], colour=colour, width=2.6, dashes=dashes)
        row = HEIGHT + 10 + 26 * number
        page.line([(10, row), (52, row)], colour=colour, width=2.6, dashes=dashes)
        page.text(62, row, name, SIZE, colour=INK)
    return page.png()


def _charts(data: Mapping[str, Any]) -> dict[str, tuple[Any, Callable[[Any], bytes]]]:
    charts: dict[str, tuple[Any, Callable[[Any], bytes]]] = {
        "scaling-arrivals.png": (data["arrivals"], _arrivals),
        "scaling-delays.png": (data["plan"][-1], _delays),
    }
    return charts | ({"scaling-real.png": (data["real"], _real)} if "real" in data else {})


def _digest(figures: Any) -> str:
    return sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()


def _marked(picture: bytes, figures: Any) -> bytes:
    mark, written = PngInfo(), io.BytesIO()
    mark.add_text(FIGURES, _digest(figures))
    Image.open(io.BytesIO(picture)).save(written, "PNG", pnginfo=mark, optimize=True)
    return written.getvalue()


def _arrivals(arrivals: Mapping[str, Any]) -> bytes:
    days = {
        "every district has the same last day (the plan)": arrivals["together"],
        "each district has its own": arrivals["apart"],
    }
    most = max(max(counts) for counts in days.values())
    lines = {name: [(day + 0.5, count) for day, count in enumerate(counts)] for name, counts in days.items()}
    marks = [(day - 0.5, str(day)) for day in (1, 5, 10, 15, 20, 25, 31)]
    return draw(
        f"{arrivals['agencies']:,} reports, by day of January",
        Axis("day", 31, marks),
        Axis("published a day", most, _round_marks(most)),
        lines,
    )


def _delays(country: Mapping[str, Any]) -> bytes:
    shown = {
        name: [(minutes, share * 100) for minutes, share in zip(delay["curve"], SHARES, strict=True)]
        for name, delay in country["delays"].items()
    }
    return draw(
        f"From publication to the letter, {country['agencies']:,} agencies",
        Axis("minutes", 120, [(minute, str(minute)) for minute in range(0, 121, 15)]),
        Axis("% of the reports within", 100, [(share, str(share)) for share in range(0, 101, 20)]),
        shown,
    )


def _real(real: Mapping[str, Any]) -> bytes:
    most = max(real["measured"]["curve"][-1], real["predicted"]["curve"][-1])
    lines = {
        f"{name}": [(seconds, share * 100) for seconds, share in zip(real[name]["curve"], SHARES, strict=True)]
        for name in ("measured", "predicted")
    }
    return draw(
        f"{real['documents']:,} real documents, {real['processes']} worker processes",
        Axis("seconds from arrival to read and checked", most, _round_marks(most)),
        Axis("% of the documents within", 100, [(share, str(share)) for share in range(0, 101, 20)]),
        lines,
    )


def _within(points: Points, most: float) -> Points:
    """The line up to where it leaves the chart at its right."""
    for number, (across, up) in enumerate(points):
        if across > most:
            before = points[max(0, number - 1)]
            share = (most - before[0]) / (across - before[0]) if across > before[0] else 0.0
            return [*points[:number], (most, before[1] + share * (up - before[1]))]
    return points


def _round_marks(most: float) -> list[tuple[float, str]]:
    """A few round numbers from 0 up to ``most``."""
    step = next(
        factor * 10.0**power for power in range(-2, 9) for factor in (1, 2, 5) if most / (factor * 10.0**power) <= 6
    )
    return [(step * number, f"{step * number:,.0f}") for number in range(int(most / step) + 1)]
