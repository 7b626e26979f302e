"""Which workcell and station a page is about."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.card import Shown
from dashboard.pages.detail import flags_of
from twin.errors import Problem, RunError, nearest
from twin.flags import Flag
from twin.plant.plant import Workcell
from twin.plant.station import Station


@dataclass(frozen=True)
class Focus:
    """The workcell of a page, and the station of it that charts are about."""

    workcell: Workcell
    station: Station | None

    @property
    def robot(self) -> str | None:
        """Robot of the station."""
        return self.station.robot if self.station else None

    @property
    def machines(self) -> tuple[str, ...]:
        """Machines of the station."""
        return self.station.machine_ids if self.station else ()

    @property
    def resource(self) -> str | None:
        """What the cycle is of: the robot, else the station."""
        return self.robot or (self.station.id if self.station else None)


def focus(now: Shown) -> Focus:
    """Return what the page is about: as the address says, else where the worst flag is.

    Raises
    ------
    RunError
        The plant has no such workcell.
    """
    cells = {w.id: w for w in now.run.plant.workcells()}
    name = now.view.workcell or _first(now, cells)
    if name not in cells:
        what = (
            f"plant '{now.run.plant.id}' has no workcell '{name}'{nearest(name or '', [*cells])}."
        )
        raise RunError(Problem(now.run.name, what, "Choose one on the overview."))
    workcell = cells[name]
    asked = [now.view.resource, *(f.resource for f in now.open.flags if f.workcell == name)]
    for wanted in asked:
        for station in workcell.stations:
            if wanted and wanted in {station.id, station.robot, *station.machine_ids}:
                return Focus(workcell, station)
    return Focus(workcell, workcell.stations[0] if workcell.stations else None)


def _first(now: Shown, cells: dict[str, Workcell]) -> str | None:
    flagged = [f.workcell for f in now.open.flags if f.workcell in cells]
    return flagged[0] if flagged else next(iter(cells), None)


def flags_here(now: Shown, here: Focus) -> list[Flag]:
    """Return the flags of the workcell."""
    return [f for f in now.open.flags if f.workcell == here.workcell.id]


def station_flags(now: Shown, here: Focus) -> list[Flag]:
    """Return the flags of the station and its robot."""
    flags = flags_here(now, here)
    return flags_of(now.run.plant, flags, here.resource) if here.resource else flags
