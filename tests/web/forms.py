"""Fills in a form of a page as a browser would: with the token that stands in it."""

from __future__ import annotations

from typing import Any

from lxml import html as lxml_html
from starlette.testclient import TestClient


def token_on(client: TestClient, address: str) -> str:
    """The token of the forms on a page."""
    page: Any = lxml_html.fromstring(client.get(address).text)
    return str(page.xpath("//input[@name='form_token']/@value")[0])


def send(client: TestClient, page: str, address: str, files: Any = None, **values: Any) -> Any:
    """Sends a form that stands on ``page`` to ``address``."""
    return client.post(address, data={"form_token": token_on(client, page), **values}, files=files)
