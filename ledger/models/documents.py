"""Articles, their documents and versions, and the evidence for when they were published."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.models.table import Table, state_column
from ledger.states import ArticleOutcome, EvidenceSource, VersionRole


class Article(Table):
    """A page found on a list (or a report that a person entered), and what it turned out to be.

    ``address`` is canonical. ``agency`` and ``year`` are set where the report could be assigned; ``reason`` says in
    one sentence why an article is no report, or could not be assigned or fetched. ``gone_times`` counts the looks
    in a row that did not find it, ``withdrawn_at`` is set when it counts as taken down. ``folder_year`` is the report
    year that the portal gives the folder or column in which it stands, None where that says none. ``page_address`` is
    the page's own address where the page shows one report a year, the next in the place of the last: each year's is an
    article then, and ``address`` identifies it. None: ``address`` is the page's.
    """

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("portal", "address"), Index(None, "agency", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    portal: Mapped[str] = mapped_column(ForeignKey("portals.portal"))
    column: Mapped[str]
    address: Mapped[str]
    page_address: Mapped[str | None]
    title: Mapped[str]
    outcome: Mapped[ArticleOutcome] = mapped_column(state_column(ArticleOutcome), index=True)
    agency: Mapped[str | None]
    year: Mapped[int | None]
    folder_year: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    gone_times: Mapped[int] = mapped_column(default=0)
    gone_since: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    baseline: Mapped[bool] = mapped_column(default=False)


class Document(Table):
    """Bytes in the archive, by their sha256."""

    __tablename__ = "documents"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    first_fetched_at: Mapped[datetime]


class Version(Table):
    """A document as it stood in one place of one article; a changed content is a new version, never an overwrite.

    ``content_sha256`` is the hash of what a reader sees, so that a page that differs at every load is one version;
    ``fetch_id`` leads to the request and response that brought it.
    """

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("article_id", "address", "content_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    role: Mapped[VersionRole] = mapped_column(state_column(VersionRole))
    address: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("documents.sha256"), index=True)
    content_sha256: Mapped[str]
    fetch_id: Mapped[int | None] = mapped_column(ForeignKey("fetches.id"))
    first_seen_at: Mapped[datetime]


class Evidence(Table):
    """One witness for when an article was published: the source, the value as written, and the moment it means.

    ``precise`` is false where the source names a day only; ``moment`` is then the start of that day in Shanghai.
    """

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("article_id", "source", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    source: Mapped[EvidenceSource] = mapped_column(state_column(EvidenceSource))
    value: Mapped[str]
    moment: Mapped[datetime]
    precise: Mapped[bool]
    observed_at: Mapped[datetime]
