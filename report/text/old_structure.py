"""Section headings of the structure in use before the unified form of 2019."""

from __future__ import annotations

import re

from report.report import Report

# Headings that no form since 2019 has; 概述 alone is still seen for 总体情况 and is none of them.
_OLD = re.compile(
    r"收费(?:及|和|与|、)?减免|费用(?:及|和|与|、)?减免|^(?:公民|公众)?(?:依申请公开|申请公开)政府信息(?:的)?(?:办理)?(?:工作)?情况$"
    r"|依申请公开政府信息(?:的)?(?:办理)?(?:工作)?情况$|咨询(?:处理)?情况$|政府信息公开情况统计表"
)
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十]{1,2}[）)]?[、.．\s]*")


def old_headings(report: Report) -> list[str]:
    """The headings of the report that belong to the old structure, without their numbers."""
    headings = (_NUMBERING.sub("", section.heading.strip()) for section in report.sections if section.kind is None)
    return [heading for heading in headings if _OLD.search(heading)]
