"""The command group: what every command shares, and how errors reach the user."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import twin
from twin.cli.output import complain
from twin.errors import CelltwinError

CANCELLED = 130
ORDER = (
    "demo",
    "plants",
    "new",
    "check",
    "schema",
    "run",
    "replicate",
    "import",
    "kpi",
    "flags",
    "diagnose",
    "cycles",
    "bottleneck",
    "ergonomics",
    "condition",
    "alarms",
    "trace",
    "stage",
    "dashboard",
)


class FrontDoor(TyperGroup):
    """Print the problems of a `CelltwinError` and turn it into its exit code."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """List the commands in the order of a user's work."""
        return sorted(self.commands, key=ORDER.index)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a problem the user can mend ends with its exit code."""
        try:
            return super().invoke(ctx)
        except CelltwinError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            sys.stderr.write("Cancelled.\n")
            raise typer.Exit(CANCELLED) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


app = typer.Typer(
    name="celltwin",
    cls=FrontDoor,
    help="Digital-twin factory simulator for battery-cell production.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"celltwin {twin.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Digital-twin factory simulator for battery-cell production."""


def main() -> None:
    """Run the command line (the ``celltwin`` entry point)."""
    app()
