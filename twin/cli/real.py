"""Commands about logs of a real plant and single cycles: ``import``, ``cycles``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import app
from twin.cli.output import clock, print_json, progress, say, table

if TYPE_CHECKING:
    from twin.imports import ImportResult
    from twin.signature import Signature

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command(name="import")
def import_(
    logs: Annotated[list[Path], typer.Argument(metavar="LOG...", help="CSV or Parquet files.")],
    mapping: Annotated[
        Path, typer.Option("--map", help="YAML file: which columns mean what.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the run; default: runs/ID.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run.")] = False,
    json: AsJson = False,
) -> None:
    """Turn logs of a real plant (cycles, events, sensor samples) into a run folder."""
    from twin.imports import import_logs, load_mapping

    said = load_mapping(mapping)
    with progress("Importing") as tick:
        found = import_logs(logs, said, out or Path("runs") / said.id, force=force, progress=tick)
    if json:
        print_json({"run": str(found.folder), **found.to_json()})
    else:
        _print_import(found)


@app.command()
def cycles(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    resource: Annotated[str, typer.Argument(metavar="MACHINE", help="A machine or robot.")],
    every: Annotated[bool, typer.Option("--all", help="Usual cycles too.")] = False,
    json: AsJson = False,
) -> None:
    """Print the cycles of a machine or robot that differ from the others, and in what."""
    from twin.run.run import Run
    from twin.signature import signature

    found = signature(Run.open(run), resource)
    if json:
        print_json(found.to_json())
    else:
        _print_cycles(found, every=every)


def _print_import(found: ImportResult) -> None:
    for sentence in found.report.sentences():
        say(sentence)
    table(
        f"{found.folder}: {clock(found.length_s)} from {found.start} UTC",
        ["machine", "cycles"],
        [[machine, n] for machine, n in found.machines.items()],
    )
    say(
        f"{found.report.read:,} rows read, {found.report.cycles:,} cycles and"
        f" {found.report.samples:,} samples written."
    )


def _print_cycles(found: Signature, *, every: bool) -> None:
    rows = found.cycles if every else found.cycles[found.cycles["verdict"] != "normal"]
    columns = ["cycle", "start", "duration_s", "standstill_s", "load_a", "signal", "signal_score"]
    shown = [c for c in columns if c == "start" or c in rows.columns]
    cells = [
        [
            row["verdict"],
            *(clock(float(row["start_s"])) if c == "start" else _cell(row[c]) for c in shown),
        ]
        for row in rows.to_dict("records")
    ]
    usual = ", ".join(f"{name} {value:.3g}" for name, value in found.baseline.items())
    table(f"{found.resource}: {found.n} cycles; usual: {usual}", ["verdict", *shown], cells)
    counts = found.cycles["verdict"].value_counts()
    say(", ".join(f"{n} {str(word).replace('_', ' ')}" for word, n in counts.items()) + ".")
    for why in found.missing:
        say(f"Not told: {why}.")


def _cell(value: object) -> object:
    """Return a value as the tables print it: missing ones as None."""
    return None if value is None or value != value else value  # noqa: PLR0124
