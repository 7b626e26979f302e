"""The runs in a folder: found, checked, opened once and kept."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from twin.errors import Problem, RunError, nearest
from twin.flags import Flag, flags
from twin.kpi import Kpis, kpis
from twin.run.manifest import FILE_NAME, Manifest
from twin.run.run import Run

KEPT_RUNS = 4

_log = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass(frozen=True)
class RunEntry:
    """One run of the folder as the run picker shows it.

    Attributes
    ----------
    name : str
        Name of the run's folder.
    modified_s : float
        When ``run.json`` was last written (Unix time).
    manifest : Manifest or None
        The head of the run; None where it cannot be read.
    error : str
        Why the run cannot be read; empty where it can.
    """

    name: str
    modified_s: float
    manifest: Manifest | None = None
    error: str = ""

    @property
    def status(self) -> str:
        """Status of the run, or ``broken``."""
        return self.manifest.status if self.manifest else "broken"


class OpenRun:
    """A run with everything that is worth computing once.

    Parameters
    ----------
    run : Run
        The run.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._kept: dict[object, Any] = {}
        self._locks: dict[object, RLock] = {}
        self._lock = RLock()

    def once(self, key: object, compute: Callable[[], _T]) -> _T:
        """Return the value of `compute`, computed by the first caller only."""
        with self._lock:
            lock = self._locks.setdefault(key, RLock())
        with lock:
            if key not in self._kept:
                self._kept[key] = compute()
            found: _T = self._kept[key]
            return found

    @property
    def kpis(self) -> Kpis:
        """KPIs over the run after its warm-up."""
        return self.once("kpis", lambda: kpis(self.run))

    @property
    def flags(self) -> list[Flag]:
        """Flags of the run, the worst first."""
        return self.once("flags", lambda: flags(self.run))


def ensure_folder(folder: str | Path) -> None:
    """Check that there is a folder whose runs can be shown; it may be empty still.

    Raises
    ------
    RunError
        The folder does not exist, or is a file.
    """
    path = Path(folder)
    if path.is_dir():
        return
    what = "is a file, not a folder of runs." if path.exists() else "does not exist."
    raise RunError(Problem(str(path), what, "Simulate first (celltwin demo), or name the folder."))


class Runs:
    """The runs of one folder.

    Parameters
    ----------
    folder : str or Path
        A folder of runs, or the folder of one run.
    preferred : str, optional
        Name of the run shown where the address names none; default: the latest.
    may_write : bool
        Whether notes about runs may be kept beside them.
    """

    def __init__(
        self, folder: str | Path, preferred: str | None = None, *, may_write: bool = False
    ) -> None:
        self.may_write = may_write
        path = Path(folder).resolve()
        self._single = path.name if (path / FILE_NAME).is_file() else None
        self.folder = path.parent if self._single else path
        self._preferred = preferred
        self._open: OrderedDict[tuple[str, int], OpenRun] = OrderedDict()
        self._lock = RLock()

    def entries(self) -> list[RunEntry]:
        """Every run, the latest first; broken ones say why."""
        if not self.folder.is_dir():
            return []
        found = [_entry(p) for p in self.folder.iterdir() if self._is_run(p)]
        return sorted(found, key=lambda e: (-e.modified_s, e.name))

    def path(self, name: str) -> Path:
        """Return the folder of a run.

        Raises
        ------
        RunError
            There is no run of this name in the folder.
        """
        path = self.folder / name
        if name != path.name or not self._is_run(path):
            known = [e.name for e in self.entries()]
            what = f"there is no run '{name}'{nearest(name, known)}."
            raise RunError(Problem(str(self.folder), what, "Choose one in the run picker."))
        return path

    def default(self) -> str | None:
        """Name of the run shown where none is asked for; None without any run."""
        entries = self.entries()
        names = [e.name for e in entries]
        if self._preferred in names:
            return self._preferred
        return next((e.name for e in entries if not e.error), names[0] if names else None)

    def open(self, name: str) -> OpenRun:
        """Return a run; the last few are kept until they change on disk.

        Raises
        ------
        RunError
            There is no such run, or it cannot be read.
        """
        path = self.path(name)
        key = (name, _stamp(path))
        with self._lock:
            if key not in self._open:
                self._open[key] = OpenRun(Run.open(path))
            self._open.move_to_end(key)
            while len(self._open) > KEPT_RUNS:
                self._open.popitem(last=False)
            return self._open[key]

    def warm_up(self) -> None:
        """Compute what the first page needs, so that it is there when it is asked for."""
        name = self.default()
        if name is None:
            return
        try:
            found = self.open(name)
            _ = found.flags, found.kpis
        except Exception:  # noqa: BLE001 - the page that needs it says what is wrong
            _log.info("run %s could not be prepared", name, exc_info=True)

    def _is_run(self, path: Path) -> bool:
        if path.name.startswith(".") or self._single not in (None, path.name):
            return False
        try:
            return path.resolve().is_relative_to(self.folder) and (path / FILE_NAME).is_file()
        except (OSError, ValueError):
            return False


def _stamp(path: Path) -> int:
    return (path / FILE_NAME).stat().st_mtime_ns


def _entry(path: Path) -> RunEntry:
    modified_s = _stamp(path) / 1e9
    try:
        return RunEntry(path.name, modified_s, Manifest.load(path))
    except (RunError, OSError) as error:
        return RunEntry(path.name, modified_s, error=str(error))
