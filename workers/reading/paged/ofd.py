"""OFD (GB/T 33190), the paged format of Chinese offices: a ZIP of XML, its glyphs and lines laid out as a PDF's are.

Lengths are millimetres from the page's top left corner. A text object has a boundary, a font size and strings with the
place of their first character and the steps between the next ones; a path object is drawn by letters (M, L, C) within
its boundary. Templates lie under the pages that name them.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from lxml import etree

from report.account import PieceKind
from workers.reading.content import PLAIN, UNREAD, Content
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.form.skeleton import Skeleton
from workers.reading.layout.glyph import Glyph, PdfPage
from workers.reading.layout.pdf_tables import edge
from workers.reading.layout.strikes import without_struck
from workers.reading.layout.upright import upright
from workers.reading.paged.pdf import content_of
from workers.reading.scans.scanned_pdf import is_picture

_MOST_BYTES = 100 * 2**20
_MOST_PAGES = 150
_MOST_EDGES = 6_000
_MOST_GLYPHS = 300_000
_MOST_MEMBERS = 5_000
_POINTS = 72 / 25.4
_THIN = 3.0
_SMALLEST, _NO_OPACITY, _HALF, _WHITE = 1.5, 26, 128, 250
# Characters without a shape of their own: where a file gives one room, something else is printed there.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_DRAWN = re.compile(r"([A-Z])((?:\s*-?[0-9.]+(?:[eE]-?[0-9]+)?)*)")
_BROKEN = "OFD 文件已损坏，打不开；请重新下载，或转为 PDF 后再试。"
_CANNOT_OPEN = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, KeyError, ValueError, OSError, NotImplementedError, EOFError,
    IndexError, RuntimeError,
)  # fmt: skip

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


def read_ofd(data: bytes, skeleton: Skeleton | None = None) -> Content:
    """The paragraphs and tables of an OFD file. Raises ReadError: broken, too_large, encrypted, no_text, garbled."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_BYTES:
                raise ReadError(ReadErrorKind.TOO_LARGE, "OFD 文件解压后大得不合常理；请确认这是一份年报。")
            if any(member.flag_bits & 1 for member in members):
                raise ReadError(ReadErrorKind.ENCRYPTED, "OFD 文件设有密码；请去掉密码后再试。")
            return content_of(_pages(_Package(archive)), "OFD", skeleton)
    except _CANNOT_OPEN as error:
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error


class _Package:
    """The XML parts of the archive by path."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lstrip("/"): name for name in archive.namelist()}
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)

    def xml(self, path: str) -> Any:
        """The root of a part. Raises KeyError where there is none."""
        return etree.fromstring(self._archive.read(self._names[path.lstrip("/")]), self._parser)


def _pages(package: _Package) -> Iterator[PdfPage]:
    body = _text_of(_first(package.xml("OFD.xml"), "DocRoot"))
    document = package.xml(body)
    folder = posixpath.dirname(body)
    common = _first(document, "CommonData")
    whole = _box(_text_of(_first(_first(common, "PageArea"), "PhysicalBox")))
    templates = {
        part.get("ID"): posixpath.join(folder, part.get("BaseLoc") or "") for part in _all(common, "TemplatePage")
    }
    pages = list(_all(_first(document, "Pages"), "Page"))
    if len(pages) > _MOST_PAGES:
        raise ReadError(ReadErrorKind.TOO_LARGE, f"OFD 有 {len(pages)} 页，超过 {_MOST_PAGES} 页；请确认这是一份年报。")
    for number, part in enumerate(pages, 1):
        root = package.xml(posixpath.join(folder, part.get("BaseLoc") or ""))
        own = next(_all(root, "PhysicalBox"), None)
        box = whole if own is None else _box(own.text or "")
        under = [package.xml(templates[each.get("TemplateID")]) for each in _all(root, "Template")]
        yield _page(number, box, [*under, root])


def _page(number: int, box: Box, roots: Sequence[Any]) -> PdfPage:
    glyphs: list[Glyph] = []
    edges: list[dict[str, Any]] = []
    images: list[Box] = []
    for root in roots:
        for element in root.iter("{*}TextObject", "{*}PathObject", "{*}ImageObject"):
            kind = etree.QName(element).localname
            if element.get("Visible") in ("false", "0"):
                continue
            if kind == "TextObject":
                glyphs += _glyphs(element, box)
            elif kind == "PathObject":
                edges += _edges(element, box)
                glyphs = _covered(glyphs, element, box)
            else:
                left, top, width, height = (value * _POINTS for value in _box(element.get("Boundary") or ""))
                left, top = left - box[0] * _POINTS, top - box[1] * _POINTS
                if is_picture((left, top, left + width, top + height)):
                    images.append((left, top, left + width, top + height))
            if len(glyphs) > _MOST_GLYPHS:
                raise ReadError(ReadErrorKind.TOO_LARGE, "OFD 的文字多得不合常理；请确认这是一份年报。")
    # Its text is written as characters, as a web page's is; only a table of glyphs could show others.
    plain = not any(next(root.iter("{*}CGTransform"), None) is not None for root in roots)
    page = PdfPage(
        number, box[2] * _POINTS, box[3] * _POINTS, glyphs, edges if len(edges) <= _MOST_EDGES else [], images,
        confirmed_by=PLAIN if plain else (),
    )  # fmt: skip
    return without_struck(upright(page))


def _glyphs(element: Any, page: Box) -> Iterator[Glyph]:
    left, top, _, _ = _box(element.get("Boundary") or "")
    size = float(element.get("Size") or 0)
    matrix = _matrix(element.get("CTM"))
    # OFD counts downwards: what its matrix turns is turned to the right.
    angle = math.degrees(math.atan2(matrix[1], matrix[0])) % 360
    shown = size * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) * _POINTS
    hidden, pale = _is_hidden(element), _is_pale(element)
    kind = PieceKind.HIDDEN if hidden or 0 < shown < _SMALLEST else PieceKind.TEXT
    x = y = 0.0
    for code in _all(element, "TextCode"):
        x, y = float(code.get("X") or x), float(code.get("Y") or y)
        across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        at_x, at_y = x, y
        for index, character in enumerate(code.text or ""):
            width = across[index] if index < len(across) and 0 < across[index] < size else size
            if character.strip() and ord(character) <= 0x10FFFF:
                corners = (_moved(matrix, at_x, at_y - 0.88 * size), _moved(matrix, at_x + width, at_y + 0.12 * size))
                xs = sorted(left - page[0] + corner[0] for corner in corners)
                ys = sorted(top - page[1] + corner[1] for corner in corners)
                box = (xs[0] * _POINTS, ys[0] * _POINTS, xs[1] * _POINTS, ys[1] * _POINTS)
                yield Glyph(character if character not in _UNSEEN else UNREAD, *box, kind, shown, angle, pale)
            at_x += across[index] if index < len(across) else (0 if down else size)
            at_y += down[index] if index < len(down) else 0


def _covered(glyphs: list[Glyph], element: Any, page: Box) -> list[Glyph]:
    """The glyphs painted so far, those under a filled path as hidden."""
    if element.get("Fill") not in ("true", "1") or _opacity(element) < _WHITE:
        return glyphs
    left, top, width, height = (value * _POINTS for value in _box(element.get("Boundary") or ""))
    if min(width, height) <= _THIN:
        return glyphs
    left, top = left - page[0] * _POINTS, top - page[1] * _POINTS
    return [
        glyph._replace(kind=PieceKind.HIDDEN)
        if left < (glyph.x0 + glyph.x1) / 2 < left + width and top < (glyph.top + glyph.bottom) / 2 < top + height
        else glyph
        for glyph in glyphs
    ]


def _opacity(element: Any) -> float:
    colour = next(_all(element, "FillColor"), None)
    return min(_number(element.get("Alpha"), 255), _number(None if colour is None else colour.get("Alpha"), 255))


def _is_hidden(element: Any) -> bool:
    """Whether a text is not painted: without opacity, without a fill, or white."""
    colour = next(_all(element, "FillColor"), None)
    return _opacity(element) < _NO_OPACITY or element.get("Fill") in ("false", "0") or _brightness(colour) > _WHITE


def _is_pale(element: Any) -> bool:
    colour = next(_all(element, "FillColor"), None)
    return _opacity(element) < _HALF or _brightness(colour) > _HALF


def _brightness(colour: Any) -> float:
    """How bright a colour is, 0 to 255; black where it is not said, or not in red, green and blue or grey."""
    values = [] if colour is None else [float(part) for part in (colour.get("Value") or "").split()]
    return sum(values) / len(values) if len(values) in (1, 3) else 0.0


def _number(text: str | None, otherwise: float) -> float:
    return float(text) if text else otherwise


def _edges(element: Any, page: Box) -> Iterator[dict[str, Any]]:
    """The straight lines of a path, or the long axis of a thin filled one."""
    left, top, _, _ = _box(element.get("Boundary") or "")
    matrix = _matrix(element.get("CTM"))
    stroked = element.get("Stroke") not in ("false", "0")
    filled = element.get("Fill") in ("true", "1")
    points = [
        [((left - page[0] + x) * _POINTS, (top - page[1] + y) * _POINTS) for x, y in part]
        for part in _drawn(_text_of(_first(element, "AbbreviatedData")), matrix)
    ]
    flat = [point for part in points for point in part]
    if not flat:
        return
    x0, x1 = min(x for x, _ in flat), max(x for x, _ in flat)
    y0, y1 = min(y for _, y in flat), max(y for _, y in flat)
    if min(x1 - x0, y1 - y0) <= _THIN and (filled or len(flat) > 2):
        horizontal = x1 - x0 >= y1 - y0
        middle = (y0 + y1) / 2 if horizontal else (x0 + x1) / 2
        yield edge(x0, middle, x1, middle) if horizontal else edge(middle, y0, middle, y1)
    elif stroked:
        for part in points:
            for one, other in pairwise(part):
                (ax, bx), (ay, by) = sorted((one[0], other[0])), sorted((one[1], other[1]))
                if min(bx - ax, by - ay) <= 1 < max(bx - ax, by - ay):
                    yield edge(ax, ay, bx, by)


def _drawn(data: str, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The parts of an outline; curves are no ruled lines and end a part."""
    part: list[tuple[float, float]] = []
    for letter, numbers in _DRAWN.findall(data):
        values = [float(number) for number in numbers.split()]
        if letter in "ML" and len(values) >= 2:
            if letter == "M" and part:
                yield part
                part = []
            part.append(_moved(matrix, values[0], values[1]))
        elif letter == "C" and not values:
            part += part[:1]
        elif part:
            yield part
            part = []
    if part:
        yield part


def _steps(text: str | None) -> list[float]:
    """The steps between characters: numbers, and ``g 3 4.5`` for three times 4.5."""
    steps: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            count = min(int(next(parts, "0")), _MOST_GLYPHS)
            steps += [float(next(parts, "0"))] * count
        else:
            steps.append(float(part))
        if len(steps) > _MOST_GLYPHS:
            raise ReadError(ReadErrorKind.TOO_LARGE, "OFD 的文字多得不合常理；请确认这是一份年报。")
    return steps


def _first(element: Any, name: str) -> Any:
    found = None if element is None else next(element.iter(f"{{*}}{name}"), None)
    if found is None:
        raise KeyError(name)
    return found


def _all(element: Any, name: str) -> Iterator[Any]:
    found: Iterator[Any] = element.iter(f"{{*}}{name}")
    return found


def _text_of(element: Any) -> str:
    return (element.text or "").strip()


def _box(text: str) -> Box:
    x, y, width, height = (float(part) for part in text.split())
    return x, y, width, height


def _matrix(text: str | None) -> Matrix:
    if not text:
        return (1, 0, 0, 1, 0, 0)
    a, b, c, d, e, f = (float(part) for part in text.split())
    return a, b, c, d, e, f


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
