"""Numbers, times and names as a finding writes them."""

from __future__ import annotations


def number(value: float | None) -> str:
    """Return a number with three significant digits, whole from 1000 on; a dash for none."""
    if value is None:
        return "–"
    if abs(value) >= 1000 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1e}" if abs(value) < 1e-3 else f"{value:#.3g}".rstrip(".")


def share(value: float | None) -> str:
    """Return a share as a percentage."""
    return "–" if value is None else f"{100 * value:.0f} %"


def length(seconds: float) -> str:
    """Return a length of time in the unit that fits."""
    if seconds < 120:
        return f"{number(seconds)} s"
    if seconds < 7200:
        return f"{number(seconds / 60)} min"
    return f"{number(seconds / 3600)} h"


def words(name: str) -> str:
    """Return an identifier as words."""
    plain = name.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def counted(n: int, thing: str) -> str:
    """Return a number of things: ``1 cycle``, ``1,204 cycles``."""
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"
