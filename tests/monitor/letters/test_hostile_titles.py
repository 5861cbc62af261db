"""A hostile title is harmless in every mail of every kind, in chat, in log lines, in tables and in CSV."""

from __future__ import annotations

import csv
import io
import logging
import re
import unicodedata
from email.message import EmailMessage

import pytest

from cli.demo.inbox import Inbox
from config.logs import configure_logging
from config.settings import Settings
from ledger.database import Ledger
from ledger.states import ArticleOutcome, FindingState, NoticeKind
from monitor.channels.mail.message import LONGEST_SUBJECT, Mail, make_message
from monitor.channels.mail.render import harmless
from monitor.loop import tick
from tests.cli.test_status import run
from tests.mailing import open_mailing_ledger
from tests.monitor.factory import OFFICE, OPERATORS, World, at, write_register
from tests.monitor.reading_mail import html_of, text_of

HOSTILE = (
    "=cmd|' /C calc'!A0\r\nBcc: everybody@example.com\r\nX-Injected: yes\r\n\r\n"
    "<script>alert(1)</script><img src=x onerror=alert(1)>[red]红[/red]\x1b[31m\x1b]0;title\x07"
    "\u202e\u2066\u200b\ufeff\u2028\u2029{{ 7 * 7 }}{% raw %}" + "长" * 10_000
)


@pytest.fixture
def hostile(mailing: Settings, ledger: Ledger, world: World) -> World:
    """A season in which everything that a stranger may write is hostile, with mails of every kind to come."""
    name = '"云山区文化和旅游局<script>\\u202e\\r\\nBcc: a@b.example"'
    write_register(
        mailing.home,
        agencies="district: 云山区\nportal: yunshan\nwatched: {first: 2019}\nagencies:\n"
        f'  - {{id: yunshan-culture, name: {name}, short: "区文旅局<b>\\u202e[red]\\e[31m", kind: department}}\n'
        "  - {id: yunshan-dongjie, name: 东街街道办事处, short: 东街街道, kind: subdistrict}\n",
        offices=f"operators: [{OPERATORS}]\noffices:\n  - {{district: 云山区, name: 云山区政务服务管理局, "
        f"recipients: [{OFFICE}, {{to: english@yunshan.example, language: en}}], weekday: 1, "
        "delivery: {pace: at_once, storm: 3}}\n",
    )
    article = world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", title=HOSTILE)
    world.version(article, "2020-01-17")
    unassigned = ArticleOutcome.UNASSIGNED
    world.article(None, 2019, "2020-01-18", column="other", title=HOSTILE, reason=HOSTILE, outcome=unassigned)
    return world


def finding(world: World, number: int) -> str:
    article = world.article("yunshan-dongjie", 2019, "2020-01-17", column="streets", title=f"{number}{HOSTILE}")
    version = world.version(article, "2020-01-17", str(number))
    hostile = {"message": f"{number}{HOSTILE}", "message_en": HOSTILE, "basis": HOSTILE, "expected": HOSTILE}
    return world.finding(version, "yunshan-dongjie", 2019, "2020-01-17", cells=[HOSTILE], **hostile)


def check(message: EmailMessage, raw: bytes) -> None:
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    assert all(re.match(r"[A-Za-z-]+: |[ \t]", line) for line in head.split("\r\n")), head
    assert message["Bcc"] is None and message["X-Injected"] is None
    subject = str(message["Subject"])
    assert 0 < len(subject) <= LONGEST_SUBJECT + 1 and subject.isprintable()
    assert all(part.defects == [] for part in message.walk())
    text, html = text_of(message), html_of(message)
    for content in (text, html):
        wrong = {one for one in content if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - set("\r\n")
        assert wrong == set()
        assert not re.search(r"^(Bcc|X-Injected):", content, flags=re.MULTILINE)
        assert "长" * 1000 not in content and len(content) < 400_000
    tags = {tag.lower() for tag in re.findall(r"<([A-Za-z]+)", html)}
    assert not tags & {"script", "iframe", "object", "form", "svg", "style"}
    assert all(source.startswith("cid:") for source in re.findall(r"<img[^>]* src=\"?([^\" >]*)", html))
    assert all(re.match(r"https?://|mailto:", link) for link in re.findall(r"<a [^>]*href=\"([^\"]*)", html))
    assert not re.search(r"<[^>]*\son[a-z]+=", html)


def test_every_kind_of_mail_is_harmless(mailing: Settings, ledger: Ledger, hostile: World, inbox: Inbox) -> None:
    hostile.look("2020-02-01")
    hostile.look("2020-02-02")
    first = finding(hostile, 0)
    tick(mailing, ledger, at("2020-02-03 07:30"))  # alerts, to the operators what cannot be assigned
    many = [finding(hostile, number) for number in range(1, 3)]
    for year in (2020, 2021, 2022, 2023):
        day, title = f"{year + 1}-01-10", f"{year}{HOSTILE}"
        article = hostile.article("yunshan-dongjie", year, day, column="streets", title=title)
        hostile.finding(hostile.version(article, day), "yunshan-dongjie", year, "2020-02-03", message=HOSTILE)
    tick(mailing, ledger, at("2020-02-03 09:00"))  # the weekly summary
    tick(mailing, ledger, at("2020-02-10 09:00"))  # reminders
    for fingerprint in (first, *many):
        values = {"said_why": HOSTILE, "said_by": HOSTILE, "said_at": at("2020-02-11")}
        hostile.change_finding(fingerprint, state=FindingState.DISMISSED, **values)
    tick(mailing, ledger, at("2020-02-11 13:00"))  # corrections
    tick(mailing, ledger, at("2024-02-05 09:00"))  # a digest of later years
    messages = list(zip(inbox.messages(), sorted(inbox.folder.glob("*.eml")), strict=True))
    for message, path in messages:
        check(message, path.read_bytes())
    subjects = [str(message["Subject"]) for message, _ in messages]
    for kind in ("未公布", "处不平", "周报", "次催办", "更正：", "【年报·运行】", "份报告"):
        assert any(kind in subject for subject in subjects), kind
    assert any(subject.startswith("[nianbao] Needs attention") for subject in subjects)
    assert {kind.value for kind in NoticeKind} >= {"alert", "digest"}


@pytest.mark.parametrize("subject", [HOSTILE, "\ud800坏\udfff题", "\u202e", "\r\n", ""])
def test_any_subject_is_one_line(subject: str, sqlite_settings: Settings) -> None:
    mail = Mail(OFFICE, subject, "正文", "<p>正文</p>", "<a@b.example>", OPERATORS, "<c@d.example>")
    raw = make_message(mail, sqlite_settings, at("2020-02-03")).as_bytes()
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    assert all(re.match(r"[A-Za-z-]+: ?|[ \t]", line) for line in head.split("\r\n"))
    assert not re.search("^(Bcc|X-Injected)", head, flags=re.MULTILINE)


def test_lone_surrogates_are_left_out_of_what_is_shown() -> None:
    assert harmless("a\ud800b\udfff\u202ec\u200bd\x00e\x1b[31m\u2028f") == "abcde[31m f"


def test_tables_csv_and_log_lines_are_harmless(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(open_mailing_ledger(sqlite_settings))
    write_register(sqlite_settings.home)
    day = "2026-01-17"
    article = world.article("yunshan-dongjie", 2025, day, column="streets", title=HOSTILE, page_label=day)
    world.finding(world.version(article, day), "yunshan-dongjie", 2025, day, message=HOSTILE)
    unassigned = ArticleOutcome.UNASSIGNED
    world.article(None, 2025, "2026-01-18", column="other", title=HOSTILE, reason=HOSTILE, outcome=unassigned)
    tick(sqlite_settings.model_copy(update={"smtp_port": 9}), world.ledger, at("2026-02-03 13:00"))
    world.ledger.close()
    for command in (("incidents", "list"), ("status", "--year", "2025"), ("findings", "list")):
        for form in ("table", "csv"):
            run(*command, "--format", form)
            printed = capsys.readouterr()
            for text in (printed.out, printed.err):
                shown = {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs")} - set("\n")
                assert shown == set(), (command, form, shown)
            if form == "csv":
                for row in csv.reader(io.StringIO(printed.out)):
                    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row if len(cell) > 1)
            elif command[0] != "status":
                assert "[red]红[/red]" in printed.out.replace("\n", "").replace(" ", "").replace("│", "")
    for name in ("handlers", "level"):  # put back afterwards
        monkeypatch.setattr(logging.root, name, getattr(logging.root, name))
    configure_logging(sqlite_settings)
    logging.getLogger("nianbao.monitor").warning("发给 %s 的通知未被接受：%s", OFFICE, HOSTILE)
    (line,) = capsys.readouterr().err.splitlines()
    assert "X-Injected: yes" in line and "\x1b" not in line and "\u202e" not in line
