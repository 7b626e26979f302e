"""What the check of a plant found: problems, the capacity of every step, the bottleneck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twin.check.capacity import Capacity
from twin.errors import Problem

COLUMNS = (
    "step",
    "kind",
    "machines",
    "unit",
    "worked",
    "maintained",
    "capacity per h",
    "needed per h",
    "utilisation",
    "good products per h",
    "GWh per year",
)


@dataclass(frozen=True)
class CheckReport:
    """The result of a check.

    Attributes
    ----------
    problems : tuple of Problem
        Empty where the plant can work as planned.
    steps : tuple of Capacity
        Stations in file order, then sources, fleets and cranes.
    nameplate_per_h : float or None
        Planned good products per hour; None without a nameplate.
    wh_per_product : float or None
    operating_h_per_year : float or None
    """

    problems: tuple[Problem, ...]
    steps: tuple[Capacity, ...]
    nameplate_per_h: float | None = None
    wh_per_product: float | None = None
    operating_h_per_year: float | None = None

    @property
    def bottleneck(self) -> Capacity | None:
        """The step that allows the fewest good products.

        Sources are left out: they bring what is planned, not more.
        """
        limits = [s for s in self.steps if s.product_per_h is not None and s.kind != "source"]
        return min(limits, key=lambda step: step.product_per_h or 0.0, default=None)

    @property
    def capacity_per_h(self) -> float | None:
        """Good products per hour the bottleneck allows."""
        return self.bottleneck.product_per_h if self.bottleneck else None

    def utilisation(self, step: Capacity) -> float | None:
        """Return the share of its capacity a step needs at nameplate."""
        if self.nameplate_per_h is None:
            return None
        return self.nameplate_per_h * step.per_product / step.per_h

    def gwh_per_year(self, product_per_h: float | None) -> float | None:
        """Return good products per hour as GWh in a year of operation."""
        if (
            product_per_h is None
            or self.wh_per_product is None
            or self.operating_h_per_year is None
        ):
            return None
        return product_per_h * self.wh_per_product * self.operating_h_per_year / 1e9

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON data."""
        bottleneck = self.bottleneck
        return {
            "problems": [
                {"where": p.where, "what": p.what, "remedy": p.remedy} for p in self.problems
            ],
            "nameplate_per_h": self.nameplate_per_h,
            "capacity_per_h": self.capacity_per_h,
            "capacity_gwh_per_year": self.gwh_per_year(self.capacity_per_h),
            "bottleneck": bottleneck.id if bottleneck else None,
            "steps": [self._step_json(step) for step in self.steps],
        }

    def _step_json(self, step: Capacity) -> dict[str, Any]:
        return {
            "id": step.id,
            "label": step.label,
            "kind": step.kind,
            "machines": step.count,
            "unit": step.unit,
            "worked_share": step.worked_share,
            "maintenance_share": step.maintenance_share,
            "capacity_per_h": step.per_h,
            "needed_per_h": self._needed_per_h(step),
            "utilisation": self.utilisation(step),
            "product_per_h": step.product_per_h,
            "gwh_per_year": self.gwh_per_year(step.product_per_h),
        }

    @property
    def is_scheduled(self) -> bool:
        """Whether calendars or planned maintenance lower the capacity of a step."""
        return any(step.worked_share < 1 or step.maintenance_share > 0 for step in self.steps)

    def _needed_per_h(self, step: Capacity) -> float | None:
        return None if self.nameplate_per_h is None else self.nameplate_per_h * step.per_product


def report_table(report: CheckReport) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows of the capacity table; missing values are None.

    How much of the time a step is worked and maintained is left out where it is all and nothing.
    """
    left_out = {"label"} | (set() if report.is_scheduled else {"worked_share", "maintenance_share"})
    rows = [{k: v for k, v in step.items() if k not in left_out} for step in _steps(report)]
    columns = [c for c in COLUMNS if report.is_scheduled or c not in {"worked", "maintained"}]
    return columns, [list(row.values()) for row in rows]


def _steps(report: CheckReport) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = report.to_json()["steps"]
    return steps
