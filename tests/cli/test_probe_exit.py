"""``nianbao portals probe`` ends with 1 where something is left on a page or a pager was not followed, and says what."""

# ruff: noqa: E501 - lines of HTML
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.main import main
from tests.portals.lists.pages import items
from tests.portals.lists.plan import District, Listed, make_district
from tests.portals.lists.serving import Asked, ListPortal, ListServer, Reply, html, write_office
from tests.portals.lists.systems import system_portals

LIST = "/gknb/index.html"
DISTRICT = make_district("sound", 3, 6, missing=1, late=0)


def _place(row: Listed) -> str:
    return f"/article/{row.number}.html"


def portal(name: str, more: str = "", **column: str) -> ListPortal:
    """A plain list with ``more`` below it."""
    district = District(name, {f"{name}-{n}": unit for n, unit in enumerate(DISTRICT.units.values())}, DISTRICT.rows)
    body = f"<html><head><meta charset='utf-8'><title>政府信息公开年报</title></head><body><ul>{items(DISTRICT.rows, _place)}</ul>{more}</body></html>"

    def answer(asked: Asked) -> Reply | None:
        return html(body) if asked.path == LIST else None

    return ListPortal(district, answer, {"address": LIST, **column})


ABSENT = next(iter(DISTRICT.missing))
PORTALS = {
    "sound": portal("sound"),
    "left": portal("left", f"""<p><a href="javascript:show(7)">{DISTRICT.units[ABSENT]}2025年政府信息公开工作年度报告</a></p>"""),
    "pager": portal("pager", '<div class="page"><a href="javascript:goPage(2)">下一页</a></div>'),
    "counted": portal("counted", "<p>共99条</p>"),
    "shell": ListPortal(
        system_portals()["jpaas"].district, system_portals()["jpaas"].answer,
        {"address": system_portals()["jpaas"].column["address"], "family": "static-list"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("probe")
    with ListServer(PORTALS) as server:
        write_office(home, PORTALS, server.addresses)
        yield home


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("sound", 0, "类型：static-list"),
        ("left", 1, "未认出 1 处"),
        ("pager", 1, "没有读完，有无法跟随的翻页：下一页 javascript:goPage(2)"),
        ("counted", 1, "没有读完，少于写明的数目"),
        ("shell", 1, "门户文件写的是 static-list"),
    ],
)
def test_the_status_says_whether_all_was_understood(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, status: int, says: str
) -> None:
    monkeypatch.setenv("NIANBAO_HOME", str(office))
    monkeypatch.setenv("NIANBAO_ALLOW_PRIVATE_ADDRESSES", "true")
    with pytest.raises(SystemExit) as ended:
        main(["portals", "probe", name])
    out = capsys.readouterr().out
    assert (ended.value.code or 0) == status, out
    assert says in out, out
    with pytest.raises(SystemExit):
        main(["portals", "probe", name, "--format", "json"])
    (column,) = json.loads(capsys.readouterr().out)["columns"]
    whole = all(page["paging"]["followed_to_end"] for page in column["pages"])
    left = sum(page["accounted"]["unaccounted"] for page in column["pages"])
    assert (whole and not left) == (status == 0)
