"""Writing the folder or file of a stage at once: it appears complete or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pxr import Tf

from twin import folder
from twin.errors import CelltwinError, Problem
from twin.folder import hindrance, unwritten

MARK = "root.usda"


def refuse_in_use(out: Path, *, force: bool) -> None:
    """Raise where a folder must not be replaced.

    Raises
    ------
    CelltwinError
        It is a file, holds something that is no stage, or holds a stage and `force` is not given.
    """
    problem = hindrance(out, mark=MARK, what="stage", force=force)
    if problem is not None:
        raise CelltwinError(problem)


@contextmanager
def written_at_once(out: Path) -> Iterator[Path]:
    """Give a temporary folder, and put it in place of `out` when all went well.

    Raises
    ------
    CelltwinError
        The folder cannot be written.
    """
    try:
        with folder.written_at_once(out) as new:
            yield new
    except Tf.ErrorException as error:  # OpenUSD could not write a file
        raise unwritten(out, _said(error)) from error


@contextmanager
def replaced_at_once(target: Path, *, force: bool) -> Iterator[Path]:
    """Give the name of a temporary file, and put it in place of `target` when all went well.

    Raises
    ------
    CelltwinError
        The file is there already and `force` is not given, or it cannot be written.
    """
    if target.exists() and not (force and target.is_file()):
        raise CelltwinError(
            Problem(
                str(target),
                "is there already." if target.is_file() else "is a folder.",
                "Choose another name with --out, or replace a file with --force.",
            )
        )
    temporary = target.with_name(f".new-{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise unwritten(target, error.strerror) from error
    except Tf.ErrorException as error:
        raise unwritten(target, _said(error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _said(error: Tf.ErrorException) -> str:
    """Return what OpenUSD says, without the temporary folder."""
    text = next((str(one.commentary).strip() for one in error.args), "unknown reason")
    return "OpenUSD: " + re.sub(r"/\S*/\.[^/\s]+/new/", "", text)
