"""Commands about the condition of assets: ``condition`` and ``alarms``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from twin.cli.app import app
from twin.cli.output import clock, print_json, say, table
from twin.cli.result import AsJson, RunFolder
from twin.cli.values import seconds
from twin.errors import CelltwinError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.condition import Alarm, Condition
    from twin.condition.pareto import AssetRow, ParetoRow
    from twin.run.run import Run

LISTED = 5
LATEST = 50


@app.command()
def condition(run: RunFolder, json: AsJson = False) -> None:
    """Print the state of every asset by its signals: healthy, warning, alarm or maintenance."""
    from twin.condition import condition as judge
    from twin.run.run import Run

    found = judge(Run.open(run))
    if json:
        print_json(found.to_json())
    else:
        _print_condition(found)


@app.command()
def alarms(
    run: RunFolder,
    what: Annotated[
        Literal["list", "ack", "resolve"],
        typer.Argument(help="list; ack ID takes one on; resolve ID ends it, with three codes."),
    ] = "list",
    alarm: Annotated[str, typer.Argument(metavar="[ID]", help="Id of an alarm.")] = "",
    mode: Annotated[str, typer.Option("--mode", help="Failure mode.")] = "",
    cause: Annotated[str, typer.Option("--cause", help="Cause of the failure.")] = "",
    action: Annotated[str, typer.Option("--action", help="What was done.")] = "",
    note: Annotated[str, typer.Option("--note", help="Anything worth keeping.")] = "",
    at: Annotated[
        str | None, typer.Option("--at", help="Time of the run; default: its end.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Print the alarms of a run, or note what was done about one (codes resolve it too)."""
    from twin.condition import acknowledge
    from twin.run.run import Run

    opened = Run.open(run)
    codes = {"mode": mode, "cause": cause, "action": action}
    if what == "list":
        _refuse_list_options(alarm, {**codes, "note": note, "at": at or ""})
        _print_alarms(opened, as_json=json)
        return
    _refuse_incomplete(what, alarm, codes)
    done = acknowledge(opened, alarm, at_s=seconds("--at", at), codes=codes, note=note)
    if json:
        print_json(done.to_json())
    else:
        say(f"{done.id}: {done.status}.")


def _refuse_list_options(alarm: str, given: dict[str, str]) -> None:
    used = [f"--{name}" for name, value in given.items() if value]
    if alarm or used:
        what = f"{', '.join([alarm] if alarm else used)} needs ack or resolve before it."
        raise CelltwinError(Problem("alarms", what, "Write: celltwin alarms RUN ack ID ..."))


def _refuse_incomplete(what: str, alarm: str, codes: dict[str, str]) -> None:
    if not alarm:
        problem = Problem("alarms", f"{what} needs the id of an alarm.")
        raise CelltwinError(problem)
    if what == "resolve" and not any(codes.values()):
        problem = Problem("alarms", "resolve needs --mode, --cause and --action.")
        raise CelltwinError(problem)


def _print_condition(found: Condition) -> None:
    if not found.positions:
        say("The run has no signals.")
        return
    rows = [
        [
            p.asset, p.position, p.judge, p.state, p.value, p.limit, p.zone,
            f"{p.standard}, {p.group}" if p.standard else p.basis or p.why,
            "start" if p.since_s is None else clock(p.since_s),
        ]
        for p in found.positions
    ]  # fmt: skip
    columns = ["asset", "position", "judged by", "state", "value", "limit", "zone"]
    table(f"{found.run}: condition", [*columns, "standard or basis", "since"], rows)
    for text in sorted({f"{p.asset}: {p.assumption}" for p in found.positions if p.assumption}):
        say(text)


def _print_alarms(run: Run, *, as_json: bool) -> None:
    from twin.condition import alarms as all_alarms
    from twin.condition.alarms import unmatched
    from twin.condition.pareto import actions_data, assets_data, failures_data

    found = all_alarms(run)
    parts = (assets_data(found, run.plant), failures_data(found), actions_data(found))
    lost = unmatched(run, found)
    if as_json:
        print_json(_alarms_json(found, parts, lost))
        return
    _print_list(run.name, found)
    _print_parts(*parts)
    for key in lost:
        say(f"alarms.json: '{key}' is no alarm of this run.")


def _alarms_json(
    found: Sequence[Alarm],
    parts: tuple[list[AssetRow], list[ParetoRow], list[ParetoRow]],
    lost: list[str],
) -> dict[str, Any]:
    of_assets, failures, actions = parts
    return {
        "n": len(found),
        "unacknowledged": sum(not a.acknowledged for a in found),
        "alarms": [a.to_json() for a in found],
        "assets": [asdict(row) for row in of_assets],
        "failures": [asdict(row) for row in failures],
        "actions": [asdict(row) for row in actions],
        "unmatched": lost,
    }


def _print_list(name: str, found: Sequence[Alarm]) -> None:
    if not found:
        say("The run has no alarm.")
        return
    rows: list[list[object]] = [
        [
            a.id, a.origin, a.severity, a.status, a.time_in_alarm_s / 60,
            *((a.done.mode, a.done.cause, a.done.action) if a.done else (None, None, None)),
        ]
        for a in found[-LATEST:]
    ]  # fmt: skip
    columns = ["id", "origin", "severity", "status", "min in alarm", "mode", "cause", "action"]
    table(f"{name}: alarms", columns, rows)
    if len(found) > LATEST:
        say(f"The latest {LATEST} of {len(found)}; --json has all.")
    missed = sum(not a.acknowledged for a in found)
    say(f"{len(found)} alarms, {missed} unacknowledged.")


def _print_parts(
    of_assets: list[AssetRow], failures: list[ParetoRow], actions: list[ParetoRow]
) -> None:
    top, bottom = of_assets[:LISTED], of_assets[LISTED:][-LISTED:]
    for title, chosen in (("Assets longest in alarm", top), ("Assets least in alarm", bottom)):
        rows: list[list[object]] = [
            [r.asset, r.kind, r.n, r.unacknowledged, r.time_s / 60] for r in chosen
        ]
        if rows:
            table(title, ["asset", "kind", "alarms", "unacknowledged", "min in alarm"], rows)
    for title, listed in (("Failures", failures), ("Actions", actions)):
        bars: list[list[object]] = [
            [r.name, r.n, r.time_s / 60, 100 * r.cumulated_share] for r in listed
        ]
        if bars:
            table(title, ["name", "alarms", "min in alarm", "cumulated %"], bars)
