"""Snapshot files: plain JSON, gzipped where the name ends in ``.gz``, written at once or not."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.snapshot.kinds import SnapshotError, fail
from twin.plant.state import FORMAT, PlantState, read_json, state_from

FOLDER = "checkpoint"
SUFFIX = ".json.gz"
GZIP_LEVEL = 1
ENGINE_KEYS = frozenset(
    {"now_s", "seed", "scenario_hash", "celltwin", "modes", "run", "objects", "new", "events"}
)
LAYOUT = 2
"""Of the engine's state; it grows where that means something else (2: draws in blocks)."""


@dataclass(frozen=True)
class Snapshot:
    """The state of a plant at one moment.

    Attributes
    ----------
    plant : PlantState
        What a person reads and writes: enough for a warm start.
    engine : dict
        All the rest, for an exact continuation; empty where the file has none.
    """

    plant: PlantState
    engine: dict[str, Any]

    @property
    def now_s(self) -> float:
        """The moment, in seconds since the start of the run."""
        return float(self.engine["now_s"])

    def write(self, path: Path) -> None:
        """Write the file: under a temporary name, then renamed.

        Raises
        ------
        SnapshotError
            The file cannot be written.
        """
        data = {
            "format": FORMAT,
            "plant": self.plant.model_dump(mode="json", exclude_defaults=True),
        }
        text = json.dumps({**data, "engine": self.engine}, allow_nan=False, separators=(",", ":"))
        content = text.encode()
        if path.suffix == ".gz":
            content = gzip.compress(content, GZIP_LEVEL, mtime=0)
        temporary = path.with_name(path.name + ".tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except OSError as error:
            raise fail(str(path), f"cannot be written ({error.strerror}).") from error

    @classmethod
    def read(cls, path: Path) -> Snapshot:
        """Read a file.

        Raises
        ------
        CelltwinError
            The file is missing, damaged, or of another format version; all problems at once.
        """
        data = read_json(path)
        engine = data.get("engine", {})
        if not isinstance(engine, dict) or (engine and not engine.keys() >= ENGINE_KEYS):
            raise fail(
                str(path),
                "its section 'engine' is damaged.",
                "Remove the section to use the plant state as a warm start.",
            )
        return cls(state_from(data, path), engine)


def checkpoint_path(run: Path, now_s: float) -> Path:
    """Return the file of a run's checkpoint at a time."""
    return run / FOLDER / f"{now_s:015.3f}{SUFFIX}"


def latest_checkpoint(run: Path) -> Path:
    """Return the last checkpoint of a run.

    Raises
    ------
    SnapshotError
        It has none.
    """
    found = sorted((run / FOLDER).glob(f"*{SUFFIX}"))
    if not found:
        raise SnapshotError(
            fail(
                str(run),
                "has no checkpoint.",
                "Simulate with --checkpoint-every or --checkpoint-at.",
            ).problems
        )
    return found[-1]
