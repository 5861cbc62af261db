"""A letter is enough to act on: whom to call, where to look, what is asked until when, and nobody urges itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.messages.rectifications import open_rectification
from ledger.models import FindingRow
from ledger.states import FindingState
from monitor.loop import tick
from tests.monitor.factory import AGENCIES, OFFICES, World, at, write_register
from tests.monitor.reading_mail import html_of, text_of, told

CULTURE, DONGJIE, GOVERNMENT = "yunshan-culture", "yunshan-dongjie", "yunshan-government"
CONTACT = {"sections": [{"number": 6, "heading": "六、其他", "kind": "other", "text": "联系电话：010-64636785。"}]}


def broken_sum(world: World, agency: str, year: int = 2019, content: dict[str, Any] | None = None) -> None:
    column = "streets" if agency == DONGJIE else "departments"
    article = world.article(agency, year, f"{year + 1}-01-10", column=column, page_label=f"{year + 1}-01-10")
    version = world.version(article, f"{year + 1}-01-10", content_of=content)
    world.finding(version, agency, year, f"{year + 1}-01-10")


def letters(mailing: Settings, ledger: Ledger, inbox: Inbox, moment: str) -> list[str]:
    before = len(told(inbox))
    tick(mailing, ledger, at(moment))
    return [" ".join(text_of(mail).split()) for mail in told(inbox)[before:]]


def test_the_telephone_is_the_registers_or_the_reports_own(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    entry = "short: 东街街道, kind: subdistrict"
    write_register(mailing.home, agencies=AGENCIES.replace(entry, f"{entry}, contact: 李明, telephone: 010-12345678"))
    broken_sum(world, DONGJIE, content=CONTACT)
    broken_sum(world, CULTURE, content=CONTACT)
    street, culture = sorted(letters(mailing, ledger, inbox, "2020-01-10 13:00"), key=lambda text: "文化" in text)
    assert "联系电话：李明 010-12345678" in street and "64636785" not in street
    assert "联系电话：010-64636785（报告中所留）" in culture


def test_a_letter_links_where_to_look_and_says_until_when(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    with_desk = mailing.model_copy(update={"web_address": "https://desk.yunshan.example/"})
    broken_sum(world, DONGJIE)
    (text,) = letters(with_desk, ledger, inbox, "2020-01-10 13:00")
    # Ten working days, of which Sunday the 19th is one.
    assert "更正后重新公布。请于2020年1月23日前反馈结果。" in text
    html = html_of(told(inbox)[0])
    assert 'href="http://www.yunshan.example/jd/"' in html  # the column
    assert f'href="https://desk.yunshan.example/reports/{DONGJIE}/2019"' in html  # the copy that was read
    assert "desk.yunshan.example" not in "".join(letters(mailing, ledger, inbox, "2020-01-18 13:00"))


def test_who_has_not_published_is_told_with_column_telephone_and_date(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    broken_sum(world, DONGJIE)
    broken_sum(world, CULTURE, 2018, CONTACT)  # last year's report says whom to call
    world.article(GOVERNMENT, 2019, "2020-01-20", page_label="2020-01-19")
    world.look("2020-02-01 07:00")
    world.look("2020-02-03 07:00")
    missing = next(text for text in letters(mailing, ledger, inbox, "2020-02-03 13:00") if "未公布" in text)
    assert "联系电话：010-64636785（2018年度报告中所留）" in missing
    assert "请于2020年2月17日前反馈结果" in missing
    assert 'href="http://www.yunshan.example/bm/"' in next(
        html_of(mail) for mail in told(inbox) if "未公布" in mail["Subject"]
    )
    reminder = next(text for text in letters(mailing, ledger, inbox, "2020-02-10 13:00") if "催办" in text)
    assert "2020年2月3日首次通知，应于2020年2月17日前反馈" in reminder and "64636785" in reminder


def test_an_answer_is_expected_by_the_date_of_a_rectification(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    tick(mailing, ledger, at("2020-01-09 13:00"))  # the register is entered
    broken_sum(world, DONGJIE)
    with ledger.write() as session:
        open_rectification(
            session,
            DONGJIE,
            2019,
            asked_on=date(2020, 1, 10),
            due_on=date(2020, 3, 10),
            asked_by="王敏",
            asked_for="更正表三",
            now=at("2020-01-10"),
        )
    (text,) = letters(mailing, ledger, inbox, "2020-01-10 13:00")
    assert "请于2020年3月10日前反馈结果。" in text


@pytest.mark.parametrize("pace", ["at_once", "daily"])
def test_an_office_does_not_urge_its_own_government(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox, pace: str
) -> None:
    write_register(mailing.home, offices=OFFICES.replace("at_once", pace))
    broken_sum(world, GOVERNMENT)
    (text,) = [
        text for day in ("2020-01-10 13:00", "2020-01-13 09:00") for text in letters(mailing, ledger, inbox, day)
    ]
    assert "这是本级政府的年度报告，请核对原始数据" in text
    assert "请转该机关" not in text and "前反馈" not in text
    (reminder,) = letters(mailing, ledger, inbox, "2020-01-20 13:00")
    assert "第1次提示" in reminder and "催办】" not in reminder and "请继续督促" not in reminder


def test_what_was_explained_last_year_of_the_same_is_shown(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    for year in (2019, 2020):
        broken_sum(world, DONGJIE, year)
    with ledger.read() as session:
        rows = {row.year: row.fingerprint for row in session.scalars(select(FindingRow))}
    world.change_finding(
        rows[2019],
        state=FindingState.ACKNOWLEDGED,
        said_by="王敏",
        said_why="该街道书面说明数据属实",
        said_at=at("2020-02-10"),
    )
    text = next(text for text in letters(mailing, ledger, inbox, "2021-01-11 13:00") if "2020年政府" in text)
    assert "2019年度同一处曾有说明：2020年2月10日，王敏：该街道书面说明数据属实（当时登记为已知悉）" in text
