"""Agency, year, period, and what D01 to D04, D10 and D13 say, of whole documents on the web, in Word and on paper."""

from __future__ import annotations

from html import escape

import pytest

from config.forms import load_forms
from config.rules import load_rules
from report.form import make_form
from report.report import Report
from tests.documents.as_docx import docx, paragraph
from tests.documents.make_pdf import WIDTH, Pdf
from tests.workers.reading.heads import HEADS, Head
from workers.reading.read import read_document
from workers.rules.check import check_report
from workers.rules.context import Context

FORMS = {name: make_form(file) for name, file in load_forms().items()}
RULES = load_rules()
JUDGED = ("D01", "D02", "D03", "D04", "D10", "D13")
SECTIONS = (
    ("一、总体情况", "全年主动公开政府信息30条，严格信息管理，维护平台，落实监督保障。"),
    ("二、主动公开政府信息情况", "见下表。"),
    ("三、收到和处理政府信息公开申请情况", "见下表。"),
    ("四、政府信息公开行政复议、行政诉讼情况", "见下表。"),
    ("五、存在的主要问题及改进情况", "公开形式不够丰富，下一步将增加图解。"),
    ("六、其他需要报告的事项", "本年度没有收取信息处理费。"),
)


_LONGEST_LINE = 25


def lines_of(head: Head) -> list[str]:
    """The document's lines from top to bottom."""
    lines = [*head.lines.split("|"), *head.opening.split("|")]
    for number, (heading, text) in enumerate(SECTIONS):
        lines += [heading, text]
        if number == 0 and head.said:
            lines.append(head.said)
    return [line for line in [*lines, *head.end.split("|")] if line]


def page(head: Head) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines_of(head))
    return f"<html><head><meta charset='utf-8'></head><body><div>{body}</div></body></html>".encode()


def word(head: Head) -> bytes:
    return docx([paragraph(line) for line in lines_of(head)])


def paper(head: Head) -> bytes:
    pdf = Pdf()
    title = [line for line in head.lines.split("|") if line]
    for number, line in enumerate(lines_of(head)):
        if number < len(title):
            size = min(16 if "公开" in line or len(line) < _LONGEST_LINE else 10, 480 / len(line))
            pdf.y += 2 * size
            pdf.text((WIDTH - size * len(line)) / 2, pdf.y, line, size)
        else:
            pdf.paragraph(line)
    return pdf.data()


def judged(report: Report) -> tuple[object, ...]:
    results = check_report(report, FORMS, Context(), RULES).results
    fails = " ".join(code for code in JUDGED if results[code].findings)
    return report.agency, report.year, report.period, fails


def truth(head: Head) -> tuple[object, ...]:
    return head.agency, head.year, head.period, head.fails


@pytest.mark.parametrize("head", HEADS, ids=[f"{number}" for number in range(len(HEADS))])
def test_on_the_web(head: Head) -> None:
    assert judged(read_document(page(head), source="a.html", forms=FORMS)) == truth(head)


@pytest.mark.parametrize("head", HEADS[::3], ids=[f"{number}" for number in range(0, len(HEADS), 3)])
def test_in_word(head: Head) -> None:
    assert judged(read_document(word(head), source="a.docx", forms=FORMS)) == truth(head)


@pytest.mark.parametrize("head", HEADS[1::7], ids=[f"{number}" for number in range(1, len(HEADS), 7)])
def test_on_paper(head: Head) -> None:
    assert judged(read_document(paper(head), source="a.pdf", forms=FORMS)) == truth(head)
