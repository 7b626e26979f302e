"""Scores of single cycles against what is usual for the same machine.

For every cycle there are features: how long it took, how long the robot stood still in it, how much
current its joints drew (Euclidean norm of the joints' mean currents: what the arm and its load
weigh), and the mean of every signal. A score is the distance from the usual in standard deviations;
the usual is the shortest interval that holds half of the first cycles, so that bad ones among these
do not spoil it while they are fewer than half.

What the scores mean for a robot: it stood still much longer than usual (a protective stop, or
somebody stopped it); it drew less current than usual at the same work (it carried nothing: a lost
grip); it took longer without standing still (it moved slower).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.errors import Problem, RunError
from twin.run.run import Run
from twin.signature.cycles import cycle_numbers, cycles_of, samples_of

Floats = NDArray[np.float64]

LIMIT = 4.0
"""Score of an unusual cycle ..."""
LOAD_LIMIT = 3.5
"""... and of one that drew less current than usual: one side only, and one feature."""
HALF_TO_SD = 1.349
TENTH_TO_SD = 1.2816
SMALL_SAMPLE = 5.0
"""Correction of the shortest half's spread, which is too small for few values: 1 + 5 / n."""
LEAST_CYCLES = 10
USUAL_SHARE, USUAL_LEAST, USUAL_MOST = 0.25, 50, 500
"""The first quarter of the cycles says what is usual, at least 50 and at most 500 of them."""
STILL_SHARE = 0.02
"""A joint slower than this share of the fastest joint's 99th percentile stands still."""
LEAST_SD_SHARE = 0.005
"""Smallest spread of a feature, as a share of its median: what is nearly constant has one too."""
_JOINT_CURRENT = re.compile(r"current_j\d+_a")
_TEMPERATURE = re.compile(r"(?:\w+_)?temp\w*_c")
_JOINT_SPEED = re.compile(r"speed_j\d+_\w+")


@dataclass(frozen=True)
class Signature:
    """Features and scores of every cycle of one resource.

    Attributes
    ----------
    resource : str
    cycles : DataFrame
        ``cycle``, ``start_s``, ``end_s``, ``duration_s``; ``standstill_s`` and ``load_a`` where
        joint speeds and currents are known; a ``..._score`` of each; ``signal``, the most unusual
        single signal, and its ``signal_score``; ``verdict``: normal, slow, fast, stopped,
        load_lost, overload or unusual.
    baseline : dict
        Feature -> its usual value: the middle of the shortest half of the first cycles.
    n : int
        Cycles.
    missing : tuple of str
        Features that cannot be told, with the reason.
    """

    resource: str
    cycles: pd.DataFrame
    baseline: dict[str, float]
    n: int
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        rows = self.cycles.astype(object).where(self.cycles.notna(), None)
        return {
            "resource": self.resource,
            "n": self.n,
            "limit": LIMIT,
            "baseline": self.baseline,
            "missing": list(self.missing),
            "cycles": rows.to_dict("records"),
        }


def signature(run: Run, resource: str) -> Signature:
    """Score every cycle of a machine or robot against the others.

    Raises
    ------
    RunError
        There is no such thing, or it has fewer than 10 cycles.
    """
    cycles = cycles_of(run, resource)
    if len(cycles) < LEAST_CYCLES:
        raise RunError(
            Problem(
                run.name,
                f"'{resource}' has {len(cycles)} cycles; {LEAST_CYCLES} are needed to tell what "
                "is usual.",
                "Take a longer run.",
            )
        )
    samples = samples_of(run, resource)
    number = cycle_numbers(
        cycles, samples.index.to_numpy(dtype=np.float64), with_start=is_imported(run)
    )
    inside, number = samples[number >= 0], number[number >= 0]
    missing: list[str] = []
    features = cycles[["duration_s"]].copy()
    for name, values, why in (
        ("standstill_s", _standstill(inside, number, len(cycles)), "no joint speeds"),
        ("load_a", _load(inside, number, len(cycles)), "no joint currents"),
    ):
        if values is None:
            missing.append(f"{name}: {why}")
        else:
            features[name] = values
    resolution, n_usual = _resolution_s(run, inside), usual_cycles(len(cycles))
    means = inside.groupby(number).mean().reindex(range(len(cycles))).reset_index(drop=True)
    made = cycles.join(features.drop(columns="duration_s"))
    for name in map(str, features.columns):
        least = resolution if name.endswith("_s") else 0.0
        made[f"{name.rpartition('_')[0]}_score"] = robust_z(features[name], n_usual, least)
    made = made.join(_single(means, n_usual))
    made["verdict"] = _verdicts(made)
    baseline = {
        name: shortest_half(features[name][:n_usual].dropna().to_numpy(dtype=np.float64))[0]
        for name in map(str, features.columns)
    }
    return Signature(resource, made, baseline, len(cycles), tuple(missing))


def is_imported(run: Run) -> bool:
    """Whether a run was made from logs, not simulated."""
    return (run.folder / "import.json").is_file()


def _resolution_s(run: Run, inside: pd.DataFrame) -> float:
    """Return how exactly times are known: cycles cut from samples are as coarse as these."""
    if not is_imported(run) or len(inside) < 3:
        return 0.0
    return float(np.median(np.diff(inside.index.to_numpy(dtype=np.float64))))


def usual_cycles(n: int) -> int:
    """Return how many of the first of `n` cycles say what is usual."""
    return int(np.clip(USUAL_SHARE * n, USUAL_LEAST, USUAL_MOST))


def robust_z(values: pd.Series, n_usual: int, least_sd: float = 0.0) -> pd.Series:
    """Return the distance from the shortest half of the first cycles in standard deviations.

    The shortest interval with half of the values has the length 1.349 sd for normal values; its
    middle is the location (Rousseeuw and Leroy 1988, "A robust scale estimator based on the
    shortest half", Statistica Neerlandica 42). A nearly constant feature is given a small spread.
    """
    middle, sd = shortest_half(values[:n_usual].dropna().to_numpy(dtype=np.float64))
    return (values - middle) / max(sd, least_sd, LEAST_SD_SHARE * abs(middle), 1e-9)


def skewed_z(values: pd.Series, n_usual: int) -> pd.Series:
    """Return the distance from the usual, with a spread of its own on either side.

    The shortest half of a skewed signal says too little of its longer tail: the magnitude of a
    joint's current that is nearly zero cannot be below it. The first and last tenth of the first
    cycles, 1.2816 sd from the middle for normal values, widen the spread of their side.
    """
    first = values[:n_usual].dropna().to_numpy(dtype=np.float64)
    if not len(first):
        return pd.Series(np.nan, index=values.index)
    middle, sd = shortest_half(first)
    low, high = np.quantile(first, [0.1, 0.9])
    least = max(sd, LEAST_SD_SHARE * abs(middle), 1e-9)
    above = max((high - middle) / TENTH_TO_SD, least)
    below = max((middle - low) / TENTH_TO_SD, least)
    return (values - middle) / pd.Series(np.where(values >= middle, above, below), values.index)


def shortest_half(values: Floats) -> tuple[float, float]:
    """Return middle and standard deviation by the shortest interval with half of the values."""
    ordered = np.sort(values)
    n = len(ordered)
    if not n:
        return float("nan"), float("nan")
    half = n // 2 + 1
    lengths = ordered[half - 1 :] - ordered[: n - half + 1]
    shortest = np.flatnonzero(lengths <= lengths.min() + 1e-12)
    k = int(shortest[len(shortest) // 2])
    middle = (ordered[k] + ordered[k + half - 1]) / 2
    return float(middle), float(lengths[k] / HALF_TO_SD * (1 + SMALL_SAMPLE / n))


def _standstill(inside: pd.DataFrame, number: np.ndarray, n: int) -> pd.Series | None:
    """Return the seconds of each cycle in which no joint moved."""
    speeds = inside[[c for c in inside if _JOINT_SPEED.fullmatch(str(c))]].abs()
    if speeds.empty:
        return None
    limit = STILL_SHARE * float(speeds.quantile(0.99).max())
    still = (speeds.max(axis=1) < limit).to_numpy(dtype=np.float64)
    t = inside.index.to_numpy(dtype=np.float64)
    step = np.diff(t, prepend=t[:1])
    step = np.minimum(step, 5.0 * float(np.median(step[1:])) if len(step) > 1 else step)
    return pd.Series(still * step).groupby(number).sum().reindex(range(n))


def _load(inside: pd.DataFrame, number: np.ndarray, n: int) -> pd.Series | None:
    """Return the norm of the joints' mean currents of each cycle, in ampere.

    Joints need not be sampled at the same moments.
    """
    currents = inside[[c for c in inside if _JOINT_CURRENT.fullmatch(str(c))]].abs()
    means = currents.groupby(number).mean().dropna()
    if means.empty:
        return None
    norm: pd.Series = np.sqrt((means**2).sum(axis=1)).reindex(range(n))
    return norm


def _single(means: pd.DataFrame, n_usual: int) -> pd.DataFrame:
    """Return the most unusual single signal of every cycle, and its score.

    Temperatures follow the hours, not the cycle, and are left out.
    """
    means = means[[c for c in means if not _TEMPERATURE.fullmatch(str(c))]]
    if means.empty or not len(means.columns):
        return pd.DataFrame({"signal": None, "signal_score": np.nan}, index=means.index)
    scores = means.apply(lambda column: skewed_z(column, n_usual))
    known = scores.notna().any(axis=1)
    name = scores.abs().where(known, 0.0).fillna(0.0).idxmax(axis=1).where(known)
    values = scores.to_numpy(dtype=np.float64)
    column = scores.columns.get_indexer(pd.Index(name.fillna(scores.columns[0])))
    score = np.where(known, values[np.arange(len(scores)), column], np.nan)
    return pd.DataFrame({"signal": name, "signal_score": score}, index=means.index)


def _verdicts(made: pd.DataFrame) -> pd.Series:
    """Return the first verdict that holds for each cycle."""

    def over(name: str, sign: float = 1.0, limit: float = LIMIT) -> pd.Series:
        if name not in made:
            return pd.Series(False, index=made.index)
        return (sign * made[name]).fillna(0.0) >= limit

    longer = over("duration_score")
    stopped = over("standstill_score") & longer
    verdict = pd.Series("normal", index=made.index)
    for word, holds in (
        ("unusual", over("signal_score") | over("signal_score", -1.0)),
        ("overload", over("load_score")),
        ("fast", over("duration_score", -1.0)),
        ("slow", longer),
        ("load_lost", over("load_score", -1.0, LOAD_LIMIT) & ~stopped),
        ("stopped", stopped),
    ):
        verdict = verdict.mask(holds, word)
    return verdict
