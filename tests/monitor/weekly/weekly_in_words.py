"""Prints a made summary in every form it has, with ``monitor/season/counts.py`` changed: ``OLD NEW [OLD NEW …]``.

A process of its own: the changed module is in place before anything imports it, as after an edit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

MODULE = "monitor.season.counts"
SOURCE = Path(__file__).resolve().parents[3] / "monitor" / "season" / "counts.py"


def install_changed(changes: list[str]) -> None:
    """Puts the module with these replacements in its place."""
    source = SOURCE.read_text(encoding="utf-8")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {SOURCE.name}"
        source = source.replace(old, new)
    sys.modules[MODULE] = module = ModuleType(MODULE)
    exec(compile(source, SOURCE, "exec"), module.__dict__)


def main() -> None:
    """Prints text, HTML, short form, English lines, the words of the curve and the headings of the workbook."""
    install_changed(sys.argv[1:])
    from config.in_force import load_register
    from config.settings import Settings
    from monitor.charts.curve import draw_curve
    from monitor.charts.ink import Canvas
    from monitor.season.counts import compared
    from monitor.season.progress import progress_of
    from monitor.season.report_year import Season
    from monitor.weekly.brief import english_lines, for_chat
    from monitor.weekly.summary import Weekly
    from monitor.weekly.workbook import headings
    from monitor.weekly.write import render_weekly
    from tests.monitor.factory import at
    from tests.monitor.weekly.test_progress import ROWS

    moment = at("2020-02-03 08:00")
    total = compared("合计", None, ROWS, ROWS[:3], None)
    season = Season(2019, (), (total,), total, (), progress_of(2019, ROWS, None, moment.date()))
    weekly = Weekly("云山区", "云山区政务公开办", moment, "周报", (season,), (), (), "没有未了的事项")
    settings = Settings()
    text, html = render_weekly(weekly, settings, load_register(None))
    said = [
        text,
        html,
        for_chat(weekly, "<1@x>"),
        *english_lines(weekly),
        *(one.words for one in headings(load_register(None).wording)),
    ]
    with patch.object(Canvas, "text", lambda page, x, y, words, *rest, **more: said.append(words)):
        draw_curve(season.progress)
    sys.stdout.write("\n".join(said))


if __name__ == "__main__":
    main()
