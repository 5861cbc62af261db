"""Rows for the monitor's tests: a district that does not exist, its portal, and what is found on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import update

from config.time_zone import SHANGHAI
from ledger.database import Ledger
from ledger.insert import insert_or_id, insert_or_ignore
from ledger.models import (
    Article,
    Document,
    Evidence,
    FindingRow,
    ListPage,
    Look,
    PortalRow,
    ReadingRow,
    Round,
    Version,
    Work,
)
from ledger.reading.work import UNFINISHED
from ledger.states import (
    ArticleOutcome,
    EvidenceSource,
    FindingState,
    PortalState,
    RoundState,
    VersionRole,
    WorkState,
)
from report.as_json import report_to_json
from report.report import Report

NOTHING_READ = Report("", "", "text/html", None, None, None, None, "2019")
DISTRICT = "云山区"
PORTAL = "yunshan"
OFFICE = "office@yunshan.example"
OPERATORS = "operators@nianbao.example"
EVERYBODY_ELSE = {str(year): ["neighbour", "other-neighbour"] for year in range(2008, 2040)}

AGENCIES = """
district: 云山区
portal: yunshan
watched: {first: 2019}
agencies:
  - {id: yunshan-government, name: 云山区人民政府, short: 云山区, kind: government}
  - {id: yunshan-culture, name: 云山区文化和旅游局, short: 区文旅局, kind: department}
  - {id: yunshan-dongjie, name: 云山区人民政府东街街道办事处, short: 东街街道, kind: subdistrict}
  - id: yunshan-new
    name: 云山区数据局
    short: 区数据局
    kind: department
    first_year: 2023
    exemptions: [{year: 2024, reason: 2024年组建中，并入区政府办公室报告}]
"""

PORTAL_FILE = """
portal: yunshan
name: 云山区人民政府门户网站
district: 云山区
start: http://www.yunshan.example/
family: static-list
observed: 2019-12-01
columns:
  - {id: departments, name: 部门年报, address: /bm/, kinds: [department, government]}
  - {id: streets, name: 街道年报, address: /jd/, kinds: [subdistrict]}
"""

OFFICES = """
operators: [operators@nianbao.example]
offices:
  - {district: 云山区, name: 云山区政务服务管理局,
     recipients: [{to: office@yunshan.example, weekly: false}], weekday: 1, delivery: {pace: at_once}}
"""
# The office with the weekly summary: a chart and a workbook, which cost more than all else that a tick does.
OFFICES_WITH_SUMMARY = OFFICES.replace(f"{{to: {OFFICE}, weekly: false}}", OFFICE)


def at(text: str) -> datetime:
    """A moment in Shanghai: ``2020-01-31 23:59``; a day alone is its noon."""
    form = "%Y-%m-%d %H:%M:%S" if text.count(":") == 2 else "%Y-%m-%d %H:%M" if ":" in text else "%Y-%m-%d"
    moment = datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
    return (moment if ":" in text else moment + timedelta(hours=12)).astimezone(UTC)


def write_register(home: Path, **files: str) -> None:
    """The office's own files: the invented district, whose office gets no weekly summary, and nothing else."""
    for folder, name, content in (
        ("agencies", "yunshan", files.get("agencies", AGENCIES)),
        ("portals", "yunshan", files.get("portals", PORTAL_FILE)),
        ("", "offices", files.get("offices", OFFICES)),
    ):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
        (home / "config" / folder / f"{name}.yaml").write_text(content, encoding="utf-8")


@dataclass
class World:
    """What a crawler and the workers would write."""

    ledger: Ledger
    portal: str = PORTAL

    def __post_init__(self) -> None:
        with self.ledger.write() as session:
            row = {"portal": self.portal, "state": None, "failures": 0, "next_due_at": at("2019-01-01"), "sentence": ""}
            insert_or_ignore(session, PortalRow, [row])

    def look(
        self,
        moment: str,
        *,
        found: PortalState = PortalState.HEALTHY,
        complete: bool = True,
        columns: tuple[str, ...] = ("departments", "streets"),
        sentence: str = "",
        reports: Mapping[int, Sequence[str]] | None = None,
        left: Sequence[Mapping[str, Any]] = (),
        mentions: Sequence[Mapping[str, Any]] = (),
        accounted: bool = True,
    ) -> None:
        """A round over the portal.

        ``reports`` are the agencies whose reports were recognised by year (by default two of other agencies for every
        year, so that the column is a witness), ``left`` what could not be accounted for, ``mentions`` what
        names agencies otherwise.
        """
        begun = at(moment)
        recognised = EVERYBODY_ELSE if reports is None else {str(year): list(who) for year, who in reports.items()}
        page = sha256(repr((columns, recognised, list(left), list(mentions))).encode()).hexdigest()
        with self.ledger.write() as session:
            one = Round(
                portal=self.portal,
                begun_at=begun,
                ended_at=begun,
                state=RoundState.DONE,
                found=found,
                sentence=sentence,
            )
            session.add(one)
            session.flush()
            row = {
                "account": page,
                "portal": self.portal,
                "column": columns[0] if columns else "",
                "address": "http://www.yunshan.example/bm/",
                "sha256": page,
                "first_seen_at": begun,
                "garbled": False,
                "accounted": {
                    "pieces": 10,
                    "understood": 10,
                    "named": 0,
                    "unaccounted": len(left),
                    "examples": list(left),
                },
                "reports": recognised,
                "unaccounted": {"pieces": [dict(piece) for piece in left], "mentions": [dict(one) for one in mentions]},
            }
            insert_or_ignore(session, ListPage, [row])
            for column in columns:
                session.add(
                    Look(
                        round_id=one.id,
                        portal=self.portal,
                        column=column,
                        begun_at=begun,
                        ended_at=begun,
                        found=found,
                        complete=complete,
                        rows=10,
                        dropped=0,
                        sentence=sentence,
                        pages=[page] if accounted else None,
                        accounted=row["accounted"] if accounted else None,
                        paging={"lists": []} if accounted else None,
                    )
                )
            healthy = found is PortalState.HEALTHY
            watched = session.get_one(PortalRow, self.portal)
            watched.since = begun if watched.state is not found else watched.since
            watched.state, watched.sentence = found, sentence
            watched.failures = 0 if healthy else watched.failures + 1

    def article(
        self,
        agency: str | None,
        year: int | None,
        first_seen: str,
        *,
        title: str = "",
        column: str = "departments",
        outcome: ArticleOutcome = ArticleOutcome.REPORT,
        reason: str = "",
        baseline: bool = False,
        last_seen: str | None = None,
        place: str | None = None,
        **evidence: str,
    ) -> int:
        """An article; ``evidence`` maps a source to a day (imprecise) or a moment with time (precise)."""
        title = title or f"{agency}{year}年政府信息公开工作年度报告"
        address = place or f"http://www.yunshan.example/{sha256((title + first_seen).encode()).hexdigest()[:12]}.html"
        with self.ledger.write() as session:
            row = {
                "portal": self.portal,
                "column": column,
                "address": address,
                "title": title,
                "outcome": outcome,
                "agency": agency,
                "year": year,
                "reason": reason,
                "first_seen_at": at(first_seen),
                "last_seen_at": at(last_seen or first_seen),
                "gone_times": 0,
                "baseline": baseline,
            }
            article = session.get_one(Article, insert_or_id(session, Article, row, ["portal", "address"])[0])
            for source, value in evidence.items():
                moment = at(value) if ":" in value else at(f"{value} 00:00")
                session.add(
                    Evidence(
                        article_id=article.id,
                        source=EvidenceSource(source),
                        value=value,
                        moment=moment,
                        precise=":" in value,
                        observed_at=at(first_seen),
                    )
                )
            return article.id

    def change(self, article_id: int, **values: Any) -> None:
        """Changes an article."""
        with self.ledger.write() as session:
            session.execute(update(Article).where(Article.id == article_id).values(**values))

    def version(
        self,
        article_id: int,
        moment: str,
        content: str = "",
        *,
        state: WorkState = WorkState.DONE,
        figures: dict[str, Any] | None = None,
        content_of: dict[str, Any] | None = None,
    ) -> int:
        """A document of an article, read as ``state`` says; ``content_of`` is what else the reading gives."""
        digest = sha256(f"{article_id}{content}".encode()).hexdigest()
        with self.ledger.write() as session:
            document = {"sha256": digest, "size": 1, "media_type": "text/html", "first_fetched_at": at(moment)}
            insert_or_ignore(session, Document, [document])
            version = Version(
                article_id=article_id,
                role=VersionRole.BODY,
                address=session.get_one(Article, article_id).address,
                sha256=digest,
                content_sha256=digest,
                first_seen_at=at(moment),
            )
            session.add(version)
            session.flush()
            session.add(
                Work(
                    version_id=version.id,
                    reader="1",
                    state=state,
                    attempts=1,
                    created_at=at(moment),
                    next_attempt_at=at(moment),
                    dispatched_at=at(moment),
                    finished_at=at(moment) if state not in UNFINISHED else None,
                    sentence="不是有效的 PDF" if state is WorkState.QUARANTINED else "",
                )
            )
            if state is WorkState.DONE:
                reading = {
                    "sha256": digest,
                    "reader": "1",
                    "read_at": at(moment),
                    "seconds": 0.1,
                    "content": report_to_json(NOTHING_READ)
                    | {"form": "2019", "figures": {key: {"key": key, **one} for key, one in (figures or {}).items()}}
                    | (content_of or {}),
                }
                insert_or_ignore(session, ReadingRow, [reading])
            return version.id

    def finding(self, version_id: int, agency: str, year: int, moment: str, **values: Any) -> str:
        """An open finding of a version: T05 unless ``values`` say otherwise."""
        row: dict[str, Any] = {
            "version_id": version_id,
            "agency": agency,
            "year": year,
            "rule": "T05",
            "severity": "error",
            "cells": ["requests.not_provided.not_held.total"],
            "expected": "0",
            "found": "1",
            "message": "表三“1.本机关不掌握相关政府信息”行：各类申请人之和＝0，总计栏填报1，相差1",
            "message_en": "",
            "basis": "政府信息公开工作年度报告格式表三",
            "place": {},
            "suggestion": None,
            "state": FindingState.OPEN,
            "opened_at": at(moment),
        } | values
        row["fingerprint"] = sha256(f"{row['rule']}{agency}{year}{row['cells']}{row['message']}".encode()).hexdigest()[
            :32
        ]
        with self.ledger.write() as session:
            insert_or_ignore(session, FindingRow, [row])
        return str(row["fingerprint"])

    def change_finding(self, fingerprint: str, **values: Any) -> None:
        """Changes a finding."""
        with self.ledger.write() as session:
            session.execute(update(FindingRow).where(FindingRow.fingerprint == fingerprint).values(**values))
