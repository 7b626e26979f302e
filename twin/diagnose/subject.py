"""What a diagnosis is about: a workcell, or one station, machine or robot of it."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import Problem, RunError, nearest
from twin.plant.plant import Workcell
from twin.plant.station import Station
from twin.run.run import Run

_SHOWN = 30


@dataclass(frozen=True)
class Subject:
    """A workcell, and the stations of it that were asked about.

    Attributes
    ----------
    asked : str
        The name that was given.
    workcell : Workcell
    stations : tuple of Station
        All of the workcell, or the one asked about.
    """

    asked: str
    workcell: Workcell
    stations: tuple[Station, ...]

    @property
    def whole(self) -> bool:
        """Whether all of the workcell was asked about."""
        return self.asked == self.workcell.id

    @property
    def resources(self) -> tuple[str, ...]:
        """Robots and machines whose cycles are looked at; of a robot station the robot."""
        found: list[str] = []
        for station in self.stations:
            found += [station.robot] if station.robot else station.machine_ids
        return tuple(found)

    @property
    def names(self) -> set[str]:
        """Ids of all that was asked about."""
        found = {self.asked}
        for station in self.stations:
            found |= {station.id, *station.machine_ids}
            found |= {station.robot} if station.robot else set()
        return found

    def station_of(self, resource: str) -> Station | None:
        """Return the station of a machine, robot or station id."""
        return next((s for s in self.stations if resource in {s.id, s.robot, *s.machine_ids}), None)


def subject_of(run: Run, name: str) -> Subject:
    """Return what a name stands for.

    Raises
    ------
    RunError
        The plant has no such workcell, station, machine or robot.
    """
    cells = {w.id: w for w in run.plant.workcells()}
    if name in cells:
        return Subject(name, cells[name], tuple(cells[name].stations))
    cell = cells.get(run.plant.workcell_of.get(name, ""))
    if cell is None:
        known = [*cells, *run.plant.workcell_of]
        what = f"plant '{run.plant.id}' has no workcell, station, machine or robot '{name}'"
        raise RunError(
            Problem(
                run.name,
                f"{what}{nearest(name, known)}.",
                f"Workcells are {', '.join([*cells][:_SHOWN])}.",
            )
        )
    own = [s for s in cell.stations if name in {s.id, s.robot, *s.machine_ids}]
    return Subject(name, cell, tuple(own or cell.stations))
