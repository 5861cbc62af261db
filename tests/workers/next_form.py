"""Reports on a form that nobody has told the program of: rows called otherwise, columns more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cli.demo.portals.sound_report import sound_body
from config.forms import FormColumn, FormFile, load_forms

RENAMED = {
    "refused.internal_affairs": "5.依法应当保密的其他情形",
    "not_handled.repeated": "2.同一事由再次提出",
}
NEW_COLUMN = "个体工商户"
# In the new column of each row whose label begins so, and in its total beside what the other columns say.
MORE = {"一、本年新收": 4, "（一）予以公开": 4, "（七）总计": 4}


def next_form(renamed: Mapping[str, str] = RENAMED, column: str = NEW_COLUMN) -> FormFile:
    """The form in force with these rows of table three called otherwise and one more kind of applicant."""
    form = load_forms()["2021"]
    three = form.table_three
    rows = tuple(row.model_copy(update={"label": renamed.get(row.key, row.label)}) for row in three.rows)
    new = FormColumn(key="individual", label=column, group="法人或其他组织")
    columns = (*three.columns[:5], new, *three.columns[5:])
    return form.model_copy(update={"table_three": three.model_copy(update={"rows": rows, "columns": columns})})


def page_on(form: FormFile, agency: str, year: int) -> bytes:
    """A sound report on such a form, with applicants of the new kind, as a web page."""
    title = f"{agency}{year}年政府信息公开工作年度报告"
    body = "\n".join(_with_more(line) for line in sound_body(agency, year, form).splitlines())
    body = body.replace("本年共收到政府信息公开申请3件", "本年共收到政府信息公开申请7件")
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return f"<html>{head}<body><h1>{title}</h1>{body}</body></html>".encode()


def _with_more(line: str) -> str:
    more = next((number for label, number in MORE.items() if label in line), None)
    numbers = re.findall(r"<p>(\d+)</p>", line)
    if more is None or len(numbers) != 8:
        return line
    numbers[5], numbers[7] = str(more), str(int(numbers[7]) + more)
    left = iter(numbers)
    return re.sub(r"<p>\d+</p>", lambda _: f"<p>{next(left)}</p>", line)
