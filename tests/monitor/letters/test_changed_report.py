"""A letter about a report that was changed says what was changed: short, escaped, and nothing made up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from ledger.models import Incident, Notice, Version
from ledger.states import FindingState, IncidentKind
from monitor.incidents.wanted import update_incidents
from monitor.letters.alert import report_part
from monitor.letters.contents import Contents, Ended
from monitor.letters.office import office_letter
from monitor.loop import tick
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.monitor.factory import World, at

KEY = "requests.not_provided.not_held.total"
RECEIVED = "requests.received.total"
TODAY = date(2020, 1, 16)
CULTURE = "yunshan-culture"


def reading(total: int, text: str, **more: Any) -> dict[str, Any]:
    figures = {
        KEY: {"state": "number", "value": total, "text": str(total)},
        RECEIVED: {"state": "number", "value": 5, "text": "5"},
    }
    sections = [{"number": 1, "heading": "一、总体情况", "kind": "overview", "text": text}]
    return {"figures": figures, "content_of": {"sections": sections, **more}}


def published(world: World, *readings: dict[str, Any]) -> list[int]:
    """A report with a version a day from 15 January on."""
    world.look("2020-01-14")
    article = world.article(CULTURE, 2019, "2020-01-15", page_label="2020-01-15")
    return [world.version(article, f"2020-01-{15 + day}", f"v{day}", **one) for day, one in enumerate(readings)]


def test_the_letter_that_something_was_put_right_shows_what_was_changed(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    (first,) = published(world, reading(1, "全年收到申请5件，无法提供1件。"))
    register = load_register(settings.home)
    found = world.finding(first, CULTURE, 2019, "2020-01-15")
    update_obligations(ledger, register, at("2020-01-16"))
    update_standings(ledger, register, at("2020-01-16"))
    update_incidents(settings, ledger, register, at("2020-01-16"))
    with ledger.read() as session:
        incident = session.execute(select(Incident).where(Incident.kind == IncidentKind.FINDING)).scalar_one()
    hostile = "全年收到申请5件，无法提供0件。<script>alert(1)</script>"
    world.version(_article(ledger, first), "2020-01-17", "v2", **reading(0, hostile))
    world.change_finding(found, state=FindingState.RESOLVED, resolved_at=at("2020-01-17"))
    with ledger.read() as session:
        ended = [Ended(incident, "重新公布的报告中已没有这个问题", was_wrong=False)]
        letter, alert = (
            office_letter(session, register, contents, "c@x.example", at("2020-01-18"))
            for contents in (Contents(ended=ended), Contents(news=[incident]))
        )
    for one in (letter, alert):
        item = one.items[-1]
        assert item.tag == "报告有改动"
        assert "2020年1月17日" in item.sentence
        assert [(line.name, line.sentence) for line in item.lines][:2] == [
            ("表三“（四）无法提供 1.本机关不掌握相关政府信息”行“总计”列", "由1改为0"),
            ("一、总体情况", "“全年收到申请5件，无法提供1件。”改为“全年收到申请5件，无法提供0件。”"),
        ]
    # What the letter is called after is what happened, not that the report was changed.
    assert letter.subject.startswith("区文旅局已更正")
    assert alert.subject.startswith("区文旅局：表三1处不平")


def _article(ledger: Ledger, version_id: int) -> int:
    with ledger.read() as session:
        return session.get_one(Version, version_id).article_id


def test_the_mail_as_sent_escapes_what_a_report_says(mailing: Settings, ledger: Ledger, world: World) -> None:
    first, second = published(world, reading(0, "收到申请5件。"), reading(1, "收到申请5件<script>alert(1)</script>。"))
    assert first < second
    world.finding(second, CULTURE, 2019, "2020-01-16")
    tick(mailing, ledger, at("2020-01-16 10:00"))
    tick(mailing, ledger, at("2020-01-16 15:00"))
    with ledger.read() as session:
        notice = session.execute(select(Notice).where(Notice.subject.contains("不平"))).scalars().first()
    assert notice is not None
    assert "报告有改动" in notice.text
    assert "由0改为1" in notice.text
    assert "<script>" not in notice.html
    assert "&lt;script&gt;" in notice.html


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"may_be_cut": True, "sections": []}, "文字在其中一个版本中未能读出，没有对照"),
        ({"gaps": [{"why": "garbled_text", "what": "全文", "cells": []}]}, "文字在其中一个版本中未能读出，没有对照"),
    ],
)
def test_what_was_not_read_of_the_new_version_is_said(
    settings: Settings, ledger: Ledger, world: World, more: dict[str, Any], says: str
) -> None:
    _, second = published(world, reading(1, "收到申请5件。"), reading(1, "收到申请5件。", **more))
    world.finding(second, CULTURE, 2019, "2020-01-16")
    register = load_register(settings.home)
    update_obligations(ledger, register, at("2020-01-16 13:00"))
    update_standings(ledger, register, at("2020-01-16 13:00"))
    update_incidents(settings, ledger, register, at("2020-01-16 13:00"))
    with ledger.read() as session:
        incident = session.execute(select(Incident).where(Incident.kind == IncidentKind.FINDING)).scalar_one()
        item = report_part(session, register, [incident], TODAY).items[-1]
    assert [(line.name, line.sentence) for line in item.lines] == [("一、总体情况", says)]
    assert "能够对照的数字和文字没有改动" in item.sentence


def test_a_report_that_was_never_changed_and_an_old_change_are_no_news(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    first, second = published(world, reading(0, "甲。"), reading(1, "甲。"))
    world.finding(first, CULTURE, 2019, "2020-01-20")
    register = load_register(settings.home)
    update_obligations(ledger, register, at("2020-01-20"))
    update_standings(ledger, register, at("2020-01-20"))
    update_incidents(settings, ledger, register, at("2020-01-20"))
    assert second > first
    with ledger.read() as session:
        incident = session.execute(select(Incident).where(Incident.kind == IncidentKind.FINDING)).scalar_one()
        tags = [item.tag for item in report_part(session, register, [incident], TODAY).items]
    assert tags == ["错误"]
