"""Reading a run folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import Problem, RunError, nearest
from twin.plant.plant import Plant
from twin.plant.scenario import Scenario
from twin.run.manifest import Manifest
from twin.run.scenario_file import load_stored_scenario
from twin.run.state import PlantState, plant_state
from twin.run.tables import TABLES
from twin.run.writer import arrow_schema


class Run:
    """A finished, cancelled or still running run; only closed parts are read.

    Use `Run.open`. All times are seconds since the start of the run.
    """

    def __init__(self, folder: Path, manifest: Manifest, scenario: Scenario) -> None:
        self.folder = folder
        self.manifest = manifest
        self.scenario = scenario

    @classmethod
    def open(cls, folder: str | Path) -> Run:
        """Open a run folder.

        Raises
        ------
        RunError
            The folder is missing, no run, damaged, or of another format version.
        """
        path = Path(folder)
        return cls(path, Manifest.load(path), load_stored_scenario(path))

    @property
    def name(self) -> str:
        """Name of the run: its folder's name."""
        return self.folder.resolve().name

    @property
    def plant(self) -> Plant:
        """The plant that was simulated."""
        return self.scenario.plant

    @property
    def horizon_s(self) -> float:
        """How far the run got; the scenario's horizon where it is complete."""
        return self.manifest.end_s

    @property
    def warmup_s(self) -> float:
        """Time left out of all KPIs at the start."""
        return self.scenario.warmup_s

    def parts(self, table: str) -> list[Path]:
        """Closed parts of a table, in order."""
        if table not in TABLES:
            raise RunError(
                Problem(
                    str(self.folder),
                    f"a run has no table '{table}'{nearest(table, [*TABLES])}.",
                    f"Tables are {', '.join(TABLES)}.",
                )
            )
        return sorted((self.folder / "tables" / table).glob("part-*.parquet"))

    def arrow(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a whole table, or some of its columns, as Arrow."""
        wanted = list(columns) if columns is not None else None
        found = [pq.read_table(p, columns=wanted, memory_map=True) for p in self.parts(table)]
        if not found:
            empty = arrow_schema(TABLES[table]).empty_table()
            return empty.select(wanted) if wanted is not None else empty
        return pa.concat_tables(found).unify_dictionaries()

    def table(
        self, table: str, columns: Sequence[str] | None = None, where: str | None = None
    ) -> pd.DataFrame:
        """Return a table as a DataFrame, optionally some columns of the rows that fit `where`.

        Parameters
        ----------
        table : str
            Name of a table in `twin.run.tables.TABLES`.
        columns : sequence of str, optional
            Columns to read; all by default.
        where : str, optional
            A SQL condition, e.g. ``"robot = 'r_pouch' AND start_s >= 3600"``.
        """
        if where is None:
            whole: pd.DataFrame = self.arrow(table, columns).to_pandas()
            return whole
        chosen = ", ".join(f'"{c}"' for c in columns) if columns is not None else "*"
        return self.sql(f"SELECT {chosen} FROM {table} WHERE {where}")  # noqa: S608

    def sql(self, query: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Run a DuckDB query; every table of the run is a view by its own name."""
        cursor = self._connection.cursor()
        try:
            found: pd.DataFrame = cursor.execute(query, list(parameters)).df()
            return found
        finally:
            cursor.close()

    def read(self, parts: Sequence[Path], query: str) -> pa.Table:
        """Run a DuckDB query over some parts of one table, which it names ``rows``.

        Rows come in the order of the parts; each has the column ``filename``.
        """
        cursor = self._fresh.cursor()
        listed = ", ".join(_quoted(part) for part in parts)
        view = f"WITH rows AS (SELECT * FROM read_parquet([{listed}], filename=true)) "  # noqa: S608
        try:
            return cursor.sql(view + query).to_arrow_table()
        finally:
            cursor.close()

    def state_at(self, t_s: float) -> PlantState:
        """Return what everything was doing at time `t_s`."""
        return plant_state(self.sql, t_s)

    @cached_property
    def _fresh(self) -> duckdb.DuckDBPyConnection:
        """A connection without the views of the tables, which open every part."""
        return duckdb.connect()

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        # one thread: sums of several threads differ in their last digits from call to call
        connection = duckdb.connect(config={"threads": 1})
        for name in TABLES:
            parts = self.parts(name)
            if parts:
                source = "read_parquet([" + ", ".join(_quoted(p) for p in parts) + "])"
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")  # noqa: S608
            else:
                connection.register(f"_empty_{name}", arrow_schema(TABLES[name]).empty_table())
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM _empty_{name}")  # noqa: S608
        return connection


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
