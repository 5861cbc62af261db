"""``nianbao export``: every figure as one table, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from ledger.database import Ledger, open_ledger
from tests.cli.test_quarantine import nianbao
from tests.cli.test_replay import read
from tests.workbooks import load_workbook
from tests.workers.conftest import ZUOJIAZHUANG, Documents
from tests.workers.test_neighbours import CHAOWAI, page


@pytest.fixture
def two_reports(settings: Settings, ledger: Ledger) -> Ledger:
    documents = Documents(settings, ledger)
    cell = '<td rowspan="1" colspan="1"><p>'
    hostile = (f"{cell}0.0000", f"{cell}=1+1")
    works = [
        documents.publish(page(CHAOWAI, 2024, hostile), agency="chaoyang-chaowai", year=2024, name="a"),
        documents.publish(ZUOJIAZHUANG, agency="chaoyang-zuojiazhuang", year=2019, name="b"),
    ]
    read(settings, *works)
    return ledger


@pytest.mark.both_databases
def test_all_figures_as_one_table(two_reports: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert nianbao(["export", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {(row["district"], row["name"], row["year"], row["form"]) for row in rows} == {
        ("朝阳区", "北京市朝阳区人民政府朝外街道办事处", 2024, "2021"),
        ("朝阳区", "北京市朝阳区人民政府左家庄街道办事处", 2019, "2019"),
    }
    assert len(rows) == len({(row["agency"], row["year"], row["figure"]) for row in rows}) > 350
    by_figure = {row["figure"]: row for row in rows if row["year"] == 2024}
    received = by_figure["requests.received.natural_person"]
    assert (received["value"], received["state"], received["certain"], received["text"]) == (2, "number", True, "2")
    assert received["label"] == "表三“一、本年新收政府信息公开申请数量”行“自然人”列"
    fees = by_figure["proactive.fees.amount"]
    assert (fees["value"], fees["state"], fees["text"]) == (None, "text", "=1+1")
    assert nianbao(["export", "--year", "2019", "--format", "json"]) == 0
    assert {row["year"] for row in json.loads(capsys.readouterr().out)} == {2019}


def test_csv_and_workbook_hold_no_formula(two_reports: Ledger, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert nianbao(["export", "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    (fees,) = [line for line in lines if line["figure"] == "proactive.fees.amount"]
    assert (fees["value"], fees["text"]) == ("", "'=1+1")
    assert nianbao(["export", "--format", "xlsx"]) == 0
    sheet = load_workbook(io.BytesIO(capfdbinary.readouterr().out)).worksheets[0]
    cells = list(sheet.iter_rows())
    assert [cell.value for cell in cells[0]][:4] == ["区", "机关编号", "机关", "年度"]
    assert len(cells) == len(lines) + 1
    (fees_row,) = [row for row in cells if row[5].value == "proactive.fees.amount"]
    assert (fees_row[10].value, fees_row[10].data_type) == ("=1+1", "s")
    (received,) = [row for row in cells if row[5].value == "requests.received.natural_person" and row[3].value == 2024]
    assert (received[7].value, received[7].data_type) == (2, "n")


def test_parquet_is_written_where_its_library_is_there(
    sqlite_settings: Settings, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    open_ledger(sqlite_settings).close()
    assert nianbao(["export", "--format", "parquet"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"PAR1")


def test_a_file_is_written_whole_or_not_at_all(
    sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    open_ledger(sqlite_settings).close()
    wanted = tmp_path / "figures.parquet"
    assert nianbao(["export", "--format", "parquet", "--output", str(wanted)]) == 0
    assert wanted.read_bytes().startswith(b"PAR1")
    wanted.unlink()
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as where it is not installed
    assert nianbao(["export", "--format", "parquet", "--output", str(wanted)]) == 2
    assert "需要 pyarrow，目前没有安装；请运行 pip install 'nianbao[parquet]'" in capsys.readouterr().err
    assert list(tmp_path.glob("figures*")) == []
    assert nianbao(["export", "--format", "csv", "--output", str(tmp_path / "nowhere" / "x.csv")]) == 2
    assert "无法写入" in capsys.readouterr().err


def test_nothing_to_export_and_an_unknown_district(
    sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    open_ledger(sqlite_settings).close()
    assert nianbao(["export"]) == 0
    assert capsys.readouterr().err == "没有已读取的报告。\n"
    assert nianbao(["export", "--district", "无此区"]) == 2
    assert capsys.readouterr().err.startswith("名册中没有“无此区”；已登记的区：")
