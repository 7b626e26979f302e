"""What was written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from twin.usd.catalogue import Catalogue
from twin.usd.package import PACKAGE
from twin.usd.root import FILE


@dataclass(frozen=True)
class StageReport:
    """What was written.

    Attributes
    ----------
    root : Path
        The layer to open.
    usdz : Path or None
        The package, where one was asked for.
    files : tuple of Path
        Every file, relative to the folder of the stage.
    n_prims : int
        Prims the plant consists of.
    n_assets : int
        Different assets.
    bytes : int
        Size of all files together, without the package.
    seconds : float
        Time it took, on the wall.
    warnings : tuple of str
        What is shown as a box because its own file cannot be used.
    """

    root: Path
    usdz: Path | None
    files: tuple[Path, ...]
    n_prims: int
    n_assets: int
    bytes: int
    seconds: float
    warnings: tuple[str, ...] = ()


def report_of(
    folder: Path, made: Catalogue, *, n_prims: int, began: float, usdz: Path | None = None
) -> StageReport:
    """Return the report about a folder that was begun at `began` (of ``time.perf_counter``)."""
    files = tuple(sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file()))
    return StageReport(
        root=folder / FILE,
        usdz=usdz,
        files=files,
        n_prims=n_prims,
        n_assets=len(made.specs) + len(made.robots),
        bytes=sum((folder / f).stat().st_size for f in files if f.name != PACKAGE),
        seconds=time.perf_counter() - began,
    )
