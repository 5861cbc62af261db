"""Web pages: the article among the furniture, encodings, layout tables, titles."""

from __future__ import annotations

import pytest

from report.figure import State
from report.form import Form
from tests.documents.make_documents import form_2021_body
from workers.reading.errors import ReadError
from workers.reading.hints import Hints
from workers.reading.read import read_document

HEAD = "<html><head><meta charset='{}'><title>云山镇2024年政府信息公开工作年度报告_某区</title></head><body>"
TITLE = "云山镇2024年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("gb2312", "utf-8"), ("utf-8", "gb18030"), ("nonsense", "gb18030")],
)
def test_encodings_named_rightly_and_wrongly(forms: dict[str, Form], named: str, encoding: str) -> None:
    page = HEAD.format(named) + form_2021_body()
    report = read_document(page.encode(encoding), source="x", forms=forms)
    assert report.title == TITLE
    assert report.number("requests.received.total") == 15


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_that_names_no_encoding(forms: dict[str, Form], encoding: str) -> None:
    """What the server's Content-Type says is not asked: the bytes tell it, in the ledger as in ``nianbao check``."""
    page = HEAD.replace("<meta charset='{}'>", "") + form_2021_body()
    report = read_document(page.encode(encoding), source="x", forms=forms)
    assert report.title == TITLE
    assert report.number("requests.received.total") == 15
    assert report.gaps == ()


def test_the_article_in_a_cell_of_the_layout_is_read_without_its_neighbours(forms: dict[str, Form]) -> None:
    page = (
        "<table><tr><td><ul><li>领导信息</li><li>二、机构职能</li></ul></td><td>"
        + form_2021_body()
        + "<div class='tools'>打印本页</div><div id='footer'>主办单位：某区人民政府</div></td></tr></table>"
    )
    report = read_document((HEAD.format("utf-8") + page).encode(), source="x", forms=forms)
    text = "".join(report.texts())
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert not any(word in text for word in ("领导信息", "打印本页", "主办单位"))


def test_furniture_that_holds_the_report_is_read(forms: dict[str, Form]) -> None:
    page = f"<div class='main nav'><div id='print'>{form_2021_body()}</div></div>"
    report = read_document((HEAD.format("utf-8") + page).encode(), source="x", forms=forms)
    assert report.number("requests.received.total") == 15
    assert len(report.sections) == 6


def test_a_title_given_by_the_list_is_taken_where_the_page_has_none(forms: dict[str, Form]) -> None:
    hints = Hints(title="某区水务局2024年政府信息公开工作年度报告")
    report = read_document(form_2021_body().encode(), source="x", forms=forms, hints=hints)
    assert (report.title, report.agency, report.year) == (hints.title, "某区水务局", 2024)


def test_hints_override_what_is_detected(forms: dict[str, Form]) -> None:
    hints = Hints(form="2019", year=2020, agency="某局")
    report = read_document(form_2021_body().encode(), source="x", forms=forms, hints=hints)
    assert (report.form, report.year, report.agency) == ("2019", 2020, "某局")
    assert "proactive.procurement.amount" in report.figures


def test_sections_divided_by_line_breaks_only(forms: dict[str, Form]) -> None:
    page = (
        "<p>一、总体情况<br>　　2024年收到申请3件。<br>　　均已办结。<br>二、主动公开政府信息情况<br>无。<br>"
        "三、收到和处理政府信息公开申请情况<br>无。</p>"
    )
    report = read_document(page.encode(), source="x", forms=forms)
    assert [(section.kind, section.text) for section in report.sections] == [
        ("overview", "2024年收到申请3件。\n均已办结。"),
        ("proactive", "无。"),
        ("requests", "无。"),
    ]


def test_tables_as_pictures_may_be_what_is_missing(forms: dict[str, Form]) -> None:
    page = (
        "<p>一、总体情况</p><p>2024年收到申请3件。</p><p>二、主动公开政府信息情况</p><img src='1.png'>"
        "<p>三、收到和处理政府信息公开申请情况</p><img src='2.png'><p>六、其他需要报告的事项</p><p>无。</p>"
    )
    report = read_document(page.encode(), source="x", forms=forms)
    assert report.may_be_cut
    assert {gap.what for gap in report.gaps if gap.why.value == "table_missing"} == {"表二", "表三", "表四"}


@pytest.mark.parametrize(
    "cell",
    [
        "<td colspan=3 class='n'>",
        "<td colspan=3><p class='n'></p>",
        "<td colspan=3 background='1.png'>",
        "<td colspan=3><i style='background:url(1.png)'></i>",
    ],
)
def test_a_number_as_a_picture_behind_its_cell_is_unread_and_not_blank(forms: dict[str, Form], cell: str) -> None:
    number = '<td colspan=3><p style="text-align:center">1,204</p>'
    body = form_2021_body()
    assert body.count(number) == 1
    page = f"<style>.n {{background-image: url(1.png)}}</style>{body.replace(number, cell)}"
    report = read_document((HEAD.format("utf-8") + page).encode(), source="x", forms=forms)
    assert report.figures["proactive.licensing.decisions"].state is State.UNREADABLE


def test_a_title_above_the_article_is_found_and_links_beside_it_are_not(forms: dict[str, Form]) -> None:
    page = (
        "<p>某区水务局<br>2024年政府信息公开工作年度报告</p>"
        "<div><a href='1'>某区水务局2023年政府信息公开工作年度报告</a></div>"
        f"<div id='zoom'>{form_2021_body()}</div>"
    )
    report = read_document(f"<meta charset='utf-8'>{page}".encode(), source="x", forms=forms)
    assert (report.title, report.agency) == ("某区水务局2024年政府信息公开工作年度报告", "某区水务局")


def test_headings_in_the_runs_of_a_word_processor_hold_the_article_together(forms: dict[str, Form]) -> None:
    body = form_2021_body()
    for words in (*(f"{number}、" for number in "一二三四五六"), "信息内容", "第二十条", "行政复议", "结果"):
        body = body.replace(words, f"<span>{words[:1]}</span>\n<span>{words[1:]}</span>")
    report = read_document((HEAD.format("utf-8") + body).encode(), source="x", forms=forms)
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.number("proactive.licensing.decisions") == 1204


@pytest.mark.timeout(120)
@pytest.mark.parametrize("page", ["<div>" * 5000 + "一、总体情况", "<p></p>" * 5000 + "<div>" * 5000 + "</div>" * 5000])
def test_a_page_nested_without_end_is_read_in_no_time(forms: dict[str, Form], page: str) -> None:
    with pytest.raises(ReadError):
        read_document(f"<html><body>{page}</body></html>".encode(), source="x", forms=forms)
