"""The mail templates of an office (``NIANBAO_HOME/config/mail/``): what is wrong with one as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from config.yaml_file import ConfigurationError

FOLDER = "mail"
REMEDY = "请改正，或删除它而使用随软件提供的（见 docs/receive-mail.md 的 Other words）"


def own_templates(home: Path | None) -> Path | None:
    """The folder of an office's own templates; None where there is none."""
    folder = None if home is None else home / "config" / FOLDER
    return folder if folder is not None and folder.is_dir() else None


def template_faults(home: Path | None) -> Iterator[tuple[str, ConfigurationError]]:
    """What is wrong with which template; the shipped one holds in its place."""
    folder = own_templates(home)
    for path in sorted((*folder.glob("*.txt"), *folder.glob("*.html"))) if folder is not None else ():
        try:
            Environment().parse(path.read_text(encoding="utf-8"))  # noqa: S701 - nothing is rendered
        except TemplateSyntaxError as error:
            wrong = f"不是有效的模板（{error.message}）"
            yield f"{FOLDER}/{path.name}", ConfigurationError(f"{path}:{error.lineno}", wrong, REMEDY)
        except (OSError, UnicodeDecodeError) as error:
            yield f"{FOLDER}/{path.name}", ConfigurationError(str(path), f"文件无法读取（{error}）", REMEDY)
