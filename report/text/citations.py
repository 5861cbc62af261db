"""What a report cites as its basis: the Regulation by name and decree, and the notice on the form by its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from report.report import Report
from report.text.sentences import sentences

REGULATION = "中华人民共和国政府信息公开条例"
DECREE = "711"
_NAMED = re.compile(r"《(?P<name>中华人民共和国[^《》]{0,12}信息公开[^《》]{0,8}(?:条例|条列|法|规定|办法))》")
_DECREE = re.compile(r"政府信息公开条例》[^。；《》]{0,6}国务院令第?(?P<number>\d{1,4})号")
_NOTICE = re.compile(r"国办公开办函[〔\[（【［](?P<year>20\d\d)[〕\]）】］]第?(?P<number>\d{1,3})号")
_ABOUT_FORM = re.compile(r"年度报告格式|年度报告(?:的)?有关事项")
# What is quoted to say that it was replaced, or what a training was about.
_NOT_A_BASIS = re.compile(r"废止|修订前|原《|旧条例|代替|取代|学习|培训|宣传|解读|转发")
_MOST = 20


class Cited(StrEnum):
    """What is cited."""

    REGULATION = "regulation"
    DECREE = "decree"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation: ``found`` is the name or number, ``on_form``: the sentence says that it is on the form."""

    cited: Cited
    found: str
    quote: str
    on_form: bool = False


def citations(report: Report) -> list[Citation]:
    """What the text cites of the Regulation and of notices on the report, each once, the first few."""
    found: dict[tuple[Cited, str], Citation] = {}
    for text in report.texts():
        for sentence in sentences(text):
            if _NOT_A_BASIS.search(sentence):
                continue
            for one in _in_sentence(sentence):
                found.setdefault((one.cited, one.found), one)
    return list(found.values())[:_MOST]


def _in_sentence(sentence: str) -> Iterator[Citation]:
    if "信息公开" in sentence and "《" in sentence:
        for match in _NAMED.finditer(sentence):
            yield Citation(Cited.REGULATION, match["name"], match[0])
        for match in _DECREE.finditer(sentence):
            yield Citation(Cited.DECREE, match["number"], match[0])
    for match in _NOTICE.finditer(sentence):
        number = f"国办公开办函〔{match['year']}〕{match['number']}号"
        yield Citation(Cited.NOTICE, number, match[0], on_form=_ABOUT_FORM.search(sentence) is not None)
