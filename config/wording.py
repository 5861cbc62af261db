"""The words in which states are told to people: ``config/wording.yaml``."""

from __future__ import annotations

from pathlib import Path

from config.yaml_file import ConfigurationError, DataFile, data_file, read_yaml

FILE = "wording.yaml"


class Wording(DataFile):
    """Chinese words by the state's own word; ``expected`` says what an office is asked to do."""

    standings: dict[str, str]
    portals: dict[str, str]
    kinds: dict[str, str]
    levels: dict[str, str]
    notices: dict[str, str]
    evidence: dict[str, str]
    troubles: dict[str, str]
    figures: dict[str, str]
    expected: dict[str, str]


def load_wording(home: Path | None = None) -> Wording:
    """The wording as shipped, or the office's own file in its place.

    Raises ConfigurationError where the file does not fit, or leaves out a word that the shipped one has.
    """
    path = data_file(FILE, home)
    wording = read_yaml(path, Wording)
    shipped = read_yaml(data_file(FILE, None), Wording)
    for section in Wording.model_fields:
        missing = set(getattr(shipped, section)) - set(getattr(wording, section))
        if missing:
            names = "、".join(sorted(missing))
            raise ConfigurationError(str(path), f"“{section}”缺少 {names}", "请参照随软件提供的 wording.yaml 补全")
    return wording
