"""Rows are inserted as asked, on both databases, and what the database refuses raises its errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from ledger.database import Ledger
from ledger.insert import insert_one, insert_or_id, insert_or_ignore, insert_or_update, insert_uncounted
from ledger.models import Article, Fetch, PageState, PortalRow
from ledger.states import ArticleOutcome, PortalState

pytestmark = pytest.mark.both_databases

NOON = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))


def _portal(ledger: Ledger) -> None:
    with ledger.write() as session:
        row = {"portal": "p", "sentence": "100 % '门户'", "failures": 0, "next_due_at": NOON.astimezone(SHANGHAI)}
        insert_or_ignore(session, PortalRow, [row])


def _fetch(**other: Any) -> dict[str, Any]:
    return {
        "portal": "p",
        "round_id": None,
        "address": "http://p.example/a",
        "answered_from": None,
        "fetched_at": NOON.astimezone(SHANGHAI),
        "status": 200,
        "found": PortalState.HEALTHY,
        "sentence": "",
        "request_headers": {},
        "response_headers": {"etag": '"1"'},
        "sha256": None,
    } | other


def test_times_states_and_headers_come_back_as_they_were(ledger: Ledger) -> None:
    _portal(ledger)
    with ledger.write() as session:
        fetch_id = insert_one(session, Fetch, _fetch())
    with ledger.read() as session:
        fetch = session.get_one(Fetch, fetch_id)
        assert (fetch.fetched_at, fetch.found, fetch.response_headers) == (NOON, PortalState.HEALTHY, {"etag": '"1"'})
        assert (fetch.sha256, fetch.round_id) == (None, None)
        assert session.get_one(PortalRow, "p").sentence == "100 % '门户'"


def test_what_is_there_already_stays_or_is_overwritten_as_asked(ledger: Ledger) -> None:
    _portal(ledger)
    article = {
        "portal": "p",
        "column": "c",
        "address": "a",
        "title": "年报",
        "outcome": ArticleOutcome.REPORT,
        "agency": None,
        "year": 2019,
        "folder_year": None,
        "reason": "",
        "first_seen_at": NOON,
        "last_seen_at": NOON,
        "gone_times": 0,
        "baseline": False,
    }
    state = {"address": "a", "etag": '"1"', "last_modified": None, "sha256": None, "fetched_at": NOON}
    with ledger.write() as session:
        first = insert_or_id(session, Article, article, ["portal", "address"])
        assert first == (first[0], True)
        assert insert_or_id(session, Article, article | {"title": "other"}, ["portal", "address"]) == (first[0], False)
        insert_or_ignore(session, PageState, [state, state | {"etag": '"2"'}, state | {"address": "b"}])
        insert_or_update(session, PageState, state | {"etag": '"3"'})
    with ledger.read() as session:
        assert session.scalars(select(Article.title)).all() == ["年报"]
        states = session.execute(select(PageState.address, PageState.etag).order_by(PageState.address))
        assert [tuple(row) for row in states] == [("a", '"3"'), ("b", '"1"')]


def test_a_row_that_the_database_refuses_is_an_error_of_sqlalchemys_and_nothing_of_it_stays(ledger: Ledger) -> None:
    _portal(ledger)
    with pytest.raises(IntegrityError), ledger.write() as session:
        insert_or_ignore(session, PageState, [{"address": "a", "fetched_at": NOON}])
        insert_one(session, Fetch, _fetch(portal="nobody"))
    with ledger.read() as session:
        assert session.scalars(select(PageState)).all() == []


def test_times_without_a_zone_are_refused(ledger: Ledger) -> None:
    with pytest.raises(StatementError, match="without a zone"), ledger.write() as session:
        insert_or_ignore(session, PageState, [{"address": "a", "fetched_at": datetime(2024, 1, 31)}])  # noqa: DTZ001


def test_what_a_row_leaves_out_is_what_the_model_says(ledger: Ledger) -> None:
    _portal(ledger)
    least = {
        "portal": "p",
        "column": "c",
        "title": "t",
        "outcome": ArticleOutcome.REPORT,
        "first_seen_at": NOON,
        "last_seen_at": NOON,
    }
    with ledger.write() as session:
        one = insert_one(session, Article, least | {"address": "1"})
        again, is_new = insert_or_id(session, Article, least | {"address": "2"}, ("portal", "address"))
        assert is_new
        assert insert_or_id(session, Article, least | {"address": "2"}, ("portal", "address")) == (again, False)
        insert_uncounted(session, Article, [least | {"address": address} for address in "34"])
    with ledger.read() as session:
        articles = session.scalars(select(Article).order_by(Article.id)).all()
    assert [article.id for article in articles][:2] == [one, again]
    assert [(article.address, article.gone_times, article.baseline, article.reason) for article in articles] == [
        (address, 0, False, "") for address in "1234"
    ]
