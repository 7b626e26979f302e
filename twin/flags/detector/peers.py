"""What identical machines say of one another before its own baseline is long enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.flags.detector.design import MOST_WEIGHT, TOLERANCE, Design, Peers
from twin.flags.detector.frame import Floats, robust_frame

LEARN = 256
"""First cycles of a machine that its level is taken from."""
LEAST_CYCLES = 32
LEAST_PEERS = 2
_PRIOR_PEERS = 4.0
"""Machines for which the tolerance counts as spread between machines."""
_MEDIAN_SD = 1.2533
_AGREE = 3.0
"""Doubts by which peers and design may differ and still be taken for one."""


@dataclass(frozen=True)
class Level:
    """Where the first cycles of a machine lie: middle and standard deviation of the logarithms."""

    centre: float
    sd: float
    error: float
    mean: float


def level_of(times: Floats) -> Level | None:
    """Return the level of a machine's first cycles, if there are enough."""
    first = np.maximum(np.asarray(times[:LEARN], dtype=np.float64), 1e-12)
    if len(first) < LEAST_CYCLES:
        return None
    frame = robust_frame(np.log(first), None)
    error = _MEDIAN_SD * frame.scale * math.sqrt(frame.dependence / len(first))
    return Level(frame.centre, frame.scale, error, float(first.mean()))


def peers_of(others: Sequence[Level]) -> Peers | None:
    """Return the prior that other identical machines give, from two of them on.

    The middle is the median of their middles, so one odd machine of three does not move it. The
    spread between machines is that of the middles, joined with half a per cent that counts as four
    machines (inverse gamma). The doubt of a further machine is that spread, for itself and for the
    middle of the others, and the error of their middles.
    """
    k = len(others)
    if k < LEAST_PEERS:
        return None
    centres = np.array([one.centre for one in others])
    centre = float(np.median(centres))
    error = float(np.mean([one.error**2 for one in others]))
    seen = max(float(np.sum((centres - centre) ** 2)) - k * error, 0.0)
    between = (_PRIOR_PEERS * TOLERANCE**2 + seen) / (_PRIOR_PEERS + k)
    doubt = math.sqrt(between + _MEDIAN_SD**2 * (between + error) / k)
    return Peers(
        centre=centre,
        sd=float(np.median([one.sd for one in others])),
        mean=float(np.median([one.mean for one in others])),
        doubt=doubt,
        n=k,
    )


def agree(design: Design, peers: Peers) -> bool:
    """Whether the peers run as designed, as far as both are known."""
    doubt = math.hypot(design.doubt(peers.sd), peers.doubt)
    return abs(design.centre - peers.centre) <= _AGREE * doubt


def joined(design: Design, peers: Peers) -> Peers:
    """Return what both say together, by their precision."""
    mine, theirs = design.doubt(peers.sd) ** -2, peers.doubt**-2
    share = theirs / (mine + theirs)
    centre = design.centre + share * (peers.centre - design.centre)
    return Peers(
        centre=centre,
        sd=peers.sd,
        mean=design.mean * math.exp(centre - design.centre),
        doubt=max((mine + theirs) ** -0.5, peers.sd / math.sqrt(MOST_WEIGHT)),
        n=peers.n,
    )
