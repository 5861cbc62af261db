"""Presets of portal families whose lists come from an endpoint: one YAML file a system, an office's own beside ours.

A preset says by which signs a page of the system is known, where on the page the parameters of its endpoint stand, and
where in the endpoint's answer the rows are. It is used by its name as ``family:`` of a portal or a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.yaml_file import ConfigurationError, DataFile, fault_at, read_yaml

# An expression over a foreign page must not take for ever: every repetition has an end, and groups repeat a few times.
_PLAIN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_ENDLESS = re.compile(r"[*+]|\{\d*,\}|\)\{(?:\d*,)?\d{2,}\}")
_LONGEST = 300


def _expression(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"不是有效的正则表达式（{error}）") from error
    if len(pattern) > _LONGEST or _ENDLESS.search(_PLAIN.sub("x", pattern)):
        raise ValueError("正则表达式过长，或有没有上限的重复（*、+）；请写明上限，如 {0,9}")
    return pattern


Expression = Annotated[str, AfterValidator(_expression)]


class Sign(DataFile):
    """A sign of a family: an expression found in a page's ``address`` or in its ``source``; ``says`` names it."""

    place: Literal["address", "source"] = Field(alias="in")
    pattern: Expression
    says: str


class Parameter(DataFile):
    """Where a parameter of the endpoint stands: the first group of ``pattern`` in the column's address, the source of
    its page, or a script that the page loads (``script``: an expression for that script's name).
    """

    place: Literal["address", "source", "script"] = Field(alias="in", default="source")
    pattern: Expression
    script: Expression | None = None


class JsonRows(DataFile):
    """Where the rows of a list stand in an endpoint's answer: dotted paths from the top, and keys of a row.

    ``html`` is the way to a text that holds the rows as HTML (``.``: the answer is that text); then ``rows``,
    ``title`` and ``link`` are not needed. ``link`` is a key, or an address with keys in braces
    (``/article.html?infoid={id}``). Dates may be texts, or seconds or milliseconds since 1970. Of several ways or keys
    (``a|b``) the first that is there counts.

    ``pages`` leads to the number of pages, ``total`` to that of rows; ``pages_in`` and ``total_in`` are expressions
    that find the number in the answer's text. The address has ``{page}``, counted from ``first``; ``size`` is how many
    rows a page has (as many as the first, where it is not said). ``send`` is the body of a POST, as a form or as JSON
    (``post``).
    """

    rows: str = ""
    html: str | None = None
    title: str = "title"
    link: str = "url"
    date: str | None = None
    pages: str | None = None
    pages_in: Expression | None = None
    total: str | None = None
    total_in: Expression | None = None
    size: int | None = Field(default=None, ge=1, le=1000)
    first: int = Field(default=1, ge=0)
    post: Literal["form", "json"] | None = None
    send: dict[str, str | int | dict[str, str | int]] = Field(default_factory=dict)


class FamilyFile(DataFile):
    """One preset.

    ``address`` is the endpoint's, with ``{page}`` and the names of ``parameters`` in braces. Without it, or where a
    column's own address answers with rows, that address is the endpoint, and ``page_parameter`` numbers its pages.
    ``each`` finds the pieces of a page that ask the endpoint, where there may be several; parameters are then looked
    for in each of them first. ``defaults`` are the parameters that need not stand anywhere.
    """

    family: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    observed: str
    signs: tuple[Sign, ...] = Field(min_length=1)
    address: str | None = None
    page_parameter: str | None = None
    each: Expression | None = None
    parameters: dict[str, tuple[Parameter, ...]] = Field(default_factory=dict)
    defaults: dict[str, str] = Field(default_factory=dict)
    answer: JsonRows


def read_families(paths: Iterable[Path]) -> dict[str, FamilyFile]:
    """The presets of these files by name.

    Raises ConfigurationError where one does not fit or two claim the same name.
    """
    families = {path: read_yaml(path, FamilyFile) for path in paths}
    for _, clash in preset_clashes(families):
        raise clash
    return {family.family: family for family in families.values()}


def preset_clashes(families: Mapping[Path, FamilyFile]) -> Iterable[tuple[Path, ConfigurationError]]:
    """The files that claim the name of one before them."""
    seen: set[str] = set()
    for path, family in families.items():
        if family.family in seen:
            wrong = f"门户类型“{family.family}”已在另一文件中定义"
            yield path, fault_at(path, wrong, "请改用别的名称", "family")
        seen.add(family.family)
