"""The chart of a season: reports published day by day against the due dates, last year's season as a thin line."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.charts.ink import GREY, INK, LINE, WIDTH, Canvas, width_of
from monitor.season.counts import HEADINGS
from monitor.season.progress import Curve, Progress, round_step

HEIGHT = 400
LEFT, RIGHT, TOP, BOTTOM = 58, 24, 78, 46
SIZE = 21
# Between a number and the line that it stands at.
_GAP = 8
BLUE, RED = "#1d4f91", "#b42318"


def draw_curve(progress: Progress) -> bytes:
    """The chart as a PNG. What it says stands in words in the mail too."""
    return _Chart(progress).draw()


class _Chart:
    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        before = progress.before
        self.most = max(progress.curve.expected, before.expected if before else 0, 1)
        self.left = max(LEFT, width_of(str(self.most), SIZE) + 2 * _GAP)
        self.days = max((progress.last - progress.first).days, 1)
        self.page = Canvas(HEIGHT)

    def draw(self) -> bytes:
        self._frame()
        for number, due in enumerate(self.progress.due_dates):
            self._due(due, number)
        if self.progress.before is not None:
            self._curve(self.progress.before, self.progress.last, GREY, 1.2, dashes=(4, 3))
        self._curve(self.progress.curve, self.progress.today, BLUE, 4.0)
        self._legend()
        return self.page.png()

    def x(self, day: date) -> float:
        share = min(max((day - self.progress.first).days, 0), self.days) / self.days
        return self.left + share * (WIDTH - self.left - RIGHT)

    def y(self, count: int) -> float:
        return HEIGHT - BOTTOM - count / self.most * (HEIGHT - TOP - BOTTOM)

    def _frame(self) -> None:
        steps = sorted({0, self.most, *(_round_steps(self.most))})
        for count in steps:
            self.page.line([(self.left, self.y(count)), (WIDTH - RIGHT, self.y(count))], colour=LINE)
            self.page.text(self.left - _GAP, self.y(count), str(count), SIZE, colour=GREY, align="right")
        for day in _months(self.progress.first, self.progress.last):
            self.page.line([(self.x(day), self.y(0)), (self.x(day), self.y(0) + 6)], colour=GREY)
            room = (WIDTH - self.left - RIGHT) / self.days * 31
            if room >= 40 or day.month % 3 == 1:
                self.page.text(self.x(day) + 3, HEIGHT - BOTTOM + 24, f"{day.month}月", SIZE, colour=GREY)

    def _due(self, due: date, number: int) -> None:
        x = self.x(due)
        self.page.line([(x, TOP - 18), (x, self.y(0))], colour=RED, width=1.6, dashes=(7, 3))
        words = f"{due.month}月{due.day}日到期"
        # Two due dates close together: the second one's words stand to its right.
        half = width_of(words, SIZE) / 2
        middle = min(max(x, self.left + half), WIDTH - RIGHT - half)
        close = number and x - self.x(self.progress.due_dates[number - 1]) < 2 * half + 8
        if not close:
            self.page.text(middle, TOP - 32, words, SIZE, colour=RED, align="center")

    def _curve(self, curve: Curve, until: date, colour: str, width: float, *, dashes: tuple[float, ...] = ()) -> None:
        points = [(self.x(self.progress.first), self.y(0))]
        count = 0
        for day in sorted(set(curve.days)):
            if day > until:
                break
            points.append((self.x(day), self.y(count)))
            count = curve.count(day)
            points.append((self.x(day), self.y(count)))
        points.append((self.x(until), self.y(count)))
        self.page.line(points, colour=colour, width=width, dashes=dashes)

    def _legend(self) -> None:
        now = self.progress.curve
        words = f"{now.year}年度 {now.count(self.progress.today)}家（{HEADINGS['expected']}{now.expected}家）"
        self.page.line([(10, 20), (46, 20)], colour=BLUE, width=4.0)
        self.page.text(54, 20, words, SIZE, bold=True)
        before = self.progress.before
        x = 54 + width_of(words, SIZE) + 24
        if before is not None:
            self.page.line([(x, 20), (x + 36, 20)], colour=GREY, width=1.2, dashes=(4, 3))
            self.page.text(x + 44, 20, f"{before.year}年度", SIZE, colour=INK)
        else:
            self.page.text(x, 20, "上年无数据", SIZE, colour=GREY)


def _round_steps(most: int) -> list[int]:
    """A few round numbers below ``most``, none so close to it that their words would touch."""
    step = round_step(most)
    return [count for count in range(step, most, step) if most - count >= step / 2]


def _months(first: date, last: date) -> list[date]:
    found, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found
