"""The history of a unit or lot, for people."""

from __future__ import annotations

from collections import Counter

from twin.cli.output import clock, console, say, table
from twin.trace import Trace
from twin.trace.result import Stay, Visit

MOST_PRODUCTS = 60
"""So many product units are looked up and listed, unless all are asked for."""


def print_trace(found: Trace) -> None:
    """Print a summary line, then machines and places, components, and products."""
    console().print(_headline(found))
    if len(found.carriers) > 1:
        rows = [
            [c.serial, c.lot, clock(c.from_s), _end(c.until_s), c.station] for c in found.carriers
        ]
        table("Travelled in", ["serial", "lot", "from", "until", "put in at"], rows)
    table(
        "History",
        ["from", "until", "where", "slot", "lot", "units", "seconds of work", "result"],
        _history(found.visits, found.stays),
    )
    if found.components:
        _print_components(found)
    if found.products:
        _print_products(found)
    if not found.exact:
        say(
            "Units of a mixed lot were lost or not noted one by one: all that may belong are shown."
        )
    if found.status != "complete":
        say(
            f"The run is {found.status} and got to {clock(found.until_s)}: what follows is missing."
        )


def _headline(found: Trace) -> str:
    born = "there at the start" if found.born_s == 0 else f"made at {clock(found.born_s)}"
    fate = found.fate if found.fate_s is None else f"{found.fate} at {clock(found.fate_s)}"
    units = "" if found.kind == "unit" else f", {found.units} units"
    return f"{found.serial} ({found.kind} {found.number}{units}): {born} ({found.born_at}), {fate}"


def _end(t_s: float | None) -> str:
    return "-" if t_s is None else clock(t_s)


def _history(visits: tuple[Visit, ...], stays: tuple[Stay, ...]) -> list[list[object]]:
    rows: list[tuple[float, list[object]]] = []
    for v in visits:
        where = [v.machine, None, v.lot, v.n, v.duration_s, v.result]
        rows.append((v.start_s, [_clock(v.start_s), _end(v.end_s), *where]))
    for s in stays:
        place = [s.tower or s.place, s.slot, s.lot, None, None, ""]
        rows.append((s.from_s, [_clock(s.from_s), _end(s.until_s), *place]))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _clock(t_s: float) -> str:
    """Write a time; what began before the run has a negative one."""
    return clock(t_s) if t_s >= 0 else f"-{clock(-t_s)}"


def _print_components(found: Trace) -> None:
    table(
        "Made of",
        ["serial", "level", "units taken", "how", "at", "when", "came from", "machines"],
        [
            [
                c.serial,
                c.level,
                c.units,
                c.event,
                c.station,
                clock(c.time_s),
                f"{c.born_at} {clock(c.born_s)}",
                ", ".join(v.machine for v in c.visits),
            ]
            for c in found.components
        ],
    )


def _print_products(found: Trace) -> None:
    rows = [
        [p.serial, _end(p.made_s), p.lot, p.item, p.fate, _end(p.time_s)] for p in found.products
    ]
    title = f"Product units in it or made from it: {found.n_products}"
    table(title, ["serial", "made", "lot now", "as", "fate", "when"], rows)
    if found.n_products > len(rows):
        say(f"{found.n_products - len(rows)} more: --all lists and counts them, --json as data.")
    elif rows:
        fates = Counter(p.fate for p in found.products)
        say(", ".join(f"{n} {fate}" for fate, n in sorted(fates.items())) + ".")
