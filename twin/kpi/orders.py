"""Key figures of orders: how many are on time, and how late the others are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.kpi.reasons import Reasons
from twin.kpi.window import Window
from twin.run.run import Run

_NONE_DUE = "no order with a due time was finished or became due in the window"
_NONE_FINISHED = "no order was finished in the window"


@dataclass(frozen=True)
class OrderKpis:
    """Key figures of the orders of a run; `twin.kpi.registry` has the definition of each."""

    n: int
    finished: int
    late_open: int
    on_time_share: float | None
    mean_tardiness_s: float | None
    max_tardiness_s: float | None
    mean_lead_time_s: float | None
    good_units: int
    scrap_units: int
    why: dict[str, str] = field(default_factory=dict)


def order_kpis(run: Run, window: Window) -> OrderKpis | None:
    """Return the key figures of the orders; None where the plant has none."""
    if not run.plant.orders:
        return None
    rows = run.table("orders")
    due, finished = rows["due_s"].to_numpy(), rows["finished_s"].to_numpy()
    ended = np.isfinite(finished) & (finished > window.from_s) & (finished <= window.to_s)
    missed = ~(finished <= window.to_s) & (due > window.from_s) & (due <= window.to_s)
    judged = ended & np.isfinite(due)
    late_s = np.maximum(np.where(judged, finished - due, 0.0), 0.0)
    why = Reasons()
    n_judged = int((judged | missed).sum())
    on_time = int((judged & (late_s == 0)).sum())
    lead_s = (finished - rows["released_s"].to_numpy())[ended]
    return OrderKpis(
        n=len(run.plant.orders),
        finished=int(ended.sum()),
        late_open=int(missed.sum()),
        on_time_share=why.ratio("on_time_share", on_time, n_judged, _NONE_DUE),
        mean_tardiness_s=why.ratio(
            "mean_tardiness_s", float(late_s.sum()), int(judged.sum()), _NONE_DUE
        ),
        max_tardiness_s=why.value(
            "max_tardiness_s", float(late_s.max()) if judged.any() else None, _NONE_DUE
        ),
        mean_lead_time_s=why.value(
            "mean_lead_time_s", float(lead_s.mean()) if len(lead_s) else None, _NONE_FINISHED
        ),
        good_units=int(rows["good"].sum()),
        scrap_units=int(rows["scrap"].sum()),
        why=why.why,
    )
