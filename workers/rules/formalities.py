"""D15 to D18: the basis that is cited, personal data, what the office wants of section one, the promised contact."""

from __future__ import annotations

from collections.abc import Iterator

from report.figure import Place
from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule
from report.form import Form, form_for
from report.report import Report
from report.text.citations import DECREE, REGULATION, Citation, Cited, citations
from report.text.contact import broken_promise, kept_elsewhere, promises_contact
from report.text.personal_data import Personal, personal_data
from report.text.sentences import gives_number
from workers.rules.content import TEXT_NOT_READ
from workers.rules.context import Context

PERSONAL = {
    Personal.IDENTITY_CARD: "公民身份号码",
    Personal.MOBILE: "个人手机号码",
    Personal.BANK_ACCOUNT: "银行账号",
}


@formless_rule(
    "D15",
    basis=(
        "《中华人民共和国政府信息公开条例》第四十九条、第五十条；国办公开办函〔2021〕30号"
        "（2019、2020年度为国办公开办函〔2019〕60号）"
    ),
)
def d15(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Where the text cites its basis, it is cited rightly: the Regulation's name and decree, the notice on the form.

    Short forms of the name, and other notices, may be cited; of notices on the form only that of the report year.
    """
    year = context.year(report)
    if year is None:
        yield Undecided("没有读到报告年度")
        return
    if context.predates_forms(report):
        return
    right = form_for(year, context.forms.values())
    cited = citations(report)
    notices = {one.file.instrument for one in context.forms.values()}
    instrument = right.file.instrument if right is not None else None
    for one in cited:
        if one.cited is Cited.NOTICE:
            yield from _notice(one, cited, year, instrument, notices)
            continue
        wanted = REGULATION if one.cited is Cited.REGULATION else DECREE
        if one.found == wanted:
            yield Held()
            continue
        name = f"《{REGULATION}》" if one.cited is Cited.REGULATION else f"国务院令第{DECREE}号"
        yield Broken(
            message=f"正文引用“{one.quote}”，应为{name}",
            message_en=f"The text cites its basis as {one.found}; it is {wanted}.",
            expected=wanted,
            found=one.found,
            quote=one.quote,
        )


def _notice(
    one: Citation, cited: list[Citation], year: int, instrument: str | None, notices: set[str]
) -> Iterator[Verdict]:
    if instrument is None or not (one.on_form or one.found in notices):
        return
    if one.found == instrument:
        yield Held()
    elif any(other.found == instrument for other in cited):
        return  # both are named: the one that holds is among them
    else:
        yield Broken(
            message=f"正文以“{one.found}”为年度报告格式的依据，{year}年度应为{instrument}",
            message_en=f"The text cites {one.found} for the form of the report; for {year} it is {instrument}.",
            expected=instrument,
            found=one.found,
            quote=one.quote,
        )


@formless_rule(
    "D16", basis="《中华人民共和国政府信息公开条例》第十五条；《中华人民共和国个人信息保护法》第二十八条、第三十三条"
)
def d16(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """No personal data of private people stands in the text: identity card, mobile telephone, bank account.

    What was found is shown masked, with its place. Numbers that an office gives as its own contact are no such data.
    """
    if not any(text.strip() for text in report.texts()):
        yield Undecided("没有读到正文")
        return
    found = personal_data(report)
    for one in found:
        name = PERSONAL[one.kind]
        if one.certain:
            yield Broken(
                message=f"“{one.section}”部分含有{name}（{one.masked}），涉嫌公开个人信息，请核对并遮蔽",
                message_en=f"The text has what looks like personal data ({one.kind.value}, masked: {one.masked}).",
                found=one.masked,
                place=Place(page=one.page),
            )
        else:
            yield Undecided(f"“{one.section}”部分的号码（{one.masked}）是否为{name}须由人核对")
    if not found:
        yield Held()


@formless_rule("D17", basis="《中华人民共和国政府信息公开条例》第四十七条：日常指导和监督检查")
def d17(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Section one gives a number on each topic of which its office wants one, and is not longer than the office allows.

    It is off where the office has listed nothing (config/wanted_numbers.yaml). That there was none is a number.
    """
    if context.wanted is None or context.predates_forms(report):
        return
    section = report.section("overview")
    if section is None or not section.text.strip():
        yield Undecided("没有读到第一部分的正文")
        return
    lacking = [topic for topic, words in context.wanted.numbers.items() if not gives_number(section.text, words)]
    if lacking and (report.may_be_cut or any(gap.why in TEXT_NOT_READ for gap in report.gaps)):
        yield Undecided(f"第一部分没有读到“{'”“'.join(lacking)}”的数据，文档可能不完整")
    elif lacking:
        yield Broken(
            message=f"第一部分没有给出主管部门要求的数据：“{'”“'.join(lacking)}”",
            message_en=f"Section one gives no number on {len(lacking)} of the topics that its office asks for.",
            expected=len(context.wanted.numbers),
            found="、".join(lacking),
            place=Place(page=section.page),
        )
    longest = context.wanted.longest
    if longest is not None and section.characters > longest:
        yield Broken(
            message=f"第一部分有{section.characters}字，主管部门要求不超过{longest}字",
            message_en=f"Section one has {section.characters} characters; its office allows {longest}.",
            expected=longest,
            found=section.characters,
            place=Place(page=section.page),
        )
    elif not lacking:
        yield Held()


@formless_rule("D18", basis="《中华人民共和国政府信息公开条例》第十二条：公开机构的办公地址、联系电话等")
def d18(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Where the text says whom to ask, a telephone, an address or a mail address stands there.

    Where it says that they stand in another place, that place is not looked at.
    """
    if not promises_contact(report) or context.predates_forms(report):
        return
    promise, elsewhere = broken_promise(report), kept_elsewhere(report)
    if promise is None and elsewhere is None:
        yield Held()
    elif promise is None:
        yield Undecided("正文称联系方式见于别处，没有核对")
    elif report.may_be_cut or any(gap.why in TEXT_NOT_READ for gap in report.gaps):
        yield Undecided("正文请读者联系，没有读到联系方式，文档可能不完整")
    else:
        yield Broken(
            message=f"正文写“{promise[:60]}”，却没有写明联系电话、地址或邮箱",
            message_en="The text tells whom to ask, but no telephone, address or mail address stands there.",
            found=promise[:60],
        )
