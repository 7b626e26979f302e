"""Errors a user can mend: each says where, what, what was allowed and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    where : str
        File and line (``pilot.yaml:41``), or the option or folder concerned.
    what : str
        What is wrong, what was found and what is allowed.
    remedy : str
        What the user does about it; may be empty where `what` says it already.
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.remedy}" if self.remedy else "")


class CelltwinError(Exception):
    """A problem the user can mend; the command line prints it and exits with `exit_code`."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | Problem | str, where: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem(where or "celltwin", problems)
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PlantError(CelltwinError):
    """A plant or scenario file that cannot be used; holds every problem found."""


class RunError(CelltwinError):
    """A run folder that is missing, foreign, or unreadable."""


def nearest(name: str, known: Sequence[str]) -> str:
    """Return ``" (nearest: 'x')"`` for the closest known name, or an empty string."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (nearest: '{close[0]}')" if close else ""
