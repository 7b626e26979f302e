"""The USD stage: a run as a scene that other tools open."""

from twin.usd.report import StageReport
from twin.usd.several import add_run, write_comparison
from twin.usd.stage import write_stage
from twin.usd.validation import validate

__all__ = ["StageReport", "add_run", "validate", "write_comparison", "write_stage"]
