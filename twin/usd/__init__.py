"""The USD stage: a run as a scene that other tools open."""

from twin.usd.stage import StageReport, write_stage
from twin.usd.validation import validate

__all__ = ["StageReport", "validate", "write_stage"]
