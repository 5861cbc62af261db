"""``python -m config.reference`` writes docs/settings.md from the settings themselves (``make docs``)."""

from __future__ import annotations

import sys
from typing import Any, get_args

from config.settings import PREFIX, SECRETS, Settings

_HEAD = """\
# Settings

<!-- Written by `make docs` from config/settings.py; change the descriptions there. -->

Settings are read from environment variables and from `settings.yaml` in `NIANBAO_HOME`, where names are in lower case
and without the prefix `NIANBAO_` (`smtp_host: mail.example.cn`). Environment variables take precedence. An unknown
setting aborts startup with a message that names it.

Secrets can be read from files, as container secrets are: append `_FILE` to the name and set it to the path of the file.
Supported: {secrets}.

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
