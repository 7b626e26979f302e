"""Small runs with signals and alarms written by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from twin.condition import limits
from twin.run.run import Run

RunMaker = Callable[..., Run]
HORIZON_S = 1000.0


@pytest.fixture(scope="session")
def build() -> ModuleType:
    path = Path(__file__).parents[1] / "kpi" / "run_builder.py"
    spec = importlib.util.spec_from_file_location("run_builder", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make_run(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunMaker:
    """Return a function that writes a run of one station: signals (one value a second), alarms.

    Limits are learned from the first minute, not from 10 minutes.
    """
    monkeypatch.setattr(limits, "LEARN_S", 0.0)

    def made(
        signals: dict[tuple[str, str], Sequence[float]],
        alarms: Sequence[dict[str, Any]] = (),
        **station: Any,
    ) -> Run:
        rows = [
            {"resource": resource, "signal": signal, "time_s": float(k), "value": value}
            for (resource, signal), values in signals.items()
            for k, value in enumerate(values)
        ]
        scenario = build.scenario([build.station("press", **station)], horizon_s=HORIZON_S)
        written: Run = build.write_run(
            tmp_path / "run", scenario, signals=rows, alarms=list(alarms)
        )
        return written

    return made
