"""``python -m config.reference`` writes docs/settings.md from the settings themselves (``make docs``).

With ``zh`` it writes docs/zh/settings.md: the same table, with the meanings of config/settings_in_chinese.yaml.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict

from config.settings import PREFIX, SECRETS, Settings
from config.yaml_file import ConfigurationError, read_yaml

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

_HEAD_IN_CHINESE = """\
# 设置

<!-- 由 `make docs` 生成；含义写在 config/settings_in_chinese.yaml。 -->

设置取自环境变量，或 `NIANBAO_HOME` 中的 `settings.yaml`（名称小写、不带前缀 `NIANBAO_`，
如 `smtp_host: mail.example.cn`）；两处都有的，以环境变量为准。写错名称或取值时，启动会停下并说明是哪一项。

口令可以放在文件里：名称后加 `_FILE`，值为文件的路径。可以这样做的有 {secrets}。

| 变量 | 默认 | 含义 |
|---|---|---|
"""


class _Meanings(BaseModel):
    """The meaning of each setting by its name."""

    model_config = ConfigDict(extra="allow")


def page() -> str:
    """The whole page as Markdown."""
    rows = [f"| `{variable(name)}` | {default(name)} | {_meaning(name)} |" for name in Settings.model_fields]
    secrets = ", ".join(f"`{variable(name)}_FILE`" for name in SECRETS)
    return _HEAD.format(secrets=secrets) + "\n".join(rows) + "\n"


def page_in_chinese() -> str:
    """The whole page in Chinese. Raises ConfigurationError where a setting has no meaning there, or one is too many."""
    path = Path(__file__).with_name("settings_in_chinese.yaml")
    meanings = read_yaml(path, _Meanings).model_extra or {}
    for name in [*(set(Settings.model_fields) ^ set(meanings))]:
        raise ConfigurationError(str(path), f"“{name}”与 config/settings.py 不符", "请为每个设置写一行")
    rows = [f"| `{variable(name)}` | {_default(name, '空')} | {meanings[name]} |" for name in Settings.model_fields]
    secrets = "、".join(f"`{variable(name)}_FILE`" for name in SECRETS)
    return _HEAD_IN_CHINESE.format(secrets=secrets) + "\n".join(rows) + "\n"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def default(name: str) -> str:
    """The default of a setting as a reader would write it."""
    return _default(name, "empty")


def _default(name: str, empty: str) -> str:
    value: Any = Settings.model_fields[name].default
    if value is None:
        return empty
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "`~/.nianbao`" if name == "home" else f"`{value}`"


def _meaning(name: str) -> str:
    field = Settings.model_fields[name]
    values = [value for value in get_args(field.annotation) if isinstance(value, str)]
    words = field.description or ""
    return f"{words}; one of {', '.join(values)}" if values and not all(value in words for value in values) else words


if __name__ == "__main__":
    sys.stdout.write(page_in_chinese() if sys.argv[1:] == ["zh"] else page())
