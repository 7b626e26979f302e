"""Writing a folder at once: it appears complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import CelltwinError, Problem

MARK = "root.usda"


def refuse_in_use(out: Path, *, force: bool) -> None:
    """Raise where a folder must not be replaced.

    Raises
    ------
    CelltwinError
        It is a file, holds something that is no stage, or holds a stage and `force` is not given.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / MARK).is_file():
        raise CelltwinError(
            Problem(
                str(out),
                "exists and is not a stage, so it is left alone.",
                "Choose another folder with --out.",
            )
        )
    if not force:
        raise CelltwinError(
            Problem(
                str(out),
                "holds a stage already.",
                "Choose another folder with --out, or replace it with --force.",
            )
        )


@contextmanager
def written_at_once(out: Path) -> Iterator[Path]:
    """Give a temporary folder, and put it in place of `out` when all went well.

    Raises
    ------
    CelltwinError
        The folder cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise CelltwinError(
            Problem(
                str(out),
                f"cannot be written ({error.strerror}).",
                "Choose another folder with --out.",
            )
        ) from error
    try:
        new = temporary / "new"
        new.mkdir()
        yield new
        if out.exists():
            os.replace(out, temporary / "old")
        os.replace(new, out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
