"""``python -m benchmarks.diagnosis.calibrate``: false alarms of the detector on healthy streams.

How the thresholds in `twin.flags.detector.thresholds` were chosen: level, spread and micro-stops
such that together they stay below 1.5 false alarms per 1,000 station-hours of 30 s cycles.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.diagnosis.streams import healthy_streams
from benchmarks.table import grid
from twin.flags.detector import Design, Detector, Options
from twin.flags.detector.thresholds import THRESHOLDS

SEED = 104
CYCLES_PER_1000_H = 120_000
HEAD = ("learned", "design", "threshold", "slow", "fast", "drift", "spread", "micro_stops", "all")


@dataclass
class Rates:
    """False alarms by cause."""

    cycles: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def per_1000_h(self, cause: str | None = None) -> float:
        """Return false alarms per 1,000 station-hours, of one cause or of all."""
        n = self.found.total() if cause is None else self.found[cause]
        return n * CYCLES_PER_1000_H / max(self.cycles, 1)


def rates(n: int, baseline: int, *, learn: int, design: bool, raised: float = 0.0) -> Rates:
    """Count what is opened on `n` healthy streams, thresholds raised by `raised`."""
    level, spread, stops = (limit + raised for limit in THRESHOLDS)
    options = Options(learn=learn, thresholds=(level, spread, stops))
    result = Rates()
    for stream in healthy_streams(n, baseline, SEED):
        detector = Detector(Design(1.0, stream.cv) if design else None, options)
        opened = [e for e in detector.update(stream.times) if e.what == "opens"]
        result.cycles += len(stream.times) - baseline
        result.found.update(e.change.cause for e in opened if e.index >= baseline)
    return result


def table(n: int) -> Iterator[list[str]]:
    """Yield the rows of the calibration."""
    for raised in (-4.0, 0.0):
        for baseline, learn, design in ((500, 500, False), (2000, 2000, False), (500, 2048, True)):
            found = rates(n, baseline, learn=learn, design=design, raised=raised)
            learned = f"{learn:,}" if learn == baseline else f"{baseline:,}, goes on"
            yield [
                learned, "yes" if design else "no", f"{raised:+g}" if raised else "as used",
                *(f"{found.per_1000_h(cause):.2f}" for cause in HEAD[3:-1]),
                f"{found.per_1000_h():.2f}",
            ]  # fmt: skip


def main() -> int:
    """Print the table."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    print(grid(HEAD, list(table(n))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
