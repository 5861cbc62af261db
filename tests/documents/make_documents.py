# ruff: noqa: E501 - the texts are what they are
"""Makes the Word and web variants of the two seed texts, the demo's documents among them.

Run it from the checkout: ``python -m tests.documents.make_documents``. It writes ``word/``, ``html/`` beside itself and
copies what the demo publishes to ``cli/demo/documents/``. Every cell is taken from the seeds as it stands there.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime
from html import escape
from itertools import pairwise
from pathlib import Path

from docx import Document
from docx.shared import Pt
from docx.table import Table

HERE = Path(__file__).resolve().parent
DEMO = HERE.parents[1] / "cli" / "demo" / "documents"
SEED_ZUOJIAZHUANG = HERE / "seeds" / "000_94c0c8a1a4856154.txt"
SEED_NANMOFANG = HERE / "seeds" / "002_07fb4919d9928ff3.txt"

Rows = list[list[str]]
TRS_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<meta name="SiteName" content="某区人民政府" /><meta name="ArticleTitle" content="{title}" />
<meta name="PubDate" content="{published}" /><meta name="ContentSource" content="{agency}" />
<title>{title}_政府信息公开年报_某区人民政府</title>
<script type="text/javascript">var total = 99; document.write("<table><tr><td>规章</td><td>7</td></tr></table>");</script>
</head><body>
<div class="header"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政府信息公开</a></li><li><a href="/hd/">互动交流</a></li></ul></div>
<div class="position">您的位置：<a href="/">首页</a> &gt; <a href="/zwgk/gknb/">政府信息公开年报</a></div>
<table width="980" border="0"><tr><td width="200">
<ul><li><a href="1.html">领导信息</a></li><li><a href="2.html">机构职能</a></li></ul></td><td>
<h1>{title}</h1>
<div class="info">发布日期：{published}&nbsp;&nbsp;来源：{agency}&nbsp;&nbsp;浏览次数：<span id="hits">18</span></div>
<div id="zoom">
{body}
</div>
<div class="tools"><a href="javascript:print()">打印本页</a> <a href="javascript:close()">关闭窗口</a></div>
</td></tr></table>
<div class="footer">主办单位：某区人民政府　京ICP备05000001号　联系电话：010-12345678</div>
</body></html>
"""


def main() -> None:
    """Writes every made document and copies the demo's three."""
    for folder in (HERE / "word", HERE / "html", HERE / "broken", DEMO):
        folder.mkdir(parents=True, exist_ok=True)
    docx = HERE / "word" / "nanmofang-2019.docx"
    write_nanmofang(docx)
    body = zuojiazhuang_body()
    fragment = HERE / "html" / "zuojiazhuang-2019.body.html"
    fragment.write_text(body, encoding="utf-8")
    page = TRS_PAGE.format(
        title="北京市朝阳区左家庄街道2019年政府信息公开工作年度报告",
        published="2020-01-16 10:20",
        agency="左家庄街道",
        body=body,
    )
    (HERE / "html" / "zuojiazhuang-2019.trs.html").write_bytes(page.encode("gb18030"))
    page = TRS_PAGE.format(
        title="白云区云山镇2024年政府信息公开工作年度报告",
        published="2025-01-20 17:09",
        agency="云山镇人民政府",
        body=form_2021_body(),
    )
    (HERE / "html" / "yunshan-2024.trs.html").write_bytes(page.encode("gb18030"))
    page = TRS_PAGE.format(
        title="白云区云山镇2018年政府信息公开工作年度报告",
        published="2019-03-11 09:00",
        agency="云山镇人民政府",
        body=before_2019_body(),
    )
    (HERE / "html" / "yunshan-2018.trs.html").write_bytes(page.encode("gb18030"))
    (HERE / "broken" / "empty.pdf").write_bytes(b"")
    (HERE / "broken" / "web-page.pdf").write_bytes((HERE / "html" / "yunshan-2024.trs.html").read_bytes())
    (HERE / "broken" / "half.pdf").write_bytes((HERE / "real" / "hongze-2023.pdf").read_bytes()[:150_000])
    for made in (docx, fragment, HERE / "real" / "hongze-2023.pdf"):
        shutil.copy(made, DEMO / made.name)


def seed_blocks(path: Path) -> Iterator[str | Rows]:
    """The paragraphs and tables of a seed in order; a sentence that a page broke is one paragraph again."""
    rows: Rows = []
    paragraph = ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), "# end"]:
        if "\t" in line:
            if paragraph:
                yield paragraph
                paragraph = ""
            rows.append(line.split("\t"))
            continue
        if not line.strip():
            continue
        if rows:
            yield rows
            rows = []
        if paragraph and not re.search(r"[咨公、]$", paragraph):
            yield paragraph
            paragraph = ""
        paragraph += line.strip().replace("**", "")


def html_table(rows: list[list[tuple[str, int, int]]], first_header: bool = True) -> str:
    """A table of (text, rowspan, colspan) cells, as an editor of a content system writes it."""
    lines = ['<table border="1" cellspacing="0" cellpadding="0"><tbody>']
    for row in rows:
        cells = "".join(
            f"<td{f' rowspan={down}' if down > 1 else ''}{f' colspan={across}' if across > 1 else ''}>"
            f'<p style="text-align:center">{escape(text) or "&nbsp;"}</p></td>'
            for text, down, across in row
        )
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</tbody></table>"])


HEAD_THREE = [
    [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
    [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
    [(label, 1, 1) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
]
HEAD_FOUR = [
    [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
    [(label, 2, 1) for label in ("结果<br>维持", "结果<br>纠正", "其他<br>结果", "尚未<br>审结", "总计")]
    + [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
    [(label, 1, 1) for label in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 2],
]
GROUPS_THREE = [
    ("（一）予以公开", 1),
    ("（二）部分公开", 1),
    ("（三）不予公开", 8),
    ("（四）无法提供", 3),
    ("（五）不予处理", 5),
]


def table_three(values: dict[str, list[str]], last_groups: list[tuple[str, int]]) -> str:
    """Table three with every merge of the form; ``values`` holds the seven cells by label, in the form's order."""
    rows: list[list[tuple[str, int, int]]] = [*HEAD_THREE]
    left = list(values.items())
    for _ in range(2):
        label, cells = left.pop(0)
        rows.append([(label, 1, 3), *((cell, 1, 1) for cell in cells)])
    groups = [*GROUPS_THREE, *last_groups]
    results = sum(count for _, count in groups)
    for group, count in groups:
        for index in range(count):
            label, cells = left.pop(0)
            row: list[tuple[str, int, int]] = []
            if group == "（一）予以公开":
                row.append(("三、本年度办理结果", results, 1))
            if count == 1:
                row.append((label, 1, 2))
            else:
                row += [(group, count, 1)] if index == 0 else []
                row.append((label, 1, 1))
            rows.append([*row, *((cell, 1, 1) for cell in cells)])
    label, cells = left.pop(0)
    rows.append([(label, 1, 3), *((cell, 1, 1) for cell in cells)])
    return html_table(rows)


def zuojiazhuang_body() -> str:
    """The seed of 左家庄街道 as the body of an article, with tables as a content system has them."""
    parts = ['<div class="TRS_Editor">']
    two: Rows = []
    three: Rows = []
    for block in seed_blocks(SEED_ZUOJIAZHUANG):
        if isinstance(block, list):
            labels = "".join(cell for row in block for cell in row)
            if "行政复议" in labels:
                parts.append(
                    html_table([*HEAD_FOUR, [(cell, 1, 1) for cell in block[-1]]]).replace("&lt;br&gt;", "<br>")
                )
            elif "第二十条" in labels:
                two += block
            else:
                three += block
            continue
        if block.startswith("三、"):
            parts.append(table_two_2019(two))
        if block.startswith("四、"):
            parts.append(table_three(seven_by_label(three), [("（六）其他处理", 1), ("（七）总计", 1)]))
        parts.append(f"<p>　　{escape(block)}</p>")
    return "\n".join([*parts, "</div>"])


def seven_by_label(rows: Rows) -> dict[str, list[str]]:
    """The label and the seven cells of every data row of the seed's table three."""
    found: dict[str, list[str]] = {}
    for row in rows:
        cells = [cell for cell in row if cell]
        numbers = [cell for cell in cells if cell.isdigit()]
        if len(numbers) == 7:
            found[re.sub(r"^\(三\) (?=1)", "", cells[-8])] = numbers
    return found


def table_two_2019(rows: Rows) -> str:
    """Table two of the seed with its block headings over the whole width."""
    made: list[list[tuple[str, int, int]]] = []
    for row in rows:
        cells = [cell for cell in row if cell]
        if len(cells) == 1:
            made.append([(cells[0], 1, 5)])
        elif cells[0] == "其他对外管理服务事项":
            made.append([(cells[0], 2, 1), *((cell, 1, 1) for cell in cells[1:])])
        elif cells[0] == "行政确认":
            made.append([(cell, 1, 1) for cell in cells])
        else:
            numbers = len(cells) - 1
            widths = {3: (1, 1, 1), 2: (1, 2)}[numbers]
            made.append([(cells[0], 1, 2), *((cell, 1, width) for cell, width in zip(cells[1:], widths, strict=True))])
    return html_table(made)


def write_nanmofang(path: Path) -> None:
    """The seed of 南磨房地区办事处 as Word would have it: cells merged, rows short where the seed's are, cut where it is."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = datetime(2020, 1, 10)  # noqa: DTZ001
    document.styles["Normal"].font.name = "仿宋_GB2312"
    document.styles["Normal"].font.size = Pt(12)
    three: Rows = []
    for block in seed_blocks(SEED_NANMOFANG):
        if isinstance(block, str):
            if block.startswith("五、"):
                fill(document.add_table(len(three), 9, style="Table Grid"), three)
            document.add_paragraph(block)
        elif three or "勾稽" in block[0][0]:
            three += block
        else:
            rows = [row for row in block if not row[0].startswith("--")]
            fill(document.add_table(len(rows), max(map(len, rows)), style="Table Grid"), rows)
    made = io.BytesIO()
    document.save(made)
    # The same bytes every time: the archive's own dates are the only thing that changes.
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            dated = zipfile.ZipInfo(member.filename, (2020, 1, 10, 0, 0, 0))
            target.writestr(dated, source.read(member), zipfile.ZIP_DEFLATED)


def fill(table: Table, rows: Rows) -> None:
    """Writes the cells; drops those that a row lacks; merges headers, and a group with the empty cells below it."""
    grid = [list(row.cells) for row in table.rows]
    for number, (cells, row) in enumerate(zip(grid, rows, strict=True)):
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
        for cell in cells[len(row) :]:
            table.rows[number]._tr.remove(cell._tc)
    if "勾稽" in rows[0][0]:
        grid[0][0].merge(grid[2][1])
        grid[0][2].merge(grid[0][8])
        grid[1][3].merge(grid[1][7])
        grid[1][2].merge(grid[2][2])
        grid[1][8].merge(grid[2][8])
        for number in (3, 4):
            grid[number][0].merge(grid[number][1])
    starts = [number for number, row in enumerate(rows) if row[0] and number > 4 and len(rows[0]) == 9]
    for start, stop in pairwise([*starts, len(rows)]):
        while stop > start + 1 and rows[stop - 1][0]:
            stop -= 1
        if stop > start + 1:
            grid[start][0].merge(grid[stop - 1][0])
    for cell in {id(cell._tc): cell for line in grid for cell in line}.values():
        texts = [paragraph.text for paragraph in cell.paragraphs if paragraph.text]
        if len(cell.paragraphs) > 1:
            cell.text = "\n".join(texts)


LABELS_2021 = [
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "1.属于国家秘密", "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”", "4.保护第三方合法权益", "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷",
    "8.属于行政查询事项", "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确",
    "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他", "（七）总计", "四、结转下年度继续办理",
]  # fmt: skip


def form_2021_body() -> str:
    """A made-up report for 2024 on the form of 2021, pasted from Word: nested tables, full-width digits, blanks and slashes."""
    values = {label: ["0"] * 7 for label in LABELS_2021}
    values["一、本年新收政府信息公开申请数量"] = ["１２", "3", "0", "0", "0", "0", "15"]
    values["二、上年结转政府信息公开申请数量"] = ["1", "0", "0", "0", "0", "0", "1"]
    values["（一）予以公开"] = ["6", "1", "0", "0", "0", "0", "7"]
    values["1.本机关不掌握相关政府信息"] = ["4", "2", "0", "0", "0", "0", "6"]
    values["2.重复申请"] = ["1", "/", "/", "/", "/", "/", "1"]
    values["1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"] = ["1", "", "", "", "", "", "1"]
    values["3.其他"] = ["1", "-", "-", "-", "-", "-", "1"]
    values["（七）总计"] = ["13", "3", "0", "0", "0", "0", "16"]
    labels_two = [
        [("第二十条第（一）项", 1, 4)],
        [("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)],
        [("规章", 1, 1), ("0", 1, 1), ("0", 1, 1), ("0", 1, 1)],
        [("行政规范性文件", 1, 1), ("2", 1, 1), ("0", 1, 1), ("11", 1, 1)],
        [("第二十条第（五）项", 1, 4)],
        [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
        [("行政许可", 1, 1), ("1,204", 1, 3)],
        [("第二十条第（六）项", 1, 4)],
        [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
        [("行政处罚", 1, 1), ("37", 1, 3)],
        [("行政强制", 1, 1), ("0", 1, 3)],
        [("第二十条第（八）项", 1, 4)],
        [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
        [("行政事业性收费", 1, 1), ("18.6200", 1, 3)],
    ]
    four = html_table(
        [
            *HEAD_FOUR,
            [(cell, 1, 1) for cell in ["1", "0", "0", "0", "1", "0", "0", "0", "0", "0", "0", "0", "0", "2", "2"]],
        ]
    )
    three = table_three(values, [("（六）其他处理", 3), ("（七）总计", 1)])
    return f"""<div class="TRS_Editor"><p>　　本报告根据《中华人民共和国政府信息公开条例》编制，由六部分组成。
所列数据的统计期限为<span>二〇二四年</span>1月1日至12月31日。</p>
<p><strong>　　一、总体情况</strong></p><p>　　２０２４年，云山镇人民政府共收到政府信息公开申请15件，上年结转1件，<br>均已按期答复。</p>
<p><strong>　　二、主动公开政府信息情况</strong></p><div align="center">{html_table(labels_two)}</div>
<p><strong>　　三、收到和处理政府信息公开申请情况</strong></p><table border="0"><tr><td>{three}</td></tr></table>
<p><strong>　　四、政府信息公开行政复议、行政诉讼情况</strong></p>{four.replace("&lt;br&gt;", "<br>")}
<p><strong>　　五、存在的主要问题及改进情况</strong></p><p>　　公开内容不够丰富。下一步将改进。</p>
<p><strong>　　六、其他需要报告的事项</strong></p><p>　　本年度未收取信息处理费。</p></div>"""


def before_2019_body() -> str:
    """A made-up report for 2018 with the structure that was in use before the unified form."""
    rows = [
        [("指　标　名　称", 1, 1), ("计量单位", 1, 1), ("统计数", 1, 1)],
        [("一、主动公开情况", 1, 1), ("——", 1, 1), ("——", 1, 1)],
        [("（一）主动公开政府信息数", 1, 1), ("条", 1, 1), ("312", 1, 1)],
        [("二、收到申请数", 1, 1), ("件", 1, 1), ("4", 1, 1)],
    ]
    return f"""<div class="TRS_Editor"><p>　　根据《中华人民共和国政府信息公开条例》，特向社会公布云山镇2018年政府信息公开年度报告。
统计期限自2018年1月1日起至2018年12月31日止。</p>
<p>一、概述</p><p>　　2018年，云山镇人民政府认真贯彻条例。</p><p>二、主动公开政府信息的情况</p><p>　　主动公开政府信息312条。</p>
<p>三、依申请公开政府信息的情况</p><p>　　收到申请4件。</p><p>四、政府信息公开的收费及减免情况</p><p>　　未收取费用。</p>
<p>五、因政府信息公开申请行政复议、提起行政诉讼的情况</p><p>　　无。</p><p>六、存在的不足及改进措施</p><p>　　公开不够及时。</p>
<p>附表：政府信息公开情况统计表</p>{html_table(rows)}</div>"""


if __name__ == "__main__":
    main()
