"""Makes small OFD reports: the same pages as ``make_pdf`` draws, as OFD's text objects and paths."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.documents.make_pdf import HEIGHT, SIZE, WIDTH, Pdf

_MM = 25.4 / 72
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_DATED = (2024, 1, 10, 0, 0, 0)


@dataclass
class Ofd(Pdf):
    """Pages being written; every text line is one text object, every border one path."""

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        """One line of text; ``y`` is its base line from the top."""
        steps = [size / 2 if character.isascii() else size for character in text]
        boundary = f"{x * _MM:.3f} {(y - size) * _MM:.3f} {sum(steps) * _MM:.3f} {size * 1.2 * _MM:.3f}"
        delta = " ".join(f"{step * _MM:.3f}" for step in steps[:-1])
        self.pages[-1].append(
            f'<ofd:TextObject ID="{self._id()}" Boundary="{boundary}" Font="1" Size="{size * _MM:.3f}">'
            f'<ofd:TextCode X="0" Y="{size * _MM:.3f}" DeltaX="{delta}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def _cell(self, x0: float, top: float, x1: float, bottom: float, last: bool) -> None:
        edges = [(x0, top, x1, top), (x0, top, x0, bottom), (x1, top, x1, bottom)]
        edges += [] if last else [(x0, bottom, x1, bottom)]
        for a, b, c, d in edges:
            boundary = " ".join(f"{value * _MM:.3f}" for value in (a, b, max(c - a, 0.5), max(d - b, 0.5)))
            self.pages[-1].append(
                f'<ofd:PathObject ID="{self._id()}" Boundary="{boundary}" LineWidth="0.2"><ofd:AbbreviatedData>'
                f"M 0 0 L {(c - a) * _MM:.3f} {(d - b) * _MM:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
            )

    def _id(self) -> int:
        return 100 + sum(map(len, self.pages))

    def data(self) -> bytes:
        """The file."""
        box = f"0 0 {WIDTH * _MM:.3f} {HEIGHT * _MM:.3f}"
        parts = {
            "OFD.xml": f'<ofd:OFD {_NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}"
            "</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
            + "".join(
                f'<ofd:Page ID="{number + 1}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
                for number in range(len(self.pages))
            )
            + "</ofd:Pages></ofd:Document>",
        }
        for number, page in enumerate(self.pages):
            parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
                f'<ofd:Page {_NAMESPACE}><ofd:Content><ofd:Layer ID="99" Type="Body">{"".join(page)}'
                "</ofd:Layer></ofd:Content></ofd:Page>"
            )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                declared = '<?xml version="1.0" encoding="UTF-8"?>' + content
                archive.writestr(zipfile.ZipInfo(name, _DATED), declared, zipfile.ZIP_DEFLATED)
        return packed.getvalue()
