"""The portals of the benchmark: pages as TRS makes them, in gb18030, and the office's files that watch them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
ARTICLE = CHECKOUT / "tests/documents/html/zuojiazhuang-2019.trs.html"
PDF = CHECKOUT / "tests/documents/real/hongze-2023.pdf"
REAL_NAME = "北京市朝阳区左家庄街道"
COLUMN = "/zfxxgk/gknb/"
# So many rows on a page of a list, every so manieth report is a PDF beside a short page, and every so manieth report
# has an interpretation beside it, which is none.
ROWS, ATTACHED, EXPLAINED = 20, 4, 5

FRAME = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta name="SiteName" content="{district}人民政府">{head}</head><body>
<div class="header"><ul>{menu}</ul></div>{body}
<div class="footer">主办：{district}人民政府办公室　政府网站标识码：1101050000</div></body></html>"""
MENU = "".join(f'<li><a href="/m{number}/">栏目{number}</a></li>' for number in range(40))


@dataclass(frozen=True)
class Portal:
    """One portal of the benchmark, with so many agencies, each with a report for 2019."""

    number: int
    agencies: int

    @property
    def name(self) -> str:
        """Its id."""
        return f"p{self.number:03}"

    @property
    def district(self) -> str:
        """Its district."""
        return f"第{self.number}区"

    @property
    def host(self) -> str:
        """A loopback address of its own, which makes it a host of its own."""
        return f"127.0.{1 + self.number // 200}.{1 + self.number % 200}"

    def agency(self, number: int) -> str:
        """The short name of an agency."""
        return f"第{number}街道"

    def pages(self) -> Iterator[tuple[str, str, bytes]]:
        """Path, media type and bytes of everything that stands there."""
        yield "/robots.txt", "text/plain", b"User-agent: *\nDisallow: /admin/\n"
        rows = []
        for number in range(self.agencies):
            day, title = (
                f"2020-01-{10 + number % 15:02}",
                f"{self.district}{self.agency(number)}2019年政府信息公开工作年度报告",
            )
            path = f"t202001{10 + number % 15:02}_{number}.html"
            rows.append(f'<li><a href="./{path}" title="{title}">{title}</a><span>{day}</span></li>')
            if number % EXPLAINED == 0:
                explained = f"《{title}》解读"
                rows.append(
                    f'<li><a href="./j{number}.html" title="{explained}">{explained}</a><span>{day}</span></li>'
                )
            if number % ATTACHED == 1:
                yield COLUMN + path, "text/html", self._beside(title, day, f"./{number}.pdf")
                yield f"{COLUMN}{number}.pdf", "application/pdf", PDF.read_bytes() + f"%{self.name}-{number}".encode()
            else:
                yield COLUMN + path, "text/html", self._article(number)
        lists = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
        for page, part in enumerate(lists):
            pager = f'<script>createPageHTML({len(lists)}, {page}, "index", "html")</script>'
            head = f'<meta name="ColumnName" content="政府信息公开年报"><title>年报_{self.district}人民政府</title>'
            body = f"<h1>政府信息公开年报</h1><ul class=list>{''.join(part)}</ul>{pager}"
            content = self._frame(head, body)
            for name in ["index.html", ""] if page == 0 else [f"index_{page}.html"]:
                yield COLUMN + name, "text/html", content

    def _article(self, number: int) -> bytes:
        source = ARTICLE.read_bytes().decode("gb18030")
        return source.replace(REAL_NAME, self.district + self.agency(number)).encode("gb18030")

    def _beside(self, title: str, day: str, href: str) -> bytes:
        labels = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 10:20">'
        body = f'<h1>{title}</h1><div class="TRS_Editor"><p>附件：<a href="{href}">{escape(title)}.pdf</a></p></div>'
        return self._frame(f"{labels}<title>{title}</title>", body)

    def _frame(self, head: str, body: str) -> bytes:
        return FRAME.format(district=self.district, head=head, menu=MENU, body=body).encode("gb18030")


def write_office(home: Path, portals: list[Portal], port: int) -> None:
    """Portal files and registers of an office that watches ``portals``, each asked without a pause."""
    for folder in ("portals", "agencies"):
        (home / "config" / folder).mkdir(parents=True, exist_ok=True)
    for portal in portals:
        file = {
            "portal": portal.name,
            "name": f"{portal.district}人民政府",
            "district": portal.district,
            "start": f"http://{portal.host}:{port}/",
            "family": "trs",
            "observed": date(2019, 12, 1),
            "pace": {"delay_seconds": 0},
            "columns": [{"id": "gknb", "name": "政府信息公开年报", "address": COLUMN}],
        }
        district = {
            "district": portal.district,
            "portal": portal.name,
            "watched": {"first": 2019, "last": 2019},
            "agencies": [
                {
                    "id": f"{portal.name}-{number}",
                    "name": f"{portal.district}{portal.agency(number)}办事处",
                    "short": portal.agency(number),
                    "kind": "subdistrict",
                }
                for number in range(portal.agencies)
            ],
        }
        for folder, content in (("portals", file), ("agencies", district)):
            path = home / "config" / folder / f"{portal.name}.yaml"
            path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
