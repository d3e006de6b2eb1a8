# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The command line: thin, German, stdout is data and stderr is messages.

Exit codes: 0 done, 1 doctor found something red, 2 an input or option cannot be used, 70 a bug of ours,
130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback

import typer
from typer.exceptions import TyperException

from dableiben.cli import check, demo, fetch, folder, gaps, new, presence, report, template
from dableiben.cli.german import GermanGroup, complaint
from dableiben.core.errors import InputError

EXIT_INPUT = 2
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
WRITTEN = "Halb Geschriebenes bleibt nicht zurück; was vorher fertig war, ist unverändert."
"""folders are written aside and renamed: true before and after a command has kept something"""

app = typer.Typer(
    name="dableiben",
    cls=GermanGroup,
    help="Finden die Menschen, was sie zum Bleiben brauchen? Bedarf, Angebot und Wege einer Region im Abgleich.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, folder, check, gaps, presence, report, template, new, fetch):
    command.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    debug = bool(os.environ.get("DABLEIBEN_DEBUG"))
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format="%(message)s")
    try:
        code = app(args=arguments, prog_name="dableiben", standalone_mode=False)
    except TyperException as error:
        # Without any command the error is the help itself.
        typer.echo(error.message if type(error).__name__ == "NoArgsIsHelpError" else complaint(error), err=True)
        sys.exit(EXIT_INPUT)
    except InputError as error:
        typer.echo(str(error), err=True)
        sys.exit(EXIT_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        code = EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 the one place where everything else is caught: a bug must not look like data
        typer.echo(f"Fehler im Programm ({type(error).__name__}). Bitte melden. {WRITTEN}", err=True)
        if debug:
            traceback.print_exc()
        else:
            typer.echo("Mit DABLEIBEN_DEBUG=1 erscheint die genaue Stelle.", err=True)
        sys.exit(EXIT_BUG)
    if code == EXIT_INTERRUPTED:  # the library turns Ctrl-C into this code
        typer.echo(f"Abgebrochen. {WRITTEN}", err=True)
    sys.exit(code or 0)
