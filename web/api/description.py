"""What the API is, for programs: its OpenAPI description, and the JSON Schemas of what it and the commands give."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from monitor.outputs.schemas import SHAPES, closed, schema_text
from web.answers import NotFound
from web.api.paging import PREFIX
from web.guard import asks, need_of
from web.serving.problems import MEDIA_TYPE, PROBLEMS, ProblemShape, given
from web.visitor import Need

ABOUT = (
    "工作台所显示的内容，以 JSON 给别的系统；个人的令牌还可以登记认定。"
    "What the desk shows, as JSON for other systems; with a person's token also their decisions. See docs/api.md."
)
_HEADERS = {401: ("WWW-Authenticate", "string"), 429: ("Retry-After", "integer")}
_COMPONENT = "#/components/schemas/ProblemShape"


def description_router(routers: Sequence[APIRouter]) -> APIRouter:
    """The addresses that describe ``routers``. They say nothing of the ledger, and ask for no token."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @cache
    def described() -> dict[str, Any]:
        return describe([route for one in routers for route in one.routes if isinstance(route, APIRoute)])

    @router.get("/openapi.json")
    @asks(Need.NOTHING)
    def openapi() -> Response:
        """The OpenAPI description of the API, and of nothing else."""
        return given(described())

    @router.get("/schemas/{name}.json")
    @asks(Need.NOTHING)
    def schema(name: str) -> Response:
        """A JSON Schema, as `nianbao schema NAME` prints it."""
        if name not in SHAPES:
            raise NotFound
        return Response(schema_text(name), media_type="application/schema+json")

    return router


def describe(routes: Sequence[APIRoute]) -> dict[str, Any]:
    """The OpenAPI description of routes, with what each answers where it is stopped, and the token that it asks for."""
    made = get_openapi(title="nianbao", version=_version(), description=ABOUT, routes=routes)
    needs = {
        (route.path, method.lower()): need_of(route.endpoint) for route in routes for method in route.methods or ()
    }
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            operation["responses"].pop("422", None)
            operation["responses"] |= {str(status): _answer(status) for status in _stops(method)}
            operation["x-need"] = needs[path, method].value
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = TypeAdapter(ProblemShape).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"ProblemShape": problem}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"token": []}]
    described: dict[str, Any] = closed(made)
    return described


def _stops(method: str) -> list[int]:
    """The answers of an address beside the one that is wanted."""
    return [400, 401, 403, 404, 429, 500, 503, *([409, 413] if method == "post" else [])]


def _answer(status: int) -> dict[str, Any]:
    code, usual, english = PROBLEMS[status]
    content = {MEDIA_TYPE: {"schema": {"$ref": _COMPONENT}}}
    answer: dict[str, Any] = {"description": f"{code}: {usual}. {english}", "content": content}
    if status in _HEADERS:
        name, kind = _HEADERS[status]
        answer["headers"] = {name: {"schema": {"type": kind}}}
    return answer


def _version() -> str:
    try:
        return version("nianbao")
    except PackageNotFoundError:
        return "0"
