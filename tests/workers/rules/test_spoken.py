"""What check shows of the text: each clause with figure and number, what became of it, why it was not judged."""

from __future__ import annotations

from report.as_json import check_json
from report.findings.finding import Outcome
from tests.workers.rules.factory import check, sound, told

TEXT = (
    "2023年，我街道共收到政府信息公开申请4件，其中予以公开3件。"
    "2022年收到政府信息公开申请9件。"
    "我街道玄妙地收到政府信息公开申请8件。"
)


def test_what_was_understood_is_shown_with_what_became_of_it() -> None:
    report = told(sound(), TEXT)
    judged = check(report)
    shown = [(one.text, one.figure, one.value, one.outcome) for one in judged.sentences]
    assert shown[:2] == [
        ("我街道共收到政府信息公开申请4件", "requests.received.total", 4, Outcome.PASS),
        ("其中予以公开3件", "requests.granted.total", 3, Outcome.FAIL),
    ]
    other_year, unknown = judged.sentences[-2:]
    assert (other_year.figure, other_year.reason) == (None, "收到申请：说的是另一时间或与另一时间比较")
    assert unknown.outcome is Outcome.NOT_ASSESSABLE and "玄妙地" in (unknown.reason or "")
    content = check_json(report, judged, "1")["sentences"]
    assert content[1] == {
        "text": "其中予以公开3件",
        "page": None,
        "figure": "requests.granted.total",
        "value": 3,
        "outcome": "fail",
        "reason": None,
    }
    assert content[-1]["value"] is None
