"""Flags: workcells below their expectation, with cause and evidence."""

from __future__ import annotations

from twin.flags.flag import Flag, flags_json
from twin.flags.flags import flags

__all__ = ["Flag", "flags", "flags_json"]
