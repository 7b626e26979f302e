"""The detector and its rivals on synthetic streams."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.diagnosis.rivals import RIVALS, Rival, alarms
from benchmarks.diagnosis.score import Outcome, Score
from benchmarks.diagnosis.shapes import SHAPES
from benchmarks.diagnosis.streams import (
    Base,
    Stream,
    faulty_streams,
    healthy_streams,
    lognormal,
)
from twin.flags.detector import Change, Design, Detector, Options
from twin.flags.detector.thresholds import FALSE_ALARMS_PER_CYCLE

CYCLE_S = 30.0
FAULTY_SEED, HEALTHY_SEED, TUNING_SEED = 101, 102, 103


@dataclass(frozen=True)
class Sizes:
    """How many streams: of each family and variation, healthy ones, and for tuning rivals.

    The last two are the first two for streams of other families.
    """

    faulty: int
    healthy: int
    tuning: int
    other_faulty: int
    other_healthy: int


@dataclass(frozen=True)
class Setting:
    """How the detector is used: cycles it learns from, and whether it knows the design."""

    name: str
    baseline: int
    learn: int
    design: bool = False


SETTINGS = (
    Setting("flags, 500 cycles", 500, 500),
    Setting("flags, 2,000 cycles", 2000, 2000),
    Setting("flags as used: 500, learning on, with design", 500, 2048, design=True),
)


def flags_score(
    setting: Setting, faulty: int, healthy: int, *, name: str = "", base: Base = lognormal
) -> Score:
    """Return the score of the detector of flags."""
    score = Score(name or setting.name)
    for stream in faulty_streams(faulty, setting.baseline, FAULTY_SEED, base):
        score.outcomes.append(_judged(stream, setting))
    for stream in healthy_streams(healthy, setting.baseline, HEALTHY_SEED, base):
        opened, _ = _run(stream, setting)
        score.false_alarms += sum(k >= stream.baseline for k in opened)
        score.station_hours += (len(stream.times) - stream.baseline) * CYCLE_S / 3600
    return score


def _run(stream: Stream, setting: Setting) -> tuple[list[int], list[Change]]:
    design = Design(1.0, stream.cv) if setting.design else None
    detector = Detector(design, Options(learn=setting.learn))
    events = detector.update(stream.times)
    return [e.index for e in events if e.what == "opens"], detector.found()


def _judged(stream: Stream, setting: Setting) -> Outcome:
    opened, changes = _run(stream, setting)
    family = stream.family
    if family is None:
        raise ValueError("a healthy stream has no fault to find")
    after = [k for k in opened if k >= stream.at]
    false = sum(stream.baseline <= k < stream.at for k in opened)
    if not after:
        return Outcome(_group(stream), None, false)
    lasting = max((c for c in changes if c.stop > stream.at), key=lambda c: c.n)
    right = lasting.cause in family.causes
    return Outcome(_group(stream), after[0] - stream.at, false, lasting.cause, right)


def _group(stream: Stream) -> str:
    label = stream.family.label if stream.family else "healthy"
    return f"{label}, CV {100 * stream.cv:.0f} %"


def rival_score(rival: Rival, baseline: int, sizes: Sizes) -> Score:
    """Return the score of a simple chart whose limit was set on streams of its own."""
    tuning = healthy_streams(sizes.tuning, baseline, TUNING_SEED)
    limit = rival.limit(tuning, FALSE_ALARMS_PER_CYCLE)
    score = Score(f"{rival.name} (limit {limit:.1f})")
    for stream in faulty_streams(sizes.faulty, baseline, FAULTY_SEED):
        raised = [stream.baseline + k for k in alarms(rival.statistic(stream), limit)]
        after = [k for k in raised if k >= stream.at]
        delay = after[0] - stream.at if after else None
        score.outcomes.append(Outcome(_group(stream), delay, len(raised) - len(after)))
    for stream in healthy_streams(sizes.healthy, baseline, HEALTHY_SEED):
        path = rival.statistic(stream)
        score.false_alarms += len(alarms(path, limit))
        score.station_hours += len(path) * CYCLE_S / 3600
    return score


def scores(sizes: Sizes) -> list[Score]:
    """Return the scores of all methods on the same streams."""
    found = [flags_score(setting, sizes.faulty, sizes.healthy) for setting in SETTINGS]
    return found + [rival_score(rival, 500, sizes) for rival in RIVALS]


def other_scores(sizes: Sizes) -> list[tuple[Score, Score]]:
    """Return the scores on streams of other families: 500 cycles, and as used."""
    short, _, used = SETTINGS
    return [
        (
            flags_score(short, sizes.other_faulty, sizes.other_healthy, name=name, base=base),
            flags_score(used, sizes.other_faulty, sizes.other_healthy, name=name, base=base),
        )
        for name, base in SHAPES.items()
    ]
