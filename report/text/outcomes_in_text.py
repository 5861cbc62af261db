"""What the running text says became of the requests, clause by clause, and only where its scope is beyond doubt.

A clause is a witness where it consists of nothing but an outcome, a number and words that leave the scope alone, in a
sentence that speaks of the requests of this agency and year: after such a sentence on the requests received, or as
part of one. Ways of applying, kinds of applicants, other years and bodies, reviews and lawsuits put an end to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from report.numerals import read_numeral
from report.report import Report
from report.text.narrative import NUMBER, UNIT, sentences, speakers, speaks_of_all, statements_in, texts_about_requests

Outcome = Literal[
    "granted",
    "partly_granted",
    "refused",
    "not_provided",
    "not_handled",
    "other",
    "processed",
    "carried_in",
    "carried_out",
]  # fmt: skip

_LABELS: dict[Outcome, str] = {
    "granted": r"(?<!不)(?:予以|同意|全部)(?:全部|同意)?公开",
    "partly_granted": r"(?:予以)?部分(?:予以)?公开",
    "refused": r"不予(?:以)?公开",
    "not_provided": r"无法提供",
    "not_handled": r"不予(?:以)?处理",
    "other": r"其他(?:方式)?处理|作其他处理",
    "processed": r"(?:按期|按时|已|依法)?(?:办理(?:完毕|完结|完成|答复)?|办结|处理完毕|答复办结|审结办结)",
    "carried_in": r"(?:上年度?|上一年度?)结转(?:至本年度?|到本年度?)?(?:继续)?(?:办理)?",
    "carried_out": r"结转(?:到|至)?(?:下年度?|下一年度?|次年度?)(?:继续)?(?:办理|处理|答复)?",
}
_LEAD = (
    r"(?:其中|分别为?|依法|按时|按期|及时|共计|累计|合计|共|本年度|全年度?|今年|当年|作出|做出|决定|答复|结果|属于|尚有|仍有|有|已|均|为|是|的|另"
    r"|以及|和|及|含|包括|加上|政府信息公开申请|信息公开申请|申请|对)*+"
)
_TAIL = r"(?:的|类|为|共计|共|有|总计|政府信息公开|政务|政府|信息|公开|申请|答复|决定|情形|事项|数量|告知|书|等)*+"
_NUMERAL = NUMBER
_CLAUSE_MARK = re.compile(r"[，；：（）、。！？]")
_ENUMERATION = re.compile(r"^(?:\d{1,2}[.．]|[一二三四五六]是|[①-⑩])")
_BEHIND = {
    outcome: re.compile(rf"{_LEAD}(?:{label}){_TAIL}{_NUMERAL}{UNIT}{_TAIL}") for outcome, label in _LABELS.items()
}
_BEFORE = {
    outcome: re.compile(rf"{_LEAD}{_NUMERAL}{UNIT}{_TAIL}(?:被|作|作出|依法|已|均|按时|予以答复)*+(?:{label}){_TAIL}")
    for outcome, label in _LABELS.items()
}
_ANY_LABEL = re.compile("|".join(_LABELS.values()))
_FOREIGN = re.compile(
    r"复议|诉讼|信访(?!举报)|咨询|热线|来电|留言|提案|建议|议案|举报投诉件|转办|转来|备案|主动公开|上半年|下半年|季度|去年|往年|历年|近年"
    r"|以来|五”|同比|较上|比上|(?:区|市|县|省|州)政府(?!信息)|各(?:部门|单位|街道|镇|乡|区|县|市|委|级)|全(?:区|市|县|省)|下属|所属|本级"
)
_WHOLE_PLACE = re.compile(r"全(?:区|市|县|省)")
_DIVIDED = re.compile(
    r"网络|网上|信函|信件|邮件|邮箱|邮寄|邮政|当面|现场|窗口|传真|在线|平台|自然人|企业|(?<!、)法人(?!和|或|及|、|与)|科研|律师|公益组织|涉及|关于"
)
_YEAR = re.compile(r"20\d\d(?=年)")
# 办理依申请公开政府信息12件: what a clause says before its outcome, and that narrows nothing.
_HANDLED = re.compile(
    r"(?:共|累计|依法|按时)*+(?:办理|处理|答复|办结)?(?:的)?(?:各类)?(?:依申请公开|政府信息公开|信息公开)?"
    r"(?:申请|事项|件)*+(?:中|方面)?\d*+[件宗条份]?$"
)
_ABOUT = re.compile(r"申请")
_REQUESTS = re.compile(r"信息公开申请|依申请公开")


@dataclass(frozen=True, slots=True)
class OutcomeStatement:
    """The text says that ``value`` requests ended so; ``only_new``: the sentence counts none carried in."""

    outcome: Outcome
    value: int
    quote: str
    only_new: bool


def outcome_statements(
    report: Report, names: tuple[str, ...], government: bool | None = None
) -> list[OutcomeStatement]:
    """What the running text says of outcomes and of requests carried over, in order."""
    known, government = speakers(report, names, government)
    found: list[OutcomeStatement] = []
    for text in texts_about_requests(report):
        before, going_on, only_new = "", False, True
        for sentence in sentences(text):
            received = list(statements_in(sentence, before, report.year, known, government))
            # A sentence goes on about the requests of the one before unless it begins with something else.
            own = bool(received) or _of_all_requests(sentence, before, report.year, known, government)
            if (own or going_on) and _ANY_LABEL.search(sentence):
                only_new = "结转" not in sentence and (only_new or bool(received))
                found.extend(_in_sentence(sentence, report.year, government, only_new))
            elif own:
                only_new = "结转" not in sentence
            going_on = own or (going_on and bool(re.match(r"其中|办结|均|已|按|予以|答复|全部", sentence)))
            before = sentence
    return found


def _of_all_requests(sentence: str, before: str, year: int | None, names: tuple[str, ...], government: bool) -> bool:
    """Whether a sentence that does not say what was received speaks of this agency's requests all the same."""
    label = _ANY_LABEL.search(sentence)
    if label is None or re.search(r"收到|受理|接收|接到|新收", sentence):
        return False
    head = sentence[: label.start()]
    end = _CLAUSE_MARK.search(sentence, label.end())
    clause = sentence[label.start() : end.start() if end else len(sentence)]
    if not (_ABOUT.search(head) or _REQUESTS.search(clause) or "依申请公开" in before):
        return False
    first = re.split(r"[，；：]", head)[0]
    first = _HANDLED.sub("", first)
    return speaks_of_all(first, year, names, government)


def _in_sentence(sentence: str, year: int | None, government: bool, only_new: bool) -> Iterator[OutcomeStatement]:
    start, group = 0, 0
    for end in [match.start() for match in _CLAUSE_MARK.finditer(sentence)] + [len(sentence)]:
        clause = _ENUMERATION.sub("", sentence[start:end])
        said = sentence[group:start]
        if end < len(sentence) and sentence[end] == "；":
            group = end + 1
        start = end + 1
        whole = sentence[:start]
        foreign = _FOREIGN.search(_WHOLE_PLACE.sub("", whole) if government else whole)
        if foreign or any(int(named) != year for named in _YEAR.findall(whole)):
            return
        if _DIVIDED.search(said) or not _ANY_LABEL.search(clause):
            continue
        statement = _statement(clause, only_new)
        if statement is not None:
            yield statement


def _statement(clause: str, only_new: bool) -> OutcomeStatement | None:
    matches = [
        (outcome, match)
        for outcome in _LABELS
        for pattern in (_BEHIND[outcome], _BEFORE[outcome])
        if (match := pattern.fullmatch(clause))
    ]
    if len({outcome for outcome, _ in matches}) != 1:
        return None
    outcome, match = matches[0]
    numeral = read_numeral(match["number"])
    if numeral is None or isinstance(numeral.value, Decimal) or numeral.about:
        return None
    return OutcomeStatement(outcome, numeral.value, clause, only_new)
