"""Commands that simulate: ``run`` and ``demo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import app
from twin.cli.output import progress, say
from twin.cli.report import print_flags, print_kpis
from twin.cli.running import Wanted, begun, continued, resumed, simulated
from twin.cli.values import changes, seconds, times
from twin.errors import CelltwinError, Problem

if TYPE_CHECKING:
    from twin.run.run import Run

DEMO_SCENARIO = "slow_robot"
DEMO_FOLDER = Path("runs/demo")

Out = Annotated[Path | None, typer.Option("--out", help="The run folder to write.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a run that is there already.")]


@app.command()
def run(
    what: Annotated[str | None, typer.Argument(help="Plant or scenario: a name or a file.")] = None,
    horizon: Annotated[str | None, typer.Option(help="How long, e.g. 8h or 90min.")] = None,
    warmup: Annotated[str | None, typer.Option(help="Left out of all KPIs, e.g. 1h.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
    script: Annotated[
        str | None, typer.Option(metavar="FILE", help="Python script; instead of the scenario's.")
    ] = None,
    checkpoint_every: Annotated[
        str | None, typer.Option(help="Save the whole state this often, e.g. 1h.")
    ] = None,
    checkpoint_at: Annotated[
        list[str] | None, typer.Option(help="Save the whole state at a time; may be repeated.")
    ] = None,
    from_snapshot: Annotated[
        Path | None,
        typer.Option(
            help="Go on from a run or one of its checkpoints; with a plant or scenario, begin it "
            "with this plant state."
        ),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Finish a cancelled or killed run from its last checkpoint.")
    ] = None,
    out: Out = None,
    force: Force = False,
) -> None:
    """Simulate a plant or scenario and write a run folder."""
    wanted = Wanted(
        horizon_s=seconds("--horizon", horizon),
        warmup_s=seconds("--warmup", warmup),
        seed=seed,
        changes=changes(change or []),
        every_s=seconds("--checkpoint-every", checkpoint_every),
        at_s=tuple(times("--checkpoint-at", checkpoint_at or [])),
        script=script,
    )
    if resume is not None:
        done = resumed(resume, wanted, others=(what, from_snapshot, out))
    elif what is not None:
        done = begun(what, wanted, from_snapshot, out, force=force)
    elif from_snapshot is not None:
        done = continued(from_snapshot, wanted, out, force=force)
    else:
        raise CelltwinError(
            Problem("run", "what to simulate is missing.", "Name a plant or scenario.")
        )
    print_run(done)


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the dashboard.")] = True,
    host: Annotated[str, typer.Option(help="Address the dashboard listens on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8050,
    out: Out = None,
    force: Force = False,
) -> None:
    """Simulate 8 hours of the pilot plant with a slow robot and show them in the dashboard."""
    from twin.flags import flags
    from twin.kpi import kpis
    from twin.plant.load import load_scenario
    from twin.usd import write_stage

    if serve:
        from dashboard.serve import ensure_port_free

        ensure_port_free(host, port)
    folder = out or DEMO_FOLDER
    done = simulated(load_scenario(DEMO_SCENARIO), folder, force=force or out is None)
    with progress("Writing the USD stage") as tick:
        stage = write_stage(done, folder / "stage", force=True, progress=tick)
    say(f"Stage: {stage.root}")
    print_kpis(kpis(done))
    print_flags(flags(done))
    if serve:
        from dashboard.serve import serve as serve_dashboard
        from dashboard.serve import start_url

        say(f"Dashboard: {start_url(host, port, folder.name)} (Ctrl-C stops it)")
        serve_dashboard(folder.parent, host=host, port=port, open_run=folder.name)


def print_run(done: Run) -> None:
    """Print the key figures of a run and where to look at it."""
    from twin.kpi import kpis

    print_kpis(kpis(done))
    folder = done.folder
    say(f"Look at it: celltwin dashboard {folder.parent} (or kpi, flags, stage with {folder})")
