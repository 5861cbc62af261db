"""Some of the variants of ``make variants``: no wrong number, no untrue finding; what can be read is read."""

from __future__ import annotations

from itertools import islice

from tests.documents.variants.sweep import Variant, faults, read, variants

# One in so many of the kinds; both forms come in turn.
STEP = 5
# Of these a person reads the numbers, and so does the program.
READ = (
    "web/del",
    "web/sup",
    "web/class-hidden",
    "web/filter",
    "web/scaled",
    "page/reach-with-unit",
    "page/head-reaches-down",
    "page/foot-first",
    "page/heading-as-caption",
    "page/contents-before",
    "page/unclosed",
    "word/strike",
    "word/vanish",
    "text/latex",
    "rtf/super",
    "pdf/raised",
    "pdf/lowered",
    "pdf/struck twice",
    "pdf/invisible",
    "pdf/white",
    "pdf/bold",
    "pdf/clipped",
    "pdf/layer",
    "pdf/watermark",
    "pdf/pale",
    "pdf/rows",
    "pdf/outer",
    "pdf/none, in the middle",
    "pdf/boxes",
    "pdf/fills",
    "pdf/turned",
)


def test_no_variant_has_a_wrong_number_or_an_untrue_finding() -> None:
    for variant in islice(variants(7, seeds=1), 0, None, STEP):
        report = read(variant)
        assert report is None or not faults(variant, report), variant.name


def test_what_is_moved_away_torn_or_there_twice_is_no_wrong_number() -> None:
    kinds = (
        "web/right",
        "web/margin-top",
        "web/translate",
        "web/scale",
        "page/no-reach",
        "page/two-of-table-four",
        "page/last-years-report-behind",
        "page/last-years-report-before",
        "word/right-to-left",
        "word/page-number",
        "word/pen",
        "pdf/larger after",
    )
    wanted = {f"{kind} 2021 3000" for kind in kinds}
    found = [variant for variant in variants(3, seeds=1) if variant.name in wanted]
    assert len(found) == len(kinds)
    for variant in found:
        report = read(variant)
        assert report is not None and not faults(variant, report), variant.name


def test_what_stands_beside_a_number_leaves_it_readable() -> None:
    wanted = {f"{kind} 2021 3000" for kind in READ}
    found = [variant for variant in variants(3, seeds=1) if variant.name in wanted]
    assert len(found) == len(READ)
    for variant in found:
        assert _unread(variant) == [], variant.name


def _unread(variant: Variant) -> list[str]:
    report, printed = read(variant), variant.source.keys()
    assert report is not None, variant.name
    return [key for key in printed if report.number(key) is None]
