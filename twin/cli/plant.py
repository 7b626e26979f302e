"""Commands about plants: ``plants``, ``new``, ``check``, ``schema``."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.app import app
from twin.cli.output import console, print_json, say, shown, table
from twin.errors import CelltwinError, PlantError, Problem
from twin.plant.base import ID_PATTERN

if TYPE_CHECKING:
    from twin.check import CheckReport
    from twin.plant.load import LoadedPlant


SCHEDULED = (
    "Capacities are for an operating hour of the plant. worked: share of it in which the calendar "
    "works the station (closed days left out); maintained: share of that which planned maintenance "
    "takes."
)


class SchemaKind(StrEnum):
    """What a JSON Schema is wanted for."""

    plant = "plant"
    scenario = "scenario"


@app.command()
def plants() -> None:
    """List the plants, scenarios, examples and scripts that come with celltwin."""
    from twin.plant import library

    table("Plants", ["name", "what it is"], library.describe_plants())
    table("Scenarios", ["name", "what it is"], library.describe_scenarios())
    table("Examples", ["name", "what it is"], library.describe_examples())
    table("Scripts", ["name", "what it does"], library.describe_scripts())


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the plant; also the name of its file.")],
) -> None:
    """Write a commented starter plant NAME.yaml into this folder."""
    from twin.plant import library

    if not re.match(ID_PATTERN, name):
        raise CelltwinError(
            Problem(
                "celltwin new",
                f"'{name}' is no identifier.",
                "Use letters, digits and underscores, not a digit first.",
            )
        )
    target = Path(f"{name}.yaml")
    text = library.find_plant("starter").read_text("utf-8")
    text = re.sub(r"(?m)^id: starter\b", f"id: {name}", text, count=1)
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise CelltwinError(
            Problem(str(target), "exists already and is left alone.", "Choose another name.")
        ) from None
    except OSError as error:
        raise CelltwinError(
            Problem(str(target), f"cannot be written ({error.strerror}).")
        ) from error
    say(f"Wrote {target}. Next: celltwin check {target} && celltwin run {target}")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Plant files, or names of plants.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List where each number comes from.")
    ] = False,
) -> None:
    """Prove from the file alone that a plant can work: layout, reach, routes, capacity."""
    problems: list[Problem] = []
    results = {}
    for file in files:
        try:
            results[file] = _check(file, quiet=json, assumptions=assumptions)
        except PlantError as error:
            problems += error.problems
            continue
        problems += results[file].problems
    if json:
        print_json({file: report.to_json() for file, report in results.items()})
    if problems:
        raise PlantError(problems)


@app.command()
def schema(
    kind: Annotated[SchemaKind, typer.Argument(help="plant or scenario")] = SchemaKind.plant,
) -> None:
    """Print the JSON Schema of plant or scenario files, for editors."""
    from twin.plant.schema import json_schema

    print_json(json_schema(kind.value))


def _check(file: str, *, quiet: bool, assumptions: bool) -> CheckReport:
    from twin.check import check_plant
    from twin.plant.load import load_plant

    loaded = load_plant(file)
    report = check_plant(loaded)
    _warn_of_looks(loaded)
    if not quiet:
        _print_report(loaded.plant.id, report)
        _print_origins(loaded, every=assumptions)
    return report


def _warn_of_looks(loaded: LoadedPlant) -> None:
    """Say which stations name a USD file that cannot be shown."""
    from twin.plant.own_asset import is_file

    if any(is_file(station.asset) for station in loaded.plant.stations.values()):
        from twin.usd.own_asset import own_asset_problems

        for text in own_asset_problems(loaded.plant):
            say(f"Warning: {text}")


def _print_report(name: str, report: CheckReport) -> None:
    from twin.check import report_table

    columns, rows = report_table(report)
    table(f"Capacity of plant '{name}', from the file alone", columns, rows)
    if report.is_scheduled:
        console().print(SCHEDULED)
    step = report.bottleneck
    if step is not None:
        limit, unit = shown(step.product_per_h), "good products per hour"
        line = f"expected bottleneck: {step.id}, {limit} {unit}"
        if report.nameplate_per_h is not None:
            line += f" (nameplate {shown(report.nameplate_per_h)})"
        console().print(line)
    verdict = f"{len(report.problems)} problems" if report.problems else "no problem found"
    console().print(f"{name}: {verdict}")


def _print_origins(loaded: LoadedPlant, *, every: bool) -> None:
    from twin.plant.report import assumptions, counts

    origins = assumptions(loaded)
    if every:
        rows = [[o.address, shown(o.value), o.basis, o.source, o.note, o.line] for o in origins]
        table("Numbers", ["number", "value", "basis", "source", "note", "line"], rows)
    n = counts(origins)
    console().print(
        f"{loaded.plant.id}: {n['source']} numbers with a source, {n['assumption']} assumed, "
        f"{n['none']} with none (--assumptions lists them)"
    )
