"""The real run: its documents are what they should be, and real workers read every one of them once."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from bench.reading import known_forms
from bench.season.__main__ import crowded
from bench.season.costs import MIX_WITHOUT_SCANS
from bench.season.documents import PLACES, REAL, agency_name, papers
from bench.season.machine import machine
from bench.season.real import install_stamps, run
from bench.season.sample import seconds_of
from ledger.models import CheckRow, ReadingRow, Work
from workers.reading.read import read_document


def test_documents_are_all_different_and_mixed_as_a_season() -> None:
    made = list(papers(5 * PLACES))
    kinds = Counter(paper.kind for paper in made)

    assert len({sha256(paper.data).digest() for paper in made}) == len(made)
    for kind, share in MIX_WITHOUT_SCANS.items():
        assert kinds[kind] / len(made) == pytest.approx(share, abs=0.02)
    assert {(paper.district, paper.place) for paper in made} == {(d, p) for d in range(5) for p in range(PLACES)}


def test_documents_can_be_read_the_published_ones_among_them() -> None:
    forms, made = known_forms(), list(papers(PLACES))
    some = [next(paper for paper in made if paper.kind == kind) for kind in REAL]
    some += [[paper for paper in made if paper.kind == kind][-1] for kind in REAL]

    reports = [read_document(paper.data, source=str(paper.place), forms=forms) for paper in some]

    assert all(report.number("requests.received.total") is not None for report in reports)
    assert all(
        agency_name(paper.place) in (report.title or "") for paper, report in zip(some[3:], reports[3:], strict=True)
    )


def test_the_season_s_crowd_arrives_in_the_time_that_is_given() -> None:
    made = list(papers(3 * PLACES))
    arrivals, waiting = crowded(made, 60.0, seed=1)

    assert arrivals == sorted(arrivals) and arrivals[0] >= 0 and arrivals[-1] < 60.0
    assert Counter(waiting) == Counter(made) and waiting != made


def test_real_workers_read_every_document_once() -> None:
    made = list(papers(6))
    arrivals = [0.0, 0.0, 0.1, 0.1, 0.2, 0.4]
    with machine(1) as one:
        install_stamps(one)
        measured = run(one, made, arrivals, ("--queues", "read,scan", "--scale", "1"))
        with one.ledger.read() as session:
            rows = [session.execute(select(func.count()).select_from(of)).scalar_one() for of in (Work, CheckRow)]
            readings = set(session.scalars(select(ReadingRow.sha256)))

    assert [(read.kind, read.state) for read in measured.reads] == [(paper.kind, "done") for paper in made]
    assert all(read.arrived < read.begun < read.done for read in measured.reads)
    assert rows == [6, 6] and readings == {sha256(paper.data).hexdigest() for paper in made}
    assert measured.archive_bytes == sum(len(paper.data) for paper in made)
    assert measured.worker_core > 0 and measured.database_core > 0 and measured.transactions >= 6
    assert 0 < seconds_of(measured, 1)["html"] < 60
