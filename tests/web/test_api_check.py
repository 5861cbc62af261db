"""A draft through the API is judged as ``nianbao check`` judges it, and nothing of it stays."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from starlette.testclient import TestClient

from ledger.states import DeskRole
from tests.cli.test_check import BROKEN, CUT, SOUND, checked
from tests.cli.test_schemas import faults
from tests.waiting import wait_until
from tests.web.api_client import API, program, token_for
from tests.web.conftest import Enter
from tests.web.forms import send
from tests.web.reading import words
from web.desk import Desk

DOCUMENTS = (BROKEN, SOUND, CUT)


@pytest.fixture
def office(desk: Desk, stranger: TestClient) -> TestClient:
    return program(stranger.app, token_for(desk, districts=["云山区"]))


def asked(client: TestClient, path: Path, **more: Any) -> Any:
    answer = client.post(f"{API}/check", files={"file": (path.name, path.read_bytes())}, data=more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kept(desk: Desk) -> dict[str, bytes]:
    """Everything that lies in the home, but what a database writes while it is read, and data files of before."""
    files = (one for one in desk.settings.home.rglob("*") if one.is_file() and "sqlite3" not in one.name)
    return {str(one): one.read_bytes() for one in files if "cache" not in one.parts}


def test_the_same_documents_give_the_same_findings(desk: Desk, office: TestClient) -> None:
    before = kept(desk)
    by_command = checked(*DOCUMENTS)
    by_api = [asked(office, path) for path in DOCUMENTS]
    assert faults("check", by_api) == []
    assert any(one["findings"] for one in by_api)
    for command, api in zip(by_command, by_api, strict=True):
        assert api["sha256"] == command["sha256"] and api["figures"] == command["figures"]
        assert api["findings"] == command["findings"]
        assert api["rules"] == command["rules"]
    assert kept(desk) == before


def test_the_page_says_what_the_api_says(desk: Desk, office: TestClient, enter: Enter) -> None:
    by_api = asked(office, SOUND), asked(office, BROKEN)
    clerk = enter("lihua", DeskRole.VIEWER, ["云山区"])
    for path, found in zip((SOUND, BROKEN), by_api, strict=True):
        answer = send(clerk, "/check", "/check", files={"file": (path.name, path.read_bytes())})
        where = answer.headers["location"]
        wait_until(partial(_is_there, clerk, where), f"the page of {path.name}", 240)
        shown = words(lxml_html.fromstring(clerk.get(where).text))
        assert [one["message"] for one in found["findings"] if one["message"] not in shown] == []


def _is_there(client: TestClient, where: str) -> bool:
    """Whether a draft is judged; its page looks again by itself while it is not."""
    return "refresh" not in client.get(where).headers


def test_what_is_no_report_is_said_and_another_district_is_not_told_of(
    desk: Desk, office: TestClient, stranger: TestClient
) -> None:
    answer = office.post(f"{API}/check", files={"file": ("x.pdf", b"%PDF-1.7 broken")})
    assert (
        answer.status_code == 200 and answer.json()["rules"]["X01"] == "fail" and faults("check", [answer.json()]) == []
    )
    for given, status in (
        ({"data": {"agency": "nobody"}}, 404),
        ({"data": {"year": "1066"}}, 400),
        ({"files": {"file": ("x.pdf", b"")}}, 400),
        ({"files": {"other": ("x.pdf", b"x")}}, 400),
        ({"files": None, "data": {"agency": ""}}, 400),
        ({"files": {"file": ("x.pdf", b"x" * (desk.settings.read_max_bytes + 200_000))}}, 413),
    ):
        sent: dict[str, Any] = {"files": {"file": ("x.pdf", b"x")}} | given
        answer = office.post(f"{API}/check", **sent)
        assert (answer.status_code, answer.json()["status"]) == (status, status), given
    elsewhere = program(stranger.app, token_for(desk, districts=["海淀区"]))
    sent = {"files": {"file": ("x.pdf", b"x")}, "data": {"agency": "yunshan-culture"}}
    assert elsewhere.post(f"{API}/check", **sent).status_code == 404
