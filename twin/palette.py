"""Colours with a meaning, as sRGB hex; used by the USD stage, the 3D viewer and the figures."""

from __future__ import annotations

STATE_COLOURS: dict[str, str] = {
    "working": "#7f9db0",
    "setup": "#8d84b3",
    "starved": "#c9ced3",
    "blocked": "#a9b0b7",
    "waiting_transport": "#b9bfc5",
    "waiting_worker": "#b59f86",
    "waiting_robot": "#b9bfc5",
    "down": "#b3261e",
    "waiting_repair": "#d98a29",
    "maintenance": "#5d7fa3",
    "protective_stop": "#d4721f",
    "off_shift": "#e3e6e8",
    "idle": "#c9ced3",
    "driving": "#9db4c2",
    "loaded": "#7f9db0",
    "loading": "#8fa8b7",
    "unloading": "#8fa8b7",
    "waiting_traffic": "#d98a29",
    "charging": "#7aa886",
}
"""One colour per state: blue-grey for work, greys for waiting, amber and red for trouble."""

STATE_PAINT: dict[str, str] = {
    **STATE_COLOURS,
    "working": "#3f9b73",
    "loaded": "#3f9b73",
    "driving": "#8fc9ab",
    "loading": "#63b18f",
    "unloading": "#63b18f",
    "charging": "#2f6f54",
    "setup": "#a06cc0",
    "starved": "#ead94c",
    "blocked": "#58b0e3",
    "waiting_transport": "#d7a3b8",
    "waiting_worker": "#b5713c",
    "waiting_robot": "#c77fa0",
    "maintenance": "#2b62ad",
}
"""The same for people who want every state to tell: signal lamps and painted machines."""

LAMP_OFF = frozenset(
    {"working", "idle", "off_shift", "driving", "loaded", "loading", "unloading", "charging"}
)
"""States in which a signal lamp stays grey: nothing is amiss."""

NORMAL = "#9aa3aa"
SELECTED = "#1c6dd0"
WARNING = "#c77700"
CRITICAL = "#b3261e"
GOOD = "#3c7d52"


def rgb(colour: str) -> tuple[float, float, float]:
    """Return the sRGB components in 0..1 of ``#rrggbb``."""
    return tuple(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))  # type: ignore[return-value]


def linear_rgb(colour: str) -> tuple[float, float, float]:
    """Return linear-light components in 0..1 (what USD materials expect), IEC 61966-2-1."""
    return tuple(  # type: ignore[return-value]
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)
    )
