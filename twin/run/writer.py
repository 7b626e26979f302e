"""Writing a run folder: buffered columns, closed Parquet parts, a digest over all rows."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import twin
from twin.errors import Problem, RunError
from twin.folder import hindrance
from twin.plant.scenario import Scenario
from twin.run import manifest as manifest_file
from twin.run.history import History, part_path
from twin.run.manifest import Manifest, Status
from twin.run.scenario_file import save_scenario, scenario_hash
from twin.run.tables import TABLES, Column, Table

PART_ROWS = 262_144
GROUP_ROWS = 16_384
"""Rows of a row group of the tables in which single rows are looked up: it is decoded whole."""
TRACED = frozenset({"cycles", "levels", "units"})
LOOKED_UP = frozenset({"time_s", "start_s", "end_s", "unit", "lot"})
"""Columns whose parts say their least and greatest value, so that a reader can skip parts."""
REPEATED = frozenset({
    "from_x_m", "from_y_m", "from_z_m", "to_x_m", "to_y_m", "to_z_m",
    "v_in_mps", "v_out_mps", "v_max_mps", "load", "n",
})  # fmt: skip
"""Numbers with few different values, which are written as a dictionary: faster and smaller."""
ABOUT_RUN = (
    "script.py", "script_kpis.json", "alarms.json", "bottleneck.json", "import.json",
)  # fmt: skip
"""Files beside the tables that are about one run and go with it."""
RECORDED_VERSIONS = ("simpy", "numpy", "pyarrow")

_NUMPY = {"f8": np.float64, "i8": np.int64, "i4": np.int32}
_ARROW = {"f8": pa.float64(), "i8": pa.int64(), "i4": pa.int32()}
_TEXT = pa.dictionary(pa.int32(), pa.string())


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a run table."""
    return pa.schema(
        [(c.name, _TEXT if c.type == "text" else _ARROW[c.type]) for c in table.columns]
    )


def _arrow_column(
    column: Column, values: Sequence[object] | np.ndarray | pa.DictionaryArray
) -> pa.Array:
    if column.type != "text":
        return pa.array(np.asarray(values, dtype=_NUMPY[column.type]))
    if not isinstance(values, pa.DictionaryArray):
        values = pa.array(values, type=pa.string()).dictionary_encode()
    return values.cast(_TEXT)


def _hashable(array: pa.Array) -> memoryview:
    """Return numbers that depend on the values alone, not on how they are encoded."""
    if not isinstance(array, pa.DictionaryArray):
        return np.ascontiguousarray(array.to_numpy()).data
    marks = b"".join(
        hashlib.blake2b(text.encode(), digest_size=8).digest()
        for text in array.dictionary.to_pylist()
    )
    marked: np.ndarray = np.frombuffer(marks, dtype=np.uint64).take(array.indices.to_numpy())
    return marked.data


class RunWriter:
    """Write the tables of one run.

    Rows are kept in memory until a part is full, then written to a temporary name and renamed:
    a crash loses at most the open part of each table.

    Parameters
    ----------
    folder : Path
        The run folder; must not exist unless it is empty or `force` is given.
    scenario : Scenario
        The resolved scenario; stored in the folder.
    force : bool
        Replace an existing run in `folder` (never a folder that is not a run).
    history : History, optional
        Parts the run begins with: those of the run it goes on from, or its own.

    Raises
    ------
    RunError
        The folder exists and is in use, or cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        scenario: Scenario,
        *,
        force: bool = False,
        history: History | None = None,
    ) -> None:
        self.folder = Path(folder)
        if history is None or not history.is_of(self.folder):
            _prepare(self.folder, force=force)
        self._open: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
        self._open_rows = dict.fromkeys(TABLES, 0)
        self._parts = dict.fromkeys(TABLES, 0)
        self._schemas = {name: arrow_schema(table) for name, table in TABLES.items()}
        self._hashes = {
            (table.name, column.name): hashlib.blake2b(digest_size=16)
            for table in TABLES.values()
            for column in table.columns
        }
        save_scenario(scenario, self.folder)
        self.manifest = Manifest(
            celltwin=twin.__version__,
            versions={name: _version(name) for name in RECORDED_VERSIONS},
            scenario=scenario.id,
            plant=scenario.plant.id,
            seed=scenario.seed,
            scenario_hash=scenario_hash(scenario),
            start=scenario.start,
            horizon_s=scenario.horizon_s,
            warmup_s=scenario.warmup_s,
            rows=dict.fromkeys(TABLES, 0),
        )
        if history is not None:
            self._take_over(history)
        self.manifest.save(self.folder)

    def position(self) -> dict[str, dict[str, int]]:
        """Return how many parts and rows of every table are closed."""
        return {"parts": dict(self._parts), "rows": dict(self.manifest.rows)}

    def _take_over(self, history: History) -> None:
        for name, table in TABLES.items():
            for part in history.take_over(name, self.folder):
                for column in table.columns:
                    for chunk in part[column.name].chunks:
                        self._hashes[name, column.name].update(_hashable(chunk))
                self.manifest.rows[name] += part.num_rows
                self._parts[name] += 1

    def append(
        self, table: str, columns: Mapping[str, Sequence[object] | np.ndarray | pa.DictionaryArray]
    ) -> None:
        """Append rows given column by column; all columns of the table, equally long.

        Texts may come as an Arrow dictionary array, which is faster.
        """
        spec = TABLES[table]
        if not len(columns[spec.columns[0].name]):
            return
        block = pa.Table.from_arrays(
            [_arrow_column(c, columns[c.name]) for c in spec.columns], schema=self._schemas[table]
        )
        for column in spec.columns:
            self._hashes[table, column.name].update(_hashable(block[column.name].chunk(0)))
        self._open[table].append(block)
        self._open_rows[table] += block.num_rows
        self.manifest.rows[table] += block.num_rows
        if self._open_rows[table] >= PART_ROWS:
            self._write_part(table)

    def flush(self, now_s: float) -> None:
        """Write every open part and note how far the run got."""
        for table in TABLES:
            self._write_part(table)
        self.manifest.end_s = now_s
        self.manifest.save(self.folder)

    def close(
        self,
        status: Status,
        end_s: float,
        *,
        totals: Mapping[str, float] | None = None,
        error: str | None = None,
    ) -> None:
        """Write what is open, the digest and the final state of the run."""
        self.manifest.status = status
        self.manifest.totals = dict(totals or {})
        self.manifest.error = error
        rows = self.manifest.rows
        joined = "".join(
            f"{key}:{h.hexdigest()};"
            for key, h in sorted(self._hashes.items())
            if rows[key[0]] or not TABLES[key[0]].optional
        )
        self.manifest.digest = hashlib.blake2b(joined.encode(), digest_size=16).hexdigest()
        self.flush(end_s)

    def _write_part(self, table: str) -> None:
        if not self._open[table]:
            return
        data = self._open[table][0]
        if len(self._open[table]) > 1:
            data = pa.concat_tables(self._open[table]).unify_dictionaries().combine_chunks()
        path = part_path(self.folder, table, self._parts[table])
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".parquet.tmp")
        spec = TABLES[table].columns
        coded = [c.name for c in spec if c.type == "text" or c.name in REPEATED]
        pq.write_table(
            data,
            temporary,
            row_group_size=GROUP_ROWS if table in TRACED else None,
            compression="zstd",
            compression_level=1,
            use_dictionary=coded,
            write_statistics=[c.name for c in spec if c.name in LOOKED_UP],
            column_encoding={
                c.name: "BYTE_STREAM_SPLIT" if c.type == "f8" else "DELTA_BINARY_PACKED"
                for c in spec
                if c.name not in coded
            },
        )
        os.replace(temporary, path)
        self._open[table], self._open_rows[table] = [], 0
        self._parts[table] += 1


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def _prepare(folder: Path, *, force: bool) -> None:
    problem = hindrance(folder, mark=manifest_file.FILE_NAME, what="run", force=force)
    if problem is not None:
        raise RunError(problem)
    for name in ("tables", "stage", "checkpoint", "index"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (manifest_file.FILE_NAME, *ABOUT_RUN):
        (folder / name).unlink(missing_ok=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            Problem(
                str(folder),
                f"cannot be created ({error.strerror}).",
                "Choose another folder with --out.",
            )
        ) from error
