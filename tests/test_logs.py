"""The log follows one document through every room by its id, in lines for machines and in lines for people."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cli.demo.stage import Stage
from config.logs import configure_logging
from ledger.models import Article, Notice, Version, Work
from ledger.states import NoticeKind
from tests.object_store import start_rounds_anew

pytestmark = pytest.mark.timeout(1800)
# What an office of the demo publishes with sums that do not agree, and the day after it did.
AGENCY, YEAR, DAYS = "chaoyang-zuojiazhuang", 2019, (date(2020, 1, 15), date(2020, 1, 17))


def test_one_document_is_followed_from_the_crawler_to_the_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    start_rounds_anew()  # their lines are to come where this test reads
    with Stage(tmp_path / "home", workers=1, settings_file={"log_format": "json", "log_level": "INFO"}) as stage:
        configure_logging(stage.settings)
        for day in DAYS:
            stage.live(day)
        with stage.ledger.read() as session:
            version, work = session.execute(
                select(Version, Work)
                .join(Article, Article.id == Version.article_id)
                .join(Work, Work.version_id == Version.id)
                .where(Article.agency == AGENCY, Article.year == YEAR)
            ).one()
            alerts = session.scalars(select(Notice.id).where(Notice.kind == NoticeKind.ALERT)).all()
        said = (stage.home / "worker.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in (capfd.readouterr().err + said).splitlines() if line.startswith("{")]
    # Scrapy's loggers obey: what it says of itself at INFO is in no log of ours.
    assert not [line for line in lines if line["logger"].startswith(("scrapy", "twisted", "py.warnings"))]
    followed = [line for line in lines if line.get("version") == version.id]
    assert [line["room"] for line in followed] == ["crawler", "monitor", "workers", "workers"]
    found, told, begun, done = followed
    ids = {
        "portal": "demo-chaoyang", "agency": AGENCY, "year": YEAR, "article": version.article_id, "work": work.id,
        "document": version.sha256,
    }  # fmt: skip
    for line in (found, begun, done):
        assert ids.items() <= line.items()
    assert told["notice"] in alerts and (told["agency"], told["year"]) == (AGENCY, YEAR)
    assert found["event"].startswith("新文档：") and "已读取并检查" in done["event"]


def test_people_see_the_ids_beside_the_sentence_and_nothing_else_that_libraries_add(
    monkeypatch: pytest.MonkeyPatch, sqlite_settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    configure_logging(sqlite_settings)
    log = logging.getLogger("nianbao.workers")
    log.info("读完", extra={"version": 7, "agency": "a\x1b[31m", "password": "secret"})
    said = capsys.readouterr().err
    assert "version=7" in said and "room=workers" in said
    assert "secret" not in said and "\x1b[31m" not in said
