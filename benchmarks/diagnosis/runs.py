"""Flags of whole runs: two small plants with one fault at a time, with two, and without."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.diagnosis.faults import PAIRS, Injection, injections
from benchmarks.diagnosis.score import Outcome, Score
from sim import simulate
from twin.flags import Flag, flags
from twin.plant.load import load_scenario
from twin.plant.scenario import Fault, Scenario


@dataclass(frozen=True)
class Board:
    """A plant of the board: its file, the length of a run, and its machines and robots."""

    path: Path
    horizon_s: float
    machines: int


BOARDS = {
    "board": Board(Path(__file__).with_name("plant.yaml"), 6 * 3600.0, 6),
    "board_lots": Board(Path(__file__).with_name("plant_lots.yaml"), 8 * 3600.0, 4),
}


@dataclass(frozen=True)
class RunScores:
    """Scores of one fault at a time and of pairs."""

    single: Score
    pairs: Score


def faults_score(seeds: Iterable[int]) -> RunScores:
    """Return the scores of flags on every injection and pair, with one run each for each seed."""
    found = RunScores(Score("flags"), Score("flags, two faults at a time"))
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            for one in injections():
                seen = run_flags(scenario(one.plant, seed, [one]), Path(folder) / "run")
                found.single.outcomes.append(judged(one, seen))
            for pair in PAIRS:
                seen = run_flags(scenario(pair[0].plant, seed, pair), Path(folder) / "run")
                found.pairs.outcomes += [
                    judged(one, seen, besides=[other for other in pair if other is not one])
                    for one in pair
                ]
    return found


def scenario(plant: str, seed: int, faults: Sequence[Injection]) -> Scenario:
    """Return a scenario of a plant of the board with some faults."""
    board = BOARDS[plant]
    made = load_scenario(board.path, horizon_s=board.horizon_s, seed=seed)
    return made.model_copy(update={"faults": [_fault(one) for one in faults]})


def _fault(injection: Injection) -> Fault:
    values: dict[str, object] = {"kind": injection.kind, **injection.values}
    if injection.at_h is not None:
        values["at"] = injection.at_h * 3600
    fault: Fault = TypeAdapter(Fault).validate_python(values)
    return fault


def run_flags(made: Scenario, folder: Path) -> list[Flag]:
    """Return all flags of a run, the worst first."""
    return flags(simulate(made, folder, force=True))


def judged(
    injection: Injection, found: Sequence[Flag], besides: Sequence[Injection] = ()
) -> Outcome:
    """Return what flags, the worst first, made of one fault; `besides` are known faults too."""
    at_s = (injection.at_h or 0.0) * 3600 - injection.early_s
    mine = [f for f in found if injection.finds(f) and f.until_s > at_s]
    true = [f for f in mine if f.since_s >= at_s or at_s <= 0]
    other = [f for f in found if f not in mine and not _known(f, [injection, *besides])]
    wrong = [f for f in mine if f not in true or not injection.right(f)]
    strict = bool(mine) and mine[0] in true and injection.right_strictly(mine[0])
    n_wrong = len(other) + len(wrong)
    if not true:
        return Outcome(injection.kind, None, len(other), strict=strict, wrong=n_wrong)
    first = max(true, key=lambda f: (injection.right(f), f.lost_units))
    delay = max(0.0, first.since_s - at_s - injection.early_s)
    right = injection.right(first)
    return Outcome(injection.kind, delay, len(other), first.cause, right, strict, n_wrong)


def _known(flag: Flag, faults: Sequence[Injection]) -> bool:
    """Whether a flag is a consequence of a fault, or about another fault of the run."""
    return any(flag.cause in one.follows or one.finds(flag) for one in faults)


def kinds(score: Score) -> Iterator[Score]:
    """Yield the score of every kind of fault."""
    for kind in sorted({o.group for o in score.outcomes}):
        part = score.of(kind)
        part.method = kind
        yield part
