"""What was changed in a report, for the letter about it: the figures, and where the sentences part."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.register import Register
from ledger.models import FindingRow, Incident, StandingRow, Version
from ledger.reading.versions import Replaced, replaced_by
from monitor.calendar import chinese_moment
from monitor.letters.letter import Item, Line
from report.comparing.difference import difference_between, in_words
from report.form import cell_label

TAG = "报告有改动"
MOST_FIGURES = 10
MOST_SENTENCES = 5


def changed_report(session: Session, register: Register, incidents: Sequence[Incident]) -> list[Item]:
    """What the newest version of the report differs in from the one before it; nothing where that is old news.

    ``incidents`` are about one report. It is told where the version came after the first of them was opened, or is the
    one in which a finding stands.
    """
    first = incidents[0]
    row = session.get(StandingRow, (first.agency, first.year)) if first.agency and first.year else None
    if row is None or row.article_id is None:
        return []
    newest = session.scalar(
        select(Version.id).where(Version.article_id == row.article_id).order_by(Version.id.desc()).limit(1)
    )
    replaced = replaced_by(session, newest) if newest is not None else None
    if replaced is None or not _is_news(session, replaced, incidents):
        return []
    return [_item(register, replaced)]


def _is_news(session: Session, replaced: Replaced, incidents: Sequence[Incident]) -> bool:
    if replaced.after_at > min(incident.opened_at for incident in incidents):
        return True
    fingerprints = [one.detail["fingerprint"] for one in incidents if "fingerprint" in one.detail]
    stands_in = select(FindingRow.fingerprint).where(
        FindingRow.fingerprint.in_(fingerprints), FindingRow.version_id == replaced.version_id
    )
    return session.scalars(stands_in.limit(1)).first() is not None


def _item(register: Register, replaced: Replaced) -> Item:
    earlier = f"（此前的版本{chinese_moment(replaced.before_at)}取得）"
    when = f"{chinese_moment(replaced.after_at)}发现报告换成了另一版本{earlier}"
    before, after = replaced.before, replaced.after
    if before is None or after is None:
        return Item("info", TAG, "", f"{when}。{replaced.unread}。")
    form = after.form
    found = difference_between(before, after)
    lines = in_words(found, lambda key: cell_label(register, form, key), MOST_FIGURES, MOST_SENTENCES)
    same = "，能够对照的数字和文字没有改动。" if found.is_empty else "，改动如下："
    return Item("info", TAG, "", f"{when}{same}", lines=tuple(Line(where, what) for where, what in lines))
