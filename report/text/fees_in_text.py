"""What a report says of the fee for handling information (信息处理费), in place since 2021."""

from __future__ import annotations

import re

from report.report import Report
from report.text.sentences import sentences

_FEE = re.compile(
    r"信息(?:公开)?(?:信息)?处理费|处理费|信息公开[^。；]{0,20}(?:收费|费用)|(?:收取|产生|减免|缴纳|收到|收)[^。；]{0,24}(?:费用|费)|收费|费用"
)
_NO_NOTICE = re.compile(
    r"(?:未|没有|不曾|无)(?:发出|发送|作出|制发|下达|产生)(?:过)?(?:任何)?(?:信息处理费)?(?:的)?(?:收费|缴费)通知"
    r"|(?:收费|缴费)通知(?:书)?(?:共|为)?(?:0|零)(?:件|份|次)|(?:发出|制发)(?:收费|缴费)通知(?:书)?(?:0|零)(?:件|份|次)"
    r"|(?:未|没有|暂未|尚未|不)开展[^。，；]{0,10}(?:收费|信息处理费(?:的)?收取)"
)


def fee_statement(report: Report) -> str | None:
    """The first sentence of the last section that speaks of fees, else of the whole text; None where none does."""
    last = report.section("other")
    for text in ([last.text] if last is not None else []) + list(report.texts()):
        for sentence in sentences(text):
            if _FEE.search(sentence):
                return sentence.rstrip("。")
    return None


def denied_notices(report: Report) -> str | None:
    """Where the text says that nobody was asked for a fee: these words; None where it does not say so."""
    for text in report.texts():
        for sentence in sentences(text):
            if match := _NO_NOTICE.search(sentence):
                return match[0]
    return None
