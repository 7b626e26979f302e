"""Plants with routes, products and orders for tests, and what their tables say."""

from __future__ import annotations

from typing import Any

import numpy as np

from twin.run.run import Run

LARGE = 100_000


def way(to: str, **more: Any) -> dict[str, Any]:
    """A way of a route."""
    return {"to": to, **more}


def route(rule: str, *ways: dict[str, Any]) -> dict[str, Any]:
    """A route."""
    return {"rule": rule, "ways": list(ways)}


def products(*names: str, **more: Any) -> list[dict[str, Any]]:
    """Products that all are the item ``part``."""
    return [{"id": name, "energy_wh": 1.0, "item": "part", **more} for name in names]


def order(name: str, product: str, units: int, **more: Any) -> dict[str, Any]:
    """An order."""
    return {"id": name, "product": product, "units": units, **more}


def starts(run: Run, station: str) -> np.ndarray:
    """Start times of all cycles of a station, sorted."""
    rows = run.table("cycles", ["start_s"], where=f"station = '{station}'")
    return np.sort(rows["start_s"].to_numpy())


def number_inside(run: Run, place: str, station: str, times: np.ndarray) -> np.ndarray:
    """Lots in a buffer and in work at the station behind it, at some times."""
    levels = run.table("levels", ["time_s", "change"], where=f"place = '{place}'")
    came = np.sort(levels.loc[levels["change"] > 0, "time_s"].to_numpy())
    cycles = run.table("cycles", ["end_s"], where=f"station = '{station}'")
    left = np.sort(cycles["end_s"].to_numpy())
    return np.searchsorted(came, times, "right") - np.searchsorted(left, times, "right")
