"""What lost time costs: units of the resource, and of the plant.

A station that has time to spare loses no output when it slows down. So the plant's loss counts
only lost time beyond the spare time (starved, blocked, waiting) it had before, and only if almost
no spare time is left while flagged. Buffers downstream may cover even that: the plant's loss is
an upper bound within the run.

In the lost time the machine runs at its working power for nothing, and its hourly cost (write-off
or rate) is spent for nothing: that is the energy and the money of a flag. Margin on units not sold
is not counted, as no plant file gives one.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin.kpi.state_map import EXTERNAL_LOSSES
from twin.plant.plant import Plant
from twin.plant.station import Station
from twin.run.run import Run

SPARE_LEFT = 0.05
"""A station with more spare time than this share while flagged is no constraint."""


@dataclass(frozen=True)
class Impact:
    """Units lost at the resource, in the plant, and the spare time they are judged by.

    ``lost_kwh`` is electric energy of the machine in the lost time; ``lost_money`` what that energy
    and the machine's hours cost, in ``currency``; None where the plant file gives no such cost.
    """

    lost_units: float
    plant_loss_units: float
    spare_share_before: float
    spare_share_during: float
    lost_kwh: float
    lost_money: float | None
    currency: str | None

    def evidence(self) -> dict[str, float | str | None]:
        """Return the numbers for a flag's evidence."""
        return {
            "plant_loss_units": self.plant_loss_units,
            "lost_kwh": self.lost_kwh,
            "lost_money": self.lost_money,
            "currency": self.currency,
            "spare_share_before": self.spare_share_before,
            "spare_share_during": self.spare_share_during,
        }

    def sentence(self) -> str:
        """Return what the loss means for the plant."""
        if self.plant_loss_units > 0:
            return f"The plant loses up to {self.plant_loss_units:.0f} units."
        return (
            f"The station still has {100 * self.spare_share_during:.0f} % of its time to spare,"
            " so the plant's output does not suffer yet."
        )


def impact(
    run: Run, machines: tuple[str, ...], since_s: float, until_s: float, *, lost_s: float,
    ideal_unit_s: float,
) -> Impact:  # fmt: skip
    """Judge `lost_s` machine-seconds lost between two times.

    Parameters
    ----------
    run : Run
        The run.
    machines : tuple of str
        Machines of the station concerned (all of them: they share the work).
    since_s, until_s : float
        The time of the flag.
    lost_s : float
        Machine-seconds lost in that time.
    ideal_unit_s : float
        Ideal machine time of one unit.
    """
    during = spare_share(run, machines, since_s, until_s)
    before = spare_share(run, machines, 0.0, since_s) if since_s > 0 else during
    time_s = (until_s - since_s) * len(machines)
    beyond_s = max(0.0, lost_s - before * time_s) if during < SPARE_LEFT else 0.0
    lost_kwh = lost_energy_kwh(run.plant, machines, lost_s)
    money = lost_money(run.plant, machines, lost_s, lost_kwh)
    return Impact(
        lost_kwh=lost_kwh,
        lost_money=money,
        currency=run.plant.costs.currency if run.plant.costs and money is not None else None,
        lost_units=lost_s / ideal_unit_s if ideal_unit_s > 0 else 0.0,
        plant_loss_units=beyond_s / ideal_unit_s if ideal_unit_s > 0 else 0.0,
        spare_share_before=before,
        spare_share_during=during,
    )


def lost_energy_kwh(plant: Plant, machines: tuple[str, ...], lost_s: float) -> float:
    """Return the energy of lost machine-seconds at working power, in kWh."""
    station = _station_of(plant, machines)
    return station.power.working_kw * lost_s / 3600 if station else 0.0


def lost_money(
    plant: Plant, machines: tuple[str, ...], lost_s: float, lost_kwh: float
) -> float | None:
    """Return the cost of lost machine-seconds: of their energy, and of the machine's hours."""
    station, costs = _station_of(plant, machines), plant.costs
    if station is None or costs is None:
        return None
    machine = costs.machines.get(station.id)
    if machine is None and costs.energy_per_kwh is None:
        return None
    rate = machine.rate_per_h(costs.hours_per_year) if machine else 0.0
    return lost_kwh * (costs.energy_per_kwh or 0.0) + rate * lost_s / 3600


def _station_of(plant: Plant, machines: tuple[str, ...]) -> Station | None:
    return next((s for s in plant.stations.values() if set(machines) & set(s.machine_ids)), None)


def spare_share(run: Run, machines: tuple[str, ...], from_s: float, to_s: float) -> float:
    """Return the share of recorded time in which machines waited for others."""
    spare, total = run.sql(
        "SELECT coalesce(sum(s) FILTER (state IN (SELECT unnest(?))), 0), coalesce(sum(s), 0)"
        " FROM (SELECT state, greatest(0, least(end_s, ?) - greatest(start_s, ?)) AS s FROM states"
        " WHERE kind = 'machine' AND resource IN (SELECT unnest(?)) AND end_s > ? AND start_s < ?)",
        [list(EXTERNAL_LOSSES), to_s, from_s, list(machines), from_s, to_s],
    ).iloc[0]
    return float(spare) / float(total) if total else 0.0
