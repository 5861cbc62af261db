"""Pages on which something was found are drawn by the worker that read them, once, and never hold a document up."""

from __future__ import annotations

import pytest

from config.settings import Settings
from ledger.database import Ledger
from ledger.keeping.archive_check import check_archive
from ledger.models import Work
from ledger.reading.page_pictures import pages_kept, pictures_of
from ledger.states import WorkState
from tests.workers.conftest import NOON, SEEDS, ZUOJIAZHUANG, Documents
from workers.drawing import page_pictures
from workers.drawing.page_pictures import draw_pages
from workers.steps import Result, run
from workers.worker_context import open_worker_context

HONGZE = (SEEDS / "real" / "hongze-2023.pdf").read_bytes()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken", b"GIF89a" + b"\xff" * 20])
def test_what_cannot_be_drawn_is_left_out(data: bytes) -> None:
    for media_type in ("application/pdf", "image/png", "text/html"):
        assert draw_pages(data, media_type, [1]) == []


def test_a_page_that_is_not_there_is_left_out() -> None:
    drawn = draw_pages(HONGZE, "application/pdf", [4, 99])
    assert [one["page"] for one in drawn] == [4]
    assert (round(drawn[0]["width"]), round(drawn[0]["height"]), len(drawn[0]["pictures"])) == (595, 842, 3)


def test_a_worker_keeps_the_pages_of_what_it_found_and_draws_them_once(
    settings: Settings, ledger: Ledger, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged = documents.publish(HONGZE, name="paged", agency="hongze-government", year=2023)
    text = documents.publish(ZUOJIAZHUANG, name="text")
    with open_worker_context(settings) as worker_context:
        assert run(worker_context, paged, NOON, worker="w") is Result.DONE
        assert run(worker_context, text, NOON, worker="w") is Result.DONE
        with ledger.read() as session:
            (work_row, text_row) = (session.get_one(Work, one) for one in (paged, text))
            assert (work_row.state, text_row.state) == (WorkState.DONE, WorkState.DONE)
            pictures = pictures_of(session, worker_context.archive.put(HONGZE))
        assert {one.page for one in pictures} == {4} and [one.rank for one in pictures] == [0, 1, 2]
        assert all(worker_context.archive.get(one.sha256).startswith(b"\x89PNG") for one in pictures)
        # They belong to the ledger: a check of the archive does not take them for left-overs.
        assert check_archive(ledger.engine, worker_context.archive, NOON).wrong == []
        monkeypatch.setattr(page_pictures, "draw_pages", lambda *_: pytest.fail("drawn again"))
        run(worker_context, paged, NOON, worker="w")


def test_a_page_that_cannot_be_drawn_delays_no_document(
    settings: Settings, ledger: Ledger, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_pictures, "SECONDS", 0.001)
    paged = documents.publish(HONGZE, name="paged", agency="hongze-government", year=2023)
    with open_worker_context(settings) as worker_context:
        assert run(worker_context, paged, NOON, worker="w") is Result.DONE
        with ledger.read() as session:
            assert pages_kept(session, worker_context.archive.put(HONGZE)) == set()
            assert session.get_one(Work, paged).state is WorkState.DONE
