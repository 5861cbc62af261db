"""Letters lead to the very finding at the desk once readers can reach it, and to nothing without that."""

from __future__ import annotations

from html import escape

import pytest

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from monitor.loop import tick
from tests.monitor.factory import World, at
from tests.monitor.reading_mail import text_of


@pytest.mark.parametrize("address", ["https://desk.example.cn/nianbao", None])
def test_a_letter_leads_to_the_finding_at_the_desk(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, address: str | None
) -> None:
    article = world.article("yunshan-culture", 2019, "2020-01-13", page_label="2020-01-13")
    version = world.version(article, "2020-01-13")
    fingerprint = world.finding(version, "yunshan-culture", 2019, "2020-01-14 12:00")
    tick(mailing.model_copy(update={"web_address": address}), ledger, at("2020-01-14 13:00"))
    (mail,) = (one for one in inbox.messages() if "区文旅局" in str(one["Subject"]))
    html = next(part.get_content() for part in mail.walk() if part.get_content_type() == "text/html")
    link = f"{address}/reports/yunshan-culture/2019?version={version}&finding={fingerprint}#{fingerprint}"
    assert (link in text_of(mail)) == (f'href="{escape(link)}"' in html) == (address is not None)
    assert ("在工作台" in text_of(mail)) == (address is not None)
