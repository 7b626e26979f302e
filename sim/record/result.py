"""Results of units, as small numbers that are cheap to log."""

from __future__ import annotations

from twin.plant.routing import REWORK, SCRAP

RESULTS: list[str] = ["ok", SCRAP, REWORK]

OK, SCRAPPED = 0, 1


def result_code(name: str) -> int:
    """Return the number of a result, the same every time."""
    if name not in RESULTS:
        RESULTS.append(name)
    return RESULTS.index(name)
