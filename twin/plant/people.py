"""People: shifts and worker pools (operators and repair crews)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Id, Model, Positive, TimeS, Vec2


class Shift(Model):
    """A daily shift; shifts together may leave hours in which nobody works."""

    id: Id
    label: str = ""
    start: TimeS = Field(description="Time of day, e.g. 06:00")
    hours: float = Field(gt=0, le=24)


class WorkerPool(Model):
    """Workers with one skill, who wait at `home` and walk to where they are needed."""

    id: Id
    label: str = ""
    kind: Literal["operator", "repair"]
    home_m: Vec2
    staff: dict[Id, int] = Field(description="Workers present by shift id")
    walk_mps: Positive

    @property
    def worker_ids(self) -> tuple[str, ...]:
        """Ids for the largest staffing, ``operators_1``..."""
        return tuple(f"{self.id}_{k + 1}" for k in range(max(self.staff.values(), default=0)))
