"""Change detection on streams of cycle times; arrays in, findings out."""

from __future__ import annotations

from twin.flags.detector.change import Change, Event
from twin.flags.detector.design import Design, Known, Options, Peers
from twin.flags.detector.detector import Detector

__all__ = ["Change", "Design", "Detector", "Event", "Known", "Options", "Peers"]
