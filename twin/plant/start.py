"""The initial state of a scenario, where it is a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from twin.errors import PlantError
from twin.plant.plant import Plant
from twin.plant.scenario import Initial, SnapshotStart
from twin.plant.state import PlantState, read_plant_state
from twin.plant.state_rules import check_state
from twin.plant.tree import Problems


def checked_start(
    initial: Initial, plant: Plant | None, *, beside: Path, problems: Problems
) -> Initial:
    """Return the initial state with the full path and the hash of its file.

    Parameters
    ----------
    initial : str or SnapshotStart
    plant : Plant or None
        The plant it must fit; None where that is wrong itself.
    beside : Path
        Folder that relative paths start from.
    problems : Problems
        Receives everything that is wrong with the file, and that does not fit.
    """
    if not isinstance(initial, SnapshotStart):
        return initial
    path = (beside / initial.snapshot).resolve()
    try:
        state = read_plant_state(path)
    except PlantError as error:
        for problem in error.problems:
            problems.add(problem.where, problem.what, problem.remedy)
        return initial
    for problem in check_state(state, plant, str(path)) if plant is not None else ():
        problems.add(problem.where, problem.what, problem.remedy)
    return SnapshotStart(snapshot=str(path), content=_hash(path))


def started_with(initial: SnapshotStart, plant: Plant) -> PlantState:
    """Read the plant state a scenario begins with.

    Raises
    ------
    PlantError
        The file has changed since the scenario was loaded, or does not fit the plant.
    """
    path = Path(initial.snapshot)
    state = read_plant_state(path)
    problems = check_state(state, plant, str(path))
    if initial.content and _hash(path) != initial.content:
        raise PlantError("the file has changed since the scenario was loaded.", str(path))
    if problems:
        raise PlantError(problems)
    return state


def _hash(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
