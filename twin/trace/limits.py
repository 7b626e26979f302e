# ruff: noqa: S608 - queries are made of column names and numbers only
"""Which units and lots a run has: for messages about one that it has not."""

from __future__ import annotations

from twin.errors import Problem
from twin.run.run import Run
from twin.trace.subject import Subject

_LAST_UNIT = "unit + n - 1"


def unknown(run: Run, subject: Subject) -> Problem:
    """Return the problem of a unit or lot the run does not have, with the nearest ones it has."""
    name, last = ("lot", "lot") if subject.kind == "lot" else ("unit", _LAST_UNIT)
    rows = run.read(
        run.parts("units"),
        f"SELECT coalesce(min({name}), 0), coalesce(max({last}), 0),"
        f" max({last}) FILTER ({last} < {subject.number}),"
        f" min({name}) FILTER ({name} > {subject.number}) FROM rows"
        f" WHERE {name} >= 0 AND event <> 'joined'",
    )
    first, final, below, above = (column[0].as_py() for column in rows.columns)
    what = f"run '{run.name}' has no {subject.kind} {subject.number}."
    if run.manifest.status != "complete":
        what += f" It is {run.manifest.status} and got to {run.horizon_s:.0f} s."
    near = " and ".join(str(n) for n in (below, above) if n is not None)
    remedy = f"{subject.kind.capitalize()}s run from {first} to {final}"
    return Problem(subject.text, what, f"{remedy}; nearest: {near}." if near else f"{remedy}.")
