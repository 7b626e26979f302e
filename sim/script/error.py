"""Errors in scenario scripts: file, line and simulated time."""

from __future__ import annotations

import traceback

from twin.errors import CelltwinError, Problem


class ScriptError(CelltwinError):
    """A script that cannot be used, or that failed while the plant ran."""


def line_in(path: str, error: BaseException) -> int | None:
    """Return the innermost line of the script that led to an error; None if it is not its."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    return lines[-1] if lines else None


def explained(path: str, error: BaseException, now_s: float | None) -> ScriptError | None:
    """Return an error of a script as one for its user; None where the script has no part in it.

    Parameters
    ----------
    path : str
        File of the script.
    error : BaseException
    now_s : float or None
        Simulated time; None before the run.
    """
    cause: BaseException | None = error
    while cause is not None and line_in(path, cause) is None:
        cause = cause.__cause__  # SimPy raises a copy of what failed in a process
    if cause is None:
        return None
    error, line = cause, line_in(path, cause)
    where = f"{path}:{line}"
    when = "" if now_s is None else f" at {now_s:g} s"
    if isinstance(error, CelltwinError):
        return ScriptError([Problem(where, f"{p.what}{when}", p.remedy) for p in error.problems])
    what = f"{type(error).__name__}{when}: {error}."
    return ScriptError(Problem(where, what, "Correct the script and run again."))


def refuse(what: str, remedy: str = "") -> ScriptError:
    """Return the error of a call that a script must not make; its line is added on the way out."""
    return ScriptError(Problem("script", what, remedy))
