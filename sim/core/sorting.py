"""The order in which the engine goes through things: by id, not as a plant file lists them."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol, TypeVar


class Named(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str:
        """Its id, unique among its kind."""


N = TypeVar("N", bound=Named)


def by_id(things: Iterable[N]) -> list[N]:
    """Return things in the order of their ids, so that no result depends on the file's order."""
    return sorted(things, key=attrgetter("id"))
