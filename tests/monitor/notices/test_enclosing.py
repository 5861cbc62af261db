"""Letters about reports carry their evidence: made once, small enough, and never a reason not to write."""

from __future__ import annotations

from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from monitor.loop import tick
from tests.monitor.evidence.published import YUNSHAN, publish
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
