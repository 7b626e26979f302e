"""Writing a folder at once: it appears complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import CelltwinError, Problem


def hindrance(out: Path, *, mark: str, what: str, force: bool) -> Problem | None:
    """Return why a folder must not be written or replaced; None if it may.

    Parameters
    ----------
    out : Path
    mark : str
        File that tells that a folder is one of ours.
    what : str
        What our folders are called: ``run``, ``stage``.
    force : bool
        Whether one of ours may be replaced.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    if not (out / mark).is_file():
        return Problem(
            str(out),
            f"exists and is not a {what}, so it is left alone.",
            "Choose another folder with --out.",
        )
    if not force:
        return Problem(
            str(out),
            f"holds a {what} already.",
            "Choose another folder with --out, or replace it with --force.",
        )
    return None


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
        raise unwritten(out, error.strerror) from error
    try:
        new = temporary / "new"
        new.mkdir()
        yield new
        if out.exists():
            os.replace(out, temporary / "old")
        os.replace(new, out)
    except OSError as error:
        raise unwritten(out, error.strerror) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def unwritten(out: Path, why: str | None) -> CelltwinError:
    """Return the error of a folder that cannot be written."""
    return CelltwinError(
        Problem(
            str(out),
            f"cannot be written ({why or 'unknown reason'}).",
            "Choose another folder with --out, or make room on the disk.",
        )
    )
