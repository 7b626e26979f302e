"""Where in the plant file an object stands, as problems name it."""

from __future__ import annotations

from twin.errors import Problem
from twin.plant.load import LoadedPlant
from twin.plant.yaml_source import shown_path


def problem(loaded: LoadedPlant, address: str, what: str, remedy: str = "") -> Problem:
    """Return a problem at an address of the plant file (``stations.stack``).

    Where the address has no line of its own, the nearest one above it is named.
    """
    return Problem(position(loaded, address), what, remedy)


def position(loaded: LoadedPlant, address: str) -> str:
    """Return ``file:line`` of an address; the file alone where nothing of it is known."""
    while address:
        if address in loaded.places:
            return loaded.places[address]
        address = address.rpartition(".")[0]
    return shown_path(loaded.path)
