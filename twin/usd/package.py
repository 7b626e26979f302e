"""Packing a stage into one file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pxr import Sdf, UsdUtils

from twin.errors import CelltwinError, Problem
from twin.usd.root import FILE

PACKAGE = "stage.usdz"
EPOCH_S = time.mktime((1980, 1, 2, 0, 0, 0, 0, 0, -1))


def package(folder: Path) -> None:
    """Pack the stage in a folder into one file beside its root.

    Raises
    ------
    CelltwinError
        The package cannot be written.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:  # the package keeps the files' times; with these it is always the same
        os.utime(path, (EPOCH_S, EPOCH_S))
    target = folder / PACKAGE
    if not UsdUtils.CreateNewUsdzPackage(Sdf.AssetPath(str(folder / FILE)), str(target)):
        raise CelltwinError(
            Problem(str(target), "cannot be written.", "Is there space left on the disk?")
        )
    for path in files:
        os.utime(path)
