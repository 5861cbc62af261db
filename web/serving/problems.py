"""What stops a request of a program, as one JSON form (RFC 9457): a code, and a sentence in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NotRequired

from pydantic import with_config
from starlette.responses import Response
from starlette.types import Scope
from typing_extensions import TypedDict

from config.json_text import json_text
from web.serving.tokens import BY_TOKEN

MEDIA_TYPE = "application/problem+json"
# By status: the code, and what it means.
PROBLEMS = {
    400: ("invalid", "请求不符合要求", "The request does not fit."),
    401: ("unauthorized", "没有令牌，或令牌无效", "There is no token, or it does not hold (any more)."),
    403: ("forbidden", "令牌没有这个权限", "The token may not do this."),
    404: (
        "not_found",
        "没有这项内容，或不在令牌所负责的区",
        "There is no such thing in the districts of the token.",
    ),
    405: ("method_not_allowed", "这个网址不接受这种方法", "This address does not take this method."),
    409: ("conflict", "状态已经改变，没有登记", "Its state does not allow this (any more); nothing was written."),
    413: ("too_large", "发送的内容太大", "The body is too large."),
    429: ("too_many_requests", "请求太频繁，请稍后再试", "Too many requests; wait as long as Retry-After says."),
    500: (
        "fault",
        "程序出错，没有登记任何内容；请告知运维人员",
        "A fault of the program; nothing was written.",
    ),
    503: ("unavailable", "暂时不能使用，请稍后再试", "Not available for now; try again later."),
}


@with_config(extra="forbid")
class FieldShape(TypedDict):
    """A field of the request that does not fit."""

    field: str
    message: str


@with_config(extra="forbid")
class ProblemShape(TypedDict):
    """Why a request was not answered (RFC 9457). ``code`` stays; the sentences are for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_en: str
    errors: NotRequired[list[FieldShape]]


def is_by_token(scope: Scope) -> bool:
    """Whether an address is a program's, which is told of what stops it in this form."""
    return str(scope["path"]).startswith(BY_TOKEN)


def problem(
    status: int,
    sentence: str = "",
    *,
    errors: Sequence[FieldShape] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer that says why there is no other."""
    code, usual, english = PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500])
    content: ProblemShape = {
        "type": f"urn:nianbao:problem:{code}",
        "title": usual,
        "status": status,
        "code": code,
        "detail": sentence or usual,
        "detail_en": english,
    }
    if errors:
        content["errors"] = list(errors)
    more: dict[str, str] = dict(headers or {})
    if status == 401:
        more["WWW-Authenticate"] = 'Bearer realm="nianbao"'
    return Response(json_text(content), status, more, MEDIA_TYPE)


def given(content: Any, status: int = 200) -> Response:
    """An answer, written as commands write the same."""
    return Response(json_text(content), status, media_type="application/json")
