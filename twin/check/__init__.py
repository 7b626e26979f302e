"""Proof from the plant file alone that a plant can work: layout, reach, routes, capacity."""

from twin.check.check import check_plant
from twin.check.report import CheckReport, report_table

__all__ = ["CheckReport", "check_plant", "report_table"]
