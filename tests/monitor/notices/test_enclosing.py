"""Letters about reports carry their evidence: made once, small enough, and never a reason not to write."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from monitor.channels.mail.message import MOST_ENCLOSED_BYTES
from monitor.loop import tick
from report.report import Report
from tests.monitor.evidence.published import HONGZE, YUNSHAN, publish
from tests.monitor.factory import OFFICE, OFFICES, OPERATORS, World, at, write_register
from tests.monitor.reading_mail import told

TWO = OFFICES.replace("recipients: [", "recipients: [{to: second@yunshan.example, weekly: false}, ")


def evidence_in(mail: EmailMessage) -> list[tuple[str, bytes]]:
    """Name and content of the pages that are attached."""
    parts: list[Any] = [part for part in mail.iter_attachments() if part.get_content_type() == "text/html"]
    return [(str(part.get_filename()), part.get_payload(decode=True)) for part in parts]


def test_a_letter_about_a_report_carries_its_evidence(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    write_register(mailing.home, offices=TWO)
    publish(world, mailing, YUNSHAN.read_bytes(), "yunshan-dongjie", 2024, "2025-01-20")
    tick(mailing, ledger, at("2025-01-20 13:00"))
    mails = [mail for mail in told(inbox) if mail["To"] in (OFFICE, "second@yunshan.example")]
    assert len(mails) == 2
    found = [evidence_in(mail) for mail in mails]
    (name, page) = found[0][0]
    assert name == "核对依据 云山区人民政府东街街道办事处2024年度报告.html"
    assert found[1] == found[0], "one page for both"
    assert sha256(YUNSHAN.read_bytes()).hexdigest() in page.decode() and "各项合计" in page.decode()


def test_operators_get_no_evidence_and_an_archive_that_is_away_delays_no_letter(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for day in ("2020-02-01", "2020-02-02"):
        world.look(day)
    (tmp_path / "file").write_text("", "utf-8")
    away = mailing.model_copy(update={"archive_url": f"file://{tmp_path / 'file'}/archive"})
    tick(away, ledger, at("2020-02-02 13:00"))
    mails = told(inbox)
    assert OFFICE in {str(mail["To"]) for mail in mails}
    assert all(evidence_in(mail) == [] for mail in mails)
    assert OPERATORS not in {str(mail["To"]) for mail in mails if evidence_in(mail)}


def test_a_notice_to_sign_lies_in_a_letter_about_an_error_and_all_of_it_fits(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    def broken(report: Report) -> Report:
        total = report.figures["review.total"]
        return replace(report, figures=report.figures | {"review.total": replace(total, value=7, text="7")})

    publish(world, mailing, YUNSHAN.read_bytes(), "yunshan-dongjie", 2024, "2025-01-20", broken)
    publish(world, mailing, HONGZE.read_bytes(), "yunshan-government", 2023, "2025-01-20")
    tick(mailing, ledger, at("2025-01-20 13:00"))
    mails = [mail for mail in told(inbox) if mail["To"] == OFFICE]
    names = [str(part.get_filename()) for mail in mails for part in mail.iter_attachments()]
    assert "整改通知单 东街街道2024年度报告.docx" in names
    assert not [name for name in names if "整改通知单 云山区2023" in name], "no government urges itself"
    for mail in mails:
        parts: list[Any] = list(mail.iter_attachments())
        assert sum(len(part.get_payload(decode=True)) for part in parts) <= MOST_ENCLOSED_BYTES


def test_a_template_that_is_broken_costs_the_notice_and_not_the_letter(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    (mailing.home / "config" / "rectification_notice.docx").write_bytes(b"no Word file")
    for day in ("2020-02-01", "2020-02-02"):
        world.look(day)
    tick(mailing, ledger, at("2020-02-02 13:00"))
    mails = [mail for mail in told(inbox) if mail["To"] == OFFICE]
    assert mails and all(len(evidence_in(mail)) == 1 for mail in mails)
    assert not [part for mail in mails for part in mail.iter_attachments() if str(part.get_filename()).endswith("docx")]
