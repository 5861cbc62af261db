"""The OpenAPI description is valid, holds the API's addresses and no other, and says the truth under bad input."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans
from jsonschema import Draft202012Validator
from sqlalchemy import select
from starlette.testclient import TestClient

from ledger.models import FindingRow, Incident
from ledger.states import DeskRole, TokenKind
from monitor.loop import tick
from monitor.outputs.schemas import SHAPES, schema_text
from tests.monitor.factory import World
from tests.web.api_client import API, token_for
from tests.web.conftest import Enter
from tests.web.prepared import TODAY
from web.app import routers
from web.desk import Desk

OPENAPI = f"{API}/openapi.json"
# Names, titles and ids of the prepared district: nothing of it may be told to a token of another.
OF_THE_DISTRICT = ("yunshan", "云山")


def described(client: TestClient) -> dict[str, Any]:
    answer = client.get(OPENAPI)
    assert answer.status_code == 200
    content: dict[str, Any] = answer.json()
    return content


def test_the_description_is_valid_and_has_the_api_alone(desk: Desk, stranger: TestClient) -> None:
    import schemathesis  # here: every process of a run collects this file, and one of them runs it

    content = described(stranger)
    assert content["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(content).validate()
    served = {
        (route.path, method.lower())
        for router in routers(desk)
        for route in router.routes
        if isinstance(route, APIRoute) and route.path.startswith(API) and route.include_in_schema
        for method in route.methods or ()
    }
    assert {(path, method) for path, of in content["paths"].items() for method in of} == served
    assert len(served) > 15
    for name, schema in content["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert "ValidationError" not in name
    for of in content["paths"].values():
        for operation in of.values():
            assert "422" not in operation["responses"] and "401" in operation["responses"]
            assert operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert content["security"] == [{"token": []}]
    for name in SHAPES:
        answer = stranger.get(f"{API}/schemas/{name}.json")
        assert answer.text == schema_text(name) and json.loads(answer.text)["$id"] == f"urn:nianbao:schema:{name}"
    assert stranger.get(f"{API}/schemas/weather.json").status_code == 404


def what_is_checked() -> list[Any]:
    from schemathesis import checks

    return [
        checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]


# A description is gone through as it stands, and in the same order: what fails once fails again.
BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("account", "district"), [("wangmin", "云山区"), ("zhaoyun", "海淀区")])
def test_no_bad_input_is_a_fault_or_shows_another_district(
    reports: None, desk: Desk, world: World, stranger: TestClient, enter: Enter, account: str, district: str
) -> None:
    """Every address with what schemathesis makes of its description, as somebody asks who may decide."""
    import schemathesis

    tick(desk.settings.model_copy(update={"smtp_port": 9}), world.ledger, TODAY)
    enter(account, DeskRole.REVIEWER, [district])
    head = {"Authorization": f"Bearer {token_for(desk, TokenKind.PERSON, account=account)}"}
    with desk.ledger.read() as session:
        finding = session.scalars(select(FindingRow.fingerprint)).first()
        incident = session.scalars(select(Incident.id)).first()
    there = {"agency": "yunshan-government", "year": 2023, "fingerprint": finding, "number": incident}
    schema = schemathesis.openapi.from_asgi(OPENAPI, stranger.app)
    checked = what_is_checked()
    asked = set()

    def ask(case: Any, real: bool) -> None:
        if real:  # what is really there is answered, and not only looked for
            case.path_parameters |= {name: there[name] for name in case.path_parameters}
        answer = case.call(headers=head)
        asked.add((case.operation.path, answer.status_code // 100))
        case.validate_response(answer, checks=checked)
        if district == "海淀区":
            assert not any(one in answer.text for one in OF_THE_DISTRICT), answer.text[:500]

    found: Any
    for found in schema.get_all_operations():
        operation: Any = found.ok()
        BOUNDED(given(case=operation.as_strategy(), real=booleans())(ask))()
    assert {path for path, _ in asked} == set(described(stranger)["paths"])
    assert {status for _, status in asked} == {2, 4}
