# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Help and complaints of the command line in German; the library beneath speaks English only."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer.exceptions import TyperException

WIDEST = 100
HELP_OPTION = ("-h, --help", "Diese Hilfe zeigen.")


class GermanCommand(TyperCommand):
    """A command whose help is German."""

    def get_help(self, ctx: Any) -> str:
        """Usage, what the command does, its arguments and options."""
        return _help(self, ctx)


class GermanGroup(TyperGroup):
    """The program itself: its help lists the commands in the order in which a region needs them."""

    def get_help(self, ctx: Any) -> str:
        """Usage, what the program is for, its commands."""
        names = [name for name, command in self.commands.items() if not command.hidden]
        rows = [(name, self.commands[name].help or "") for name in names]
        return _help(self, ctx, _section("Befehle", rows))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command named first. Errors: InputError for one that does not exist."""
        from difflib import get_close_matches

        from dableiben.core.errors import InputError

        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            close = get_close_matches(name, list(self.commands))
            meant = f"Gemeint war vielleicht „{close[0]}“. " if close else ""
            repair = f"{meant}Alle Befehle zeigt „dableiben --help“."
            raise InputError("command-unknown", f"Einen Befehl „{name}“ gibt es nicht.", repair)
        return super().resolve_command(ctx, args)


def complaint(error: TyperException) -> str:
    """A usage error as a German sentence and where to find help."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "dableiben"
    return f"{_sentence(error)}\nSo beheben: Die Angaben nach „{path} --help“ berichtigen."


def _sentence(error: TyperException) -> str:
    said, name = error.format_message(), type(error).__name__
    parameter: Any = getattr(error, "param", None)
    if name == "NoSuchOption":
        close = getattr(error, "possibilities", None) or ()
        meant = f" Gemeint war vielleicht {' oder '.join(sorted(close))}." if close else ""
        return f"Die Option „{getattr(error, 'option_name', '')}“ gibt es nicht.{meant}"
    if name == "MissingParameter" and parameter is not None:
        what = "Die Option" if parameter.param_type_name == "option" else "Die Angabe"
        return f"{what} {_shown(parameter)} fehlt."
    if name == "BadParameter" and parameter is not None:
        return f"Der Wert für {_shown(parameter)} ist keine ganze Zahl."  # the one type besides text
    if name == "BadOptionUsage":
        return f"Die Option „{getattr(error, 'option_name', '')}“ braucht einen Wert, oder sie verträgt keinen."
    extra = re.search(r"unexpected extra argument(?:s|\(s\))? \((.*)\)$", said)
    if extra:
        return f"Zu viele Angaben: {extra.group(1)}."
    return f"Die Angaben passen nicht zum Befehl ({said.rstrip('.')})."


def _shown(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper())


def _help(command: Any, ctx: Any, more: Sequence[str] = ()) -> str:
    shown = [p for p in command.params if not getattr(p, "hidden", False)]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    options = [p for p in shown if p.param_type_name == "option"]
    pieces = [ctx.command_path, *(["BEFEHL"] if more else []), *(_shown(p) for p in arguments), "[OPTIONEN]"]
    rows = [(_left(p), _right(p)) for p in options]
    lines = [
        f"Aufruf: {' '.join(pieces)}",
        "",
        *_wrapped(command.help or "", ""),
        *_section("Angaben", [(_shown(p), p.help or "") for p in arguments]),
        *_section("Optionen", [*rows, HELP_OPTION]),
        *more,
    ]
    return "\n".join(lines)


def _left(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    return names if option.is_flag else f"{names} {option.metavar or option.name.upper()}"


def _right(option: Any) -> str:
    further = ["nötig"] if option.required else []
    further += ["mehrfach möglich"] if option.multiple else []
    return (option.help or "") + (f" ({', '.join(further)})" if further else "")


def _section(title: str, rows: Sequence[tuple[str, str]]) -> list[str]:
    if not rows:
        return []
    wide = min(max(len(left) for left, _ in rows), 28)
    lines = ["", f"{title}:"]
    for left, right in rows:
        first, *rest = _wrapped(right, " " * (wide + 4)) or [""]
        if len(left) > wide:
            lines += [f"  {left}", first]
        else:
            lines.append(f"  {left.ljust(wide)}  {first.strip()}".rstrip())
        lines += rest
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    width = min(shutil.get_terminal_size().columns, WIDEST)
    return textwrap.wrap(text, max(width, 60), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
