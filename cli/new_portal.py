"""Writes what ``nianbao portals new`` found: a draft portal file, the recorded pages, and a test that fails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from cli.shown.output import CannotBeDone, plain
from config.portals import AUTO, Pace, PortalColumn, PortalFile
from crawler.pages.page import Page
from crawler.survey.recording import record
from crawler.survey.survey import Survey, SurveyedColumn

MOST_RECORDED = 8
_UNKNOWN_DISTRICT = "请填写"
_DISTRICT = re.compile(r"(?:[一-鿿]+[省市])?([一-鿿]{1,6}?[区县旗市])(?:人民)?政府")
_SITE_END = re.compile(r"[_\-—|]|门户网站|网站")
_TEST = '''"""门户 {portal} 录制的网页是否读得对；由 nianbao portals new 写成，核对之前不会通过。

在本目录运行：python -m pytest
"""

from pathlib import Path

import pytest

from config.portals import PortalFile
from config.yaml_file import read_yaml
from crawler.survey.recording import RecordedPage, load_recording, read_again

HERE = Path(__file__).resolve().parent
PORTAL = read_yaml(HERE.parent / "{portal}.yaml", PortalFile)
RECORDING = load_recording(HERE)


@pytest.mark.parametrize("page", RECORDING.pages, ids=lambda page: page.file)
def test_the_recorded_page_is_read_as_expected(page: RecordedPage) -> None:
    assert read_again(PORTAL, HERE, page) == page


def test_a_person_has_confirmed_what_is_expected() -> None:
    assert RECORDING.confirmed_by, "请核对 expected.yaml 中的条目，然后写上 confirmed_by 和 confirmed_on"
'''


def draft_portal(survey: Survey, name: str, day: date) -> PortalFile:
    """The portal file that a survey proposes, switched off."""
    page = survey.page
    assert page is not None  # noqa: S101 - narrows the type; a survey with trouble proposes nothing
    start = urlsplit(page.address)
    family = survey.columns[0].family if survey.columns else AUTO
    columns = [
        one.column.model_copy(
            update={"name": _line(one.column.name), "family": None if one.family == family else one.family}
        )
        for one in survey.columns
    ]
    return PortalFile(
        portal=name,
        name=site_name(survey) or start.netloc,
        district=district_of(survey) or _UNKNOWN_DISTRICT,
        start=f"{start.scheme}://{start.netloc}/",
        family=family,
        encoding=wrong_encoding(page),
        observed=day,
        pace=Pace(),
        paused=True,
        json_rows=next((column.json_rows for column in survey.columns if column.json_rows), None),
        columns=tuple(columns),
    )


def write_draft(
    survey: Survey, portal: PortalFile, folder: Path, day: date, portals_of: Mapping[str, str]
) -> tuple[Path, Path]:
    """Writes the portal file, the recorded pages and the test; returns the paths of the first and the last.

    ``portals_of`` are the portals of the districts that have a register. Raises CannotBeDone where there is a portal
    file of this name already, or the folder cannot be written to.
    """
    path, beside = folder / f"{portal.portal}.yaml", folder / portal.portal
    test = beside / f"test_{portal.portal.replace('-', '_')}.py"
    if path.exists() or beside.exists():
        raise CannotBeDone(f"{path if path.exists() else beside} 已存在；请用 --name 换一个名称，或先移走旧的")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record(portal, _pages(survey), beside, day)
        test.write_text(_TEST.format(portal=portal.portal), encoding="utf-8")
        path.write_text(_file(survey, portal, day, portals_of), encoding="utf-8")
    except OSError as error:
        raise CannotBeDone(f"无法写入 {folder}（{error.strerror}）；请检查权限，或用 --directory 换一个目录") from error
    return path, test


def name_for(address: str) -> str:
    """The name of a portal by its host: ``www.bjchy.gov.cn`` is ``bjchy``."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    parts = host.split(".")
    if all(part.isdigit() for part in parts):
        return f"portal-{'-'.join(parts)}"
    return re.sub(r"[^a-z0-9-]", "-", parts[0].lower()).strip("-") or "portal"


def site_name(survey: Survey) -> str | None:
    """How the site calls itself."""
    for page in (survey.page, survey.home):
        written = page.labels.get("sitename", "") if page is not None and page.is_html else ""
        if written:
            return _line(written)[:60]
    title = survey.home.title if survey.home is not None and survey.home.is_html else ""
    return _line(_SITE_END.split(title)[0])[:60] or None


def district_of(survey: Survey) -> str | None:
    """The district that the site's name names."""
    match = _DISTRICT.search(site_name(survey) or "")
    return match[1] if match else None


def wrong_encoding(page: Page) -> str | None:
    """The encoding that a portal file has to name; None where what the page declares, or nothing, reads well."""
    if _reads_as(page.body, "utf-8"):
        # Text that is no UTF-8 hardly ever looks like it; the other way round it often does.
        return None if page.text.lstrip("\ufeff") == page.body.decode("utf-8-sig") else "utf-8"
    return "gb18030" if "\ufffd" in page.text and _reads_as(page.body, "gb18030") else None


def seen(survey: Survey, portal: PortalFile) -> list[str]:
    """What was observed, in sentences."""
    page = survey.page
    assert page is not None  # noqa: S101 - as in draft_portal
    sentences = [f"网页 {page.asked} 可以打开（状态码 {page.status}），robots.txt 允许抓取"]
    if page.address != page.asked:
        sentences.append(f"实际内容在 {page.address}")
    declared = page.headers.get("content-type", "")
    sentences.append(f"服务器声明的类型和编码：{declared or '没有声明'}")
    if portal.encoding:
        sentences.append(f"按网页自己声明的编码读出乱码，按 {portal.encoding} 读则正常")
    for column in survey.columns:
        signs = f"（特征：{'、'.join(column.signs)}）" if column.signs else ""
        sentences.append(
            f"栏目“{column.column.name}”：按 {column.family}{signs} 试读 {len(column.pages)} 页，"
            f"共 {column.entries} 条，标题像年度报告的 {column.reports} 条"
        )
    return sentences


def doubts(survey: Survey, portal: PortalFile, portals_of: Mapping[str, str]) -> list[str]:
    """What a person has to look at, in sentences."""
    sentences = []
    if portal.district == _UNKNOWN_DISTRICT:
        sentences.append("认不出是哪个区，请填写 district")
    if portal.district not in portals_of:
        sentences.append("机关名录中没有这个区，请在 config/agencies 中补上该区的文件，否则不能抓取")
    elif portals_of[portal.district] != portal.portal:
        registered = portals_of[portal.district]
        sentences.append(f"机关名录中{portal.district}的门户是 {registered}；请改正其中一个，两处须一致")
    for column in survey.columns:
        name = column.column.name
        sentences += [f"栏目“{name}”：{doubt}" for doubt in column.doubts]
        if not column.reports:
            sentences.append(f"栏目“{name}”没有找到年度报告，地址或类型多半不对；请在浏览器中找到年报列表，再试一次")
        if not column.column.kinds:
            sentences.append(f"栏目“{name}”没有写 kinds：所有机关的年报都算在这里；如只收街道、部门，请写明")
        if column.column.years:
            sentences.append(
                f"栏目“{name}”只收{column.column.years[0]}年度的年报；如有列出各年度的上一级目录，请改用它"
            )
    sentences.append("pace 是默认的快慢；网站慢的，请把 delay_seconds 改大")
    return sentences


def _pages(survey: Survey) -> list[tuple[PortalColumn, Page]]:
    """The pages to record: the first of each column, then those that follow."""

    def place(column: SurveyedColumn) -> list[tuple[int, PortalColumn, Page]]:
        return [(number, column.column, page) for number, page in enumerate(column.pages)]

    pages = sorted((one for column in survey.columns for one in place(column)), key=lambda one: one[0])
    return [(column, page) for _, column, page in pages[:MOST_RECORDED]]


def _file(survey: Survey, portal: PortalFile, day: date, portals_of: Mapping[str, str]) -> str:
    content: dict[str, Any] = portal.model_dump(mode="json", exclude_defaults=True)
    content["observed"] = day
    content |= {"paused": True, "pace": portal.pace.model_dump()}
    order = [name for name in PortalFile.model_fields if name in content]
    lines = [
        f"# 门户草稿，由 nianbao portals new 于 {day.isoformat()} 写成；核实之前保持 paused: true。",
        "# 当日观察到：",
        *(f"#   - {_line(sentence)}" for sentence in seen(survey, portal)),
        "# 须人工核实：",
        *(f"#   - {_line(sentence)}" for sentence in doubts(survey, portal, portals_of)),
    ]
    text = yaml.safe_dump({name: content[name] for name in order}, allow_unicode=True, sort_keys=False, width=1000)
    return "\n".join(lines) + "\n" + text


def _reads_as(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _line(text: str) -> str:
    """One line that says nothing but what is seen: what a site writes goes into comments."""
    return " ".join(plain(text).split())
