# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The command line: thin, German, stdout is data and stderr is messages.

Exit codes: 0 done, 1 doctor found something red, 2 an input cannot be used, 70 a bug of ours, 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback

import typer

from dableiben.cli import check, demo, fetch, folder, gaps, new, report, template
from dableiben.core.errors import InputError

EXIT_INPUT = 2
EXIT_BUG = 70
EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="dableiben",
    help="Finden die Menschen, was sie zum Bleiben brauchen? Bedarf, Angebot und Wege einer Region im Abgleich.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (check, demo, fetch, folder, gaps, new, report, template):
    command.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    try:
        app(args=arguments, standalone_mode=True)
    except InputError as error:
        typer.echo(str(error), err=True)
        sys.exit(EXIT_INPUT)
    except KeyboardInterrupt:
        typer.echo("Abgebrochen.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:  # noqa: BLE001 the one place where everything else is caught: a bug must not look like data
        typer.echo(f"Fehler im Programm ({type(error).__name__}). Bitte melden; nichts wurde geändert.", err=True)
        if os.environ.get("DABLEIBEN_DEBUG"):
            traceback.print_exc()
        else:
            typer.echo("Mit DABLEIBEN_DEBUG=1 erscheint die genaue Stelle.", err=True)
        sys.exit(EXIT_BUG)
