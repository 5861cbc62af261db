"""The reports of the story: small sound ones, one for each agency and year, and the same with something wrong."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from zlib import crc32

from tests.documents.as_html import body, page
from tests.documents.report_source import Source, forms

FORM = "2021"
# A PDF that was cut off while it was put on the portal.
BROKEN = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
JUMP = 90


class Report(Source):
    """A report with a text as reports of offices are: all topics, nothing compared, no requests left over."""

    def opening(self) -> str:
        """The paragraph before the first section."""
        return (
            f"根据《中华人民共和国政府信息公开条例》，{self.agency}编制{self.year}年政府信息公开工作年度报告，"
            f"由六个部分组成。统计期限自{self.year}年1月1日起至12月31日止。"
        )

    def sections(self) -> list[tuple[str, list[str]]]:
        """Heading and paragraphs of the six sections."""
        overview = [
            f"（一）主动公开情况。全年主动公开政府信息190条，{self.labels.get('words', '以门户网站为主')}。",
            f"（二）依申请公开情况。共收到政府信息公开申请{self.values['requests.received.total']}件，上年结转0件。",
            "（三）政府信息管理情况。落实信息发布审核制度。",
            "（四）政府信息公开平台建设情况。维护门户网站和微信公众号。",
            "（五）监督保障情况。组织培训两次，设专人负责。",
        ]
        if self.agency.endswith("区人民政府"):
            overview.append("工作考核、社会评议和责任追究：纳入绩效考核，社会评议结果良好，没有发生责任追究情形。")
        problems = ["公开的形式还不够丰富。下一步将增加图解，改进查阅场所的服务。"]
        texts = [overview, [], [], [], problems, ["本年度没有收取信息处理费。"]]
        headings = [section.heading for section in forms()[FORM].file.sections]
        return [
            (f"{number}、{heading}", text)
            for number, heading, text in zip("一二三四五六", headings, texts, strict=True)
        ]


@cache
def report(agency: str, year: int, like: str, parts: tuple[str, ...] = ()) -> tuple[bytes, str]:
    """The document of an agency's report and its media type; ``like`` is one of the words that story.yaml explains.

    ``parts`` are the agencies that a government sums up, empty for all others.
    """
    if like == "broken":
        return BROKEN + f"% {agency} {year}".encode(), "application/pdf"
    requests = JUMP if like == "jump" else sum(_requests(name, year) for name in parts or (agency,))
    requests += like == "other_figures"
    form = forms()[FORM]
    keys = form.keys()
    values: dict[str, int | Decimal] = {key: Decimal(0) if form.names[key].kind == "amount" else 0 for key in keys}
    for row in ("received", "granted", "processed_total"):
        values[f"requests.{row}.natural_person"] = values[f"requests.{row}.total"] = requests
    values["proactive.normative_documents.in_force"] = 3 * len(parts or (agency,))
    values["review.total"] = int(like in ("sum", "both"))
    printed = {"requests.received.business": ""} if like in ("blank", "both") else {}
    labels = {"words": "兼用微信公众号"} if like == "other_words" else {}
    source = Report(agency, year, FORM, values, printed=printed, labels=labels)
    return page(source, body(source)).encode(), "text/html"


def _requests(agency: str, year: int) -> int:
    return 3 + crc32(agency.encode()) % 9 + year % 2
