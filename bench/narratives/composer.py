"""A second author of narratives, who never saw the reader's words: see ``compositions.py``."""

from __future__ import annotations

from random import Random

from bench.accuracy.spelling import spelled
from bench.narratives.beside import ALL_OF_IT, MERGED, NO_DISCLOSURE, NOT_ALL_DISCLOSURE, OVER_YEARS, RESULTS
from bench.narratives.compositions import (
    ACCEPTED,
    BY_CLASS,
    BY_PLACE,
    ENDS,
    HEADINGS,
    LITIGATION,
    NO_DISPUTES,
    NOTHING,
    OUTCOME_STARTS,
    OUTCOMES,
    PERIODS,
    RECEIVED,
    REQUEST_SHARES,
    REVIEW,
    SHARES,
    TABLE_TWO,
    TRAPS,
    TRAPS_OF_AGENCIES,
)
from report.report import Report

_AWAY = (1, 2, 3, 5, 10, 17, 40)
_DONE = ("granted", "partly_granted", "refused", "not_provided", "not_handled", "other")


class Composer:
    """One text: its paragraphs tell some figures of the tables truly, but for one where ``plant`` asks for it."""

    def __init__(self, random: Random, report: Report, subjects: tuple[str, ...], kind: str, plant: bool) -> None:
        self.random = random
        self.report = report
        self.subjects = subjects
        self.kind = kind
        self.year = report.year or 0
        self.planted = ""
        self.planted_sentence = ""
        kinds = ["requests", "requests", "disputes", "documents", "listing", "share"]
        self._chosen = random.choice(kinds) if plant else ""

    def texts(self) -> tuple[str, str, str]:
        """Section one, the section on reviews, and section two."""
        random = self.random
        public = [self._documents(), self._listing(), self._share()]
        asked = [random.choice(HEADINGS) + self._requests()]
        traps = [self._trap() for _ in range(random.randint(0, 4))]
        place = random.randint(0, len(traps))
        in_own_section = random.random() < 0.6
        told = self._disputes(bare=in_own_section)
        paragraphs = [*filter(None, public), *traps[:place], *asked, *traps[place:]]
        if not in_own_section:
            paragraphs.append(told)
        return "\n".join(paragraphs), told if in_own_section else "", ""

    def _requests(self) -> str:
        random, wrong = self.random, self._chosen == "requests"
        received, carried_in = self._total("received"), self._total("carried_in")
        outcomes = [one for one in _DONE if self._total(one)]
        told = outcomes if received and random.random() < 0.5 else []
        rest = [one for one in ("processed", "carried_out") if received and self._total(one) and random.random() < 0.35]
        before = ["carried_in"] if received and carried_in and random.random() < 0.4 else []
        target = random.choice(["received", *before, *told, *rest]) if wrong else ""
        apart = self._beside_another(received) if received and not wrong and random.random() < 0.15 else ""
        text = apart or self._received(received, carried_in, wrong=target == "received")
        text += "".join(f"，{self._figure(one, target)}" for one in before)
        if told:
            mark = random.choice(("、", "，", "；"))
            start = random.choice(OUTCOME_STARTS)
            joint = "。" if start and random.random() < 0.5 else "，"
            text += joint + start + mark.join(self._figure(one, target) for one in told)
        text += "".join(f"{random.choice('，；。')}{self._figure(one, target)}" for one in rest)
        if rest or told or not received:
            return text + "。"
        settled = not self._total("carried_out") and not before
        if target == "received" or not settled:
            return text + random.choice(ENDS) + "。"
        return text + random.choice((*ENDS, *ALL_OF_IT)) + "。"

    def _beside_another(self, received: int) -> str:
        """The number of this year beside the one of all years, or in parts of which each has its own body."""
        random = self.random
        frames = (*OVER_YEARS, *MERGED) if received > 1 else OVER_YEARS
        part, more = random.randint(0, received), random.randint(1, 300)
        return self._fill(random.choice(frames), n=received, a=part, b=received - part, m=received + more, x=more)

    def _received(self, received: int, carried_in: int, *, wrong: bool) -> str:
        random = self.random
        right = {received, received + carried_in}
        number = (
            next(n for n in (received + away for away in random.sample(_AWAY, 3)) if n not in right)
            if wrong
            else received
        )
        frames: tuple[str, ...]
        if (not received and not wrong) or (wrong and received and random.random() < 0.15):
            frames, figure = NOTHING, "none"
        elif random.random() < 0.12:
            frames, figure = ACCEPTED, "accepted"
        else:
            frames, figure = RECEIVED, "received"
        text = self._fill(random.choice(frames), n=number)
        if wrong:
            self._plant(figure, text)
        return text

    def _figure(self, figure: str, target: str) -> str:
        right = self._total(figure)
        wrong = figure == target
        # What is handled may be counted with or without what was carried in, and be what was received.
        taken = {right, self._total("received"), self._total("received") + self._total("carried_in")}
        numbers = [right + away for away in self.random.sample(_AWAY, 5)]
        number = next(n for n in numbers if n not in taken) if wrong else right
        text = self._fill(self.random.choice(OUTCOMES[figure]), n=number)
        if wrong:
            self._plant(figure, text)
        return text

    def _disputes(self, *, bare: bool) -> str:
        """Reviews and lawsuits; only under their own heading (``bare``) are they of disclosure without saying so."""
        random, wrong = self.random, self._chosen == "disputes"
        review, litigation = self._total("review"), self._total("litigation")
        if (wrong and review + litigation and random.random() < 0.3) or (not wrong and not review + litigation):
            text = self._fill(random.choice([one for one in NO_DISPUTES if bare or "信息公开" in one]), n=0)
            if wrong:
                self._plant("no_disputes", text)
            return text + "。"
        if not wrong and bare and random.random() < 0.25:
            return self._among_others(review, litigation) + "。"
        target = random.choice(("review", "litigation", "results")) if wrong else ""
        if target == "results" and not review:
            target = "review"
        parts = []
        for figure, frames, right in (("review", REVIEW, review), ("litigation", LITIGATION, litigation)):
            number = right + random.choice(_AWAY[1:]) if figure == target else right
            text = self._fill(random.choice([one for one in frames if bare or "信息公开" in one]), n=number)
            if figure == target:
                self._plant(figure, text)
            if figure == "review" and review and (target == "results" or random.random() < 0.2):
                text += self._results(wrong=target == "results")
            parts.append(text)
        return random.choice(("；", "。")).join(parts) + "。"

    def _results(self, *, wrong: bool) -> str:
        """How the reviews ended."""
        random = self.random
        numbers = {one: int(self.report.number(f"review.{one}") or 0) for one in RESULTS}
        told = [one for one, number in numbers.items() if number]
        target = random.choice(told) if wrong else ""
        parts = []
        for result in told:
            number = numbers[result] + random.choice(_AWAY) if result == target else numbers[result]
            text = self._fill(random.choice(RESULTS[result]), n=number)
            if result == target:
                self._plant(f"review_{result}", text)
            parts.append(text)
        return "，" + random.choice(("其中", "其中：", "")) + random.choice(("、", "，")).join(parts)

    def _among_others(self, review: int, litigation: int) -> str:
        """The reviews and lawsuits over disclosure among all others."""
        random = self.random
        frames = NOT_ALL_DISCLOSURE if review + litigation else NO_DISCLOSURE
        more, others = review + random.randint(1, 40), litigation + random.randint(1, 40)
        return self._fill(random.choice(frames), n=0, a=review, b=litigation, m=more, k=others)

    def _documents(self) -> str:
        random, wrong = self.random, self._chosen == "documents"
        known = [one for one in TABLE_TWO if self._cell(one) is not None]
        told = random.sample(known, min(len(known), random.randint(1, 3) if wrong else random.randint(0, 2)))
        target = random.choice(told) if wrong and told else ""
        parts = []
        for figure in told:
            right = self._cell(figure) or 0
            text = self._fill(
                random.choice(TABLE_TWO[figure]), n=right + random.choice(_AWAY) if figure == target else right
            )
            if figure == target:
                self._plant(figure, text)
            parts.append(text)
        return random.choice(("，", "；", "。")).join(parts) + "。" if parts else ""

    def _listing(self) -> str:
        random, wrong = self.random, self._chosen == "listing"
        if not wrong and random.random() < 0.6:
            return ""
        parts = [random.randint(3, 900) for _ in range(3)]
        by_place = random.random() < 0.4
        if not wrong:
            total = max(parts) + random.randint(0, sum(parts) - max(parts)) if by_place else sum(parts)
        elif by_place:
            total = max(1, max(parts) - random.randint(1, 20))
        else:
            total = sum(parts) - random.randint(1, min(parts))
        text = self._fill(
            random.choice(BY_PLACE if by_place else BY_CLASS), n=total, a=parts[0], b=parts[1], c=parts[2]
        )
        if wrong:
            self._plant("parts", text)
        return text + "。"

    def _share(self) -> str:
        random, wrong = self.random, self._chosen == "share"
        if not wrong and random.random() < 0.6:
            return ""
        received = self._total("received")
        of_requests = received > 0 and self._chosen != "requests" and random.random() < 0.3
        persons = int(self.report.number("requests.received.natural_person") or 0)
        whole = received if of_requests else random.randint(20, 3000)
        part = persons if of_requests else random.randint(1, whole - 1)
        places = random.choice((0, 1, 2))
        exact = part * 100 / whole
        # Cut off or rounded: both are usual.
        shown = round(exact, places) if random.random() < 0.7 else int(exact * 10**places) / 10**places
        if wrong:
            # Not the share of what may be meant by all requests either.
            wholes = (received, received + self._total("carried_in"), self._total("processed"))
            away = [7.3, 9.1, 11.7, 13.9, 16.2]
            tried = (round(shown + one if shown < 50 else shown - one, places) for one in away)
            shown = next(one for one in tried if all(abs(part * 100 / all_ - one) > 2 for all_ in wholes if all_))
        text = self._fill(
            random.choice(REQUEST_SHARES if of_requests else SHARES), n=whole, a=part, share=f"{shown:.{places}f}"
        )
        if wrong:
            self._plant("share", text)
        return text + "。"

    def _trap(self) -> str:
        random = self.random
        traps = TRAPS if self.kind == "government" else (*TRAPS, *TRAPS_OF_AGENCIES)
        x, y, z = (random.randint(2, 90) for _ in range(3))
        return random.choice(traps).format(last=self.year - 1, x=x, y=y, z=z)

    def _fill(self, frame: str, *, n: int, share: str = "", **parts: int) -> str:
        random = self.random
        return frame.format(
            p=random.choice(PERIODS).format(y=self.year),
            s=random.choice((*self.subjects, "")),
            y=self.year,
            n=spelled(n, random),
            share=share,
            **{name: spelled(part, random) for name, part in parts.items()},
        )

    def _plant(self, figure: str, text: str) -> None:
        self.planted, self.planted_sentence = figure, text

    def _total(self, figure: str) -> int:
        if figure == "litigation":
            names = ["litigation_direct", "litigation_after_review"]
            return sum(int(self.report.number(f"{name}.total") or 0) for name in names)
        if figure == "review":
            return int(self.report.number("review.total") or 0)
        row = {"processed": "processed_total"}.get(figure, figure)
        keys = [key for key in self.report.figures if key.startswith(f"requests.{row}.") and key.endswith(".total")]
        return sum(int(self.report.number(key) or 0) for key in keys)

    def _cell(self, figure: str) -> int | None:
        row, _, column = figure.partition(".")
        column = "made" if self.report.form == "2019" and column == "issued" else column
        number = self.report.number(f"proactive.{row}.{column}")
        return None if number is None else int(number)
