"""A report as a web page, laid out in one of the ways that content systems and people do it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from random import Random

from bench.accuracy.plan import Plan
from bench.accuracy.script import Heading, script
from bench.accuracy.spelling import in_cell
from bench.accuracy.tables import Spans

HEAD = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
{meta}<title>{title}_政府信息公开年报_某区人民政府</title>
<style>p {{ text-indent: 2em }}</style><script>var total = 99; var row = "<td>7</td>";</script></head><body>
"""
FURNITURE = (
    """<div class="header"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政府信息公开</a></li></ul></div>
<div class="position">您的位置：<a href="/">首页</a> &gt; <a href="/zwgk/gknb/">政府信息公开年报</a></div>
<div class="info">发布日期：{day}&nbsp;&nbsp;来源：某某机关&nbsp;&nbsp;浏览次数：<span id="hits">18</span></div>
""",
    """<div class="footer">主办单位：某区人民政府　京ICP备05000001号　联系电话：010-12345678</div>""",
)
WORD_RUN = '<span style="mso-bidi-font-size:10.5pt;font-family:仿宋_GB2312" lang="{language}">{text}</span>'


def page(plan: Plan) -> bytes:
    """The page; its layout comes from the plan's seed."""
    random = plan.random("page")
    look = _Look(random)
    charset, meta_charset = random.choice(
        (("utf-8", "utf-8"), ("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "gbk"))
    )
    body = "\n".join(_body(plan, look))
    if random.random() < 0.2:
        body = f'<table width="980" border="0"><tr><td>{body}</td></tr></table>'
    shown, named = random.choice((("h1", True), ("p", False), ("p", True), ("split", True)))
    meta = f'<meta name="ArticleTitle" content="{escape(plan.title)}">\n' if named else ""
    before, after = (part.format(day=f"{plan.year + 1}-01-20") for part in FURNITURE)
    if random.random() < 0.3:
        before = after = ""
    html = HEAD.format(charset=meta_charset, meta=meta, title=escape(plan.title) if named else "年报")
    return (html + before + look.title(plan.title, shown) + body + after + "</body></html>").encode(charset)


def _body(plan: Plan, look: _Look) -> Iterator[str]:
    yield '<div class="TRS_Editor">'
    paragraphs: list[str] = []
    for part in script(plan):
        if isinstance(part, str):
            paragraphs.append(part)
            continue
        yield look.paragraphs(paragraphs)
        paragraphs = []
        yield look.heading(part.text) if isinstance(part, Heading) else look.table(part)
    yield look.paragraphs(paragraphs)
    yield "</div>"


class _Look:
    """How one page writes its paragraphs, headings, tables and cells."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.pasted = random.random() < 0.25
        self.breaks = random.random() < 0.15
        self.nested = random.random() < 0.15
        self.indent = random.choice(("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", ""))
        self.cell = random.choice(
            ("{}", "<p>{}</p>", '<p style="text-align:center">{}</p>', "<div>{}</div>", "<span>{}</span>")
        )
        self.empty = random.choice(("&nbsp;", "", "<br>"))
        self.strong = random.choice(("<p>{}</p>", "<p><strong>{}</strong></p>", "<h3>{}</h3>", "<div><b>{}</b></div>"))

    def title(self, text: str, way: str) -> str:
        """The title: a heading, a paragraph, or a paragraph broken before its last words."""
        if way == "split":
            place = text.find("政府信息公开")
            return f'<p align="center">{escape(text[:place])}<br>{escape(text[place:])}</p>'
        return f"<{way}>{escape(text)}</{way}>"

    def heading(self, text: str) -> str:
        """The heading of a section."""
        return self.strong.format(f"{self.indent}{self._runs(text)}")

    def paragraphs(self, lines: list[str]) -> str:
        """Paragraphs, or lines of one paragraph between line breaks."""
        if self.breaks and lines:
            return f"<p>{'<br>'.join(f'　　{self._runs(line)}' for line in lines)}</p>"
        return "\n".join(f"<p>{self.indent}{self._runs(line)}</p>" for line in lines)

    def table(self, rows: Spans) -> str:
        """A table with its merged cells, now and then inside a table that is there for the layout."""
        lines = [f"<tr>{''.join(self._cell(*cell) for cell in row)}</tr>" for row in rows]
        made = f'<table border="1" cellspacing="0"><tbody>{"".join(lines)}</tbody></table>'
        return (
            f'<table border="0"><tr><td>{made}</td></tr></table>'
            if self.nested
            else f'<div align="center">{made}</div>'
        )

    def _cell(self, text: str, down: int, across: int) -> str:
        spans = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
        shown = in_cell(text, self.random)
        inner = self._runs(shown) if shown.strip() else self.empty
        if len(text) == 4 and not text.isdigit() and self.random.random() < 0.15:
            inner = f"{inner[:2]}<br>{inner[2:]}" if inner == text else inner
        return f"<td{spans}>{self.cell.format(inner)}</td>"

    def _runs(self, text: str) -> str:
        """Text as it is, or in the many runs that a word processor makes of it, with line breaks in its source."""
        if not self.pasted:
            return escape(text)
        cuts = sorted({0, len(text), *(self.random.randrange(len(text) + 1) for _ in range(min(3, len(text))))})
        runs = [text[start:stop] for start, stop in pairwise(cuts)]
        joint = "" if any(run[:1].isdigit() for run in runs) else self.random.choice(("", "", "\n"))
        return (
            joint.join(
                WORD_RUN.format(language="EN-US" if run.isascii() else "ZH-CN", text=escape(run)) for run in runs
            )
            + "<o:p></o:p>"
        )
