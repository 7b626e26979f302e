"""Writing what was observed as the tables of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from twin.errors import RunError
from twin.folder import hindrance, written_at_once
from twin.imports.mapping import Cleaning
from twin.imports.observed import Content, Observed
from twin.imports.timeline import timeline
from twin.plant.scenario import Scenario
from twin.run.manifest import FILE_NAME
from twin.run.writer import RunWriter

NOTES = "import.json"
"""What was done to the logs."""


def write_run(
    folder: Path,
    scenario: Scenario,
    found: Observed,
    content: Content,
    *,
    cleaning: Cleaning,
    force: bool,
    notes: str,
) -> None:
    """Write a run, and notes beside it, next to its place and move it there when it is whole.

    Raises
    ------
    RunError
        The folder is in use or cannot be written.
    """
    problem = hindrance(folder, mark=FILE_NAME, what="run", force=force)
    if problem is not None:
        raise RunError(problem)
    with written_at_once(folder) as new:
        writer = RunWriter(new, scenario)
        start_s, end_s = content.span
        _write_cycles(writer, content.cycles, start_s)
        _write_states(writer, found, content, cleaning=cleaning, scenario=scenario)
        _write_samples(writer, content.samples, start_s)
        writer.close("complete", end_s - start_s)
        (new / NOTES).write_text(notes + "\n", "utf-8")


def _write_cycles(writer: RunWriter, cycles: pd.DataFrame, start_s: float) -> None:
    if cycles.empty:
        return
    ordered = cycles.sort_values(["end", "machine"], kind="stable").reset_index(drop=True)
    lot = np.arange(len(ordered), dtype=np.int64)
    codes, _ = pd.factorize(ordered["unit"], sort=True)
    unit = np.where(codes >= 0, codes, lot + codes.max(initial=-1) + 1)
    start = ordered["start"].to_numpy() - start_s
    end = ordered["end"].to_numpy() - start_s
    machine = ordered["machine"].astype(str).tolist()
    writer.append(
        "cycles",
        {
            "unit": unit, "lot": lot, "station": machine, "machine": machine,
            "start_s": start, "duration_s": end - start - ordered["stopped"].to_numpy(),
            "end_s": end, "n": np.ones(len(ordered)), "result": ordered["result"].tolist(),
        },
    )  # fmt: skip
    _write_products(writer, ordered, lot, start)
    _write_failures(writer, ordered, lot, unit, end)


def _write_products(
    writer: RunWriter, ordered: pd.DataFrame, lot: np.ndarray, start: np.ndarray
) -> None:
    known = ordered["product"].notna().to_numpy(dtype=bool)
    if known.any():
        product = ordered.loc[known, "product"].astype(str).tolist()
        writer.append(
            "lot_products",
            {
                "time_s": start[known],
                "lot": lot[known],
                "product": product,
                "order": [""] * len(product),
            },
        )


def _write_failures(
    writer: RunWriter, ordered: pd.DataFrame, lot: np.ndarray, unit: np.ndarray, end: np.ndarray
) -> None:
    """Write failed cycles as scrap in the genealogy and as alarms with the log's own words."""
    bad = (ordered["result"] == "scrap").to_numpy(dtype=bool)
    if not bad.any():
        return
    machine = ordered.loc[bad, "machine"].astype(str).tolist()
    n = int(bad.sum())
    writer.append(
        "units",
        {
            "time_s": end[bad], "event": ["scrapped"] * n, "lot": lot[bad], "unit": unit[bad],
            "item": ["part"] * n, "n": np.ones(n), "parent": np.full(n, -1), "station": machine,
        },
    )  # fmt: skip


def _write_states(
    writer: RunWriter,
    found: Observed,
    content: Content,
    *,
    cleaning: Cleaning,
    scenario: Scenario,
) -> None:
    rows = [
        (machine, state, reason, a - content.span[0], b - content.span[0])
        for machine in scenario.plant.stations
        for a, b, state, reason in timeline(machine, content, found, cleaning=cleaning)
    ]
    if rows:
        resource, state, reason, start, end = zip(*rows, strict=True)
        writer.append(
            "states",
            {
                "resource": list(resource), "kind": ["machine"] * len(rows),
                "state": list(state), "reason": list(reason),
                "start_s": np.array(start), "end_s": np.array(end),
            },
        )  # fmt: skip


def _write_samples(writer: RunWriter, samples: pd.DataFrame, start_s: float) -> None:
    if samples.empty:
        return
    ordered = samples.sort_values(["t", "resource", "signal"], kind="stable")
    writer.append(
        "signals",
        {
            "resource": ordered["resource"].astype(str).tolist(),
            "signal": ordered["signal"].astype(str).tolist(),
            "time_s": ordered["t"].to_numpy(dtype=np.float64) - start_s,
            "value": ordered["value"].to_numpy(dtype=np.float64),
        },
    )
