"""T04 and T09: amounts in the unit of the form, and table two plausible within itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from report.figure import NUMBER, TEXT, Figure
from report.findings.catalogue import Broken, Held, Undecided, Verdict, rule
from report.findings.finding import Number
from report.form import Form
from report.numerals import arabic_number
from report.report import Report
from report.text.sentences import sentences
from workers.rules.cells import place_of
from workers.rules.context import Context

YUAN = 10_000
# More than this is no amount of such an agency, in 10,000 yuan; in yuan it would be an everyday one.
MOST_OF_A_STREET = 10_000
MOST_OF_ANYBODY = 10_000_000
_IN_YUAN = re.compile(r"(?<!万)元$")
_AMOUNT_IN_TEXT = re.compile(r"(?<![\d.])(\d{1,12}(?:\.\d{1,6})?)(万?元)")
_SPOKEN_OF = {"proactive.fees.amount": "行政事业性收费", "proactive.procurement.amount": "采购"}


@rule("T04", basis="政府信息公开工作年度报告格式表二：本年收费金额（单位：万元）")
def t04(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Amounts are numbers in the unit of the form, 10,000 yuan, and plausible for the agency.

    An amount typed in yuan is recognised by the text, by last year's amount, or because no agency of this kind has so
    much. Where the form prints no unit, as in 2019 for procurement, yuan are not wrong.
    """
    for key, figure in report.figures.items():
        if form.names[key].kind != "amount":
            continue
        if not figure.certain or figure.state not in (NUMBER, TEXT):
            yield Undecided(f"{form.names[key].label}没有确定的数字")
        elif figure.value is None:
            yield _amount_broken(form, figure, f"填报“{figure.text}”，不是数字", "is no number", figure.text, None)
        elif figure.value < 0:
            yield Undecided(f"{form.names[key].label}为负数，不能判断单位")
        elif "万元" not in form.names[key].column:
            # The variant that prints 万元 is read as this column, too: whether this report's did is not known.
            too_much = figure.value > _most(report, context)
            yield (
                Undecided(f"{form.names[key].label}没有印明单位，不能判断{figure.value}是否合理")
                if too_much
                else Held()
            )
        else:
            yield _in_unit(report, form, context, figure, figure.value)


def _in_unit(report: Report, form: Form, context: Context, figure: Figure, value: Number) -> Verdict:
    right = (Decimal(value) / YUAN).normalize()
    if value and _IN_YUAN.search(figure.text.strip()):
        return _amount_broken(form, figure, f"填报“{figure.text}”，单位应为万元", "is given in yuan", value, right)
    said = _said_in_yuan(report, figure.key, value)
    if said is not None:
        words = f"填报{value}万元，正文写“{said}”，疑以元为单位填报，应为{right:f}"
        return _amount_broken(form, figure, words, "is in yuan, as the text shows", value, right)
    before = None
    if context.previous is not None and context.not_last_years(report) is None and context.previous.form == report.form:
        before = context.previous.number(figure.key)
    if before and YUAN / 2 <= Decimal(value) / Decimal(before) <= YUAN * 2 and value >= YUAN:
        words = f"填报{value}万元，约为上一年度{before}万元的1万倍，疑以元为单位填报"
        return _amount_broken(form, figure, words, "is some 10,000 times that of last year", value, right)
    if value > _most(report, context):
        words = f"填报{value}万元，数额异常，疑以元为单位填报，应为{right:f}"
        return _amount_broken(form, figure, words, "is more than any such agency charges", value, right)
    return Held()


def _most(report: Report, context: Context) -> int:
    return MOST_OF_A_STREET if context.is_street_or_town(report) else MOST_OF_ANYBODY


def _said_in_yuan(report: Report, key: str, value: Number) -> str | None:
    """The words of the text that give the very number of the cell as an amount in yuan."""
    word = _SPOKEN_OF.get(key)
    if word is None or value < 1:
        return None
    for text in report.texts():
        for sentence in sentences(text) if word in text else ():
            if word in sentence:
                for match in _AMOUNT_IN_TEXT.finditer(sentence):
                    if match[2] == "元" and arabic_number(match[1]) == value:
                        return match[0]
    return None


def _amount_broken(
    form: Form, figure: Figure, words: str, words_en: str, found: Number | str, expected: Number | None
) -> Broken:
    return Broken(
        message=f"{form.names[figure.key].label}{words}",
        message_en=f"{figure.key} reads “{figure.text}”, which {words_en}.",
        cells=(figure.key,),
        expected=expected,
        found=found,
        place=figure.place,
    )


@rule("T09", basis="政府信息公开工作年度报告格式表二；《中华人民共和国立法法》关于规章制定主体的规定")
def t09(report: Report, form: Form, context: Context) -> Iterator[Verdict]:
    """Table two is plausible within itself.

    In force is at least issued − repealed; published this year is at most published in all; items are not fewer than
    none after the change; what was bought has a number of items; and no street or town makes regulations (规章).
    """
    for row in ("regulations", "normative_documents"):
        yield from _documents(report, form, f"proactive.{row}")
    for key in report.figures:
        if key.endswith(".previous_items"):
            yield from _items(report, form, key.removesuffix(".previous_items"))
    yield from _procurement(report, form)
    if context.is_street_or_town(report):
        yield from _regulations(report, form)


def _documents(report: Report, form: Form, row: str) -> Iterator[Verdict]:
    if f"{row}.in_force" in report.figures:
        keys = (f"{row}.issued", f"{row}.repealed", f"{row}.in_force")
        issued, repealed, in_force = (report.number(key) for key in keys)
        if issued is None or repealed is None or in_force is None:
            yield _no_number(form, keys)
        elif in_force < issued - repealed:
            yield Broken(
                message=(
                    f"表二“{form.names[keys[0]].row}”行：本年制发{issued}件、废止{repealed}件，"
                    f"现行有效件数不应少于{issued - repealed}，填报{in_force}"
                ),
                message_en=f"Table two: {issued} issued and {repealed} repealed leave more than {in_force} in force.",
                cells=keys,
                expected=issued - repealed,
                found=in_force,
                place=place_of(report, keys[2:]),
            )
        else:
            yield Held()
    elif f"{row}.total_published" in report.figures:
        both = (f"{row}.published", f"{row}.total_published")
        published, total = (report.number(key) for key in both)
        if published is None or total is None:
            yield _no_number(form, both)
        elif published > total:
            name = form.names[both[0]].row
            yield Broken(
                message=f"表二“{name}”行：本年新公开数量{published}大于对外公开总数量{total}，相差{published - total}",
                message_en=f"Table two: {published} published this year are more than the {total} published in all.",
                cells=both,
                expected=published,
                found=total,
                place=place_of(report, both[1:]),
            )
        else:
            yield Held()


def _items(report: Report, form: Form, row: str) -> Iterator[Verdict]:
    keys = (f"{row}.previous_items", f"{row}.change")
    items, change = (report.number(key) for key in keys)
    if items is None or change is None:
        yield _no_number(form, keys)
    elif items + change < 0:
        yield Broken(
            message=f"表二“{form.names[keys[0]].row}”行：上一年项目数量{items}，本年增/减{change}，减少的多于原有的",
            message_en=f"Table two: {-change} items fewer than the {items} of last year cannot be.",
            cells=keys,
            expected=-items,
            found=change,
            place=place_of(report, keys[1:]),
        )
    else:
        yield Held()


def _procurement(report: Report, form: Form) -> Iterator[Verdict]:
    keys = ("proactive.procurement.items", "proactive.procurement.amount")
    if keys[0] not in report.figures:
        return
    items, amount = (report.number(key) for key in keys)
    if items is None or amount is None:
        yield _no_number(form, keys)
    elif items == 0 and amount > 0:
        yield Broken(
            message=f"表二“{form.names[keys[0]].row}”行：采购总金额填报{amount}，采购项目数量却为0",
            message_en=f"Table two: {amount} were spent on no item.",
            cells=keys,
            found=items,
            place=place_of(report, keys),
        )
    else:
        yield Held()


def _regulations(report: Report, form: Form) -> Iterator[Verdict]:
    key = next(
        (key for key in ("proactive.regulations.issued", "proactive.regulations.made") if key in report.figures), None
    )
    made = report.number(key) if key is not None else None
    if key is not None and made:
        yield Broken(
            message=f"{form.names[key].label}填报{made}，街道、乡镇不能制定规章，疑将其他文件计入",
            message_en=f"Table two counts {made} regulations; a street or town has no power to make any.",
            cells=(key,),
            expected=0,
            found=made,
            place=place_of(report, (key,)),
        )


def _no_number(form: Form, keys: tuple[str, ...]) -> Undecided:
    return Undecided(f"表二“{form.names[keys[0]].row}”行没有确定的数字")
