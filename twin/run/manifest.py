"""``run.json``: what a run is, written at the start, at every part, and at the end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from twin.errors import Problem, RunError
from twin.run.tables import FORMAT_VERSION

FILE_NAME = "run.json"

Status = Literal["running", "complete", "cancelled", "failed"]


class Manifest(BaseModel):
    """The head of a run folder.

    ``end_s`` is how far the run got; ``digest`` is the hash of all rows of a closed run.
    """

    model_config = ConfigDict(extra="ignore")

    format: tuple[int, int] = FORMAT_VERSION
    celltwin: str
    versions: dict[str, str] = Field(default_factory=dict)
    scenario: str
    plant: str
    seed: int
    scenario_hash: str
    status: Status = "running"
    start: str
    horizon_s: float
    warmup_s: float = 0.0
    end_s: float = 0.0
    digest: str | None = None
    rows: dict[str, int] = Field(default_factory=dict)
    totals: dict[str, float] = Field(
        default_factory=dict, description="Counters of the engine, for checks against the tables"
    )
    error: str | None = None

    def save(self, folder: Path) -> None:
        """Write ``run.json`` at once: a reader never sees half of it."""
        target = folder / FILE_NAME
        temporary = target.with_suffix(".json.tmp")
        temporary.write_text(json.dumps(self.model_dump(mode="json"), indent=2) + "\n", "utf-8")
        os.replace(temporary, target)

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read and check ``run.json``.

        Raises
        ------
        RunError
            The folder is missing, is no run, is damaged, or has another major format version.
        """
        path = folder / FILE_NAME
        if not folder.is_dir():
            raise RunError(
                Problem(str(folder), "there is no such run folder.", "Give the folder of a run.")
            )
        if not path.is_file():
            raise RunError(
                Problem(
                    str(folder),
                    f"this folder has no {FILE_NAME}, so it is not a run.",
                    "Give the folder that `celltwin run` wrote.",
                )
            )
        try:
            data = json.loads(path.read_text("utf-8"))
            major = int(data["format"][0])
        except (ValueError, KeyError, TypeError, IndexError, UnicodeDecodeError) as error:
            raise RunError(
                Problem(
                    str(path),
                    f"cannot be read as the head of a run ({error}).",
                    "The file is damaged; simulate again.",
                )
            ) from error
        if major != FORMAT_VERSION[0]:
            raise RunError(
                Problem(
                    str(path),
                    f"run format {major} cannot be read by this celltwin, which "
                    f"reads format {FORMAT_VERSION[0]}.",
                    "Install the celltwin that wrote the run, or simulate again.",
                )
            )
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            where = "; ".join(
                ".".join(map(str, e["loc"])) + ": " + e["msg"] for e in error.errors()
            )
            raise RunError(
                Problem(
                    str(path),
                    f"has wrong content ({where}).",
                    "The file is damaged; simulate again.",
                )
            ) from error
