"""Scans, page images, tables in pictures and text that is none: what is read, and what is said to be uncertain."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from cli.main import app
from config.rules import load_rules
from config.settings import Settings
from report.figure import State
from report.form import Form
from report.report import Report, Unread
from tests.documents.scans.make_scans import Picture, Scanner, as_jpeg, as_pdf, scanned
from tests.documents.scans.measure import FEWEST_RIGHT, Score, real_pages, real_truth
from tests.workers.reading.conftest import DOCUMENTS
from workers.reading.child.process import ReadingProcess
from workers.reading.errors import ReadError, ReadErrorKind
from workers.reading.hints import Hints
from workers.reading.paged.garbled import is_garbled
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

SCANS = DOCUMENTS / "scans"
CLEAN = Scanner(skew=0, noise=2, quality=90, blur=0, ground=255)


def read(forms: dict[str, Form], data: bytes) -> Report:
    return read_document(data, source="scan", forms=forms)


def truth_on(report: Report, pages: set[int]) -> dict[str, object]:
    """What stands on some pages of the real PDF, by what its own reading says of places."""
    return {key: value for key, value in real_truth().items() if report.figures[key].place.page in pages}


@pytest.fixture(scope="module")
def pages() -> list[Picture]:
    return real_pages()


@pytest.fixture(scope="module")
def original(forms: dict[str, Form]) -> Report:
    return read(forms, (DOCUMENTS / "real" / "hongze-2023.pdf").read_bytes())


def test_the_real_report_through_a_bad_scanner(forms: dict[str, Form], pages: list[Picture], original: Report) -> None:
    bad = Scanner(skew=1.6, noise=10, quality=45)
    report = read(forms, as_pdf([scanned(page, bad, number) for number, page in enumerate(pages)], 90))
    score = Score()
    score.add(real_truth(), report.figures)
    assert (score.wrong, score.share >= FEWEST_RIGHT) == ([], True)
    assert (report.title, report.agency, report.year, report.period, report.form) == (
        original.title, original.agency, original.year, original.period, original.form,
    )  # fmt: skip
    kinds = [(section.number, section.kind) for section in report.sections]
    assert kinds == [(section.number, section.kind) for section in original.sections]
    overview = report.section("overview")
    assert overview is not None
    assert "2023年全区受理政府信息公开申请21件，均在法定期限答复。" in overview.text
    assert not report.may_be_cut
    # The publisher's own mistakes are some, also in a scan.
    outcome = check_report(report, forms, Context(), load_rules())
    wrong = {finding.cells for finding in outcome.findings if finding.rule == "T08"}
    assert wrong == {("review.total",), ("litigation_after_review.total",)}
    # The page as shown is askew: the cell is where it is shown, some points beside where it was before.
    here, there = (each.figures["requests.received.natural_person"].place for each in (report, original))
    assert here.page == there.page and here.bbox is not None and there.bbox is not None
    assert all(abs(one - other) < 16 for one, other in zip(here.bbox, there.bbox, strict=True))


def test_large_numbers_strokes_and_blanks_in_the_child_process_as_set_up(tmp_path: Path) -> None:
    with ReadingProcess(Settings(home=tmp_path)) as process:
        report = process.read((SCANS / "qingshan-2023.pdf").read_bytes(), "scan")
    truth = json.loads((SCANS / "qingshan-2023.json").read_text(encoding="utf-8"))
    score = Score()
    score.add(truth, report.figures)
    assert (score.wrong, score.share >= FEWEST_RIGHT) == ([], True), score.unsure
    states = {"/": State.SLASH, "-": State.DASH, "": State.BLANK}
    strokes = {key: states[text] for key, text in truth.items() if text in states}
    assert len(strokes) == 9
    assert {key: report.figures[key].state for key in strokes} == strokes
    assert (report.agency, report.year, report.form) == ("青山区财政局", 2023, "2021")


def test_check_takes_page_images(tmp_path: Path) -> None:
    pictures = [Image.fromarray(page) for page in _pages_of(SCANS / "qingshan-2020.pdf")]
    image = tmp_path / "年报.tiff"
    pictures[0].save(image, save_all=True, append_images=pictures[1:], compression="tiff_deflate")
    result = CliRunner().invoke(
        app, ["check", "--format", "json", str(image)], env={"NIANBAO_HOME": str(tmp_path / "home")}
    )
    (answer,) = json.loads(result.stdout)
    assert (answer["media_type"], answer["form"], answer["year"]) == ("image/tiff", "2019", 2020)
    truth = json.loads((SCANS / "qingshan-2020.json").read_text(encoding="utf-8"))
    numbers = {key: float(text) for key, text in truth.items() if text not in ("", "/", "-")}
    read_ = {key: answer["figures"][key]["value"] for key in numbers}
    right = [key for key, value in read_.items() if value is not None and float(value) == numbers[key]]
    assert len(right) >= FEWEST_RIGHT * len(numbers)
    assert answer["figures"]["requests.received.total"]["page"] == 2


def test_a_digit_that_breaks_sums_is_uncertain_and_no_error(
    forms: dict[str, Form], pages: list[Picture], original: Report
) -> None:
    # The 1 of 21 applications by natural persons becomes a 4, as a blot could make it: taken from another cell.
    four = original.figures["requests.partly_granted.natural_person"].place.bbox
    there = original.figures["requests.received.natural_person"].place.bbox
    assert four is not None and there is not None
    third = pages[2].copy()
    (left, top, right, bottom), box = _pixels(four), _pixels(there)
    digit = _trimmed(third[top + 6 : bottom - 6, left + 6 : right - 6])
    cell = third[box[1] + 6 : box[3] - 6, box[0] + 6 : box[2] - 6]
    middle = cell.shape[1] // 2
    cell[:, middle:] = 255
    above = (cell.shape[0] - digit.shape[0]) // 2
    cell[above : above + digit.shape[0], middle + 1 : middle + 1 + digit.shape[1]] = digit
    report = read(forms, as_pdf([scanned(page, CLEAN) for page in (third, pages[3])], 90))
    figure = report.figures["requests.received.natural_person"]
    assert (figure.value, figure.certain) == (24, False)
    assert report.number("requests.received.natural_person") is None
    assert any(gap.why is Unread.UNCERTAIN and figure.key in gap.cells for gap in report.gaps)
    outcome = check_report(report, forms, Context(), load_rules())
    assert {finding.rule for finding in outcome.findings} & {"T05", "T06", "T07"} == set()
    assert "X01" in {finding.rule for finding in outcome.findings}


def test_a_number_that_cannot_be_seen_is_not_read(
    forms: dict[str, Form], pages: list[Picture], original: Report
) -> None:
    smeared = original.figures["requests.not_provided.not_held.natural_person"]
    assert smeared.place.bbox is not None and smeared.value == 10
    left, top, right, bottom = _pixels(smeared.place.bbox)
    third = pages[2].copy()
    cell = third[top + 6 : bottom - 6, left + 6 : right - 6]
    cell[:] = cv2.GaussianBlur(cell, (0, 0), 7)
    report = read(forms, as_pdf([scanned(third, CLEAN)], 90))
    assert report.number(smeared.key) is None
    assert report.figures[smeared.key].state is not State.BLANK or not report.figures[smeared.key].certain


def test_a_page_on_its_side_is_turned(forms: dict[str, Form], pages: list[Picture], original: Report) -> None:
    report = read(forms, as_pdf([np.rot90(scanned(pages[2], CLEAN))], 90))
    score = Score()
    score.add(truth_on(original, {3}), report.figures)
    assert (score.wrong, score.unsure) == ([], [])


def test_an_invisible_layer_of_text_over_a_scan_is_not_believed(forms: dict[str, Form], pages: list[Picture]) -> None:
    layer = ["本年新收政府信息公开申请数量９９件，予以公开９９件。" * 3]
    report = read(forms, _picture_and_text(pages[2], layer, (0, 0, 595, 842), invisible=True))
    assert report.number("requests.received.natural_person") == 21
    assert "99" not in "".join(report.texts())


def test_a_page_whose_text_is_garbage_is_read_from_its_picture(forms: dict[str, Form], pages: list[Picture]) -> None:
    garbage = ["".join(chr(0xE000 + (7 * index) % 900) for index in range(60))]
    report = read(forms, _picture_and_text(pages[2], garbage, (0, 0, 595, 842)))
    assert report.number("requests.received.natural_person") == 21
    assert not any(gap.why is Unread.GARBLED_TEXT for gap in report.gaps)


def test_a_table_that_is_a_picture_among_text(forms: dict[str, Form], pages: list[Picture]) -> None:
    text = [
        "三、收到和处理政府信息公开申请情况",
        "全年新收政府信息公开申请二十一件，均已按期答复，申请人均无异议，未引发争议。",
    ]
    table = pages[2][1000:2180]
    report = read(forms, _picture_and_text(table, text, (0, 100, 595, 525)))
    assert report.number("requests.received.natural_person") == 21
    assert report.figures["requests.received.natural_person"].place.page == 1
    assert [(section.kind, section.text) for section in report.sections] == [("requests", text[1])]
    # What is not in the pictures that were read was perhaps never there to be seen.
    assert {gap.what for gap in report.gaps if gap.why is Unread.TABLE_MISSING} == set() or report.may_be_cut


def test_without_the_extra_one_sentence_says_what_to_install(
    forms: dict[str, Form], pages: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    for data, kind in (
        (as_pdf([pages[2]]), ReadErrorKind.NO_TEXT),
        (as_jpeg(pages[2], 60), ReadErrorKind.KIND_NOT_READ),
    ):
        with pytest.raises(ReadError) as caught:
            read(forms, data)
        assert caught.value.kind is kind
        assert ".venv/bin/pip install -e '.[ocr]'" in caught.value.sentence


def test_too_little_memory_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with (
        ReadingProcess(Settings(home=tmp_path, read_memory_megabytes=512)) as process,
        pytest.raises(ReadError) as caught,
    ):
        process.read((SCANS / "qingshan-2020.pdf").read_bytes(), "scan", Hints())
    assert caught.value.kind is ReadErrorKind.MEMORY
    assert "NIANBAO_READ_MEMORY_MEGABYTES" in caught.value.sentence


@pytest.mark.parametrize(
    ("size", "kind"),
    [((20_000, 20_000), ReadErrorKind.TOO_LARGE), ((60, 40), ReadErrorKind.NO_TEXT)],
    ids=["bomb", "icon"],
)
def test_pictures_that_are_no_pages(forms: dict[str, Form], size: tuple[int, int], kind: ReadErrorKind) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    with pytest.raises(ReadError) as caught:
        read(forms, out.getvalue())
    assert caught.value.kind is kind


def test_half_a_picture_is_broken_and_an_empty_page_has_no_text(forms: dict[str, Form], pages: list[Picture]) -> None:
    whole = as_jpeg(pages[2], 60)
    for data, kind in (
        (whole[: len(whole) // 2], ReadErrorKind.BROKEN),
        (as_jpeg(np.full((2339, 1654), 250, np.uint8), 60), ReadErrorKind.NO_TEXT),
    ):
        with pytest.raises(ReadError) as caught:
            read(forms, data)
        assert caught.value.kind is kind


def test_garbled_text_is_told_from_text() -> None:
    text = "本报告根据《中华人民共和国政府信息公开条例》规定编制，全文包括总体情况、主动公开政府信息情况等六个部分。"
    assert not is_garbled(list(text))
    assert not is_garbled(list("0123456789" * 9))
    assert is_garbled([chr(ord(each) + 3) if "\u4e00" <= each <= "\u9fff" else each for each in text * 2])
    assert is_garbled(list("ÐÅÏ¢¹«¿ª" * 12))
    assert is_garbled(["(cid:123)"] * 20 + list(text))
    assert not is_garbled(["\ue001"] * 20)


def _pixels(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(value * 200 / 72) for value in box)
    return left, top, right, bottom


def _trimmed(picture: Picture) -> Picture:
    rows, columns = np.nonzero(picture < 128)
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].copy()


def _pages_of(path: Path) -> list[Picture]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        drawn = [page.render(scale=200 / 72, grayscale=True).to_numpy() for page in document]
    return [np.array(page).reshape(page.shape[:2]) for page in drawn]


def _picture_and_text(
    picture: Picture, lines: list[str], box: tuple[float, float, float, float], *, invisible: bool = False
) -> bytes:
    """A page of A4 with a picture in a box (points from the lower left) and lines of text from the top."""
    x, y, right, top = box
    content = f"q {right - x} 0 0 {top - y} {x} {y} cm /P Do Q\n".encode()
    for number, line in enumerate(lines):
        mode = 3 if invisible else 0
        text = line.encode("utf-16-be").hex()
        content += f"BT {mode} Tr /F 11 Tf 75 {790 - 20 * number} Td <{text}> Tj ET\n".encode()
    jpeg = as_jpeg(picture, 80)
    height, width = picture.shape
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</XObject<</P 5 0 R>>/Font<</F 6 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (width, height, len(jpeg), jpeg),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[7 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>",
    ]
    out = b"%PDF-1.5\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for number, body in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    return out + table + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
