"""D06 and D08 to D13: what the sections say, and what should not stand there."""

from __future__ import annotations

from collections.abc import Iterator

from config.forms import SectionKind
from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule
from report.form import Form
from report.numerals import without_space
from report.report import Report, Unread
from report.text.announced_parts import announced_parts
from report.text.fees_in_text import denied_notices, fee_statement
from report.text.leftovers import Kind, leftovers
from report.text.old_structure import old_headings
from report.text.topics import GOVERNMENT_TOPICS, OVERVIEW_TOPICS, names_improvements, names_problems, topics_missing
from workers.rules.cells import place_of
from workers.rules.context import Context

TEXT_NOT_READ = (Unread.SECTION_MISSING, Unread.GARBLED_TEXT, Unread.NO_TEXT, Unread.NOT_A_REPORT, Unread.DISAGREEING)
FEE_NOT_PAID = "requests.other.fee_not_paid.total"
# Since this report year: the fee for handling information, and the notice that names the topics of section one.
FIRST_YEAR = 2021
FORMAT = "国办公开办函〔2021〕30号《政府信息公开工作年度报告格式》"


@formless_rule("D06", basis="《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息")
def d06(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """The report has as many parts as its text announces, and its text lists as many."""
    announced = announced_parts(report)
    if announced is None or context.predates_forms(report):
        return
    if announced.listed is not None and announced.listed != announced.number:
        yield Broken(
            message=f"正文称有{announced.number}个部分，随后列出的却是{announced.listed}个",
            message_en=f"The text announces {announced.number} parts and lists {announced.listed}.",
            expected=announced.number,
            found=announced.listed,
        )
        return
    there = len({section.number for section in report.sections if section.number is not None})
    if there == announced.number:
        yield Held()
    elif not there or _perhaps_not_read(report) or any(section.number is None for section in report.sections):
        yield Undecided(f"正文称有{announced.number}个部分，读到{there}个，文档可能不完整")
    else:
        yield Broken(
            message=f"正文称有{announced.number}个部分，报告实有{there}个",
            message_en=f"The text announces {announced.number} parts, the report has {there}.",
            expected=announced.number,
            found=there,
        )


@formless_rule("D08", basis="《中华人民共和国政府信息公开条例》第五十条第二款；国办公开办函〔2019〕60号")
def d08(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """A report for 2019 or later has no section of the structure from before, such as 收费及减免情况."""
    if context.year(report) is None:
        yield Undecided("没有读到报告年度")
        return
    if context.predates_forms(report):
        return
    if not report.sections:
        yield Undecided("没有读到任何部分的标题")
        return
    old = old_headings(report)
    if not old:
        yield Held()
        return
    names = "、".join(f"“{heading}”" for heading in old)
    yield Broken(
        message=f"报告含有2019年以前旧结构的部分：{names}",
        message_en=f"{len(old)} sections are of the structure used before 2019.",
        found="、".join(old),
    )


@formless_rule("D09", basis=f"{FORMAT}第一部分：主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障")
def d09(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Section one covers its five topics; a topic is missing only where none of the words used for it stands there.

    The notice of 2021 names the topics; earlier reports are not judged.
    """
    year = context.year(report)
    if year is not None and year < FIRST_YEAR:
        return
    text = _text_of("overview", report, context)
    if isinstance(text, str):
        missing = topics_missing(text, OVERVIEW_TOPICS)
        if not missing:
            yield Held()
        elif _perhaps_not_read(report):
            yield Undecided(f"第一部分没有读到关于{_quoted(missing)}的内容，文档可能不完整")
        else:
            yield Broken(
                message=f"第一部分没有写到{_quoted(missing)}，格式要求写明五个方面的情况",
                message_en=f"Section one lacks {len(missing)} of its five topics.",
                expected=len(OVERVIEW_TOPICS),
                found="、".join(missing),
            )
    elif text is not None:
        yield text


@formless_rule(
    "D10", basis="《中华人民共和国政府信息公开条例》第五十条第一款第（四）项：工作考核、社会评议和责任追究结果情况"
)
def d10(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """A government's report gives the results of appraisal, public evaluation and accountability."""
    if context.predates_forms(report):
        return
    if not context.names(report) and context.agency_kind is None:
        yield Undecided("没有认出报告的机关")
        return
    if not context.is_government(report):
        if context.may_be_government(report):
            yield Undecided(f"不能确定“{context.names(report)[0]}”是否为一级政府，机关名录中没有写明")
        return
    text = "\n".join(report.texts())
    if not text.strip():
        yield Undecided("没有读到正文")
        return
    missing = topics_missing(text, GOVERNMENT_TOPICS)
    if not missing:
        yield Held()
    elif _perhaps_not_read(report):
        yield Undecided(f"没有读到{_quoted(missing)}的内容，文档可能不完整")
    else:
        yield Broken(
            message=f"政府的年度报告没有写到{_quoted(missing)}的结果情况",
            message_en=f"This report of a government lacks {len(missing)} of appraisal, evaluation and accountability.",
            expected=len(GOVERNMENT_TOPICS),
            found="、".join(missing),
        )


@formless_rule("D11", basis="《中华人民共和国政府信息公开条例》第五十条第一款第（四）项：存在的主要问题及改进情况")
def d11(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Section five names problems and improvements, in whatever words."""
    text = _text_of("problems", report, context)
    if isinstance(text, str):
        lacking = []
        if not names_problems(text):
            lacking.append("存在的主要问题")
        if not names_improvements(text):
            lacking.append("改进情况")
        if not lacking:
            yield Held()
        elif _perhaps_not_read(report):
            yield Undecided(f"第五部分没有读到{_quoted(lacking)}，文档可能不完整")
        else:
            yield Broken(
                message=f"第五部分写“{_beginning(text)}”，没有写明{_quoted(lacking)}",
                message_en=f"Section five does not name {' and '.join(_PROBLEMS_EN[what] for what in lacking)}.",
                expected="、".join(lacking),
                found=_beginning(text),
            )
    elif text is not None:
        yield text


@formless_rule(
    "D12", basis="国办函〔2020〕109号《政府信息公开信息处理费管理办法》；《中华人民共和国政府信息公开条例》第四十二条"
)
def d12(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Section six says what fees for handling information were charged, none included, and agrees with table three.

    The fee is charged since 2021; earlier reports are not judged.
    """
    year = context.year(report)
    if year is not None and year < FIRST_YEAR:
        return
    text = _text_of("other", report, context)
    if text is None:
        return
    statement = fee_statement(report)
    if statement is None:
        if isinstance(text, Undecided):
            yield text
        elif _perhaps_not_read(report):
            yield Undecided("第六部分没有读到信息处理费的内容，文档可能不完整")
        else:
            yield Broken(
                message=f"第六部分写“{_beginning(text)}”，没有说明收取信息处理费的情况",
                message_en="Section six does not say whether fees for handling information were charged.",
                found=_beginning(text),
            )
        return
    unpaid = report.number(FEE_NOT_PAID)
    denied = denied_notices(report)
    if unpaid and denied is not None and form is not None:
        yield Broken(
            message=f"正文写“{denied}”，而{form.names[FEE_NOT_PAID].label}填报{unpaid}",
            message_en=f"The text says that no fee was asked for; table three has {unpaid} that were not paid.",
            cells=(FEE_NOT_PAID,),
            expected=0,
            found=unpaid,
            place=place_of(report, (FEE_NOT_PAID,)),
        )
    else:
        yield Held()


@formless_rule("D13", basis="《中华人民共和国政府信息公开条例》第六条：及时、准确地公开政府信息")
def d13(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """No placeholder, filling instruction, text of another form, or other year's name is left over in the text."""
    if not any(text.strip() for text in report.texts()):
        yield Undecided("没有读到正文")
        return
    if context.predates_forms(report):
        return
    year = context.year(report)
    found = leftovers(report, year, since_2021=year is not None and year >= FIRST_YEAR)
    for one in found:
        words, words_en = _LEFTOVERS[one.kind]
        yield Broken(
            message=f"正文“{one.quote}”{words.format(year=year)}",
            message_en=f"{words_en}.",
            expected=year if one.year is not None else None,
            found=one.quote,
            quote=one.quote,
        )
    if not found:
        yield Held()


_LEFTOVERS: dict[Kind, tuple[str, str]] = {
    "placeholder": ("是模板的占位符，没有填写", "A placeholder of the template was not filled in"),
    "instruction": ("是格式或模板的填写说明，应删去", "An instruction of the template was left in the text"),
    "other_year": ("写的是其他年度，本报告为{year}年度", "The report calls itself by another year's name"),
    "early_date": (
        "早于{year}年度统计期限结束之日，疑为以前年度的残留",
        "The date of publication lies before the period's end",
    ),
    "old_form": (
        "是2019年表式的内容，{year}年度表式没有这一项",
        "The text reports an item that only the form of 2019 had",
    ),
    "unfinished": ("没有写完，缺少件数", "A sentence breaks off where its number should stand"),
    "source": ("是网页的残留文字", "A remnant of a web page was left in the text"),
}
_PROBLEMS_EN = {"存在的主要问题": "problems", "改进情况": "improvements"}
_SECTION_NAMES = {"overview": "第一部分", "problems": "第五部分", "other": "第六部分"}


def _text_of(kind: SectionKind, report: Report, context: Context) -> str | Undecided | None:
    """The text of a section; why it cannot be judged; None where the report's year is one before the forms."""
    if context.predates_forms(report):
        return None
    if context.year(report) is None and report.form is None:
        return Undecided("没有认出报告的年度和表式")
    section = report.section(kind)
    if section is None:
        return Undecided(f"没有读到{_SECTION_NAMES[kind]}")
    if not section.text.strip():
        return Undecided(f"{_SECTION_NAMES[kind]}没有读到文字，可能是图片")
    return section.text


def _perhaps_not_read(report: Report) -> bool:
    """Whether what is not there was perhaps not in the copy, or not read."""
    return report.may_be_cut or any(gap.why in TEXT_NOT_READ for gap in report.gaps)


def _quoted(names: list[str]) -> str:
    return "".join(f"“{name}”" for name in names)


def _beginning(text: str) -> str:
    letters = without_space(text).rstrip("。")
    return letters if len(letters) <= 30 else f"{letters[:30]}……"
