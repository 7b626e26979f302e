"""Policies of OEE: what planned time is, and which ratio each loss lowers.

The numbers behind them are the same seconds; only where they are counted differs. No policy claims
conformance to the document it is named after: `source` says what was read, and what is a decision
of celltwin.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import CelltwinError, Problem, nearest
from twin.kpi.state_map import (
    AVAILABILITY_LOSSES,
    EXTERNAL_LOSSES,
    PLANNED_LOSSES,
    QUALITY_LOSSES,
    UNPLANNED_LOSSES,
)


@dataclass(frozen=True)
class Policy:
    """One way to count losses.

    Attributes
    ----------
    name, title : str
    planned_time : str
        What planned time is, in words.
    outside : tuple of str
        Losses outside planned time.
    availability, performance : tuple of str
        Losses that lower each ratio; ``scrap`` lowers quality in every policy.
    source : str
        Where it comes from, what was read and what was decided.
    """

    name: str
    title: str
    planned_time: str
    outside: tuple[str, ...]
    availability: tuple[str, ...]
    performance: tuple[str, ...]
    source: str

    def counts(self) -> dict[str, str]:
        """Return where each loss is counted, in the order of the state map."""
        where = dict.fromkeys(self.availability, "availability")
        where |= dict.fromkeys(self.performance, "performance")
        where |= dict.fromkeys(QUALITY_LOSSES, "quality")
        where |= dict.fromkeys(self.outside, "outside planned time")
        return {loss: where[loss] for loss in (*PLANNED_LOSSES, *UNPLANNED_LOSSES)}

    def to_json(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "planned_time": self.planned_time,
            "counts": self.counts(),
            "source": self.source,
        }


_PLANNED = "calendar time less off-shift, planned maintenance and unrecorded time"

TPM = Policy(
    name="tpm",
    title="total productive maintenance: minor stops are a loss of performance",
    planned_time=_PLANNED,
    outside=UNPLANNED_LOSSES,
    availability=(*AVAILABILITY_LOSSES, *EXTERNAL_LOSSES),
    performance=("minor_stops", "speed"),
    source="The six big losses of total productive maintenance: minor stops and reduced speed "
    "lower performance. That waiting for others lowers availability, and that planned maintenance "
    "lies outside planned time, is celltwin's decision. No conformance was checked.",
)
ISO22400 = Policy(
    name="iso22400",
    title="in the manner of ISO 22400-2: availability is production time over busy time",
    planned_time=_PLANNED + " (planned busy time)",
    outside=UNPLANNED_LOSSES,
    availability=(*AVAILABILITY_LOSSES, *EXTERNAL_LOSSES, "minor_stops"),
    performance=("speed",),
    source="Availability APT / PBT, effectiveness PRI x PQ / APT and quality GQ / PQ as OPC UA for "
    "Machine Tools, Annex C.2.4, quotes ISO 22400-2:2014; ISO 22400-2 itself was not read. That "
    "minor stops are no production time, and the time element of each state, is celltwin's "
    "decision. No conformance was checked.",
)
SMRP = Policy(
    name="smrp",
    title="in the manner of SMRP: only time not demanded is left out",
    planned_time="calendar time less off-shift (idle, not demanded) and unrecorded time",
    outside=("off_shift", "unrecorded"),
    availability=(*AVAILABILITY_LOSSES, *EXTERNAL_LOSSES, "maintenance"),
    performance=("minor_stops", "speed"),
    source="SMRP metric 2.2 (revised 2016): availability is uptime over (total available time - "
    "idle time), uptime excludes scheduled and unscheduled downtime, and missing raw material is "
    "no idle time. Where blocking, other waiting and minor stops count is celltwin's decision; "
    "metric 2.1.1 (OEE) itself was not read. No conformance was checked.",
)

POLICIES: dict[str, Policy] = {p.name: p for p in (TPM, ISO22400, SMRP)}


def policy_named(name: str) -> Policy:
    """Return the policy with a name.

    Raises
    ------
    CelltwinError
        There is none.
    """
    if name not in POLICIES:
        raise CelltwinError(
            Problem(
                "--policy",
                f"'{name}' is no OEE policy{nearest(name, [*POLICIES])}.",
                f"Policies are {', '.join(POLICIES)}.",
            )
        )
    return POLICIES[name]
