"""``nianbao notices``: what was written to whom, and whether it left."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

import typer

from cli.options.filters import District, Year, refuse_unknown_district
from cli.shown.output import RowsFormat, print_rows
from config.in_force import load_register
from config.settings import load_settings
from config.wording import Wording
from ledger.database import open_ledger
from ledger.messages.sending import mail_has_started
from ledger.messages.written import Written, list_notices
from ledger.states import NoticeState
from monitor.outputs.notices import notice_shape

HEADINGS = {
    "id": "编号",
    "kind": "类型",
    "recipient": "收件人",
    "districts": "区",
    "years": "年度",
    "subject": "标题",
    "created_at": "生成",
    "state": "状态",
    "attempts": "次数",
    "sent_at": "发出",
    "answer": "对方答复",
    "message_id": "Message-ID",
}

app = typer.Typer(add_completion=False)


@app.callback()
def notices() -> None:
    """生成的通知：发给谁、是否发出、对方怎么答复。
    Messages that were made: for whom, sent or not, with the server's answer.
    """


@app.command("list")
def list_(
    district: District = None,
    year: Year = None,
    state: Annotated[
        NoticeState | None,
        typer.Option(
            help=(
                "只列一种状态：waiting 等待、sending 正在发送、sent 已发出、refused 被拒收、stopped 收件人已停收、"
                "rehearsed 试运行未发 · one state only"
            )
        ),
    ] = None,
    form: Annotated[
        RowsFormat, typer.Option("--format", help="table、json、csv 或 xlsx · table, json, csv or xlsx")
    ] = RowsFormat.TABLE,
) -> None:
    """列出通知，新的在前。尚未开始发信时（见 nianbao mail start），这里就是将要发出的内容。
    List the messages that were made, the newest first; in rehearsal, those that would leave.
    """
    settings = load_settings()
    register = load_register(settings.home)
    refuse_unknown_district(register, district, [office.key for office in register.offices.over_several])
    with closing(open_ledger(settings)) as ledger, ledger.read() as session:
        found = list_notices(session, district=district, year=year, state=state)
        started = mail_has_started(session)
    words = register.wording
    rows = [_row(one, words, for_people=form is RowsFormat.TABLE) for one in found]
    title = "通知" if started else "通知（试运行：尚未开始向主管部门发信，见 nianbao mail start）"
    print_rows(rows, HEADINGS, form, title=title, empty="没有符合条件的通知。")


def _row(one: Written, words: Wording, *, for_people: bool) -> dict[str, Any]:
    row: dict[str, Any] = {**notice_shape(one)}
    if for_people:
        row |= {"kind": words.notices[one.notice.kind], "state": words.notice_states[one.notice.state]}
        row |= {"districts": "、".join(one.districts), "years": "、".join(map(str, one.years))}
    return row
