"""Sound texts beside their tables, and one planted contradiction: what N01 to N06 say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from bench.accuracy.plan import sound_plan
from bench.accuracy.script import as_report
from bench.accuracy.spelling import spelled
from bench.narratives import compositions
from bench.narratives.beside import RESULTS
from bench.narratives.composer import Composer
from bench.narratives.frames import AGENCIES, BEHIND, OUTCOME_STARTS, OUTCOMES, PERIODS, TRAPS, Frame, frames
from config.forms import load_forms
from config.portals import AgencyKind
from config.rules import load_rules
from report.findings.finding import Check, Outcome
from report.form import Form, make_form
from report.report import Report
from workers.rules.check import check_report
from workers.rules.context import Context

RULES = ("N01", "N02", "N03", "N04", "N05", "N06")
APART = 1_000_000
# Which rule has to see a contradiction in a figure.
RULE_OF = {
    "parts": "N04",
    "share": "N05",
    "received": "N01",
    "accepted": "N01",
    "none": "N01",
    "review": "N03",
    "litigation": "N03",
    "no_disputes": "N03",
    **{f"review_{result}": "N03" for result in RESULTS},
}
FRAMES = frames()
# The first author has seen what the reader knows, the second has not.
AUTHORS = ("first", "second")


@dataclass(frozen=True, slots=True)
class Narrative:
    """A report's running text; ``planted`` is the figure whose number contradicts the tables, "" where none does."""

    report: Report
    context: Context
    planted: str
    sentence: str


@dataclass
class Tally:
    """What was seen: untrue findings in sound texts, and planted contradictions by what became of them."""

    sound: int = 0
    untrue: list[str] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


class Writer:
    """Writes texts beside tables, by seed."""

    def __init__(self, author: str = AUTHORS[0]) -> None:
        self.author = author
        self.forms: Mapping[str, Form] = {name: make_form(file) for name, file in load_forms().items()}
        self.rules = load_rules()

    def write(self, seed: int, plant: bool) -> Narrative:
        """One report; with ``plant`` one number of its text is not that of the tables."""
        random = Random(f"{seed} narrative")  # noqa: S311 - chance, not secrets
        plan = sound_plan(seed, self.forms)
        is_first = self.author == AUTHORS[0]
        name, kind, others = random.choice(AGENCIES if is_first else compositions.AGENCIES)
        report = replace(as_report(plan), agency=name, title=f"{name}{plan.year}年政府信息公开工作年度报告")
        author = (
            _Author(random, report, (name, *others), plant)
            if is_first
            else Composer(random, report, (name, *others), kind, plant)
        )
        overview, disputes, proactive = author.texts()
        sections = tuple(
            replace(
                one, text={"overview": overview, "disputes": disputes, "proactive": proactive}.get(one.kind or "", "")
            )
            for one in report.sections
        )
        agency_kind: AgencyKind = kind  # type: ignore[assignment]
        context = Context(agency_names=(name,), agency_kind=agency_kind, expected_year=plan.year)
        return Narrative(
            replace(report, opening="", sections=sections), context, author.planted, author.planted_sentence
        )

    def check(self, narrative: Narrative) -> Check:
        """What the rules say of it."""
        return check_report(narrative.report, self.forms, narrative.context, self.rules)


class _Author:
    """One text: which figures it tells, in which frames, with which numbers."""

    def __init__(self, random: Random, report: Report, subjects: tuple[str, ...], plant: bool) -> None:
        self.random = random
        self.report = report
        self.year = report.year or 0
        self.subjects = subjects
        self.plant = plant
        self.planted = ""
        self.planted_sentence = ""

    def texts(self) -> tuple[str, str, str]:
        """Section one, the section on reviews, and section two."""
        told = ["requests", *self.random.sample(["disputes", "documents"], self.random.randint(0, 2))]
        chosen = self.random.choice(told) if self.plant else ""
        requests = self._requests(chosen == "requests")
        traps = [self._trap() for _ in range(self.random.randint(0, 3))]
        place = self.random.randint(0, 1)
        heading = self.random.choice(("", "（二）依申请公开情况。", "2.依申请公开。", "二是规范办理依申请公开。"))
        overview = [*traps[:place], heading + requests, *traps[place:]]
        disputes = self._disputes(chosen == "disputes") if "disputes" in told else ""
        documents = self._documents(chosen == "documents") if "documents" in told else ""
        return "\n".join(overview), disputes, documents

    def _requests(self, wrong: bool) -> str:
        received = self._total("received")
        tells = [one for one in ("carried_in", "outcomes", "processed", "carried_out") if self.random.random() < 0.4]
        figures = [outcome for outcome in OUTCOMES if self._total(outcome)] if "outcomes" in tells else []
        figures = [one for one in ("carried_in",) if one in tells and received] + figures
        figures += [one for one in ("processed", "carried_out") if one in tells]
        if not received:
            figures = []
        target = self.random.choice(["received", *figures]) if wrong else ""
        text = self._received(received, wrong=target == "received")
        if not figures:
            return text + self.random.choice(BEHIND if received else ("",)) + "。"
        before = [one for one in figures if one == "carried_in"]
        text += "".join(f"，{self._number(one, one == target)}" for one in before)
        rest = [self._number(one, one == target) for one in figures if one not in before]
        if rest:
            mark = self.random.choice(("，", "、", "；"))
            text += self.random.choice(("。", "，")) + self.random.choice(OUTCOME_STARTS[:3]) + mark.join(rest)
        return text + "。"

    def _received(self, received: int, *, wrong: bool) -> str:
        number = received + self.random.choice((1, 2, 3, 10, 17)) if wrong else received
        if wrong and number == received + self._total("carried_in"):
            number += 1
        if number == 0 or (wrong and received and self.random.random() < 0.15):
            if number:
                self.planted = "none"
            text = self._fill(self._frame("none"), 0)
        else:
            figure = "accepted" if self.random.random() < 0.15 else "received"
            if wrong:
                self.planted = figure
            text = self._fill(self._frame(figure), number)
        if wrong:
            self.planted_sentence = text
        return text

    def _number(self, figure: str, wrong: bool) -> str:
        right = self._total(figure)
        text = self._fill(self._frame(figure), right + self.random.choice((1, 2, 5)) if wrong else right)
        if wrong:
            self.planted, self.planted_sentence = figure, text
        return text

    def _disputes(self, wrong: bool) -> str:
        review, litigation = self._total("review"), self._total("litigation")
        if wrong and (review or litigation) and self.random.random() < 0.3:
            self.planted = "no_disputes"
            self.planted_sentence = self._fill(self._frame("no_disputes"), 0)
            return self.planted_sentence + "。"
        if not wrong and not review and not litigation:
            return self._fill(self._frame("no_disputes"), 0) + "。"
        target = self.random.choice(("review", "litigation")) if wrong else ""
        shown = []
        for figure, right in (("review", review), ("litigation", litigation)):
            number = right + self.random.choice((2, 3, 9)) if figure == target else right
            text = self._fill(self._frame(figure), number, bare=figure == "litigation")
            if figure == target:
                self.planted, self.planted_sentence = figure, text
            shown.append(text)
        return self.random.choice(("，", "；", "。")).join(shown) + "。"

    def _documents(self, wrong: bool) -> str:
        known = [one for one in FRAMES if "." in one and self._cell(one) is not None]
        told = self.random.sample(known, min(len(known), self.random.randint(1, 3)))
        target = self.random.choice(told) if wrong and told else ""
        shown: list[str] = []
        for figure in told:
            right = self._cell(figure) or 0
            text = self._fill(
                self._frame(figure), right + self.random.choice((1, 4)) if figure == target else right, bare=bool(shown)
            )
            if figure == target:
                self.planted, self.planted_sentence = figure, text
            shown.append(text)
        return "，".join(shown) + "。" if shown else ""

    def _trap(self) -> str:
        x, y, z = (self.random.randint(2, 90) for _ in range(3))
        return self.random.choice(TRAPS).format(last=self.year - 1, x=x, y=y, z=z)

    def _frame(self, figure: str) -> Frame:
        return self.random.choice(FRAMES[figure])

    def _fill(self, frame: Frame, number: int, *, bare: bool = False) -> str:
        period = "" if bare else self.random.choice(PERIODS).format(year=self.year)
        subject = "" if bare else self.random.choice((*self.subjects, ""))
        return frame.words.format(p=period, s=subject, n=spelled(number, self.random))

    def _total(self, figure: str) -> int:
        if figure == "review":
            return int(self.report.number("review.total") or 0)
        if figure == "litigation":
            both = ("litigation_direct.total", "litigation_after_review.total")
            return sum(int(self.report.number(key) or 0) for key in both)
        row = {"processed": "processed_total"}.get(figure, figure)
        keys = [key for key in self.report.figures if key.startswith(f"requests.{row}.") and key.endswith(".total")]
        return sum(int(self.report.number(key) or 0) for key in keys)

    def _cell(self, figure: str) -> int | None:
        row, _, column = figure.partition(".")
        column = "made" if self.report.form == "2019" and column == "issued" else column
        number = self.report.number(f"proactive.{row}.{column}")
        return None if number is None else int(number)


def run(seed: int, *, sound: int, planted: int, author: str = AUTHORS[0]) -> Tally:
    """Tries so many sound texts of an author, and so many with one planted contradiction each."""
    writer, tally = Writer(author), Tally()
    first = seed * APART
    for number in range(first, first + sound):
        narrative = writer.write(number, plant=False)
        tally.sound += 1
        tally.untrue += [
            f"seed {number}: {one.rule} {one.message}" for one in writer.check(narrative).findings if one.rule in RULES
        ]
    number = first + sound
    while sum(tally.planted.values()) < planted:
        number += 1
        narrative = writer.write(number, plant=True)
        if narrative.planted:
            _judge(number, narrative, writer.check(narrative), tally)
    return tally


def _judge(number: int, narrative: Narrative, check: Check, tally: Tally) -> None:
    figure = narrative.planted
    rule = RULE_OF.get(figure, "N06" if "." in figure else "N02")
    outcome = check.results[rule].outcome
    tally.planted[figure] += 1
    tally.outcomes[figure, outcome.value] += 1
    if outcome is not Outcome.FAIL:
        reason = check.results[rule].reason or ""
        tally.missed.append(f"seed {number}, {figure}: {outcome.value}: {narrative.sentence} {reason}")
