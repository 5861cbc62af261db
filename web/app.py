"""The desk as one application: its addresses, and what stands before all of them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import cast
from urllib.parse import quote

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from config.agencies.importing import LARGEST
from ledger.archive import ArchiveError
from monitor.notices.unsubscribe_pages import unsubscribe_router
from web.agencies import pages as agencies
from web.answers import NotAllowed, NotFound, NotLoggedIn, Rejected
from web.api.routes import api_routers
from web.api.stopping import stopped
from web.desk import Desk
from web.drafts import criteria
from web.drafts import pages as drafts
from web.drafts.admission import DraftUploads
from web.drafts.room import DraftRoom
from web.entering import pages as entering
from web.feeds import pages as feeds
from web.findings import pages as findings
from web.guard import asks, guard, need_of
from web.incidents import pages as incidents
from web.machinery import pages as machinery
from web.machinery import portals
from web.notices import circulars, summaries, upcoming
from web.notices import pages as notices
from web.people import account, accounts, audit, code, login, provider_login, tokens
from web.rectifications import pages as rectifications
from web.register import pages as register
from web.rendering import page
from web.reports import originals
from web.reports import pages as reports
from web.season import board, indicators
from web.serving import files
from web.serving.headers import Headers
from web.serving.limits import Limits
from web.serving.problems import is_by_token
from web.serving.sessions import Sessions
from web.visitor import Need

log = logging.getLogger("nianbao.web")

Said = Callable[[Request, Exception], Response]

THREADS = 8
UNWELL = 503
# What people call the fields of forms.
FIELDS = {
    "agency": "机关",
    "year": "报告年度（四位数字）",
    "published": "公布日期",
    "why": "原因或说明",
    "what": "要求整改的内容",
    "due": "整改期限",
    "on": "签收日期",
    "decision": "认定",
    "result": "结果",
    "kind": "怎么处理",
    "source": "网址（太长）",
    "file": "文件",
    "account": "账号",
    "name": "姓名",
    "role": "角色",
    "password": "密码",
    "again": "再输入一次密码",
    "expires": "有效期",
    "called": "令牌的名称",
    "current": "现在的密码",
    "code": "动态口令",
}


def make_app(desk: Desk) -> FastAPI:
    """The desk. Raises LookupError where an address does not say what it asks of a visitor."""
    app = FastAPI(
        title="nianbao",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Where a redirect leads would be taken from the Host of the request.
        redirect_slashes=False,
        dependencies=[Depends(guard)],
        lifespan=_few,
    )
    app.state.desk = desk
    app.state.drafts = DraftRoom()
    for router in routers(desk):
        for route in router.routes:
            if isinstance(route, APIRoute):
                need_of(route.endpoint)
        app.include_router(router)
    _say_what_stops(app)
    uploads = {entering.ADDRESS: desk.settings.read_max_bytes, register.ADDRESS: LARGEST}
    app.add_middleware(Limits, uploads=uploads)
    app.add_middleware(DraftUploads, desk=desk)
    app.add_middleware(Sessions, desk=desk)
    app.add_middleware(Headers)
    return app


def routers(desk: Desk) -> list[APIRouter]:
    """Everything that is served. A link of a mail is its own secret: who has it needs neither account nor token."""
    links = unsubscribe_router(desk.settings, desk.ledger)
    for route in links.routes:
        if isinstance(route, APIRoute):
            asks(Need.NOTHING, has_own_token=True)(route.endpoint)
    return [*(module.router for module in PAGES), *api_routers(), links]


PAGES = (
    *(files, login, code, provider_login, account, accounts, tokens, audit, board, indicators, reports, originals),
    *(findings, rectifications, agencies, incidents, entering, register, criteria, drafts, feeds),
    *(upcoming, notices, summaries, circulars),
    *(portals, machinery),
)


@asynccontextmanager
async def _few(_: FastAPI) -> AsyncIterator[None]:
    """So many pages are computed at once: more would only wait for each other."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def _say_what_stops(app: FastAPI) -> None:
    """Each of these ends as a page with one sentence, and for a program in its own form (web/api/stopping.py)."""

    def says(*kinds: type[Exception]) -> Callable[[Said], Said]:
        def kept(page_of: Said) -> Said:
            for kind in kinds:
                app.add_exception_handler(kind, partial(_for_programs_or_people, page_of))
            return page_of

        return kept

    @says(NotLoggedIn)
    def to_login(request: Request, _: Exception) -> Response:
        if request.method != "GET":
            return RedirectResponse("/login?expired=1", 303)
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        # A browser tells nobody what stands after #: a link to a finding says it twice.
        if finding := request.query_params.get("finding"):
            target += f"#{quote(finding, safe='')}"
        return RedirectResponse(f"/login?next={quote(target, safe='')}" if target != "/" else "/login", 303)

    @says(NotAllowed)
    def not_allowed(request: Request, _: Exception) -> Response:
        return _stopped(request, 403, "没有权限", "您的账号不能做这件事；需要时请联系管理账号的人。")

    @says(NotFound, HTTPException)
    def not_found(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return _stopped(request, status, "没有这一页", "没有这一页，或者它不在您负责的区。请从上面的栏目进入。")

    @says(Rejected)
    def rejected(request: Request, error: Exception) -> Response:
        seconds = getattr(error, "retry_after", None)
        title = "没有登记" if seconds is None else "请稍后再试"
        answer = _stopped(request, getattr(error, "status", 400), title, f"{error}。")
        if seconds is not None:
            answer.headers["Retry-After"] = str(seconds)
        return answer

    @says(RequestValidationError)
    def unfit(request: Request, error: Exception) -> Response:
        if request.method == "GET":
            return not_found(request, error)
        names = dict.fromkeys(
            FIELDS.get(str(one["loc"][-1]), "") for one in cast(RequestValidationError, error).errors()
        )
        named = "、".join(filter(None, names)) or "有的内容"
        return _stopped(request, 400, "没有登记", f"没有填写，或不能识别：{named}。请返回上一页改正。")

    @says(SQLAlchemyError)
    def no_ledger(request: Request, error: Exception) -> Response:
        log.error("台账数据库暂时无法使用：%s", str(getattr(error, "orig", error)).splitlines()[0])
        return Response(
            "台账暂时不能使用，请稍后再试；一直如此时请联系运维人员。", UNWELL, media_type="text/plain; charset=utf-8"
        )

    @says(ArchiveError)
    def no_archive(request: Request, error: Exception) -> Response:
        log.error("%s", error)
        return _stopped(request, UNWELL, "暂时看不到原件", "存档中的原件暂时取不出来；请联系运维人员。")

    @says(Exception)
    def fault(request: Request, error: Exception) -> Response:
        log.exception("页面 %s 出错", request.url.path, exc_info=error)
        return Response(
            "程序出错，这一页没有打开，也没有登记任何内容；请把网址和时间告知运维人员。",
            500,
            media_type="text/plain; charset=utf-8",
        )


def _for_programs_or_people(page_of: Said, request: Request, error: Exception) -> Response:
    return stopped(request, error) if is_by_token(request.scope) else page_of(request, error)


def _stopped(request: Request, status: int, title: str, sentence: str) -> Response:
    return page(request, "stopped.html", status=status, title=title, sentence=sentence)
