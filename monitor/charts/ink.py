"""What every picture is drawn with: a page of pixels, the shipped font, a few colours, and a small PNG at the end.

Text from outside is drawn as it is: no markup, no formulas, no boxes. A character that the font does not have is drawn
as 〓, and the picture says so below. matplotlib takes seconds to load and is loaded when the first page is made.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg

FONT = Path(__file__).resolve().parent / "fonts" / "NotoSansCJKsc-Regular-subset.otf"
UNKNOWN = "〓"
WIDTH = 640  # pixels of a mail on a desk; a telephone shows the same picture at half the size
COLOURS = 128
NEARLY_WHITE = 252
_DOTS = 72  # of an inch: a point is a pixel

INK = "#1f2933"
GREY = "#52606d"
LINE = "#d9dee5"
PAPER = "#ffffff"


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(FONT)).get_charmap())


def drawable(text: str) -> str:
    """Text on one line as the font can draw it: what steers text is left out, what the font lacks is 〓."""
    line = " ".join(text.split())
    kept = (character for character in line if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Mn"))
    return "".join(character if ord(character) in _known() else UNKNOWN for character in kept)


def width_of(text: str, size: float) -> float:
    """About how many pixels a line takes: a Chinese character is as wide as it is high, a Latin one half that."""
    return sum(size if unicodedata.east_asian_width(character) in "WFA" else size * 0.56 for character in text)


def fitted(text: str, size: float, width: float) -> str:
    """The text, cut with … where it would be wider than ``width`` pixels."""
    taken = 0.0
    for number, character in enumerate(text):
        taken += width_of(character, size)
        if taken > width:
            kept = text[:number]
            while kept and width_of(kept, size) + size > width:
                kept = kept[:-1]
            return kept + "…"
    return text


class Canvas:
    """A page of ``WIDTH`` pixels; x goes to the right and y down, both in pixels of the page."""

    def __init__(self, height: float, *, scale: float = 2.0) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH / _DOTS, height / _DOTS), dpi=_DOTS * scale, facecolor=PAPER)
        self._canvas: FigureCanvasAgg = FigureCanvasAgg(figure)
        self._axes: Axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        colour: str = INK,
        align: Literal["left", "center", "right"] = "left",
        bold: bool = False,
    ) -> None:
        """Writes a line; ``y`` is its middle. The font has one weight, so bold is drawn with a rim."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.patheffects import Normal, Stroke

        written = self._axes.text(
            x,
            y,
            drawable(words),
            fontproperties=FontProperties(fname=FONT, size=size),
            color=colour,
            ha=align,
            va="center_baseline",
            parse_math=False,
        )
        if bold:
            written.set_path_effects([Stroke(linewidth=0.7, foreground=colour), Normal()])

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str = LINE,
        width: float = 1.0,
        dashes: tuple[float, ...] = (),
    ) -> None:
        """Draws a line through points."""
        style = (0, dashes) if dashes else "-"
        self._axes.plot(*zip(*points, strict=True), color=colour, linewidth=width, linestyle=style)

    def boxes(self, corners: Sequence[tuple[float, float]], size: float, *, fill: str, rim: str) -> None:
        """Draws squares of one size with their upper left corners here."""
        from matplotlib.collections import PatchCollection
        from matplotlib.patches import Rectangle

        squares = [Rectangle(corner, size, size) for corner in corners]
        self._axes.add_collection(PatchCollection(squares, facecolor=fill, edgecolor=rim, linewidth=1.5))

    def png(self) -> bytes:
        """The page as a PNG with few colours: a mail has to stay small."""
        from PIL import Image

        self._canvas.draw()  # type: ignore[no-untyped-call]
        drawn = bytes(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        picture = Image.frombuffer("RGBA", self._canvas.get_width_height(), drawn)
        few = picture.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        # The nearest of the few colours to white is a shade off, and would be seen on the mail's white.
        few.putpalette([255 if value >= NEARLY_WHITE else value for value in few.getpalette() or []])
        written = io.BytesIO()
        few.save(written, "PNG")
        return written.getvalue()
