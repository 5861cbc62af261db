"""Whether the command line would take some words: commands, options and arguments are read, nothing is run."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from typer.core import TyperGroup

from cli.main import app


def refusal(words: Sequence[str]) -> str | None:
    """Why ``nianbao WORDS`` would be refused, None where it would be taken."""
    command = typer.main.get_command(app)
    name, rest, context = "nianbao", list(words), None
    try:
        # Our groups have no options of their own, so the next word is always the next command.
        while isinstance(command, TyperGroup) and not (rest and rest[0] in ("--help", "-h")):
            context = command.make_context(name, rest.copy(), parent=context)
            found, next_command, rest = command.resolve_command(context, rest)
            if next_command is None:
                return f"{name}: no command {found}"
            name, command = str(found), next_command
        if "--help" not in rest:
            command.make_context(name, rest, parent=context)
    except typer.TyperException as error:
        return error.format_message() or f"{name}: a subcommand is missing"
    return None
