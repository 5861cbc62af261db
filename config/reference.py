"""``python -m config.reference`` writes docs/settings.md from the settings themselves (``make docs``)."""

from __future__ import annotations

import sys
from typing import Any, get_args

from config.settings import PREFIX, SECRETS, Settings

_HEAD = """\
# Settings

<!-- Written by `make docs` from config/settings.py; change the descriptions there. -->

Every setting is an environment variable, or a line in `settings.yaml` in `NIANBAO_HOME` (there the name is the one
without `NIANBAO_`, in small letters: `smtp_host: mail.example.cn`). A variable wins over the file. A variable or a line
that is no setting stops the start with one sentence that names it.

A secret may come from a file: the name with `_FILE` behind it holds the path of a file whose content is the value, as
container secrets are given. These can: {secrets}.

| variable | default | meaning |
|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    rows = [f"| `{variable(name)}` | {default(name)} | {_meaning(name)} |" for name in Settings.model_fields]
    secrets = ", ".join(f"`{variable(name)}_FILE`" for name in SECRETS)
    return _HEAD.format(secrets=secrets) + "\n".join(rows) + "\n"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def default(name: str) -> str:
    """The default of a setting as a reader would write it."""
    value: Any = Settings.model_fields[name].default
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "`~/.nianbao`" if name == "home" else f"`{value}`"


def _meaning(name: str) -> str:
    field = Settings.model_fields[name]
    values = [value for value in get_args(field.annotation) if isinstance(value, str)]
    words = field.description or ""
    return f"{words}; one of {', '.join(values)}" if values and not all(value in words for value in values) else words


if __name__ == "__main__":
    sys.stdout.write(page())
