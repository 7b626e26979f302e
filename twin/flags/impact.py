"""What lost time costs: units of the resource, and of the plant.

A station that has time to spare loses no output when it slows down. So the plant's loss counts
only lost time beyond the spare time (starved, blocked, waiting) it had before, and only if almost
no spare time is left while flagged. Buffers downstream may cover even that: the plant's loss is
an upper bound within the run.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin.kpi.state_map import EXTERNAL_LOSSES
from twin.run.run import Run

SPARE_LEFT = 0.05
"""A station with more spare time than this share while flagged is no constraint."""


@dataclass(frozen=True)
class Impact:
    """Units lost at the resource, in the plant, and the spare time they are judged by."""

    lost_units: float
    plant_loss_units: float
    spare_share_before: float
    spare_share_during: float

    def evidence(self) -> dict[str, float]:
        """Return the numbers for a flag's evidence."""
        return {
            "plant_loss_units": self.plant_loss_units,
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
    return Impact(
        lost_units=lost_s / ideal_unit_s if ideal_unit_s > 0 else 0.0,
        plant_loss_units=beyond_s / ideal_unit_s if ideal_unit_s > 0 else 0.0,
        spare_share_before=before,
        spare_share_during=during,
    )


def spare_share(run: Run, machines: tuple[str, ...], from_s: float, to_s: float) -> float:
    """Return the share of recorded time in which machines waited for others."""
    spare, total = run.sql(
        "SELECT coalesce(sum(s) FILTER (state IN (SELECT unnest(?))), 0), coalesce(sum(s), 0)"
        " FROM (SELECT state, greatest(0, least(end_s, ?) - greatest(start_s, ?)) AS s FROM states"
        " WHERE kind = 'machine' AND resource IN (SELECT unnest(?)) AND end_s > ? AND start_s < ?)",
        [list(EXTERNAL_LOSSES), to_s, from_s, list(machines), from_s, to_s],
    ).iloc[0]
    return float(spare) / float(total) if total else 0.0
