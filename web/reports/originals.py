"""The stored originals: pictures of pages, the file as it was fetched, and a web page in a frame where nothing runs."""

from __future__ import annotations

import re

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.models import Agency, Article, Document, Version
from ledger.reading.page_pictures import pictures_of
from web.answers import NotFound
from web.desk import Desk
from web.guard import Number, TheDesk, TheVisitor, asks
from web.personal_data import has_personal_data, keep_seen
from web.places import version_for
from web.season.board import attachment
from web.serving.framed import framed
from web.visitor import Need, Visitor

router = APIRouter()
_ENDINGS = {
    "text/html": "html",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "text/plain": "txt",
}
_PAGES = ("text/html", "application/xhtml+xml")


@router.get("/originals/{version}/pages/{number}.png")
@asks(Need.LOGIN)
def picture(desk: TheDesk, visitor: TheVisitor, version: Number, number: Number) -> Response:
    """One page as a worker drew it: the desk opens no document."""
    with desk.ledger.read() as session:
        row, article = version_for(session, desk, visitor, version)
        kept = pictures_of(session, row.sha256)
    _keep_seen(desk, visitor, row, article)
    sha256 = next((one.sha256 for one in kept if one.page == number), None)
    if sha256 is None:
        raise NotFound
    return Response(
        desk.archive.get(sha256), media_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


@router.get("/originals/{version}/file")
@asks(Need.LOGIN)
def file(desk: TheDesk, visitor: TheVisitor, version: Number) -> Response:
    """The file as it was fetched, to be saved: never shown by the browser in the desk's own place."""
    with desk.ledger.read() as session:
        row, article = version_for(session, desk, visitor, version)
        kind = _media_type(session, row)
    _keep_seen(desk, visitor, row, article)
    name = f"{article.agency or 'nianbao'}-{article.year or ''}-{row.sha256[:8]}.{_ENDINGS.get(kind, 'bin')}"
    answer = attachment(desk.archive.get(row.sha256), "application/octet-stream", name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@router.get("/originals/{version}/page")
@asks(Need.LOGIN)
def web_page(desk: TheDesk, visitor: TheVisitor, version: Number) -> Response:
    """A web page as it was fetched, for the frame on the report page."""
    with desk.ledger.read() as session:
        row, article = version_for(session, desk, visitor, version)
        kind = _media_type(session, row)
    _keep_seen(desk, visitor, row, article)
    if kind not in _PAGES:
        raise NotFound
    return framed(desk.archive.get(row.sha256))


def is_page(media_type: str) -> bool:
    """Whether a document is a web page, which is shown in the frame."""
    return media_type in _PAGES


def _media_type(session: Session, version: Version) -> str:
    document = session.get_one(Document, version.sha256)
    return re.split(r"[;\s]", document.media_type, maxsplit=1)[0].lower()


def _keep_seen(desk: Desk, visitor: Visitor, version: Version, article: Article) -> None:
    """An original by its own address shows what the report's page shows."""
    with desk.ledger.read() as session:
        if not has_personal_data(session, version.id):
            return
        district = session.scalar(select(Agency.district).where(Agency.agency == article.agency))
    keep_seen(desk, visitor, version.sha256, district=district, agency=article.agency, year=article.year)
