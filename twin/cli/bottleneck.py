"""The command ``bottleneck``."""

from __future__ import annotations

import json as json_text
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import CANCELLED, app
from twin.cli.output import clock, print_json, progress, say, table
from twin.cli.values import seconds

if TYPE_CHECKING:
    from sim.experiment import Confirmation
    from twin.kpi.shifting import OverTime
    from twin.run.run import Run

FILE_NAME = "bottleneck.json"


@app.command()
def bottleneck(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    confirm: Annotated[
        bool, typer.Option(help="Simulate what each improvement would bring.")
    ] = True,
    faster: Annotated[
        float, typer.Option(min=0.1, max=50.0, help="Improvement of stations and vehicles, %.")
    ] = 5.0,
    replications: Annotated[int, typer.Option(help="Pairs of runs for each.")] = 4,
    most: Annotated[int, typer.Option(min=1, help="Improvements tried, the likeliest.")] = 12,
    every: Annotated[bool, typer.Option("--all", help="Try every improvement.")] = False,
    horizon: Annotated[
        str | None, typer.Option(help="Length of each run; default: the run's own.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Print what limits the output, over time, and what being faster would bring where."""
    from twin.kpi.shifting import bottleneck_over_time
    from twin.run.run import Run

    opened = Run.open(run)
    over_time = bottleneck_over_time(opened)
    found = None
    if confirm:
        found = _confirmed(
            opened,
            faster=faster / 100,
            replications=replications,
            most=None if every else most,
            horizon_s=seconds("--horizon", horizon),
            jobs=jobs,
        )
    data: dict[str, object] = {
        "over_time": over_time.to_json(),
        "what_if": found.to_json() if found else None,
    }
    if found is not None:
        _keep(run, data)
    if json:
        print_json(data)
    else:
        _print_over_time(opened, over_time)
        if found is not None:
            _print_gains(found)
    if found is not None and not found.complete:
        say(f"Cancelled: {len(found.gains)} improvements were done.")
        raise typer.Exit(CANCELLED)


def _confirmed(
    run: Run,
    *,
    faster: float,
    replications: int,
    most: int | None,
    horizon_s: float | None,
    jobs: int | None,
) -> Confirmation:
    from sim.experiment import confirm, likeliest

    scenario = run.scenario
    if horizon_s is not None:
        scenario = scenario.model_copy(update={"horizon_s": horizon_s})
    wanted = likeliest(run, faster, most)
    with progress("Simulating what-ifs") as tick:
        return confirm(scenario, wanted, replications=replications, jobs=jobs, progress=tick)


def _keep(run: Path, data: dict[str, object]) -> None:
    """Keep the result beside the run, whole or not at all."""
    target = run / FILE_NAME
    new = target.with_suffix(".json.tmp")
    new.write_text(json_text.dumps(data, indent=2) + "\n", "utf-8")
    os.replace(new, target)


def _print_over_time(run: Run, found: OverTime) -> None:
    table(
        "Longest active period (Roser): share of the time a station is the momentary bottleneck",
        ["station", "share %", "alone %"],
        [[n, 100 * s, 100 * found.sole_shares[n]] for n, s in [*found.shares.items()][:8]],
    )
    table(
        "Turning point between blocked and starved stations, by parts of the run",
        ["from", "to", "station", "method", "blocked %", "starved %"],
        [
            [clock(a), clock(b), None, None, None, None]
            if one is None
            else [
                clock(a), clock(b), one.station, one.method,
                100 * one.blocked_share, 100 * one.starved_share,
            ]
            for a, b, one in found.windows
        ],
    )  # fmt: skip
    if found.work_shares:
        table(
            "Critical path: share of the station's work (10 % faster brings a tenth of it)",
            ["station", "share %"],
            [[n, 100 * s] for n, s in [*found.work_shares.items()][:8]],
        )
    else:
        say("No critical path: stores held lots from before, so this log does not show it.")
    say(f"These are findings from the log of {run.name}, no proof.")


def _print_gains(found: Confirmation) -> None:
    n = len(found.seeds)
    table(
        f"What would bring how much: {n} pairs of runs of {clock(found.horizon_s)} each, "
        "products per hour",
        ["improvement", "of", "what", "section", "gain", "95 % from", "to", "gain %", "sure"],
        [
            [g.id, g.kind, g.what, g.section, g.gain_per_h, g.low_per_h, g.high_per_h, g.gain_pct,
             g.sure]
            for g in found.gains
        ],
    )  # fmt: skip
    rates = ", ".join(f"{name} {rate:.4g}/h" for name, rate in found.rates_per_h.items())
    say(f"Sections, by their last station: {rates}. The slowest is '{found.slowest}'.")
    if found.decoupled:
        far = ", ".join(
            f"{name} {'-' if rate is None else f'{rate:.4g}/h'}"
            for name, rate in found.decoupled.items()
        )
        say(f"Between them, by the plant file (their cycles are too long): {far}.")
    best = found.gains[0] if found.gains else None
    if best is None or not best.sure:
        say("None of these improvements surely brings more output of the slowest section.")
    else:
        say(
            f"Best: {best.label}, {best.what}: {best.gain_per_h:+.3g} products per hour "
            f"({best.gain_pct:+.2g} %)."
        )
