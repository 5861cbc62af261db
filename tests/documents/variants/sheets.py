"""PDF: what stands beside a number on a page, and tables that are hard to see as tables."""

from __future__ import annotations

from collections.abc import Callable

from tests.documents.as_pdf import Setting, Write, pdf_of
from tests.documents.make_pdf import HEIGHT, Pdf
from tests.documents.pdf_faces import Embedded
from tests.documents.report_source import Source

Make = Callable[[Source], bytes]


def _end(pdf: Pdf, x: float, text: str, size: float) -> float:
    return x + sum(map(pdf.face.width, text)) * size


def _beside(before: str, after: str, digit: str = "7") -> Write:
    """The number, and right behind it a digit between two lines of operators."""

    def write(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
        pdf.text(x, y, text, size)
        pdf.pages[-1].append(before)
        pdf.text(_end(pdf, x, text, size), y, digit, size)
        pdf.pages[-1].append(after)

    return write


def _raised(above: float) -> Write:
    def write(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
        pdf.text(x, y, text, size)
        pdf.text(_end(pdf, x, text, size), y - above * size, "1", size * 0.6)

    return write


def _larger_after(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
    """A digit that is larger than the number before it, and lower."""
    pdf.text(x, y, text, size)
    pdf.text(_end(pdf, x, text, size), y + 0.3 * size, "2", size * 1.4)


def _struck(lines: int) -> Write:
    """An old digit with lines through it before the number."""

    def write(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
        wide = pdf.face.width("3") * size
        pdf.text(x - wide, y, "3", size)
        for line in range(lines):
            height = HEIGHT - y + size * (0.28 + 0.12 * line)
            pdf.pages[-1].append(f"{x - wide:.2f} {height:.2f} m {x:.2f} {height:.2f} l S")
        pdf.text(x, y, text, size)

    return write


def _covered(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
    """An old value under a white patch."""
    pdf.text(x, y, "58", size)
    wide = max(_end(pdf, 0, "58", size), _end(pdf, 0, text, size))
    pdf.pages[-1].append(f"q 1 g {x - 0.5:.2f} {HEIGHT - y - 2:.2f} {wide + 1:.2f} {size + 1:.2f} re f Q")
    pdf.text(x, y, text, size)


def _bold(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
    for aside in (0, 0.2, 0.4):
        pdf.text(x + aside, y, text, size)


def _clipped(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
    pdf.text(x, y, text, size)
    pdf.pages[-1].append("q 10 10 20 20 re W n")
    pdf.text(_end(pdf, x, text, size), y, "7", size)
    pdf.pages[-1].append("Q")


def _outside(pdf: Pdf, x: float, y: float, text: str, size: float) -> None:
    pdf.text(x, y, text, size)
    pdf.text(x, HEIGHT + 20, "7", size)


def _with(write: Write) -> Make:
    return lambda source: pdf_of(source, Setting(write=write)).data()


def _layer(source: Source) -> bytes:
    """A digit on a layer that is switched off."""
    pdf = pdf_of(source, Setting(write=_beside("/OC /L1 BDC", "EMC")))
    pdf.extra = ["<< /Type /OCG /Name (Old) >>"]
    pdf.resources = "/Properties << /L1 {0} 0 R >>"
    pdf.catalog = "/OCProperties << /OCGs [{0} 0 R] /D << /OFF [{0} 0 R] >> >>"
    return pdf.data()


def _watermark(pale: bool) -> Make:
    def make(source: Source) -> bytes:
        pdf = pdf_of(source)
        for page in pdf.pages:
            if pale:
                page.append(f"q 0.8 g BT 120 420 Td {pdf.face.show('内部资料 2024', 60)} ET Q")
                continue
            for x in range(60, 560, 110):
                for y in range(60, 800, 90):
                    text = pdf.face.show("2024-01-15 138", 9)
                    page.append(f"q 0.75 g BT 0.866 0.5 -0.5 0.866 {x} {y} Tm {text} ET Q")
        return pdf.data()

    return make


def _told_as(digit: str, other: str) -> Make:
    """One digit whose character the file does not tell, or tells as one that is not seen."""
    return lambda source: pdf_of(source, face=Embedded({digit: other})).data()


def _typed_over(source: Source) -> bytes:
    """A note typed over a cell of the page with table three."""
    pdf = pdf_of(source, Setting(widths=(26, 50, 117, 36, 36, 36, 36, 36, 36, 36)))
    pdf.extra = [
        "<< /Type /Annot /Subtype /FreeText /Rect [270 500 300 512] /Contents (999) /DA (/Helv 9 Tf 0 g) /F 4 >>"
    ]
    pdf.on_page = dict.fromkeys(range(len(pdf.pages)), "/Annots [{0} 0 R]")
    return pdf.data()


# Numbers that are read, whatever stands beside them.
BESIDE: dict[str, Make] = {
    "raised": _with(_raised(0.45)),
    "lowered": _with(_raised(-0.15)),
    "struck": _with(_struck(1)),
    "struck twice": _with(_struck(2)),
    "invisible": _with(_beside("3 Tr", "0 Tr")),
    "white": _with(_beside("q 1 g", "Q")),
    "covered": _with(_covered),
    "bold": _with(_bold),
    "clipped": _with(_clipped),
    "outside": _with(_outside),
    "layer": _layer,
    "watermark": _watermark(pale=False),
    "pale": _watermark(pale=True),
}
# Tables that are read, whatever they look like.
TABLES: dict[str, Make] = {
    **{
        ruling: (lambda source, ruling=ruling: pdf_of(source, Setting(ruling=ruling)).data())  # type: ignore[misc]
        for ruling in ("rows", "outer", "none", "boxes", "fills", "dashed")
    },
    "none, in the middle": lambda source: pdf_of(source, Setting(ruling="none", middle=True)).data(),
    "turned": lambda source: pdf_of(source, Setting(turned=True)).data(),
    "page turned": lambda source: pdf_of(source, Setting(rotated=True)).data(),
}
# What may stay unread.
DOUBTFUL: dict[str, Make] = {
    "space": _told_as("3", " "),
    "soft hyphen": _told_as("3", "\u00ad"),
    "no width": _told_as("3", "\u200b"),
    "private": _told_as("3", "\ue003"),
    "typed over": _typed_over,
    "larger after": _with(_larger_after),
}
