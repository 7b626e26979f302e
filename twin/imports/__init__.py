"""Logs of a real plant become a run folder: cycles, events and sensor samples, by a mapping file.

`import_logs` reads CSV or Parquet files as a mapping says, cleans them, tells what it did, and
writes a run that every reader of runs takes: key figures, flags, diagnosis, dashboard.
"""

from __future__ import annotations

from twin.imports.imports import ImportResult, import_logs
from twin.imports.mapping import LogMapping, load_mapping

__all__ = ["ImportResult", "LogMapping", "import_logs", "load_mapping"]
