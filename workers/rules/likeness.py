"""D14: the same text as last year's or another agency's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.forms import SectionKind
from report.comparing.digest import Digest, digest_of
from report.comparing.similarity import letters_that_count, longest_passage, share_found
from report.figure import Place
from report.findings.catalogue import Broken, Held, Undecided, Verdict, formless_rule
from report.form import Form
from report.report import Report
from workers.rules.context import Context

SECTIONS: dict[SectionKind, str] = {"overview": "第一部分", "problems": "第五部分"}
# Reports of one district share their sub-headings and set phrases; so much in common is no accident.
MOST_ALIKE = {"overview": 0.85, "problems": 0.9}
FEWEST_LETTERS = {"overview": 200, "problems": 100}
# Tables with fewer numbers or requests than this agree by chance, above all those of zeros.
FEWEST_NUMBERS = 12
FEWEST_REQUESTS = 20
PASSAGE_SHOWN = 40


@formless_rule(
    "D14", basis="国办公开办函〔2021〕30号：内容雷同、敷衍塞责的，依照《中华人民共和国政府信息公开条例》第四十七条处理"
)
def d14(report: Report, form: Form | None, context: Context) -> Iterator[Verdict]:
    """Sections one and five are not last year's or another agency's text, nor table three its numbers.

    Years, numbers, names, citations and set sentences do not count; short sections and tables of zeros are not
    compared.
    """
    if context.predates_forms(report):
        return
    compared = _compared(report, context)
    if not compared and not context.others_unlike:
        yield Undecided("没有上一年度的报告和其他机关的报告可供比较")
        return
    alike = False
    for kind, name in SECTIONS.items():
        section = report.section(kind)
        if section is None or not section.text.strip():
            continue
        names = context.names(report)
        if letters_that_count(section.text, names) < FEWEST_LETTERS[kind]:
            continue
        share, other = max(
            ((share_found(section.text, _text(one.report, kind), names, _names(one.report)), one) for one in compared),
            key=lambda pair: (pair[0], pair[1].agency is None, pair[1].agency or ""),
            default=(0.0, None),
        )
        if other is None or share < MOST_ALIKE[kind]:
            continue
        alike = True
        passage = longest_passage(section.text, _text(other.report, kind), names, _names(other.report))
        percent = int(share * 100)
        yield Broken(
            message=f"{name}有{percent}%的文字与{other.called}相同，例如“{_shown(passage)}”",
            message_en=f"{percent} % of the text of section “{kind}” stands in another report ({other.called}).",
            expected=other.called,
            found=passage[:PASSAGE_SHOWN],
            quote=passage,
            other_agency=other.agency,
            rate=percent / 100,
            place=Place(page=section.page),
        )
    if numbers := _telling_numbers(report):
        for other in compared:
            if _same_table_three(report, other.report):
                alike = True
                yield Broken(
                    message=f"表三的{len(numbers)}个非零数字与{other.called}完全相同",
                    message_en=f"All {len(numbers)} numbers of table three stand in another report ({other.called}).",
                    cells=numbers,
                    expected=other.called,
                    other_agency=other.agency,
                )
    if not alike:
        yield Held()


def to_be_compared(report: Report, names: tuple[str, ...], others: Mapping[str, Digest]) -> set[str]:
    """Which other reports, by the agency's name, have so much in common with one that they have to be compared whole.

    ``names`` are those of the report's agency.
    """
    names = Context(agency_names=names).names(report)
    own, numbers = digest_of(report, names), _telling_numbers(report)
    kinds = [kind for kind in SECTIONS if letters_that_count(_text(report, kind), names) >= FEWEST_LETTERS[kind]]
    return {
        agency
        for agency, other in others.items()
        if any(own.shares_text(other, kind) for kind in kinds) or (numbers and _same_table_three(report, other))
    }


@dataclass(frozen=True, slots=True)
class _Other:
    """A report to compare with: how a letter calls it, and whose it is (None: the agency's own of last year)."""

    called: str
    agency: str | None
    report: Report


def _compared(report: Report, context: Context) -> list[_Other]:
    compared = []
    if context.previous is not None and context.not_last_years(report) is None:
        compared.append(_Other("本机关上一年度的报告", None, context.previous))
    for agency, other in context.others.items():
        compared.append(_Other(f"“{agency}”同年度的报告", agency, other))
    return compared


def _telling_numbers(report: Report) -> tuple[str, ...]:
    """The figures of table three that are not zero, where all are known and there are enough not to agree by chance."""
    keys = [key for key in report.figures if key.startswith("requests.")]
    numbers = tuple(key for key in keys if report.number(key))
    enough = len(numbers) >= FEWEST_NUMBERS and (report.number("requests.received.total") or 0) >= FEWEST_REQUESTS
    return numbers if enough and all(report.number(key) is not None for key in keys) else ()


def _same_table_three(report: Report, other: Report | Digest) -> bool:
    return all(other.number(key) == report.number(key) for key in report.figures if key.startswith("requests."))


def _text(report: Report, kind: SectionKind) -> str:
    section = report.section(kind)
    return section.text if section is not None else ""


def _names(report: Report) -> tuple[str, ...]:
    return () if report.agency is None else (report.agency,)


def _shown(passage: str) -> str:
    return passage if len(passage) <= PASSAGE_SHOWN else f"{passage[:PASSAGE_SHOWN]}……"
