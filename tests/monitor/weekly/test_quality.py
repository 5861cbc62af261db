"""The weekly begins with its news, names whose problems are open, and says how good reports and letters are."""

from __future__ import annotations

from cli.demo.inbox import Inbox
from config.settings import Settings
from ledger.database import Ledger
from ledger.states import FindingState, WorkState
from monitor.loop import tick
from tests.monitor.factory import World, at
from tests.monitor.weekly.test_weekly_content import season, summary, text

CULTURE, DONGJIE, GOVERNMENT = "yunshan-culture", "yunshan-dongjie", "yunshan-government"


def lived_through(world: World, settings: Settings, ledger: Ledger) -> None:
    """Three reports: one with an error put right, one with an error that was none and another, one never read."""
    places = {CULTURE: "departments", DONGJIE: "streets", GOVERNMENT: "departments"}
    articles = {
        agency: world.article(agency, 2019, "2020-01-13 09:00", column=column, page_label="2020-01-13")
        for agency, column in places.items()
    }
    first = world.version(articles[CULTURE], "2020-01-13 09:00")
    street = world.version(articles[DONGJIE], "2020-01-13 09:00")
    world.version(articles[GOVERNMENT], "2020-01-13 09:00", state=WorkState.WAITING)
    mended = world.finding(first, CULTURE, 2019, "2020-01-13 09:05")
    untrue = world.finding(street, DONGJIE, 2019, "2020-01-13 09:05")
    world.finding(street, DONGJIE, 2019, "2020-01-14 09:05", rule="T08", message="表四", cells=["review.total"])
    for day in ("2020-01-13", "2020-01-14", "2020-01-15"):
        world.look(f"{day} 09:00")
        tick(settings, ledger, at(f"{day} 10:00"))
    world.version(articles[CULTURE], "2020-01-16 09:00", "corrected")
    world.change_finding(mended, state=FindingState.RESOLVED, resolved_at=at("2020-01-16 09:00"))
    world.change_finding(untrue, state=FindingState.DISMISSED, said_why="无误", said_at=at("2020-01-16 09:00"))
    for day in ("2020-01-16", "2020-01-17"):
        world.look(f"{day} 09:00")
        tick(settings, ledger, at(f"{day} 10:00"))


def test_the_news_come_first_and_who_waits_is_named(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    lived_through(world, mailing, ledger)
    words = text(mailing, ledger, "2020-01-17 12:00")
    news = "云山区本周新公布3份，新发现问题1处，已更正、已解决1项，本系统撤回通知1项；目前1份报告待处理。"
    assert summary(mailing, ledger, "2020-01-17 12:00").news == news
    assert words.index(news) < words.index("截至2020年1月17日12:00")
    (open_,) = season(mailing, ledger, "2020-01-17 12:00").open_problems
    assert open_.sentence == "错误1处，自2020年1月14日起，已3天"
    assert "问题尚未解决的机关（1）\n  · 云山区人民政府东街街道办事处：错误1处，自2020年1月14日起，已3天" in words


def test_clean_put_right_and_taken_back_are_counted(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    lived_through(world, mailing, ledger)
    words = text(mailing, ledger, "2020-01-17 12:00")
    assert "目前，已读取的2份报告中1份没有未解决的错误，另有1份尚未读出，不计在内。" in words
    assert "本年度报告已通知3件，其中1件已更正，1件由本系统撤回（33.3%）。" in words
    quality = season(mailing, ledger, "2020-02-10 12:00").quality
    assert quality is not None and quality.sentences[0].startswith("期限后10天，已读取的2份报告中1份")


def test_who_became_missing_in_the_week_comes_first(
    mailing: Settings, ledger: Ledger, world: World, inbox: Inbox
) -> None:
    world.article(DONGJIE, 2019, "2020-01-13 09:00", column="streets", page_label="2020-01-13")
    for day in ("2020-01-13", "2020-01-24", "2020-02-01", "2020-02-02"):
        world.look(f"{day} 09:00")
        tick(mailing, ledger, at(f"{day} 10:00"))
    assert summary(mailing, ledger, "2020-02-03 12:00").news == "云山区本周新增未公布1家；目前1家未公布。"
    # A week later that is no news any more.
    for day in ("2020-02-09", "2020-02-10"):
        world.look(f"{day} 09:00")
        tick(mailing, ledger, at(f"{day} 10:00"))
    assert summary(mailing, ledger, "2020-02-11 12:00").news == "云山区本周没有新的变化；目前1家未公布。"


def test_no_share_is_told_of_no_reports(mailing: Settings, ledger: Ledger, world: World, inbox: Inbox) -> None:
    world.look("2020-01-13 09:00")
    tick(mailing, ledger, at("2020-01-13 10:00"))
    quality = season(mailing, ledger, "2020-01-13 12:00").quality
    assert quality is not None and quality.sentences == ["目前，还没有已读取的报告。"]
    article = world.article(GOVERNMENT, 2019, "2020-01-14 09:00", column="departments", page_label="2020-01-14")
    world.version(article, "2020-01-14 09:00", state=WorkState.WAITING)
    world.look("2020-01-14 09:00")
    tick(mailing, ledger, at("2020-01-14 10:00"))
    assert "\n  目前，还没有已读取的报告（1份尚未读出）。" in text(mailing, ledger, "2020-01-14 12:00")
