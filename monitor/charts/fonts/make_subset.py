"""Makes the font that pictures in mails are drawn with: a subset of Noto Sans CJK SC, Regular.

In it: ASCII and Latin-1, GB 2312, the 8,105 characters of the 通用规范汉字表 (2013), in which names of places and
people are to be written, and the signs that the pictures use. Both sources are packages of Debian: fonts-noto-cjk
(the font, OFL 1.1) and unicode-data (the list, as the Unihan property kTGH)::

    apt-get download fonts-noto-cjk unicode-data
    python -m monitor.charts.fonts.make_subset NotoSansCJK-Regular.ttc Unihan_OtherMappings.txt.bz2
"""

from __future__ import annotations

import bz2
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

FONT = Path(__file__).resolve().parent / "NotoSansCJKsc-Regular-subset.otf"
FAMILY = "Noto Sans CJK SC"
SIGNS = "〓✓×−–—…·‘’“”〔〕【】《》（）：；，。、！？％℃①②③④⑤⑥⑦⑧⑨⑩←↑→↓▲▼△▽◆◇○●■□★☆／＝＋－±≈≠≤≥ "
COMMON_CHARACTERS = 8105


def characters(other_mappings: Path) -> set[int]:
    """The code points of the subset. Raises ValueError where the list of common characters is not whole."""
    wanted = {*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, SIGNS)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            wanted.update(map(ord, bytes((high, low)).decode("gb2312", errors="ignore")))
    with bz2.open(other_mappings, "rt", encoding="utf-8") as lines:
        common = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(common) != COMMON_CHARACTERS:
        raise ValueError(f"{len(common)} characters with kTGH in {other_mappings}, and not {COMMON_CHARACTERS}")
    return wanted | common


def make(collection: Path, other_mappings: Path) -> None:
    """Writes :data:`FONT`. Raises LookupError where the collection does not have the family."""
    fonts = TTCollection(str(collection)).fonts
    font = next((one for one in fonts if one["name"].getDebugName(1) == FAMILY), None)
    if font is None:
        raise LookupError(f"no {FAMILY} in {collection}")
    # Upright text in lines: no vertical forms, no alternative shapes, no hints for screens of few dots.
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.drop_tables += ["GPOS", "GSUB", "BASE", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters(other_mappings))
    subsetter.subset(font)
    # The same input gives the same file.
    font.recalcTimestamp = False
    font.save(str(FONT))


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
