"""The title at the head of a document's text, whatever a portal prints before it and between its lines."""

from __future__ import annotations

from report.agency_names import is_government
from report.numerals import without_space
from report.title_marks import is_portal_line, without_mark_before
from report.titles import STANDARD, agency_below, is_column_alone, is_year_alone, judge_title

_TITLE_LINES = 4
_HEAD_LINES = 20


def own_title(opening: list[str]) -> tuple[str | None, list[str]]:
    """The title that opens the text, joined over its lines, and the other lines; None where no title stands there.

    An agency that stands alone below a title that names none is added to it in brackets.
    """
    own = [number for number, line in enumerate(opening[:_HEAD_LINES]) if not is_portal_line(line)]
    if any(STANDARD in without_space(opening[number]) and judge_title(opening[number]).is_report for number in own):
        own = [number for number in own if not is_column_alone(opening[number])]
    for start in range(min(len(own), _TITLE_LINES)):
        for stop in range(start + 1, min(start + _TITLE_LINES, len(own)) + 1):
            joined = without_mark_before("".join(opening[number] for number in own[start:stop]))
            if any(mark in joined for mark in "，。；："):
                break
            judgement = judge_title(joined)
            if not judgement.is_report or not (judgement.agency_text or judgement.year):
                continue
            below = agency_below(opening[own[stop]]) if stop < len(own) else None
            if judgement.agency_text is not None and _is_site_of(judgement.agency_text, below):
                break
            if judgement.agency_text is None and below is None and start > 0:
                continue
            if judgement.year is None and stop < len(own) and is_year_alone(opening[own[stop]]):
                continue
            named = judgement.agency_text is not None or below is None
            used = own[start : stop if named else stop + 1]
            rest = [line for number, line in enumerate(opening) if number not in used]
            return joined if named else f"{joined}（{below}）", rest
    return None, opening


def _is_site_of(name: str, below: str | None) -> bool:
    """Whether a government's name above a title is the site's, since one of its agencies stands below."""
    if below is None or not is_government(name) or is_government(below) or below.endswith("办公室"):
        return False
    return below.startswith(name.removesuffix("人民政府"))
