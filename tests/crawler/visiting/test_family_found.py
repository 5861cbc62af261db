"""The family that is found for a column stays: a page of another one is a changed layout until a person accepts it."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import yaml
from sqlalchemy import select

from config.settings import Settings
from crawler.rounds.loop import tick
from ledger.crawling.families import found_families
from ledger.database import open_ledger
from ledger.models import Look
from ledger.states import PortalState
from tests.crawler.times import shanghai
from tests.portals.lists.pages import framed, items
from tests.portals.lists.plan import make_district
from tests.portals.lists.serving import Asked, ListPortal, ListServer, Reply, write_office
from tests.portals.lists.systems import SYSTEMS

DISTRICT = make_district("f", 1, 8, late=0)
SYSTEM = SYSTEMS["jpaas"](DISTRICT)
ADDRESS = str(SYSTEM.column["address"])


def test_a_changed_family_is_a_changed_layout_until_the_file_is_observed_anew(settings: Settings) -> None:
    relaunched = False

    def answer(asked: Asked) -> Reply | None:
        if asked.path == ADDRESS and not relaunched:
            return framed(DISTRICT, f"<ul>{items(DISTRICT.rows, lambda row: f'/art/{row.number}.html')}</ul>")
        return SYSTEM.answer(asked)

    portals = {"f": ListPortal(DISTRICT, answer, {"address": ADDRESS})}
    with ListServer(portals) as server, closing(open_ledger(settings)) as ledger:
        write_office(settings.home, portals, server.addresses)

        def look(day: int) -> tuple[PortalState, bool, str]:
            tick(settings, ledger, shanghai(2026, 2, day, 9))
            with ledger.read() as session:
                last = session.scalars(select(Look).order_by(Look.id.desc()).limit(1)).one()
                return last.found, last.complete, last.sentence

        def found() -> dict[str, str]:
            with ledger.read() as session:
                return found_families(session, "f")

        assert look(2)[:2] == (PortalState.HEALTHY, True)
        assert found() == {"gknb": "static-list"}
        relaunched = True
        state, complete, sentence = look(3)
        assert (state, complete) == (PortalState.LAYOUT_CHANGED, False)
        assert "以前是 static-list，现在是 jpaas" in sentence
        assert found() == {"gknb": "static-list"}
        path = settings.home / "config" / "portals" / "f.yaml"
        file = yaml.safe_load(path.read_text(encoding="utf-8")) | {"observed": date(2026, 2, 4)}
        path.write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
        assert look(4)[:2] == (PortalState.HEALTHY, True)
        assert found() == {"gknb": "jpaas"}


def test_a_column_may_have_a_family_of_its_own(settings: Settings) -> None:
    """The portal's family cannot read it, the column's can."""
    portals = {"f": ListPortal(DISTRICT, SYSTEM.answer, {"address": ADDRESS, "family": "jpaas"}, {"family": "trs"})}
    with ListServer(portals) as server, closing(open_ledger(settings)) as ledger:
        write_office(settings.home, portals, server.addresses)
        tick(settings, ledger, shanghai(2026, 2, 2, 9))
        with ledger.read() as session:
            look = session.scalars(select(Look)).one()
    assert (look.found, look.complete) == (PortalState.HEALTHY, True)
    assert look.rows >= len(DISTRICT.rows)
