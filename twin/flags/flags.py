"""All detectors over one run."""

from __future__ import annotations

from twin.flags.breakdown import breakdown_flags
from twin.flags.common_cause import common_flags, joined
from twin.flags.congestion import fleet_flags
from twin.flags.cycle import cycle_flags
from twin.flags.explained import explained
from twin.flags.flag import Flag
from twin.flags.plan import plan_flags
from twin.flags.product_effect import product_flags
from twin.flags.quality import scrap_flags
from twin.flags.robot_condition import condition_flags
from twin.flags.staffing import staffing_flags
from twin.flags.substep import substep_flags
from twin.flags.waiting import waiting_flags
from twin.run.run import Run

_DETECTORS = (
    substep_flags,
    cycle_flags,
    breakdown_flags,
    waiting_flags,
    plan_flags,
    scrap_flags,
    product_flags,
    fleet_flags,
    staffing_flags,
    common_flags,
    condition_flags,
)


def flags(run: Run) -> list[Flag]:
    """Find what is below its expectation in a run.

    Returns
    -------
    list of Flag
        Critical ones first, then by units lost.
    """
    found = [flag for detector in _DETECTORS for flag in detector(run)]
    found = explained(run, joined(run, found))
    return sorted(found, key=lambda f: (f.severity != "critical", -f.lost_units, f.resource))
