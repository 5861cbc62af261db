"""Plain list pages, with links to the following ones: "下一页", page numbers, ``?page=2``, ``/2.html``."""

from __future__ import annotations

from crawler.families.family import Family


class StaticList(Family):
    """The family ``static-list``: what every family does, and nothing beside it."""

    name = "static-list"
