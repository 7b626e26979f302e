"""Small logs that tests write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.imports import ImportResult, import_logs, load_mapping

SIGNALS = """
format: 1
id: cobot
logs:
  - kind: samples
    time: {column: t, format: seconds}
    resource: arm
    cycle: n
    signals: {current_j1_a: amp, speed_j1_rad_s: speed}
"""
CYCLES = """
format: 1
id: shop
logs:
  - kind: cycles
    machine: {column: machine}
    start: {column: start, format: seconds}
    end: {column: end, format: seconds}
"""


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., ImportResult]:
    """Import texts of logs with the text of a mapping."""

    def run(mapping: str, *logs: str) -> ImportResult:
        (tmp_path / "map.yaml").write_text(mapping, "utf-8")
        paths = []
        for k, text in enumerate(logs):
            paths.append(tmp_path / f"log_{k}.csv")
            paths[-1].write_text(text, "utf-8")
        out = tmp_path / "run"
        return import_logs(paths, load_mapping(tmp_path / "map.yaml"), out, force=True)

    return run


def samples(n_cycles: int = 20, per_cycle: int = 10, *, seed: int = 1) -> list[list[str]]:
    """Return rows (t, n, amp, speed): one a second, moving but in the last two of a cycle."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n_cycles * per_cycle):
        moves = k % per_cycle < per_cycle - 2
        amp = 2.0 + 0.05 * rng.standard_normal()
        rows.append([f"{k}", f"{k // per_cycle}", f"{amp:.4f}", "1.0" if moves else "0.0"])
    return rows


def text_of(rows: list[list[str]], header: str = "t,n,amp,speed", mark: str = ",") -> str:
    """Return rows as CSV."""
    return "\n".join([header.replace(",", mark), *(mark.join(row) for row in rows)]) + "\n"
