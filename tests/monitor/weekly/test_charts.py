"""The pictures: text from outside stays text, every character is drawn or said to be missing, and they stay small."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from config.agencies import load_districts
from config.wording import load_wording
from ledger.states import Standing
from monitor.charts.curve import draw_curve
from monitor.charts.grid import MOST_NAMED, SIGNS, draw_grid
from monitor.charts.ink import FONT, UNKNOWN, Canvas, drawable, fitted, width_of
from monitor.season.progress import Curve, Progress
from monitor.season.report_year import STATES, Group

HOSTILE = (
    "$\\frac{1}{0}$",
    "$",
    "\\alpha_{x^2}",
    "<b>粗</b>&amp;",
    "换\r\n行\t格",
    "\u202e倒\u2066转",
    "名\x00称\x1b[31m",
    "\ud800",
    "长" * 10_000,
    "",
)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def progress(*days: int, before: Curve | None = None) -> Progress:
    first = date(2020, 1, 1)
    found = tuple(first + timedelta(days=day) for day in days)
    due = (date(2020, 1, 31), date(2020, 3, 31))
    return Progress(first, date(2020, 4, 14), date(2020, 2, 3), due, Curve(2019, 54, found), before)


def test_the_font_draws_every_word_that_ships() -> None:
    from fontTools.ttLib import TTFont  # here: the only test that needs it

    wording = load_wording()
    words = [word for section in type(wording).model_fields for word in getattr(wording, section).values()]
    words += [name for district in load_districts().values() for agency in district.agencies for name in agency.names]
    words += [sign for sign, *_ in SIGNS.values()]
    assert {word for word in words if UNKNOWN in drawable(word)} == set()
    font = TTFont(FONT)
    assert len([code for code in font.getBestCmap() if 0x4E00 <= code <= 0x9FFF]) > 7900
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_drawn_as_it_is(text: str) -> None:
    shown = drawable(text)
    assert all(character.isprintable() for character in shown)
    assert not set(shown) & set("\r\n\t\u202e\u2066\x00\x1b")
    draw_grid([Group(Standing.MISSING, "未公布", (text, "区教委"))])


def test_nothing_is_taken_for_a_formula() -> None:
    def drawn(words: str) -> Image.Image:
        page = Canvas(40)
        page.text(10, 20, words, 20)
        return picture(page.png())

    plain, formula = drawn("x"), drawn("$x$")
    assert ImageChops.difference(plain, formula).getbbox() is not None
    # Both dollar signs take their room: the words are about three times as wide.
    widths = [one.convert("L").point(lambda light: light < 128).getbbox() for one in (plain, formula)]
    assert widths[0] is not None and widths[1] is not None
    assert widths[1][2] - widths[1][0] > 2 * (widths[0][2] - widths[0][0])


def test_a_character_that_the_font_lacks_is_said_to_be_missing() -> None:
    assert drawable("𠮷野街道") == f"{UNKNOWN}野街道"
    known = picture(draw_grid([Group(Standing.MISSING, "未公布", ("吉野街道",))]))
    unknown = picture(draw_grid([Group(Standing.MISSING, "未公布", ("𠮷野街道",))]))
    assert unknown.height > known.height  # a line below explains the sign


def test_long_names_are_cut_where_they_would_leave_the_page() -> None:
    assert fitted("区教委", 20, 100) == "区教委"
    cut = fitted("长" * 50, 20, 200)
    assert cut.endswith("…") and width_of(cut, 20) <= 200


def test_every_state_has_a_sign_of_its_own() -> None:
    assert set(STATES) == set(Standing) == set(SIGNS)
    assert len({sign for sign, *_ in SIGNS.values()}) == len(SIGNS)


@pytest.mark.parametrize(("count", "most_bytes"), [(1, 20_000), (60, 200_000), (MOST_NAMED, 450_000), (5000, 40_000)])
def test_the_grid_stays_small(count: int, most_bytes: int) -> None:
    names = tuple(f"区第{number}号管理局" for number in range(count))
    png = draw_grid(
        [Group(Standing.MISSING, "未公布", names[: count // 3 + 1]), Group(Standing.ON_TIME, "按时公布", names)]
    )
    assert len(png) < most_bytes
    assert picture(png).width in (1280, 800, 640)


def test_the_curve_shows_the_season_and_last_years() -> None:
    before = Curve(2018, 53, tuple(date(2020, 1, 1) + timedelta(days=day) for day in range(20)))
    without, alone, both = (
        picture(draw_curve(one)) for one in (progress(), progress(8, 9, 9, 20), progress(8, 9, 9, 20, before=before))
    )
    assert alone.size == both.size == (1280, 800)
    blue, red = (29, 79, 145), (180, 35, 24)
    assert all(any(near(pixel, red) for pixel in colours(one)) for one in (without, alone, both))
    assert any(near(pixel, blue) for pixel in colours(alone))
    assert ImageChops.difference(alone, both).getbbox() is not None


@pytest.mark.parametrize("expected", [0, 1, 54, 5000, 200_000])
def test_a_season_of_any_size_can_be_drawn(expected: int) -> None:
    day = date(2020, 12, 31)  # a season that is still open at the end of the year
    drawn = Progress(date(2020, 1, 1), day, day, (date(2020, 1, 31), date(2020, 2, 1)), Curve(2019, expected, ()), None)
    chart = picture(draw_curve(drawn))
    assert chart.size == (1280, 800)
    # No number is cut off at the left edge.
    assert len(colours(chart.crop((0, 100, 10, 800)))) == 1


def test_matplotlib_is_loaded_for_a_picture_and_not_before() -> None:
    code = "import sys, monitor.loop, cli.main; sys.exit('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], timeout=900, check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == 0


def colours(image: Image.Image) -> list[tuple[int, ...]]:
    return [colour for _, colour in image.getcolors(1 << 20) or [] if isinstance(colour, tuple)]


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(colour, wanted, strict=True))
