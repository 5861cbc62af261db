"""``--help`` in Chinese and English: what the library adds of its own, and lines that are folded and not cut.

The texts of the commands stand with the commands: a docstring's first paragraph has a line of each language, an
option's help has both with `` · `` between them.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

_ADDED = {
    "install_completion": "为当前的命令行环境安装补全 · install completion for this shell",
    "show_completion": "显示补全脚本 · show the completion script",
}
_HELP = "显示本说明 · show this message"


def show_help_in_both_languages() -> None:
    """From now on every command's help is made here; the module that draws it is loaded when it is asked for."""
    for kind in (TyperCommand, TyperGroup):
        setattr(kind, "format_help", _format_help)  # noqa: B010 - the library has no other door


def _format_help(command: Any, ctx: Any, formatter: Any) -> None:
    from rich.table import Table
    from rich.text import Text
    from typer import rich_utils

    class Folding(Table):
        """A Chinese sentence is one word to the library, which cuts a word that is too long for its column."""

        def add_row(self, *cells: Any, **options: Any) -> None:
            super().add_row(*cells, **options)
            for column in self.columns:
                column.overflow = "fold"

    def joined(parts: Any) -> Text:
        """The parts of an option's help, one after another."""
        return Text(" ", overflow="fold").join(parts)

    library: Any = rich_utils
    library.Columns = joined
    library.Table = Folding
    library.ARGUMENTS_PANEL_TITLE = "参数 Arguments"
    library.OPTIONS_PANEL_TITLE = "选项 Options"
    library.COMMANDS_PANEL_TITLE = "命令 Commands"
    library.DEFAULT_STRING = "[默认 default: {}]"
    library.REQUIRED_LONG_STRING = "[必填 required]"
    for parameter in command.params:
        if parameter.name in _ADDED:
            parameter.help = _ADDED[parameter.name]
    option = command.get_help_option(ctx)
    if option is not None:
        option.help = _HELP
    rich_utils.rich_format_help(obj=command, ctx=ctx, markup_mode=command.rich_markup_mode)
