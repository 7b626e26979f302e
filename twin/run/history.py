"""The past of a run that goes on from a snapshot: closed parts of another run, or of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import Problem, RunError


@dataclass(frozen=True)
class History:
    """The first parts of every table of a run.

    Attributes
    ----------
    folder : Path
        The run they belong to.
    parts, rows : mapping
        Table -> how many.
    """

    folder: Path
    parts: Mapping[str, int]
    rows: Mapping[str, int]

    def is_of(self, folder: Path) -> bool:
        """Whether these are parts of the run in `folder` itself."""
        return folder.resolve() == self.folder.resolve()

    def files(self, table: str) -> list[Path]:
        """Return the parts of a table, in order.

        Raises
        ------
        RunError
            One is missing.
        """
        found = [part_path(self.folder, table, k) for k in range(self.parts.get(table, 0))]
        for path in found:
            if not path.is_file():
                raise RunError(
                    Problem(
                        str(path),
                        "is missing: the run that the snapshot belongs to is not complete.",
                        "Use the snapshot as a warm start: initial: {snapshot: FILE}.",
                    )
                )
        return found

    def take_over(self, table: str, folder: Path) -> Iterator[pa.Table]:
        """Put the parts of a table into a run folder and return what is in them.

        They are linked, not copied, where the file system can: a closed part never changes.
        """
        files = self.files(table)
        if self.is_of(folder):
            for later in sorted((folder / "tables" / table).glob("part-*")):
                if later not in files:
                    later.unlink()
        elif files:
            (folder / "tables" / table).mkdir(parents=True, exist_ok=True)
            for k, path in enumerate(files):
                _link(path, part_path(folder, table, k))
        n_rows = 0
        for path in files:
            part = pq.read_table(path)
            n_rows += part.num_rows
            yield part
        if n_rows != self.rows.get(table, 0):
            raise RunError(
                Problem(
                    str(self.folder),
                    f"its table '{table}' has {n_rows} rows up to the snapshot, must be "
                    f"{self.rows.get(table, 0)}.",
                    "The run was changed or simulated again after the snapshot was taken.",
                )
            )


def part_path(folder: Path, table: str, k: int) -> Path:
    """Return the file of a part."""
    return folder / "tables" / table / f"part-{k:05d}.parquet"


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
