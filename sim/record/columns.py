"""Shared types of the records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Columns = dict[str, Sequence[object] | np.ndarray]

Gaps = list[tuple[float, float]]
"""Stops during a visit: (seconds of work done before it, seconds it adds)."""
