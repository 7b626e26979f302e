"""The command ``ergonomics``."""

from __future__ import annotations

from dataclasses import asdict

from twin.cli.app import app
from twin.cli.handling import print_ergonomics
from twin.cli.output import print_json
from twin.cli.result import AsJson, RunFolder
from twin.errors import CelltwinError, Problem


@app.command()
def ergonomics(run: RunFolder, json: AsJson = False) -> None:
    """Print what people lift, how it is judged, and where they spend their time."""
    from twin.kpi.ergonomics import ergonomics as judge
    from twin.kpi.sources import read_sources
    from twin.run.run import Run

    opened = Run.open(run)
    found = judge(read_sources(opened))
    if found is None:
        what = f"the plant '{opened.plant.id}' declares no lifts."
        remedy = "Write 'lifts:' at the stations where people handle things, and run it again."
        raise CelltwinError(Problem(str(run), what, remedy))
    if json:
        print_json(asdict(found))
    else:
        print_ergonomics(found)
