"""Key figures of a run: `kpis` for tables and reports, `twin.kpi.series` for charts."""

from __future__ import annotations

from twin.kpi.kpis import Kpis, kpis
from twin.kpi.window import Window

__all__ = ["Kpis", "Window", "kpis"]
