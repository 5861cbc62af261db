"""A clerk checks a report before filing it, in a real browser without an account: uploads, reads, mends, prints."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from lxml import etree
from sqlalchemy import select

from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Agency, Table
from ledger.people.check_addresses import make_check_address
from monitor.standings.obligations import update_obligations
from tests.documents.as_docx import blocks, docx, paragraph
from tests.documents.report_source import Source, of_expected
from tests.monitor.factory import AGENCIES, World, write_register
from tests.web.conftest import TESTS
from tests.web.prepared import TODAY, served
from tests.web.test_accessibility import told, violations
from tests.workers.drafts.test_comments import stands_at
from web.desk import Desk
from web.drafts.addresses import address_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
HONGZE = "  - {id: hongze, name: 淮安市洪泽区人民政府, short: 洪泽区, kind: government}\n"
# What the real report says in its first part, in short.
TOPICS = (
    "政府信息管理：规范管理政府信息，及时清理。",
    "监督保障：加强工作考核和社会评议，全年没有责任追究的情况。",
)
# As printed: neither total of table four is the sum of its group.
AS_PRINTED = of_expected("hongze-2023")
TOTALS = {"review.total": 11, "litigation_after_review.total": 5}


def as_word(source: Source) -> bytes:
    """Hongze's report as a Word file, on today's form."""
    rows = replace(source, alternatives=(), values={**source.values, **_other_rows(source)})
    made = blocks(rows)
    return docx([*made[:4], *map(paragraph, TOPICS), *made[4:]])


def _other_rows(source: Source) -> dict[str, Any]:
    columns = [key.rpartition(".")[2] for key in source.values if key.startswith("requests.received.")]
    rows = ("not_corrected_in_time", "fee_not_paid", "other")
    return {f"requests.other.{row}.{column}": 0 for row in rows for column in columns}


def kept(ledger: Ledger, home: Path) -> tuple[dict[str, list[str]], list[str]]:
    """Every row of the ledger, and every file of the archive."""
    with ledger.read() as session:
        rows = {one.name: sorted(map(str, session.execute(select(one)))) for one in Table.metadata.sorted_tables}
    return rows, sorted(str(path) for path in (home / "archive").rglob("*"))


@pytest.fixture
def clerk(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()


def test_a_clerk_mends_two_errors_before_anybody_sees_them(
    clerk: Page, ledger: Ledger, settings: Settings, tmp_path: Path
) -> None:
    write_register(settings.home, agencies=AGENCIES.replace("  - id: yunshan-new", f"{HONGZE}  - id: yunshan-new"))
    World(ledger)
    desk = Desk(settings, ledger, None)  # type: ignore[arg-type]
    update_obligations(ledger, desk.register, TODAY)
    with ledger.write() as session:
        make_check_address(session, session.get_one(Agency, "hongze"), TESTS, TODAY)
    own = address_of(desk, "hongze")
    with served(settings, ledger) as site:
        draft = as_word(AS_PRINTED)
        clerk.goto(f"{site}{own}")
        # What a desk writes as it starts (the link to its first account) is there by now.
        before = kept(ledger, settings.home)
        found = {"form": violations(clerk)}
        assert "淮安市洪泽区人民政府" in clerk.inner_text("h1")
        _upload(clerk, draft)
        found["result"] = violations(clerk)

        assert "错误2处" in clerk.inner_text("main")
        for cell in TOTALS:
            assert "error" in (clerk.locator(f"td[data-cells='{cell}']").first.get_attribute("class") or "")
        with clerk.expect_download() as download:
            clerk.click("text=取回加了批注的 Word 文件")
        assert download.value.suggested_filename == "洪泽2023（自查批注）.docx"
        commented = Path(download.value.path()).read_bytes()
        places = {text: where for text, where in stands_at(commented).items() if "T08" in text}
        assert sorted(places.values()) == ["0", "0"] and len(places) == 2
        assert _text(commented) == _text(draft)

        clerk.click("text=再检查一份")
        _upload(clerk, as_word(replace(AS_PRINTED, values={**AS_PRINTED.values, **TOTALS})))
        assert "没有发现问题" in clerk.inner_text("main"), clerk.inner_text("main")
        assert "取回加了批注" not in clerk.inner_text("main")
        clerk.click("text=自查表（打印）")
        found["sheet"] = violations(clerk)
        sheet = pypdfium2.PdfDocument(clerk.pdf(prefer_css_page_size=True))
        assert len(sheet) == 1
        printed = sheet[0].get_textpage().get_text_range()
        sheet.close()
        assert "自查表" in printed and "洪泽2023.docx" in printed and "没有发现问题" in printed
        clerk.click("text=回到自查结果")
        clerk.click("text=现在删除结果")
        assert clerk.url == f"{site}{own}"
        assert kept(ledger, settings.home) == before
    assert not any(found.values()), told(found)


def _upload(page: Page, data: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.set_input_files("#file", files={"name": "洪泽2023.docx", "mimeType": kind, "buffer": data})
    page.click("form.panel button")
    page.wait_for_selector("h1:has-text('自查结果')", timeout=300_000)


def _text(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root: Any = etree.fromstring(package.read("word/document.xml"))
    return "".join(root.itertext())
