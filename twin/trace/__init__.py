"""Traceability: what a battery cell, lot or coil was made of, where it was, what became of it."""

from twin.trace.result import Trace
from twin.trace.subject import parse_subject
from twin.trace.trace import trace

__all__ = ["Trace", "parse_subject", "trace"]
