"""The run builder as a fixture: test modules of one folder cannot import each other."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def build() -> ModuleType:
    path = Path(__file__).parents[1] / "kpi" / "run_builder.py"
    spec = importlib.util.spec_from_file_location("run_builder", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
