"""Commands that simulate: ``run`` and ``demo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import app
from twin.cli.output import clock, progress, say
from twin.cli.report import print_flags, print_kpis
from twin.cli.values import changes, seconds

if TYPE_CHECKING:
    from twin.plant.scenario import Scenario
    from twin.run.run import Run

DEMO_SCENARIO = "slow_robot"
DEMO_FOLDER = Path("runs/demo")

Out = Annotated[Path | None, typer.Option("--out", help="The run folder to write.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a run that is there already.")]


@app.command()
def run(
    what: Annotated[str, typer.Argument(help="Plant or scenario: a name or a file.")],
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
    out: Out = None,
    force: Force = False,
) -> None:
    """Simulate a plant or scenario and write a run folder."""
    from twin.kpi import kpis
    from twin.plant.load import load_scenario

    scenario = load_scenario(
        what,
        horizon_s=seconds("--horizon", horizon),
        warmup_s=seconds("--warmup", warmup),
        seed=seed,
        changes=changes(change or []),
        script=script,
    )
    folder = out or _free_folder(scenario)
    done = _simulate(scenario, folder, force=force)
    print_kpis(kpis(done))
    say(f"Look at it: celltwin dashboard {folder.parent} (or kpi, flags, stage with {folder})")


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
    done = _simulate(load_scenario(DEMO_SCENARIO), folder, force=force or out is None)
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


def _simulate(scenario: Scenario, folder: Path, *, force: bool) -> Run:
    from sim import simulate

    label = f"Simulating {scenario.id} for {clock(scenario.horizon_s)}"
    with progress(label) as tick:
        done = simulate(scenario, folder, force=force, progress=tick)
    say(f"Run: {folder} ({done.manifest.rows['cycles']:,} cycles, digest {done.manifest.digest})")
    return done


def _free_folder(scenario: Scenario) -> Path:
    base = Path("runs") / f"{scenario.id}-{scenario.seed}"
    folder, k = base, 2
    while folder.exists():
        folder, k = base.with_name(f"{base.name}-{k}"), k + 1
    return folder
