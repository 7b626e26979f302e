"""Shared types of the records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Columns = dict[str, Sequence[object] | np.ndarray]

GOES_ON = -1
"""The cycle in work goes on after the stop, or begins again."""

Gap = tuple[float, float, int]
"""A stop during a visit: seconds of work done before it, seconds it adds, cycles it ended.

The last is `GOES_ON`, or, where the unit in work was scrapped, the number of cycles of the visit up
to and with that one: what comes after them begins after the stop.
"""

Gaps = list[Gap]
