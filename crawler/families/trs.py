"""TRS WCM and ucap (开普): static list pages whose number stands only in the script that draws the pager.

What the call of ``createPageHTML`` means, and how the two systems are told apart, is in
:mod:`crawler.families.paging.scripts`.
"""

from __future__ import annotations

from crawler.families.family import Family
from crawler.families.paging.scripts import script_pagers
from crawler.pages.page import Page


class Trs(Family):
    """The family ``trs``."""

    name = "trs"

    def is_list(self, page: Page) -> bool:
        """The pager's script marks a list, even one without entries."""
        return any(pager.pages_stated is not None for pager in script_pagers(page)) or super().is_list(page)
