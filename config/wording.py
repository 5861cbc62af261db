"""The words in which states are told to people: ``config/wording.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import create_model

from config.yaml_file import PACKAGED, DataFile, data_file, read_yaml

FILE = "wording.yaml"


class Wording(DataFile):
    """Chinese words by the state's own word; ``expected`` says what an office is asked to do, ``own_government`` the
    same where the report is its own government's (what is not there is said as of others).

    Of what operators are told: ``operators`` is its short name, ``meaning``, ``look`` and ``remedy`` what it means, how
    to look and what to do, ``recovered`` how its end is told (nobody is told of the end of what is not there).
    """

    standings: dict[str, str]
    portals: dict[str, str]
    kinds: dict[str, str]
    levels: dict[str, str]
    notices: dict[str, str]
    notice_states: dict[str, str]
    notice_roles: dict[str, str]
    results: dict[str, str]
    evidence: dict[str, str]
    troubles: dict[str, str]
    figures: dict[str, str]
    findings: dict[str, str]
    confirmations: dict[str, str]
    roles: dict[str, str]
    role_does: dict[str, str]
    records: dict[str, str]
    tokens: dict[str, str]
    fetch_orders: dict[str, str]
    pieces: dict[str, str]
    piece_names: dict[str, str]
    paging_ends: dict[str, str]
    decisions: dict[str, str]
    readings: dict[str, str]
    rectification_notice: dict[str, str]
    expected: dict[str, str]
    own_government: dict[str, str]
    operators: dict[str, str]
    meaning: dict[str, str]
    look: dict[str, str]
    remedy: dict[str, str]
    recovered: dict[str, str]


# An office's own file: of each section, the words that it wants otherwise.
_SECTIONS: dict[str, Any] = {name: (dict[str, str], {}) for name in Wording.model_fields}
_Own = create_model("_Own", __base__=DataFile, **_SECTIONS)


def load_wording(home: Path | None = None) -> Wording:
    """The wording as shipped, with the office's own words in place of ours.

    A word that the office's file does not have, because it is older or wants no other, is ours. Raises
    ConfigurationError where the file does not fit.
    """
    return read_wording(data_file(FILE, home))


def read_wording(path: Path) -> Wording:
    """The wording as shipped, with the words of one file in place of ours; raises as :func:`load_wording` does."""
    shipped = read_yaml(PACKAGED / FILE, Wording)
    own = _own(path)
    if own is None:
        return shipped
    return Wording(**{name: words | own.get(name, {}) for name, words in shipped.model_dump().items()})


def missing_words(home: Path | None = None) -> list[str]:
    """The words (``section.word``) that the office's own file leaves out, for which ours stand in."""
    own = _own(data_file(FILE, home))
    if own is None:
        return []
    shipped = read_yaml(PACKAGED / FILE, Wording).model_dump()
    return [f"{name}.{word}" for name, words in shipped.items() for word in words if word not in own.get(name, {})]


def _own(path: Path) -> dict[str, dict[str, str]] | None:
    return None if path == PACKAGED / FILE else read_yaml(path, _Own).model_dump()
