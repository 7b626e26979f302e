"""Links of a cobot with round joints: tubes between cylinders that end in coloured caps.

The arms lie beside the shoulder: the upper arm further out than the forearm.
"""

from __future__ import annotations

from scenes.assets.cad.link import bolts, disc, taper
from scenes.assets.cad.parts import Part, bar, joined
from scenes.assets.cad.solid import Solid, Spot
from twin.plant.load import robot_model

_ARM = robot_model(None, "ur10e")
_R = 0.086
"""Radius of the large joints; the wrist's are smaller."""

_W = 0.058
_OUT_M = 0.176
"""How far beside the shoulder the upper arm lies."""

_IN_M = 0.04


def cobot_link(link: int) -> Part:
    """Return a link."""
    return (_foot, _shoulder, _upper, _fore, _wrist_1, _wrist_2, _flange)[link]()


def _joint(start_m: Spot, end_m: Spot, radius_m: float, caps: str = "end") -> Part:
    """Return the housing of a joint between two points, with a cap beyond its end (or `none`)."""
    bevel = 0.12 * radius_m
    made: Part = {"metal": [disc(start_m, end_m, radius_m, 0.0 if caps == "end" else bevel)]}
    if caps == "end":
        way = [b - a for a, b in zip(start_m, end_m, strict=True)]
        share = 0.22 * radius_m / sum(v * v for v in way) ** 0.5
        beyond = [b + v * share for b, v in zip(end_m, way, strict=True)]
        made["trim"] = [disc(end_m, beyond, radius_m * 0.97, 0.17 * radius_m)]
    return made


def _ring(centre_m: Spot, axis: Spot, radius_m: float) -> Solid:
    """Return the dark seam between two links."""
    half = [0.006 * v for v in axis]
    low = [c - h for c, h in zip(centre_m, half, strict=True)]
    high = [c + h for c, h in zip(centre_m, half, strict=True)]
    return bar(low, high, radius_m * 1.01)


def _foot() -> Part:
    high = _ARM.joints[0].origin_m[2] - _R
    plate = [disc((0, 0, 0), (0, 0, 0.022), 1.25 * _R, 0.006)]
    return {
        "metal": [taper((0, 0, 0.02), (0, 0, high - 0.01), 1.1 * _R, _R)],
        "steel": [*plate, *bolts((0, 0, 0.022), (0, 0, 1), 1.14 * _R, 4, 0.008)],
        "dark": [
            _ring((0, 0, high - 0.005), (0, 0, 1), _R),
            bar((-1.0 * _R, 0, 0.05), (-1.55 * _R, 0, 0.05), 0.016),
        ],
    }


def _shoulder() -> Part:
    face = _OUT_M - _R
    return joined(
        {"metal": [disc((0, 0, -_R), (0, 0, 0.0), _R)]},
        _joint((0, face - 0.006, 0), (0, -_R, 0), _R),
        {"dark": [_ring((0, face - 0.006, 0), (0, 1, 0), _R)]},
    )


def _upper() -> Part:
    long, face = _ARM.joints[2].origin_m[0], _OUT_M - _R
    return joined(
        _joint((0, face, 0), (0, _OUT_M + 0.9 * _R, 0), _R),
        _joint((long, face + 0.01, 0), (long, _OUT_M + 0.7 * _R, 0), 0.86 * _R),
        {
            "body": [taper((0, _OUT_M, 0), (long, _OUT_M, 0), 0.66 * _R, 0.6 * _R)],
            "steel": [
                disc((x, _OUT_M, 0), (x + 0.02, _OUT_M, 0), 0.74 * _R)
                for x in (_R + 0.004, long - 0.86 * _R - 0.024)
            ],
            "dark": [_ring((long, face + 0.008, 0), (0, 1, 0), 0.86 * _R)],
        },
    )


def _fore() -> Part:
    long, out = _ARM.joints[3].origin_m[:2]
    end = out - _W
    return joined(
        _joint((0, _OUT_M - _R, 0), (0, _IN_M - 0.75 * _R, 0), 0.86 * _R),
        _joint((long, end - 0.006, 0), (long, _IN_M - 0.9 * _W, 0), _W),
        {
            "body": [taper((0, _IN_M, 0), (long, _IN_M, 0), 0.56 * _R, 0.48 * _R)],
            "steel": [
                disc((0.86 * _R, _IN_M, 0), (0.86 * _R + 0.02, _IN_M, 0), 0.63 * _R),
                disc((long - _W - 0.018, _IN_M, 0), (long - _W, _IN_M, 0), 0.55 * _R),
            ],
            "dark": [_ring((long, end - 0.004, 0), (0, 1, 0), _W)],
        },
    )


def _wrist_1() -> Part:
    down = _ARM.joints[4].origin_m[2]
    return joined(
        _joint((0, -_W, 0), (0, 0.9 * _W, 0), _W),
        {
            "metal": [disc((0, 0, 0), (0, 0, down + _W), 0.98 * _W)],
            "dark": [_ring((0, 0, down + _W), (0, 0, 1), _W)],
            "steel": [bar((0, 0, down + _W), (0, 0, down), 0.5 * _W)],
        },
    )


def _wrist_2() -> Part:
    face = _ARM.flange_m[1] - 0.042
    return joined(
        _joint((0, 0, _W - 0.006), (0, 0, -0.95 * _W), _W),
        {
            "metal": [disc((0, 0, 0), (0, face, 0), 0.98 * _W)],
            "dark": [_ring((0, face, 0), (0, 1, 0), _W)],
        },
    )


def _flange() -> Part:
    face = _ARM.flange_m[1]
    return {
        "dark": [bar((0, 0, 0), (0, face - 0.03, 0), 0.6 * _W)],
        "metal": [disc((0, face - 0.036, 0), (0, face - 0.012, 0), 0.95 * _W)],
        "steel": [disc((0, face - 0.012, 0), (0, face, 0), 0.6 * _W)],
        "base": [bar((0.8 * _W, face - 0.026, 0), (1.2 * _W, face - 0.026, 0), 0.011)],
    }
