"""Commands about runs: ``kpi``, ``flags``, ``trace``, ``stage``, ``dashboard``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import app
from twin.cli.output import clock, print_json, progress, say
from twin.cli.report import print_flags, print_kpis
from twin.cli.values import seconds
from twin.errors import CelltwinError, Problem

if TYPE_CHECKING:
    from twin.kpi.window import Window
    from twin.run.run import Run

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def kpi(
    run: RunFolder,
    policy: Annotated[
        str, typer.Option("--policy", help="How OEE counts losses: tpm, iso22400 or smrp.")
    ] = "tpm",
    warmup: Annotated[
        str | None,
        typer.Option(help="Leave out a time at the start, e.g. 1h, or 'auto': found from the run."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Print the key figures of a run from the end of the warm-up on."""
    from twin.kpi import kpis
    from twin.run.run import Run

    opened = Run.open(run)
    found = kpis(opened, _window(opened, warmup), policy)
    if json:
        print_json(found.to_json())
    else:
        print_kpis(found)


def _window(run: Run, warmup: str | None) -> Window | None:
    """Return the window after another warm-up than the scenario's; None for the scenario's."""
    from twin.kpi.warmup import settled_window
    from twin.kpi.window import Window

    if warmup == "auto":
        found = settled_window(run)
        say(f"Warm-up found: {clock(found.from_s)} (output and work in progress have settled).")
        return found
    from_s = seconds("--warmup", warmup)
    if from_s is None:
        return None
    if from_s >= run.horizon_s:
        what = f"{from_s:g} s is not within the run, which ends at {run.horizon_s:g} s."
        raise CelltwinError(Problem("--warmup", what))
    return Window(from_s, run.horizon_s)


@app.command()
def flags(run: RunFolder, json: AsJson = False) -> None:
    """Print the workcells that are below their expectation, and why."""
    from twin.flags import flags as find_flags
    from twin.flags import flags_json
    from twin.run.run import Run

    found = find_flags(Run.open(run))
    if json:
        print_json(flags_json(found))
    else:
        print_flags(found)


@app.command()
def trace(
    run: RunFolder,
    unit: Annotated[
        str,
        typer.Argument(help="A unit number, lot:NUMBER, or ITEM-NUMBER such as battery_cell-123."),
    ],
    all_products: Annotated[
        bool,
        typer.Option("--all", help="Look up and list every product unit made from it."),
    ] = False,
    json: AsJson = False,
) -> None:
    """Print what a battery cell, lot or coil was made of, where it was, and what became of it."""
    from twin.cli.trace import MOST_PRODUCTS, print_trace
    from twin.run.run import Run
    from twin.trace import trace as trace_it
    from twin.trace.zones import has_index

    opened = Run.open(run)
    if not has_index(opened):
        say("Making the index of this run first, which takes some seconds.")
    most = None if json or all_products else MOST_PRODUCTS
    found = trace_it(opened, unit, most)
    if json:
        print_json(found.to_json())
    else:
        print_trace(found)


@app.command()
def stage(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Folders of runs; several become variants."),
    ],
    out: Annotated[Path | None, typer.Option("--out", help="Folder; default: RUN/stage.")] = None,
    onto: Annotated[
        Path | None, typer.Option("--onto", help="Add the run to this stage of the same plant.")
    ] = None,
    bake: Annotated[
        bool, typer.Option("--bake", help="Plain time samples, for readers without value clips.")
    ] = False,
    usdz: Annotated[bool, typer.Option("--usdz", help="Also write one .usdz file.")] = False,
    workcell: Annotated[
        str | None, typer.Option("--workcell", help="Only this workcell, as one file for AR.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="Start of the window.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="End of the window.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a stage.")] = False,
) -> None:
    """Write the OpenUSD stage of a run, or of several runs as variants."""
    from twin.usd.command import StageOrder, carry_out

    order = StageOrder(
        runs=tuple(runs),
        out=out,
        onto=onto,
        workcell=workcell,
        window=(seconds("--from", start), seconds("--to", end)),
        bake=bake,
        usdz=usdz,
        force=force,
    )
    with progress("Writing the USD stage") as tick:
        written = carry_out(order, tick)
    for text in written.warnings:
        say(f"Warning: {text}")
    say(f"Stage: {written.root}")


@app.command()
def dashboard(
    runs: Annotated[Path, typer.Argument(metavar="RUNS_DIR", help="Folder of runs.")] = Path(
        "runs"
    ),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8050,
) -> None:
    """Open the dashboard on a folder of runs (or on one run)."""
    from dashboard.runs import ensure_folder
    from dashboard.serve import ensure_port_free, serve, start_url

    ensure_folder(runs)
    ensure_port_free(host, port)
    say(f"Dashboard: {start_url(host, port)} (Ctrl-C stops it)")
    serve(runs, host=host, port=port)
