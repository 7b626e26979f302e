"""Parts of machines that run foil: winders, guide rollers, gauges."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.assets.cad.parts import (
    Part,
    Spot,
    bar,
    block,
    joined,
    placed,
    plate,
    reel,
    roller,
    slab,
)


def winder(
    web_m: float, radius_m: float, *, axis_m: float = 1.0, look: str = "copper", flip: bool = False
) -> Part:
    """Return a coil between two side frames, with its drive at the back; `flip` turns the lean."""
    half, lean = web_m / 2 + 0.16, -0.3 if flip else 0.3
    outline = [
        (-0.45, 0.0), (0.45, 0.0), (0.45, 0.35), (0.12 + lean / 2, axis_m + 0.16),
        (-0.12 + lean / 2, axis_m + 0.16), (-0.45, 0.35),
    ]  # fmt: skip
    sides = [plate(outline, 0.1, (-lean / 2, y - 0.05, 0.06)) for y in (-half, half)]
    base = block((1.1, web_m + 0.5, 0.1), (0, 0, 0.0))
    coil = placed(reel(web_m, radius_m, look), (0, 0, axis_m))
    drive = {
        "accent": [bar((0, -half - 0.42, axis_m), (0, -half - 0.05, axis_m), 0.14)],
        "dark": [block((0.14, 0.2, 0.1), (0, -half - 0.22, axis_m + 0.12))],
    }
    return joined({"body": sides, "base": [base]}, coil, drive)


def guides(points_m: Sequence[Spot], width_m: float, radius_m: float = 0.06) -> Part:
    """Return guide rollers about points of (x, z)."""
    return joined(*(placed(roller(width_m, radius_m), (x, 0, z)) for x, z in points_m))


def walls(outline_m: Sequence[Spot], apart_m: float, look: str = "body") -> Part:
    """Return two upright side frames of a web machine, `apart_m` from each other."""
    made = [plate(outline_m, 0.06, (0, y - 0.03, 0)) for y in (-apart_m / 2, apart_m / 2)]
    return {look: made}


def gauge(web_m: float, height_m: float = 1.5) -> Part:
    """Return a measuring frame the web runs through, with its scanning head."""
    wide = web_m + 0.7
    return joined(
        {
            "body": [block((0.36, 0.22, height_m), (0, y * wide / 2, 0), 0.03) for y in (-1, 1)],
            "accent": [
                slab((0.3, wide, 0.22), (0, 0, height_m - 0.1), 0.03),
                block((0.26, wide, 0.16), (0, 0, height_m - 0.6)),
            ],
            "dark": [
                block((0.32, 0.24, 0.2), (0, 0.1, height_m - 0.28)),
                block((0.28, 0.2, 0.08), (0, 0.1, height_m - 0.46)),
            ],
        },
    )
