"""What a diagnosis of one workcell found, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One number behind a finding: before it and while it lasts.

    Attributes
    ----------
    name, unit : str
        For people; `unit` is empty for a plain number.
    before, during : float or None
        None where it is not known.
    z : float or None
        The change in standard errors.
    n : int or None
        Values behind `during`.
    """

    name: str
    unit: str
    before: float | None
    during: float | None
    z: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Loss:
    """What a finding costs in its time; None where it cannot be told.

    Attributes
    ----------
    units : float
        Units the resource could have made in the time lost.
    plant_units : float or None
        Upper bound of what the plant lost by it.
    kwh, money : float or None
        Energy and cost of the lost time, in `currency`.
    spare_share : float or None
        Time the station has to spare while the finding lasts.
    """

    units: float
    plant_units: float | None
    kwh: float | None
    money: float | None
    currency: str | None
    spare_share: float | None


@dataclass(frozen=True)
class Disorder:
    """One thing that is wrong at the workcell.

    Attributes
    ----------
    resource, label : str
        Machine, robot or station, and its name for people.
    since_s, until_s : float
    open : bool
        Whether it goes on at the end of the run.
    severity : str
    title, text : str
    expected, observed : float or None
        In `unit`.
    n : int or None
        Cycles (or stops, ...) behind `observed`.
    sure : float or None
        How sure it is that something changed, 0 to 1.
    false_alarm : float or None
        Chance of a finding as clear as this without a change.
    baseline_n : int or None
        Cycles of the baseline it is compared with; 0: the plant file alone.
    method : str
    cause : str
        Name of the cause.
    cause_sure : float or None
        How sure the cause is, 0 to 1.
    joint : int or None
        Joint of the robot, 1 to 6.
    substep : str or None
    why : str
        The cause in one sentence; may be empty.
    measures : tuple of Measure
    against : tuple of str
        What speaks against the cause, and what else fits.
    waits : tuple of (str, float)
        Stations that waited because of it, machine-seconds, the longest first.
    action : str
        What to do; may be empty.
    loss : Loss
    """

    resource: str
    label: str
    since_s: float
    until_s: float
    open: bool
    severity: str
    title: str
    text: str
    expected: float | None
    observed: float | None
    unit: str
    n: int | None
    sure: float | None
    false_alarm: float | None
    baseline_n: int | None
    method: str
    cause: str
    cause_sure: float | None
    joint: int | None
    substep: str | None
    why: str
    measures: tuple[Measure, ...]
    against: tuple[str, ...]
    waits: tuple[tuple[str, float], ...]
    action: str
    loss: Loss


@dataclass(frozen=True)
class OddCycle:
    """One cycle that differs from the others of its machine."""

    resource: str
    cycle: int
    start_s: float
    verdict: str
    duration_s: float
    standstill_s: float | None
    load_a: float | None
    signal: str | None
    signal_score: float | None


@dataclass(frozen=True)
class Judged:
    """One machine or robot whose cycles were looked at.

    Attributes
    ----------
    resource, label : str
    n : int
        Cycles.
    expected_s, observed_s : float or None
        By the plant file, and the median of the run.
    signals : tuple of str
        Sensors that were read.
    silent_s : float
        Longest time without a value of one of them.
    recorded : float
        Share of the run in which its state is known.
    odd : dict
        Verdict -> cycles; empty where cycles cannot be scored.
    usual : dict
        Feature -> its usual value.
    not_told : tuple of str
        What could not be looked at, and why.
    """

    resource: str
    label: str
    n: int
    expected_s: float | None
    observed_s: float | None
    signals: tuple[str, ...]
    silent_s: float
    recorded: float
    odd: dict[str, int] = field(default_factory=dict)
    usual: dict[str, float] = field(default_factory=dict)
    not_told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """All that is known of one workcell of a run.

    Attributes
    ----------
    run, status, start : str
        Name and status of the run, wall-clock time of its second 0.
    length_s : float
    imported : bool
        Made from logs of a real plant, not simulated.
    source : str
        Where imported logs are from, where the mapping says it.
    cleaned : tuple of str
        What the import did to the logs.
    workcell, label : str
    asked : str
        What was asked about: the workcell, or one thing of it.
    headline : str
        What, since when and how sure, in one sentence.
    disorders : tuple of Disorder
        What is wrong, the worst first; empty where nothing was found.
    elsewhere : tuple of str
        Findings about the whole plant or other stations that concern this workcell.
    judged : tuple of Judged
    odd : tuple of OddCycle
        The oddest single cycles, in order of time.
    thresholds : tuple of str
        From which size on something is a finding.
    """

    run: str
    status: str
    start: str
    length_s: float
    imported: bool
    source: str
    cleaned: tuple[str, ...]
    workcell: str
    label: str
    asked: str
    headline: str
    disorders: tuple[Disorder, ...]
    elsewhere: tuple[str, ...]
    judged: tuple[Judged, ...]
    odd: tuple[OddCycle, ...]
    thresholds: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


MOST_SHARE = 0.2
"""A verdict on more of the cycles than this is a lasting state, not a single odd cycle."""


def lasting(odd: dict[str, int]) -> list[str]:
    """Return the verdicts that too many cycles have to be single odd ones."""
    total = sum(odd.values())
    return [word for word, n in odd.items() if word != "normal" and n > MOST_SHARE * total]
