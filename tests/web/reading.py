"""Reads pages of the desk as a person does."""

from __future__ import annotations

from typing import Any

from lxml import html as lxml_html
from starlette.testclient import TestClient


def page_of(client: TestClient, address: str = "/") -> Any:
    """A page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.text[:2000])
    return lxml_html.fromstring(answer.text)


def words(node: Any) -> str:
    """What stands in a part of a page, on one line."""
    return " ".join(node.text_content().split())
