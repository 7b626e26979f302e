"""How surfaces look: neutral greys for things, the palette's colours for what has a meaning."""

from __future__ import annotations

from dataclasses import dataclass

from twin import palette


@dataclass(frozen=True)
class Look:
    """One surface: sRGB colour and how it shines.

    Attributes
    ----------
    colour : str
        ``#rrggbb``.
    roughness, metallic, opacity : float
        As in UsdPreviewSurface, 0 to 1.
    emission : float
        How much light of its colour it sends out; 0 for what is no lamp.
    """

    colour: str
    roughness: float = 0.55
    metallic: float = 0.0
    opacity: float = 1.0
    emission: float = 0.0


LOOKS: dict[str, Look] = {
    "body": Look("#eceef0"),
    "panel": Look("#dde1e4"),
    "base": Look("#596067", 0.7),
    "dark": Look("#3b4147", 0.6),
    "metal": Look("#b3bac0", 0.35, 0.6),
    "steel": Look("#8f989f", 0.35, 0.7),
    "screen": Look("#1f2b34", 0.2),
    "accent": Look("#6b8494"),
    "glass": Look("#9db4c2", 0.1, 0.0, 0.28),
    "belt": Look("#4d545a", 0.8),
    "copper": Look("#b59a86", 0.35, 0.5),
    "coating": Look("#2f3336", 0.75),
    "foil": Look("#c5c9cc", 0.3, 0.6),
    "tray": Look("#7d868d"),
    "product": Look("#c9d3d9", 0.35, 0.3),
    "box": Look("#c4b49c", 0.8),
    "timber": Look("#b8a58a", 0.8),
    "skin": Look("#d8b59a", 0.7),
    "cloth": Look("#5f7282", 0.9),
    "helmet": Look("#f2f3f4", 0.4),
    "rack": Look("#9aa6ae", 0.5, 0.2),
    "floor": Look("#8f9497", 0.42),
    "floor_patch": Look("#8a8f92", 0.46),
    "dry_floor": Look("#a7b4b8", 0.32),
    "aisle": Look("#7b8287", 0.5),
    "lane": Look("#d9ab1f", 0.55),
    "curtain": Look("#b9d2d8", 0.2, 0.0, 0.45),
    "sprinkler": Look("#a33a2c", 0.5),
    "mark": Look("#ffffff", 0.8),
    "wall": Look("#a9b4bc", 0.6, 0.0, 0.1),
    "column": Look("#8f9ba4", 0.6),
    "frame": Look("#8a949b", 0.6, 0.2),
    "fence": Look("#596067", 0.6, 0.0, 0.16),
    "walkway": Look("#5f8a70", 0.6),
    "joint": Look("#6f7477", 0.9),
    "cladding": Look("#c3c9cd", 0.5, 0.1),
    "membrane": Look("#b3b7b8", 0.85),
    "walk_mat": Look("#84888a", 0.9),
    "solar": Look("#1d2738", 0.15, 0.2),
    "facade": Look("#5d6b75", 0.5, 0.2),
    "inner": Look("#cfd3d4", 0.7),
    "dado": Look("#7c8a92", 0.6),
    "plinth": Look("#7d8286", 0.9),
    "trim": Look("#4f6472", 0.5),
    "light": Look("#fff8ec", emission=6.0),
    "escape": Look("#2e9d5b", emission=0.6),
    "asphalt": Look("#5a5d60", 0.95),
    "paving": Look("#8d8f8f", 0.95),
    "grass": Look("#5f6e45", 0.95),
    "field_green": Look("#6a7b42", 0.95),
    "field_light": Look("#8a8656", 0.95),
    "field_brown": Look("#77664a", 0.95),
    "bark": Look("#6b5847", 0.9),
    "leaf": Look("#66803f", 0.9),
    "leaf_dark": Look("#4d6638", 0.9),
    "paint_white": Look("#e6e7e8", 0.25),
    "paint_grey": Look("#6b7075", 0.25, 0.4),
    "paint_blue": Look("#2f4a6b", 0.25, 0.3),
    "paint_red": Look("#7c2626", 0.25, 0.3),
    "paint_green": Look("#34493f", 0.25, 0.3),
    "normal": Look(palette.NORMAL),
    "safety": Look("#e8b923", 0.5),
    "orange": Look("#e0692a", 0.45),
    "warning": Look(palette.WARNING),
    "critical": Look(palette.CRITICAL),
}
"""Every surface by name; generators use these names and nothing else."""
