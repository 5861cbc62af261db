"""PDFs whose text layer lies: what is printed is a sound report, what the file says of it is another.

``python -m tests.documents.variants.lies --count 200 --seed 1`` (``make lies``) reads them: nobody is accused by any,
and what was noticed is told to the operators.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial

from PIL import Image, ImageDraw, ImageFont

from report.report import Report, Unread
from tests.documents.as_pdf import Setting, Write, pdf_of
from tests.documents.make_pdf import HEIGHT, Pdf
from tests.documents.pdf_faces import _NOTO, Embedded, Face, Song
from tests.documents.report_source import Source, drawn
from tests.documents.variants.sweep import Variant, faults, read

# How many of the numbers of a report are other ones in its text layer.
_SHARE = 0.08
_FINE = 6
Lie = Callable[[Pdf, float, float, str, str, float], None]


def _wide(pdf: Pdf, text: str, size: float) -> float:
    return sum(map(pdf.face.width, text)) * size


def _patch(pdf: Pdf, x: float, y: float, wide: float, size: float) -> str:
    return f"q 1 g {x - 0.5:.2f} {HEIGHT - y - 2:.2f} {wide + 1:.2f} {size + 1:.2f} re f Q"


def _picture(pdf: Pdf, x: float, y: float, text: str, size: float) -> str:
    """The number as a picture, on white."""
    wide, high, data = _drawn(text, size)
    return (
        f"q {wide / _FINE:.2f} 0 0 {high / _FINE:.2f} {x:.2f} {HEIGHT - y - size * 0.3:.2f} cm"
        f" BI /W {wide} /H {high} /CS /G /BPC 8 /F /AHx ID {data}> EI Q"
    )


@cache
def _drawn(text: str, size: float) -> tuple[int, int, str]:
    font = ImageFont.truetype(str(_NOTO), round(size * _FINE))
    wide, high = round(font.getlength(text)) + _FINE, round(size * 1.3 * _FINE)
    picture = Image.new("L", (wide, high), 255)
    ImageDraw.Draw(picture).text((0, round(size * _FINE)), text, font=font, fill=0, anchor="ls")
    return wide, high, picture.tobytes().hex()


def _under_a_patch(pdf: Pdf, x: float, y: float, text: str, other: str, size: float) -> None:
    """An old value under a white patch, and the new one in its place."""
    pdf.text(x, y, other, size)
    pdf.pages[-1].append(_patch(pdf, x, y, max(_wide(pdf, other, size), _wide(pdf, text, size)), size))
    pdf.text(x, y, text, size)


def _under_a_picture(pdf: Pdf, x: float, y: float, text: str, other: str, size: float) -> None:
    """An old value under a white patch with a picture of the new one."""
    pdf.text(x, y, other, size)
    pdf.pages[-1].append(_patch(pdf, x, y, _wide(pdf, other, size), size))
    pdf.pages[-1].append(_picture(pdf, x, y, text, size))


def _over_it(pdf: Pdf, x: float, y: float, text: str, other: str, size: float) -> None:
    """Another number printed over the number."""
    pdf.text(x, y, text, size)
    pdf.text(x + size * 0.05, y, other, size)


def _white(pdf: Pdf, x: float, y: float, text: str, other: str, size: float) -> None:
    """A picture of the number, and white text over it that says another."""
    pdf.pages[-1].append(_picture(pdf, x, y, text, size))
    pdf.pages[-1].append("q 1 g")
    pdf.text(x, y, other, size)
    pdf.pages[-1].append("Q")


def _invisible(pdf: Pdf, x: float, y: float, text: str, other: str, size: float) -> None:
    """The same with text that is not drawn at all, as recognition leaves it behind."""
    pdf.pages[-1].append(_picture(pdf, x, y, text, size))
    pdf.pages[-1].append("3 Tr")
    pdf.text(x, y, other, size)
    pdf.pages[-1].append("0 Tr")


def _out_of_order(pdf: Pdf, x: float, y: float, text: str, other: str, size: float) -> None:
    """The digits in their places, written from the last to the first."""
    for place in range(len(text) - 1, -1, -1):
        pdf.text(x + _wide(pdf, text[:place], size), y, text[place], size)


_IN_CELLS: dict[str, Lie] = {
    "old value under a patch": _under_a_patch,
    "old value under a picture": _under_a_picture,
    "another number over it": _over_it,
    "white text over a picture": _white,
    "invisible text over a picture": _invisible,
    "wrong order": _out_of_order,
}
_MAPS: dict[str, Callable[[dict[str, str]], Face]] = {
    "digits mapped to others": Embedded,
    "digits of a font by name mapped to others": Song,
}
KINDS = (*_MAPS, *_IN_CELLS)


def lies(seed: int, count: int) -> Iterator[Variant]:
    """So many PDFs, the kinds in turn, with figures and lies drawn by ``seed`` and the numbers after it."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        chance = random.Random(f"{seed} {number}")
        form, year = chance.choice((("2019", 2020), ("2021", 2023)))
        source = drawn("青山区人民政府", year, form, seed=seed * 1000 + number)
        yield Variant(f"{kind} {form} {number}", partial(_pdf, kind, source, chance), source)


def _pdf(kind: str, source: Source, chance: random.Random) -> bytes:
    if kind in _MAPS:
        digits = chance.sample("0123456789", chance.randint(2, 4))
        taken = dict(zip(digits, [*digits[1:], digits[0]], strict=True))
        return pdf_of(source, face=_MAPS[kind](taken)).data()
    return pdf_of(source, Setting(write=_with(_IN_CELLS[kind], chance))).data()


def _with(lie: Lie, chance: random.Random) -> Write:
    def write(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
        if chance.random() >= _SHARE:
            pdf.text(x, y, text, size)
            return
        other = "".join(chance.choice([digit for digit in "123456789" if digit != own]) for own in text)
        lie(pdf, x, y, text, other, size)

    return write


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--count", type=int, default=200)
    asked = ask.parse_args()
    counts: Counter[str] = Counter()
    for variant in lies(asked.seed, asked.count):
        counts["documents"] += 1
        report = read(variant)
        wrong = faults(variant, report) if report is not None else []
        noticed = report is not None and any(gap.why is Unread.DISAGREEING for gap in report.gaps)
        told = noticed or (report is not None and _is_as_printed(variant, report))
        counts["faults"] += len(wrong)
        counts["refused"] += report is None
        counts["told to operators"] += noticed
        counts["read as printed"] += told and not noticed
        counts["not told"] += not told
        if wrong or not told:
            sys.stdout.write(f"{variant.name}: {'; '.join(wrong[:3]) or 'not told'}\n")
    sys.stdout.write(", ".join(f"{name} {number}" for name, number in counts.items()) + "\n")
    return 1 if counts["faults"] or counts["not told"] else 0


def _is_as_printed(variant: Variant, report: Report) -> bool:
    """Whether every number was read as it is printed: the lie had no hold on anything."""
    return all(report.number(key) == variant.source.values[key] for key in variant.source.keys())  # noqa: SIM118 - no dict


if __name__ == "__main__":
    sys.exit(main())
