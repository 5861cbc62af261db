"""Feeds are valid whatever a title says, are read with a token alone, and show nothing of another district."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from icalendar import Calendar
from lxml import etree
from sqlalchemy import update
from starlette.testclient import TestClient

from ledger.models import Article
from ledger.states import DeskRole, TokenKind
from tests.web.api_client import program, token_for
from tests.web.conftest import Enter
from web.desk import Desk
from web.feeds.atom import Entry, atom_feed, openable
from web.feeds.calendar import DueDay, due_calendar

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2024, 4, 10, 1, 0, tzinfo=UTC)
HOSTILE = (
    "]]><script>alert(1)</script>", "\x00\x01\x0b\x1b[31m红", "\u202e倒过来\u2066", "长" * 5_000,
    "一行\r\nBEGIN:VEVENT\r\nUID:x", "\ufffe\uffff\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "&amp;<b>&nbsp;", "", "   ", "😀\U000e0041",
)  # fmt: skip


def valid(content: bytes) -> etree._Element:
    """The feed, which the grammar takes; what the grammar cannot say is asked for here."""
    feed = etree.fromstring(content)
    assert GRAMMAR.validate(feed), GRAMMAR.error_log
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) and all(str(one).startswith("tag:") for one in ids)
    return feed


def entry(title: str, version: int = 1, original: str = "https://www.yunshan.example/a.html") -> Entry:
    return Entry(version, title, title, original, NOW, title, "https://desk.example/reports/a/2023?version=1")


def test_hostile_titles_come_out_as_text() -> None:
    feed = valid(atom_feed("云山区", [entry(one, number) for number, one in enumerate(HOSTILE)], "", NOW))
    titles = [one.findtext(f"{ATOM}title") or "" for one in feed.findall(f"{ATOM}entry")]
    assert titles[0] == HOSTILE[0]  # as text: nothing in it is markup, or ends anything
    assert all(titles) and max(map(len, titles)) <= 300
    assert all(one.isprintable() for one in titles)
    assert feed.findtext(f"{ATOM}updated") == "2024-04-10T01:00:00Z"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "人工登记的文件", "", "https://a/" + "x" * 3_000, "file:///etc"]
)
def test_what_a_reader_may_not_open_is_no_link(address: str) -> None:
    assert openable(address) == ""
    feed = valid(atom_feed("云山区", [entry("年报", original=address)], "", NOW))
    links = feed.findall(f"{ATOM}entry/{ATOM}link")
    assert [(one.get("rel"), one.get("href", "")[:21]) for one in links] == [("alternate", "https://desk.example/")]


def test_an_address_is_a_uri_whatever_stands_in_it() -> None:
    address = 'https://www.yunshan.example/年 报"<>.html?a=1&b=2'
    feed = valid(atom_feed("云山区", [entry("年报", original=address)], "", NOW))
    found = feed.find(f"{ATOM}entry/{ATOM}link").get("href")  # type: ignore[union-attr]
    assert found == "https://www.yunshan.example/%E5%B9%B4%20%E6%8A%A5%22%3C%3E.html?a=1&b=2"


@pytest.mark.parametrize("district", ["云山区", "很长" * 200, "a;b,c\\n", "a\r\nBEGIN:VALARM"])
def test_a_calendar_is_valid_and_its_lines_are_folded(district: str) -> None:
    days = [DueDay(NOW.date(), 2023, 4), DueDay(NOW.date(), 2022, 1)]
    written = due_calendar(district, days, "https://desk.example", NOW)
    assert due_calendar(district, days, "https://desk.example", NOW) == written
    assert written.endswith(b"END:VCALENDAR\r\n")
    lines = written.split(b"\r\n")
    assert all(len(one) <= 75 and b"\n" not in one and b"\r" not in one for one in lines)
    calendar = Calendar.from_ical(written)
    events = calendar.walk("VEVENT")
    assert len(events) == 2 and len(calendar.subcomponents) == 2 and not calendar.errors
    for event in events:
        assert not event.errors and not event.walk("VALARM")
        assert event.decoded("dtstart") == NOW.date() and event.decoded("dtstamp") == NOW
    assert len({str(event["uid"]) for event in events}) == 2


def test_feeds_of_a_season(reports: None, desk: Desk, stranger: TestClient) -> None:
    with desk.ledger.write() as session:
        session.execute(
            update(Article).where(Article.agency == "yunshan-culture").values(title="a\x1b]]>\u202eb" * 900)
        )
    token = token_for(desk, TokenKind.FEEDS, districts=["云山区"])
    where = f"/feeds/{quote('云山区')}"
    answer = stranger.get(f"{where}.atom?token={token}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml")
    feed = valid(answer.content)
    ids = [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
    assert len(ids) == 2
    again = valid(stranger.get(f"{where}.atom?token={token}").content)
    assert [one.findtext(f"{ATOM}id") for one in again.findall(f"{ATOM}entry")] == ids
    answer = stranger.get(f"{where}.ics?token={token}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    due = {str(one["summary"]): one.decoded("dtstart").isoformat() for one in events}
    assert due["云山区：2023年度政府信息公开工作年度报告到期（1个机关）"] == "2024-03-31"  # the government's own
    assert all(one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1) for one in events)


def test_who_reads_feeds(
    reports: None, desk: Desk, stranger: TestClient, enter: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    where = f"/feeds/{quote('云山区')}.atom"
    cookie = enter("wangmin", DeskRole.OPERATOR)
    assert stranger.get(where).status_code == 401 == cookie.get(where).status_code
    office, elsewhere = token_for(desk, districts=["云山区"]), token_for(desk, TokenKind.FEEDS, districts=["海淀区"])
    person = token_for(desk, TokenKind.PERSON, account="wangmin")
    assert stranger.get(f"{where}?token={office}").status_code == 200
    assert stranger.get(f"{where}?token={elsewhere}").status_code == 404
    # What decides stands in no address; in the head it reads what its person sees.
    assert stranger.get(f"{where}?token={person}").status_code == 401
    assert program(stranger.app, person).get(where).status_code == 200
    assert stranger.get(f"{where}?token={office}&token={office}").status_code == 401
    assert stranger.get(f"/feeds/{quote('不存在区')}.atom?token={office}").status_code == 404
    assert stranger.get(f"/api/v1/agencies?token={office}").status_code == 401
    # The client in this test tells every address that it asks.
    said = " ".join(one.getMessage() for one in caplog.records if not one.name.startswith("http"))
    assert not any(one in said for one in (office, elsewhere, person))
