"""What stops a page stops a program too, and tells it so in its own form."""

from __future__ import annotations

import logging

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from ledger.archive import ArchiveError
from web.answers import NotAllowed, NotFound, NotLoggedIn, Rejected
from web.serving.problems import FieldShape, problem

log = logging.getLogger("nianbao.web")

_STATUS = {NotLoggedIn: 401, NotAllowed: 403, NotFound: 404, SQLAlchemyError: 503, ArchiveError: 503}
MOST_FIELDS = 20
LONGEST = 200


def stopped(request: Request, error: Exception) -> Response:
    """The answer to a request that ended with this; what is our own trouble is logged, without the address's query."""
    if isinstance(error, Rejected):
        again = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        return problem(error.status, str(error), headers=again)
    if isinstance(error, RequestValidationError):
        return problem(400, errors=[_field(one) for one in error.errors()[:MOST_FIELDS]])
    if isinstance(error, HTTPException):
        return problem(error.status_code, headers=dict(error.headers or {}))
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    if isinstance(error, SQLAlchemyError):
        log.error("台账数据库暂时无法使用：%s", str(getattr(error, "orig", error)).splitlines()[0])
    elif isinstance(error, ArchiveError):
        log.error("%s", error)
    elif status >= 500:
        log.exception("接口 %s 出错", request.url.path, exc_info=error)
    return problem(status)


def _field(error: dict[str, object]) -> FieldShape:
    where = error.get("loc", ())
    names = [str(one) for one in where if one not in ("body", "query", "path")] if isinstance(where, tuple) else []
    return {"field": ".".join(names)[:LONGEST], "message": str(error.get("msg", ""))[:LONGEST]}
