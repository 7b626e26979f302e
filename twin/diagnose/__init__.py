"""A one-page finding about one workcell of a run."""

from __future__ import annotations

from twin.diagnose.diagnose import diagnose
from twin.diagnose.finding import Finding
from twin.diagnose.text import markdown

__all__ = ["Finding", "diagnose", "markdown"]
