"""What a digest keeps of a report, and that it leads to every report that the whole comparison would find."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal

from report.comparing.digest import MAKING, digest_from_json, digest_of, digest_to_json
from report.comparing.similarity import share_found
from tests.workers.rules.cases import LONG
from tests.workers.rules.factory import changed, sound, told
from workers.rules.likeness import FEWEST_LETTERS, MOST_ALIKE, SECTIONS, to_be_compared

RECEIVED = "requests.received.total"


def test_a_digest_has_the_certain_numbers_and_comes_back_from_json_as_it_was() -> None:
    report = changed(told(sound(), LONG), {"proactive.fees.amount": Decimal("12.50")})
    figures = {**report.figures, RECEIVED: replace(report.figures[RECEIVED], certain=False)}
    report = replace(report, figures=figures)
    digest = digest_of(report)
    assert digest.number(RECEIVED) is None
    assert digest.number("requests.received.natural_person") == report.number("requests.received.natural_person")
    assert digest_from_json(json.loads(json.dumps(digest_to_json(digest)))) == digest
    assert digest_from_json(None) is None
    assert digest_from_json({**digest_to_json(digest), "making": MAKING - 1}) is None


def test_what_is_kept_of_a_text_is_always_the_same() -> None:
    """Digests are compared that were made by other processes and years ago: where this fails, MAKING is one more."""
    assert MAKING == 1
    assert sorted(digest_of(told(sound(), LONG)).runs["overview"])[:3] == [40599352, 110251400, 194470404]


def test_no_text_that_the_rule_would_name_is_overlooked() -> None:
    """Texts of which a tenth is written anew, 300 times."""
    chance = random.Random(7)
    letters = "梳理公开目录明确责任科室更新时限专人核对内容准确完整群众关心事项逐步推进协商改造停车治理幼儿托育绿化提升"
    bare = told(told(sound(), "", "overview"), "", "problems")
    found = 0
    for _ in range(300):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(110, 600)))
        start = chance.randrange(len(text))
        other = text[:start] + "另行安排部署落实" * 3 + text[start:]
        for kind in SECTIONS:
            if len(text) >= FEWEST_LETTERS[kind] and share_found(text, other) >= MOST_ALIKE[kind]:
                found += 1
                others = {"b": digest_of(told(bare, other, kind)), "c": digest_of(told(bare, LONG, kind))}
                assert to_be_compared(told(bare, text, kind), (), others) == {"b"}
    assert found > 200


def test_the_names_of_the_two_agencies_are_no_text() -> None:
    bare = told(sound(), "", "problems")
    one = told(replace(bare, agency="左家庄街道"), LONG.replace("。", "，由左家庄街道办理。"))
    other = told(replace(bare, agency="南磨房地区"), LONG.replace("。", "，由南磨房地区办理。"))
    assert to_be_compared(one, (), {"b": digest_of(other)}) == {"b"}
