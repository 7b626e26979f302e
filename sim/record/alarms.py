"""Alarms: raised, closed, and written when they close."""

from __future__ import annotations

from collections.abc import Callable


class Alarms:
    """The open alarms of the run.

    Parameters
    ----------
    row : callable
        Notes one row of a table: ``row("alarms", resource, code, ...)``.
    """

    def __init__(self, row: Callable[..., None]) -> None:
        self._row = row
        self._open: dict[tuple[str, str], tuple[str, str, float]] = {}

    def raise_(self, resource: str, code: str, cause: str, severity: str, now: float) -> None:
        """Raise an alarm; it stays as it is if it is open already."""
        self._open.setdefault((resource, code), (cause, severity, now))

    def is_open(self, resource: str, code: str) -> bool:
        """Whether an alarm is open."""
        return (resource, code) in self._open

    def close(self, resource: str, code: str, now: float) -> None:
        """Close an alarm if it is open."""
        found = self._open.pop((resource, code), None)
        if found is not None:
            self._row("alarms", resource, code, *found, now, 0)

    def end(self, now: float) -> None:
        """Write the alarms that are still open at the end of the run."""
        for (resource, code), found in self._open.items():
            self._row("alarms", resource, code, *found, now, 1)
        self._open.clear()
