"""Made-up reports as the body of an article: a sound one on the form of its year, and one from before the form."""

from __future__ import annotations

from html import escape

from config.forms import FormBlock, FormColumn, FormFile, load_forms

_NUMBERS = {"received": (2, 1), "granted": (2, 0), "not_provided.not_held": (0, 1), "processed_total": (2, 1)}


def sound_body(agency: str, year: int, form: FormFile | None = None) -> str:
    """A report for ``year`` in which every sum agrees: three requests, all dealt with, no review, no litigation.

    On ``form``, that of the year where none is given.
    """
    forms = load_forms().values()
    form = form or next(
        one for one in forms if one.years.first <= year and (one.years.last is None or year <= one.years.last)
    )
    headings = {section.kind: section.heading for section in form.sections}
    parts = [
        f"根据《中华人民共和国政府信息公开条例》第五十条，{agency}编制本报告。"
        f"本报告所列数据的统计期限自{year}年1月1日起至12月31日止。",
        f"一、{headings['overview']}",
        f"{year}年，{agency}主动公开政府信息85条。依申请公开方面，本年共收到政府信息公开申请3件，均已按期答复，"
        "没有因政府信息公开被申请行政复议或者提起行政诉讼。政府信息管理方面，逐件落实公开属性源头认定。"
        "平台建设方面，维护门户网站专栏和查阅场所。监督保障方面，开展培训，接受社会监督。",
        f"二、{headings['proactive']}",
        *(_block(block) for block in form.table_two),
        f"三、{headings['requests']}",
        _table_three(form),
        f"四、{headings['disputes']}",
        _table_four(form),
        f"五、{headings['problems']}",
        "存在的主要问题是公开内容的形式还不够丰富。下一步将增加图文和问答，改进查阅场所的服务。",
        f"六、{headings['other']}",
        "本年度没有收取信息处理费，没有其他需要报告的事项。",
    ]
    return (
        '<div class="TRS_Editor">\n'
        + "\n".join(part if part.startswith("<table") else f"<p>　　{escape(part)}</p>" for part in parts)
        + "\n</div>"
    )


def body_before_2019(agency: str, year: int) -> str:
    """A report in the structure in use before the unified form of 2019: text, and no tables of the form."""
    parts = [
        f"根据《中华人民共和国政府信息公开条例》，特向社会公布{agency}{year}年政府信息公开年度报告。"
        f"统计期限自{year}年1月1日起至{year}年12月31日止。",
        "一、概述",
        f"{year}年，{agency}按照条例和市、区的要求推进政府信息公开工作，指定专人负责，按时维护网站和查阅点，做到应公开尽公开。",
        "二、主动公开政府信息的情况",
        f"{agency}全年主动公开政府信息，内容包括机构职能、工作动态、办事指南和便民服务，并在社区宣传栏同步张贴。",
        "三、依申请公开政府信息的情况",
        "全年受理的申请均在法定期限内答复。",
        "四、政府信息公开的收费及减免情况",
        "未收取费用。",
        "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
        "无。",
        "六、存在的不足及改进措施",
        "公开的及时性还需提高，下一年将加强培训和检查。",
    ]
    return '<div class="TRS_Editor">' + "".join(f"<p>　　{part}</p>" for part in parts) + "</div>"


def _table(rows: list[str]) -> str:
    return '<table border="1" cellspacing="0"><tbody>\n' + "\n".join(rows) + "\n</tbody></table>"


def _row(*cells: tuple[str, int, int]) -> str:
    """One row; a cell is its text, rows down and columns across."""
    made = "".join(
        f'<td rowspan="{down}" colspan="{across}"><p>{escape(text)}</p></td>' for text, down, across in cells
    )
    return f"<tr>{made}</tr>"


def _block(block: FormBlock) -> str:
    rows = [_row((block.heading, 1, len(block.columns) + 1))]
    rows.append(_row(("信息内容", 1, 1), *((column.label, 1, 1) for column in block.columns)))
    for row in block.rows:
        if not row.stands_for:
            rows.append(_row((row.label, 1, 1), *((_nought(column), 1, 1) for column in block.columns)))
    return _table(rows)


def _nought(column: FormColumn) -> str:
    return "0.0000" if column.kind == "amount" else "0"


def _numbers(form: FormFile, key: str) -> list[str]:
    natural, business = _NUMBERS.get(key, (0, 0))
    by_column = {"natural_person": natural, "business": business, form.table_three.total_column: natural + business}
    return [str(by_column.get(column.key, 0)) for column in form.table_three.columns]


def _table_three(form: FormFile) -> str:
    columns = form.table_three.columns
    grouped = [column for column in columns if column.group]
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    heads = [_row((note, 3, 3), ("申请人情况", 1, len(columns)))]
    second = [(columns[0].label, 2, 1), (grouped[0].group or "", 1, len(grouped)), (columns[-1].label, 2, 1)]
    heads += [_row(*second), _row(*((column.label, 1, 1) for column in grouped))]
    rows = [row for row in form.table_three.rows if row.in_form and not row.stands_for]
    results = [row for row in rows if row.group]
    made = []
    for place, row in enumerate(rows):
        before = rows[place - 1].group if place else None
        cells: list[tuple[str, int, int]] = []
        if results and row is results[0]:
            cells.append(("三、本年度办理结果", len(results), 1))
        if not row.group:
            cells.append((row.label, 1, 3))
        elif row.group.startswith("三、"):
            cells.append((row.label, 1, 2))
        else:
            if row.group != before:
                cells.append((row.group, sum(other.group == row.group for other in rows), 1))
            cells.append((row.label, 1, 1))
        made.append(_row(*cells, *((number, 1, 1) for number in _numbers(form, row.key))))
    return _table(heads + made)


def _table_four(form: FormFile) -> str:
    table = form.table_four
    width = len(table.columns)
    labels = [(column.label, 1, 1) for column in table.columns]
    rows = [
        _row(("行政复议", 1, width), ("行政诉讼", 1, width * (len(table.groups) - 1))),
        _row(*((label, 2, 1) for label, _, _ in labels), *((group.label, 1, width) for group in table.groups[1:])),
        _row(*labels * (len(table.groups) - 1)),
        _row(*[("0", 1, 1)] * (width * len(table.groups))),
    ]
    return _table(rows)
