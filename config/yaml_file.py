"""Reads one YAML file into a pydantic model, and replaces one whole; a fault names file, line and remedy.

Every data file of nianbao goes through :func:`read_yaml`, so that a person who edits one always gets
the same kind of sentence: which file, which line, what is wrong there and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from config.parsed_texts import ParsedTexts

# Characters of a text that is kept, parsed, for the next time it is read.
SMALL = 30_000
PACKAGED = Path(__file__).resolve().parent


class ConfigurationError(Exception):
    """A data file or a setting is missing or wrong.

    ``str()`` of it is one sentence for a person: ``file:line: what is wrong; what to do``.
    """

    def __init__(self, where: str, wrong: str, remedy: str) -> None:
        self.where = where
        self.wrong = wrong
        self.remedy = remedy
        super().__init__(f"{where}：{wrong}；{remedy}")


class DataFile(BaseModel):
    """What every model of a data file has in common: unknown keys are an error, values cannot be changed."""

    # Most models are parts of another, whose validator has its own copy of theirs: each is made when it is asked for.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


Model = TypeVar("Model", bound=BaseModel)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MESSAGES = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识这一项",
}


def read_yaml(path: Path, model: type[Model], parsed: ParsedTexts | None = None) -> Model:
    """Reads ``path`` and returns it as ``model``; a text that ``parsed`` knows is not parsed again.

    Raises ConfigurationError with file, line and remedy where the file is missing, is no YAML or does
    not fit the model.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(str(path), "文件不存在", "请放回该文件，或改正指向它的设置") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(path), f"文件无法读取（{error}）", "请检查权限，并以 UTF-8 保存") from error
    try:
        content = _content(text) if parsed is None else parsed.content(text, _content)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigurationError(
            f"{path}:{line}", f"不是有效的 YAML（{error.problem}）", "请检查缩进、冒号和引号"
        ) from error
    except yaml.YAMLError as error:
        raise ConfigurationError(str(path), f"不是有效的 YAML（{error}）", "请以 UTF-8 保存并检查特殊字符") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path}:1", "文件为空或顶层不是键值对", "请按 docs/ 中的示例填写")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        location = tuple(part for part in first["loc"])
        line = _line_of(yaml.compose(text, Loader=yaml.SafeLoader), location)
        name = ".".join(str(part) for part in location) or "（整个文件）"
        wrong = _MESSAGES.get(first["type"], f"取值不符合要求（{first['msg'].removeprefix('Value error, ')}）")
        known = "、".join(sorted(_fields_at(model, location[:-1])))
        remedy = f"可用的项：{known}" if first["type"] == "extra_forbidden" and known else "请按同类文件的写法改正"
        raise ConfigurationError(f"{path}:{line}", f"“{name}”{wrong}", remedy) from error


def replace_yaml(path: Path, content: Mapping[str, Any], comment: str, read: Callable[[Path], object]) -> None:
    """Writes ``content`` to ``path`` whole or not at all: who reads it meanwhile sees the old file.

    ``comment`` is the file's first line. The new file is readable by its owner alone, or as the old one was. Raises
    OSError, also where ``read`` cannot read what would be written.
    """
    new = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=120)
    new.write_text(f"# {comment}\n{text}", encoding="utf-8")
    try:
        read(new)
    except ConfigurationError as error:
        new.unlink()
        raise OSError(0, str(error)) from error
    if path.exists():
        new.chmod(path.stat().st_mode & 0o777)
    new.replace(path)


def fault_at(path: Path, wrong: str, remedy: str, *location: int | str) -> ConfigurationError:
    """What is wrong with a file that fits its model, at the line of the deepest part of ``location`` that it has."""
    try:
        line = _line_of(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), location)
    except (OSError, ValueError, yaml.YAMLError):
        line = 1  # it was changed or taken away since it was read
    return ConfigurationError(f"{path}:{line}", wrong, remedy)


def _content(text: str) -> object:
    """What a YAML text says. Most of what is read again in one process is as it was: small texts are parsed once."""
    return _parsed_once(text) if len(text) <= SMALL else _parsed(text)


@lru_cache(maxsize=128)
def _parsed_once(text: str) -> object:
    return _parsed(text)


def _parsed(text: str) -> object:
    """What a YAML text says, by libyaml (ten times as fast) where that is there; faults are said in PyYAML's words."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe ones
    except yaml.YAMLError:
        return yaml.safe_load(text)


def data_files(folder: str, home: Path | None) -> list[Path]:
    """The YAML files of one data folder; an office's own file replaces the shipped one of the same name.

    ``folder`` is relative to ``config/`` (for example ``portals``); ``home`` is ``NIANBAO_HOME``.
    Returns the paths sorted by file name.
    """
    found: dict[str, Path] = {}
    for place in _places(home):
        for path in sorted((place / folder).glob("*.yaml")):
            found[path.name] = path
    return [found[name] for name in sorted(found)]


def stamps(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """By what a changed file is noticed: path, time of its last change and size. Raises OSError where one is gone."""
    return tuple((str(path), (status := path.stat()).st_mtime_ns, status.st_size) for path in paths)


def data_file(name: str, home: Path | None) -> Path:
    """The one data file ``name`` (for example ``deadlines.yaml``): the office's own where there is one."""
    for place in reversed(_places(home)):
        if (place / name).is_file():
            return place / name
    return PACKAGED / name


def _places(home: Path | None) -> list[Path]:
    return [PACKAGED] if home is None else [PACKAGED, home / "config"]


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of the deepest node on the way to ``location``."""
    line = 1
    for part in location:
        step = _step(node, part)
        if step is None:
            break
        line, node = step
    return line


def _step(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        value = node.value[part]
        return value.start_mark.line + 1, value
    return None


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> Iterator[str]:
    """The field names a mapping at ``location`` may have; nothing where that cannot be told."""
    current: type[BaseModel] | None = model
    for part in location:
        if isinstance(part, int) or current is None:
            continue
        field = current.model_fields.get(part)
        current = _model_in(field.annotation) if field is not None else None
    if current is not None:
        yield from (field.alias or name for name, field in current.model_fields.items())


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        inner = _model_in(argument)
        if inner is not None:
            return inner
    return None
