"""The command ``diagnose``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.app import app
from twin.cli.output import print_json, say
from twin.errors import CelltwinError, Problem


@app.command()
def diagnose(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    workcell: Annotated[
        str,
        typer.Argument(
            metavar="WORKCELL", help="A workcell, or a station, machine or robot of one."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the page to this file.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Print what is wrong at a workcell: cause, evidence, cost, doubts, and what to do."""
    from twin.diagnose import diagnose as found_at
    from twin.diagnose import markdown
    from twin.run.run import Run

    found = found_at(Run.open(run), workcell)
    if out is not None:
        _write(out, markdown(found))
    if json:
        print_json(found.to_json())
    elif out is None:
        typer.echo(markdown(found), nl=False)
    else:
        say(found.headline)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise CelltwinError(
            Problem(str(out), f"cannot be written ({error.strerror}).", "Choose another file.")
        ) from error
