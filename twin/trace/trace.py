"""The trace of one unit or lot, from the tables of a run."""

from __future__ import annotations

from twin.errors import Problem, RunError
from twin.run.run import Run
from twin.trace.genealogy import Family, links_up
from twin.trace.history import components, stays, visits
from twin.trace.limits import unknown
from twin.trace.products import products_of_lot
from twin.trace.result import Carrier, Trace
from twin.trace.rows import Rows
from twin.trace.subject import parse_subject, serial
from twin.trace.unit import filled, lot_fate, trace_unit


def trace(run: Run, what: str | int, most_products: int | None = None) -> Trace:
    """Trace a unit or lot backward to what it was made of and forward to products made of it.

    Only the tables of the run are read, and of them only the row groups that concern it.

    Parameters
    ----------
    run : Run
        A run; one that is not complete is traced as far as it got.
    what : str or int
        A unit number, ``lot:<number>``, or ``<item>-<number>``.
    most_products : int, optional
        Look up where so many product units are, and count the others; all by default.

    Raises
    ------
    RunError
        There is no such unit or lot (the message says which there are), or the run has no
        genealogy.
    """
    subject = parse_subject(str(what), run.plant)
    if not run.parts("units"):
        raise RunError(_no_genealogy(run))
    rows = Rows(run)
    look = trace_unit if subject.kind == "unit" else _trace_lot
    found = look(rows, subject.number, most_products)
    if found is None:
        raise RunError(unknown(run, subject))
    if subject.item is not None and subject.item not in _names(run, found):
        is_a = f"{subject.kind} {subject.number} is a {found.item}, not a {subject.item}."
        raise RunError(Problem(str(what), is_a, f"Trace {found.serial}."))
    return found


def _no_genealogy(run: Run) -> Problem:
    if run.manifest.status == "running":
        what = "is still running and has no closed part of the table 'units' yet."
        return Problem(str(run.folder), what, "Try again when it has simulated an hour.")
    what = f"has no table 'units' (status {run.manifest.status}), so nothing can be traced."
    return Problem(str(run.folder), what, "Simulate again, or take a run that has it.")


def _names(run: Run, found: Trace) -> set[str | None]:
    """Return every item that what was found has been in its life; a lot is what it began as."""
    if found.kind == "lot":
        return {found.item}
    made = {run.plant.stations[v.station].product for v in found.visits}
    return {found.item, *(c.item for c in found.carriers), *made}


def _trace_lot(rows: Rows, number: int, most: int | None) -> Trace | None:
    family = Family(rows)
    family.fetch([number], [number])
    if not family.of_lot[number]:
        return None
    born = family.of_lot[number][0]
    name = serial(born.item, number)
    fate, fate_s = lot_fate(family, number)
    links = links_up(family, [number])
    made = products_of_lot(family, number, rows.run.plant, most)
    return Trace(
        run=rows.run.name,
        status=rows.run.manifest.status,
        until_s=rows.run.horizon_s,
        kind="lot",
        number=number,
        serial=name,
        item=born.item,
        units=filled(family, number),
        born_s=born.time_s,
        born_at=born.station,
        fate=fate,
        fate_s=fate_s,
        carriers=(Carrier(number, born.item, name, born.time_s, fate_s, born.station),),
        visits=tuple(visits(rows.lot_cycles([number]))),
        stays=tuple(stays(rows, [number])),
        components=tuple(components(family, links)),
        n_products=made.n,
        products=made.first,
        exact=family.exact,
    )
