"""The command ``replicate``."""

from __future__ import annotations

import csv
import json as json_text
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import CANCELLED, app
from twin.cli.output import clock, print_json, progress, say, table
from twin.cli.values import changes, seconds
from twin.errors import CelltwinError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.experiment import Replication, Replications

RUNS_FILE, RESULT_FILE = "runs.csv", "replications.json"


@app.command()
def replicate(
    what: Annotated[str, typer.Argument(help="Plant or scenario: a name or a file.")],
    n: Annotated[int, typer.Option("--n", help="Runs, each with a seed of its own.")] = 10,
    horizon: Annotated[str | None, typer.Option(help="Length of each run, e.g. 8h.")] = None,
    warmup: Annotated[str | None, typer.Option(help="Left out of all KPIs, e.g. 1h.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the first run.")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=f"Folder for {RUNS_FILE} and {RESULT_FILE}.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Simulate a scenario several times and print key figures with 95 % intervals."""
    from sim.experiment import replicate as repeated
    from twin.plant.load import load_scenario

    scenario = load_scenario(
        what,
        horizon_s=seconds("--horizon", horizon),
        warmup_s=seconds("--warmup", warmup),
        seed=seed,
        changes=changes(change or []),
    )
    with _rows(out) as told, progress(f"Simulating {scenario.id} {n} times") as tick:
        found = repeated(scenario, n, jobs=jobs, progress=tick, told=told)
    data = found.to_json()
    if out is not None:
        _write(out / RESULT_FILE, data)
    if json:
        print_json(data)
    else:
        _print(found)
    if not found.complete:
        say(f"Cancelled: {len(found.runs)} of {n} runs were done.")
        raise typer.Exit(CANCELLED)


@contextmanager
def _rows(out: Path | None) -> Iterator[Callable[[Replication], None] | None]:
    """Yield what writes a run as a row as soon as it is done, so that a crash loses none."""
    if out is None:
        yield None
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = (out / RUNS_FILE).open("w", encoding="utf-8", newline="")
    except OSError as error:
        problem = Problem(str(out), f"cannot be written ({error.strerror}).", "Choose another.")
        raise CelltwinError(problem) from error
    with file:
        writer = csv.writer(file)

        def told(run: Replication) -> None:
            if not file.tell():
                writer.writerow(["seed", *run.values])
            writer.writerow([run.seed, *run.values.values()])
            file.flush()

        yield told


def _write(path: Path, data: dict[str, object]) -> None:
    new = path.with_suffix(".json.tmp")
    new.write_text(json_text.dumps(data, indent=2) + "\n", "utf-8")
    os.replace(new, path)


def _print(found: Replications) -> None:
    rows: list[list[object]] = []
    for name, one in found.estimates().items():
        half = None if one.high is None else one.high - one.mean
        percent = None if half is None or not one.mean else 100 * half / abs(one.mean)
        rows.append([name, one.mean, one.low, one.high, percent, one.deviation, one.n])
    table(
        f"{found.scenario}: {len(found.runs)} runs",
        ["key figure", "mean", "95 % from", "to", "+- %", "deviation", "runs"],
        rows,
    )
    warmup = found.warmup()
    if warmup is not None:
        told = (
            "does not settle" if warmup.length_s is None else f"settles at {clock(warmup.length_s)}"
        )
        say(f"Left out of each run: {clock(found.warmup_s)}. The mean of the runs {told}.")
