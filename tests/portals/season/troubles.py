"""One small portal again and again, each time in another trouble, and how it is found then."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

from collections.abc import Callable, Mapping

from cli.demo.portals.shifan import CHALLENGE
from cli.demo.site import Answer
from tests.portals.season.elsewhere import file_of
from tests.portals.season.look import Look, Row
from tests.portals.season.plan import District, day
from tests.portals.season.units import INVENTED, towns
from tests.portals.sites import BROKEN, CAPTCHA, HOME, SERVER_ERROR

COLUMN = "/zwgk/gknb/"
# Longer than a round waits in the tests.
SLOW = 7.0
FIREWALL = Answer(
    "<html><head><title>访问被拦截</title></head><body>您的访问被阻断，请求存在威胁，事件编号 20260203。</body></html>".encode()
)
ENGLISH = Answer(b"<html><head><title>Error</title></head><body><h1>Error 404</h1>Not here, sorry.</body></html>")
SHELL = Answer(b"<html><head><title></title></head><body><div id=app></div><script src=/app.js></script></body></html>")
REFUSED = "refused"
DEAD = "dead"
PAUSED = "paused"

# State, and what stands in the place of every page. What is None is not served at all.
TROUBLES: Mapping[str, tuple[str, Answer | None]] = {
    REFUSED: ("unreachable", None),
    DEAD: ("unreachable", None),
    PAUSED: ("paused", None),
    "slow": ("unreachable", Answer(HOME.content, seconds=SLOW)),
    "server-error": ("unreachable", SERVER_ERROR),
    "bad-gateway": ("unreachable", BROKEN),
    "firewall": ("blocked", FIREWALL),
    "captcha": ("blocked", CAPTCHA),
    "challenge": ("blocked", Answer(CHALLENGE.content)),
    "challenge-412": ("blocked", Answer(CHALLENGE.content, status=412)),
    "forbidden": ("blocked", Answer(b"<html><body>403</body></html>", status=403)),
    "home-page": ("layout_changed", HOME),
    "home-redirect": ("layout_changed", Answer(b"", status=301, headers=(("Location", "/"),))),
    "english-error": ("layout_changed", ENGLISH),
    "empty-shell": ("layout_changed", SHELL),
}


def _district(portal: str, state: str) -> District:
    name = f"云山区{portal}"
    units = towns(portal, name, INVENTED[:4])
    made = District(portal, name, units, Look(f"{name}人民政府"), state=state)
    made.file = file_of("trs", {"address": COLUMN})
    made.standings = {unit.id: "unverifiable" for unit in units}
    return made


def troubled() -> list[District]:
    """The portals that were in trouble whenever they were asked."""
    made = []
    for portal, (state, instead) in TROUBLES.items():
        district = _district(portal, state)
        if instead is not None:
            district.otherwise = instead
            if portal != "home-redirect":
                del district.pages["/"]
        made.append(district)
    return made


def _changed(portal: str, change: Callable[[District, list[Row]], None]) -> tuple[District, District]:
    """A portal as it was before, and after ``change``; last year's reports stood on it all the time."""
    before, after = _district(portal, "healthy"), _district(portal, "layout_changed")
    rows = [before.old(COLUMN, unit, year) for unit in before.units for year in (2023, 2024)]
    before.lists(COLUMN, rows)
    after.pages |= before.pages
    after.articles = dict(before.articles)
    change(after, rows)
    return before, after


def _fewer(made: District, rows: list[Row]) -> None:
    made.lists(COLUMN, rows[:3])


def _without_dates(made: District, rows: list[Row]) -> None:
    links = "".join(f'<li><a href="{row.href}">{row.title}</a></li>' for row in rows)
    made.pages[COLUMN] = made.look.page(f"<ul>{links}</ul>", "政府信息公开年报")


def _all_dropped(made: District, rows: list[Row]) -> None:
    titles = [f"{{district}}召开第{number}次会议" for number in range(1, 9)]
    made.lists(COLUMN, [made.nothing(COLUMN, title, day(1, 4 + place)) for place, title in enumerate(titles)])


def _no_rows(made: District, rows: list[Row]) -> None:
    made.lists(COLUMN, [])


def changed() -> list[tuple[District, District]]:
    """Portals whose layout changed against their own history: as they were, and as they are."""
    changes = {
        "fewer-rows": _fewer,
        "no-dates": _without_dates,
        "links-dropped": _all_dropped,
        "no-rows": _no_rows,
    }
    return [_changed(portal, change) for portal, change in changes.items()]
