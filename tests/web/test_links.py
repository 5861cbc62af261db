"""Every link, picture, frame and form of every page leads to something that is there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from fastapi.routing import APIRoute
from lxml import html as lxml_html
from sqlalchemy import select
from starlette.testclient import TestClient

from ledger.messages.finding_decisions import decide_finding
from ledger.messages.rectifications import open_rectification
from ledger.models import Agency, FindingRow
from ledger.people.record import Who, keep_record
from ledger.states import DeskRole, FindingDecision, RecordKind
from monitor.loop import tick
from tests.monitor.evidence.published import YUNSHAN, publish
from tests.monitor.factory import World
from tests.web.conftest import Enter
from tests.web.prepared import TODAY
from web.app import routers
from web.desk import Desk

SITE = "http://testserver"
MOST = 400
WHO = Who("王敏", "wangmin")


@pytest.fixture
def full(reports: None, desk: Desk, world: World) -> World:
    """A season with a record of every kind, with and without an agency and a year, and with decisions of people."""
    tick(desk.settings.model_copy(update={"smtp_port": 9}), world.ledger, TODAY)
    with world.ledger.write() as session:
        agencies = list(session.scalars(select(Agency.agency)))
        for place, kind in enumerate(RecordKind):
            keep_record(session, WHO, kind, "什么", TODAY)
            keep_record(session, WHO, kind, "什么", TODAY, agency=agencies[place % len(agencies)])
            keep_record(session, WHO, kind, "什么", TODAY, agency=agencies[place % len(agencies)], year=2023)
        asked = {"asked_on": TODAY.date(), "due_on": TODAY.date(), "asked_by": "王敏", "asked_for": "更正"}
        open_rectification(session, "yunshan-government", 2023, now=TODAY, **asked)  # type: ignore[arg-type]
        fingerprints = list(session.scalars(select(FindingRow.fingerprint).order_by(FindingRow.fingerprint)))
        for fingerprint, decision in zip(
            fingerprints, (FindingDecision.DISMISS, FindingDecision.UNDECIDED), strict=False
        ):
            assert decide_finding(session, fingerprint, decision, WHO, "试试", TODAY)
    publish(world, desk.settings, YUNSHAN.read_bytes() + b"<!-- again -->", "yunshan-new", 2023, "2024-02-01")
    return world


def is_framed(address: str) -> bool:
    """What is shown in a frame is not ours: nothing in it leads anywhere."""
    return address.startswith("/originals") or bool(re.search(r"/mail$|/pages/", urlsplit(address).path))


def follow(client: TestClient, begin: str) -> tuple[dict[str, str], set[str], list[str]]:
    """Every page that links lead to, with its text; the addresses of forms that send; and what leads nowhere."""
    pages: dict[str, str] = {}
    forms: set[str] = set()
    wrong: list[str] = []
    ids: dict[str, set[str]] = {}
    ahead: list[tuple[str, str, str]] = [(begin, "", "")]
    fragments: list[tuple[str, str, str]] = []
    while ahead and len(pages) < MOST:
        address, fragment, source = ahead.pop()
        if fragment:
            fragments.append((address, fragment, source))
        if address in pages:
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            wrong.append(f"{source} → {address}: {answer.status_code}")
        is_page = answer.headers["content-type"].startswith("text/html") and not is_framed(address)
        pages[address] = answer.text if is_page else ""
        if not pages[address]:
            continue
        tree: Any = lxml_html.fromstring(answer.text)
        ids[address] = set(tree.xpath("//@id"))
        if len(ids[address]) != len(tree.xpath("//@id")):
            wrong.append(f"{address}: an id stands twice")
        for form in tree.xpath("//form"):
            action = urlsplit(urljoin(SITE + address, form.get("action") or "")).path
            if form.get("method") == "post":
                forms.add(action)
            else:
                ahead.append((action, "", address))
        for link in tree.xpath("//@href | //@src"):
            target, fragment = urldefrag(urljoin(SITE + address, link))
            if target.startswith(SITE):
                ahead.append((target.removeprefix(SITE) or "/", fragment, address))
    wrong += [
        f"{source} → {address}#{fragment}"
        for address, fragment, source in fragments
        if fragment not in ids.get(address, ())
    ]
    return pages, forms, wrong


@pytest.mark.parametrize("role", list(DeskRole))
def test_nothing_on_any_page_leads_nowhere(full: World, desk: Desk, enter: Enter, role: DeskRole) -> None:
    pages, forms, wrong = follow(enter("wangmin", role), "/")
    assert wrong == []
    known = [
        re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path))
        for router in routers(desk)
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    ]
    assert [form for form in sorted(forms) if not any(one.fullmatch(form) for one in known)] == []
    below = re.compile(r"/(reports|agencies|originals|incidents|notices|portals)/.*")
    kinds = {below.sub(r"/\1/…", one.split("?")[0]) for one in pages}
    assert {"/", "/findings", "/rectifications", "/incidents", "/reports/…", "/agencies/…", "/originals/…"} <= kinds
    assert {"/notices", "/notices/…", "/summaries", "/summaries/circular", "/portals", "/portals/…"} <= kinds
    assert len(pages) < MOST
