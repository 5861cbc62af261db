"""nianbao letters, as a person calls it; the Word file opened in LibreOffice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from config.in_force import load_register
from config.settings import Settings
from ledger.database import Ledger
from monitor.standings.judge import update_standings
from monitor.standings.obligations import update_obligations
from tests.cli.test_status import run
from tests.monitor.evidence.published import HONGZE, publish
from tests.monitor.factory import World, at, write_register
from tests.office_program import convert, needs_libreoffice, pages_of


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_notice_says_what_is_to_be_put_right(
    ledger_in_home: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notice.docx"
    assert run("letters", "draft", "东街街道", "2019", "--due", "2099-01-30", "--output", str(path)) == 0
    text = text_of(path)
    assert "云山区人民政府东街街道办事处：" in text and "云山区政务服务管理局（盖章）" in text
    assert "总计栏填报1，相差1" in text and "“总计”列：0" in text and "2099年1月30日前" in text
    assert "{{" not in text
    before = path.read_bytes()
    assert run("letters", "draft", "东街街道", "2019", "--output", str(path)) == 2
    assert "已存在，未改动" in capsys.readouterr().err and path.read_bytes() == before


def test_who_published_nothing_is_asked_to_publish(
    ledger_in_home: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notice.docx"
    assert run("letters", "draft", "区文旅局", "2019", "--output", str(path)) == 0
    text = text_of(path)
    assert "你单位应于2020年1月31日前公布2019年政府信息公开工作年度报告" in text and "尽快公布" in text
    assert "所核报告" not in text


def test_what_a_person_said_is_no_problem_is_not_asked_for(
    ledger_in_home: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("findings", "list", "--agency", "东街街道", "--format", "csv") == 1
    number = capsys.readouterr().out.splitlines()[1].partition(",")[0]
    assert run("findings", "dismiss", number, "--by", "王敏", "--why", "原件无误") == 0
    assert run("letters", "draft", "东街街道", "2019", "--output", str(tmp_path / "none.docx")) == 2
    assert "没有需要整改的问题" in capsys.readouterr().err and not (tmp_path / "none.docx").exists()


def test_the_offices_own_template_is_taken(
    ledger_in_home: Ledger, sqlite_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Document()
    own.add_paragraph("云山区专用 {{机关简称}} {{年度}} {{局长}}")
    own.save(str(sqlite_settings.home / "config" / "rectification_notice.云山区.docx"))
    path = tmp_path / "notice.docx"
    assert run("letters", "draft", "东街街道", "2019", "--output", str(path)) == 0
    assert text_of(path).strip() == "云山区专用 东街街道 2019 {{局长}}"
    assert "不认识的占位符，已原样保留：局长" in capsys.readouterr().err


def test_the_shipped_template_can_be_had_and_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "template.docx"
    assert run("letters", "template", "--output", str(path)) == 0
    assert "{{机关}}：" in text_of(path) and "{{问题}}" in text_of(path)


@needs_libreoffice
def test_libreoffice_opens_it_and_prints_it_on_a4(
    sqlite_settings: Settings, ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_register(sqlite_settings.home)
    publish(World(ledger), sqlite_settings, HONGZE.read_bytes(), "yunshan-government", 2023, "2024-03-20")
    register = load_register(sqlite_settings.home)
    update_obligations(ledger, register, at("2024-03-21"))
    update_standings(ledger, register, at("2024-03-21"))
    path = tmp_path / "notice.docx"
    assert run("letters", "draft", "yunshan-government", "2023", "--output", str(path)) == 0
    assert "这是本级政府自己的报告" in capsys.readouterr().err
    pages = pages_of(convert(path, "pdf"))
    assert pages[0].startswith("政府信息公开工作年度报告整改通知单") and "总计栏填报0，相差11" in "".join(pages)
    assert pages[-1].startswith("整改情况反馈表") and len(pages) <= 3
    assert "（盖章）" in "".join(pages[:-1]), "the notice itself is signed before the form begins"


def test_the_shipped_template_is_the_one_that_is_made(tmp_path: Path) -> None:
    from config.yaml_file import PACKAGED
    from monitor.papers.make_template import make_template
    from monitor.papers.rectification_notice import TEMPLATE

    made = io.BytesIO()
    make_template().save(made)
    made.seek(0)
    again = Document(made)
    assert [one.text for one in again.paragraphs] == [one.text for one in Document(str(PACKAGED / TEMPLATE)).paragraphs]
