"""Links of six-axis robots, drawn from the joints of their models; one style per family.

A link is drawn in the frame of its joint at zero angles and reaches to the next joint. The upper
arm lies beside the shoulder and the elbow, at +y.
"""

from __future__ import annotations

import numpy as np

from scenes.assets.cad.cobot import cobot_link
from scenes.assets.cad.link import bolts, casting, disc, hose, taper
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, block, joined, slab
from twin.plant.load import robot_model
from twin.plant.naming import built_in_models
from twin.plant.robot import RobotModel

COBOTS = frozenset({"ur10e"})
LARGE_M = 0.15
"""Models with a thicker link than this are cast and orange, others smooth and white."""

NAMES = tuple(f"robot_{name}_link{k}" for name in sorted(built_in_models()) for k in range(7))
_TURN_RAD = 0.55


def model(name: str) -> Model:
    """Return a link of a robot."""
    kind, _, link = name.removeprefix("robot_").rpartition("_link")
    arm = robot_model(None, kind)
    part = cobot_link(int(link)) if kind in COBOTS else _LINKS[int(link)](arm)
    boxes = [solid.bounding_box() for solids in part.values() for solid in solids]
    low = np.min([tuple(box.min) for box in boxes], axis=0)
    high = np.max([tuple(box.max) for box in boxes], axis=0)
    x, y, z = (round(float(v), 4) for v in high - low)
    return Model((x, y, z), part, standing=False, turn_rad=_TURN_RAD)


def _paint(arm: RobotModel) -> str:
    return "orange" if _large(arm) else "body"


def _large(arm: RobotModel) -> bool:
    return arm.link_radius_m > LARGE_M


def _foot_m(arm: RobotModel) -> float:
    """Return how high the foot is, above the floor of the robot."""
    high = arm.joints[0].origin_m[2]
    return 0.6 * high if high > 0.2 else 0.2


def _foot(arm: RobotModel) -> Part:
    """Return the foot: base plate with bolts, cone, connector box at the back."""
    r, top = arm.link_radius_m, _foot_m(arm)
    plate = 0.22 * r
    spots = [(x * 1.55 * r, y * 1.55 * r, plate) for x in (-1, 1) for y in (-1, 1)]
    made: Part = {
        "base": [block((3.6 * r, 3.6 * r, plate), bevel_m=0.5 * r)],
        _paint(arm): [taper((0, 0, plate), (0, 0, top - 0.18 * r), 1.62 * r, 1.3 * r)],
        "dark": [
            disc((0, 0, top - 0.18 * r), (0, 0, top), 1.38 * r),
            slab((0.7 * r, 1.3 * r, 0.55 * top), (-1.6 * r, 0, plate), 0.12 * r),
        ],
        "steel": [head for spot in spots for head in bolts(spot, (0, 0, 1), 0.0, 1, 0.12 * r)]
        + [disc((-2.05 * r, y * r, 0.35 * top), (-1.9 * r, y * r, 0.35 * top), 0.14 * r)
           for y in (-0.35, 0.35)],
    }  # fmt: skip
    high = arm.joints[0].origin_m[2]
    if high > top:
        made["steel"].append(disc((0, 0, top), (0, 0, high), 0.2 * r))
    return made


def _shoulder(arm: RobotModel) -> Part:
    """Return the turntable, the casting up to the second joint, and two motors."""
    r, (x, _, z) = arm.link_radius_m, arm.joints[1].origin_m
    low = _foot_m(arm) - arm.joints[0].origin_m[2]
    body = [
        (-0.25 * r, low + 0.75 * r, 0.75 * r),
        (0.3 * r, max(low, -1.47 * r) + 0.75 * r, 0.75 * r),
    ]
    up = (-0.75 * r, 0, low + 0.7 * r)
    head = low + max(1.9 * r, 0.5 * (z - low))
    made: Part = {
        _paint(arm): [
            disc((0, 0, low), (0, 0, low + 0.4 * r), 1.45 * r, 0.12 * r),
            casting([*body, (x, z, 1.08 * r)], -0.95 * r, 0.3 * r, 0.12 * r),
            casting([*body], 0.28 * r, 0.95 * r, 0.12 * r),
        ],
        "dark": [
            disc((up[0], -0.35 * r, up[2]), (up[0], -0.35 * r, head), 0.5 * r, 0.08 * r),
            disc((x, -0.9 * r, z), (x, -1.15 * r, z), 0.85 * r),
            disc((x, -1.15 * r, z), (x, -2.0 * r, z), 0.58 * r, 0.1 * r),
            disc((x, 0.25 * r, z), (x, 0.42 * r, z), 0.92 * r),
        ],
        "steel": bolts((x, -1.15 * r, z), (0, -1, 0), 0.72 * r, 6, 0.06 * r),
    }
    if low > 0:
        made["steel"].append(disc((0, 0, 0), (0, 0, low), 0.2 * r))
    line = [(-1.3 * r, 0.5 * r, low + 0.3 * r), (-1.3 * r, 0.5 * r, low + 1.6 * r),
            (x - 0.6 * r, 0.5 * r, z + 0.3 * r)]  # fmt: skip
    return joined(made, hose(line, 0.09 * r))


def _upper(arm: RobotModel) -> Part:
    """Return the upper arm beside the shoulder, tapered, with caps, hose and clamps."""
    r, after = arm.link_radius_m, np.array(arm.joints[2].origin_m)
    along = after / np.linalg.norm(after)
    across = np.array([-along[2], 0, along[0]])
    ends = [(0.0, 0.0, 1.05 * r), (after[0], after[2], 0.88 * r)]
    solid = casting(ends, 0.42 * r, 1.25 * r, 0.15 * r)
    if _large(arm):
        near, far = after * 0.3, after * 0.76
        pocket = [(near[0], near[2], 0.62 * r), (far[0], far[2], 0.5 * r)]
        solid = solid - casting(pocket, 0.95 * r, 1.5 * r)
    foot, cap = (after + np.array([0, y * r, 0]) for y in (1.22, 1.38))
    made: Part = {
        _paint(arm): [solid],
        "dark": [
            disc((0, 0, 0), (0, 0.5 * r, 0), 0.3 * r),
            disc((0, 1.22 * r, 0), (0, 1.4 * r, 0), 0.78 * r, 0.08 * r),
            disc(foot, cap, 0.62 * r, 0.07 * r),
        ],
        "steel": bolts((0, 1.4 * r, 0), (0, 1, 0), 0.56 * r, 6, 0.06 * r)
        + bolts(cap, (0, 1, 0), 0.44 * r, 6, 0.05 * r),
    }
    side = across * 1.12 * r + np.array([0, 0.8 * r, 0])
    spots = [
        side * np.array([0.6, 1, 0.6]),
        *(side + after * s for s in (0.2, 0.8)),
        after + side * 0.75,
    ]
    grip = along * 0.1 * r
    middles = [side + after * share for share in (0.35, 0.68)]
    clamps = [disc(tuple(at - grip), tuple(at + grip), 0.2 * r) for at in middles]
    return joined(made, hose([tuple(s) for s in spots], 0.12 * r), {"metal": clamps})


def _wrist_m(arm: RobotModel) -> float:
    return 0.58 * arm.link_radius_m


def _elbow(arm: RobotModel) -> Part:
    """Return the elbow with its motors; where the wrist follows at once, with the forearm."""
    r, after = arm.link_radius_m, np.array(arm.joints[3].origin_m)
    x, _, z = after
    long = x > 4 * r
    front = 0.8 * r if long else x
    ends = [(0.0, 0.0, 0.92 * r), (front, z, 0.86 * r), (-0.6 * r, z, 0.8 * r)]
    back = min(-0.6 * r, 0.0) - 0.7 * r
    paint = _paint(arm)
    made: Part = {
        paint: [casting(ends, -0.95 * r, 0.3 * r, 0.14 * r)],
        "dark": [
            disc((0, 0.25 * r, 0), (0, 0.42 * r, 0), 0.75 * r),
            disc((0, -0.9 * r, 0), (0, -1.1 * r, 0), 0.7 * r),
            disc((0, -1.1 * r, 0), (0, -1.75 * r, 0), 0.46 * r, 0.08 * r),
        ],
        "steel": bolts((0, -1.1 * r, 0), (0, -1, 0), 0.58 * r, 6, 0.05 * r),
    }
    if _large(arm):
        spots = ((-0.55 * r, 0.35 * r), (0.0, 0.35 * r), (-0.28 * r, -0.2 * r))
        motors = [
            disc((back + 0.3 * r, y, z + h), (back - 1.1 * r, y, z + h), 0.25 * r, 0.05 * r)
            for y, h in spots
        ]
        made["dark"] += motors
    else:
        cover = slab((0.9 * r, 1.0 * r, 1.1 * r), (back, -0.32 * r, z - 0.55 * r), 0.2 * r)
        made["base"] = [cover]
    neck = x + 0.35 * r + (0.86 * r if not long else 0.0)
    if long:
        stop = x - 2.4 * _wrist_m(arm)
        made[paint].append(taper((0.6 * r, 0, z), (stop, 0, z), 0.85 * r, 0.66 * r))
        made["dark"].append(disc((stop, 0, z), (stop + 0.1 * r, 0, z), 0.6 * r))
    else:
        made[paint].append(disc((x - 0.2 * r, 0, z), (neck, 0, z), 0.82 * r, 0.06 * r))
    return made


def _forearm(arm: RobotModel) -> Part:
    """Return the forearm along x with the fork of the wrist, hose and clamps."""
    r, w, long = arm.link_radius_m, _wrist_m(arm), float(np.linalg.norm(arm.joints[4].origin_m))
    start = 0.0 if long > 0.1 else -2.35 * w
    neck = long - 1.35 * w
    wide = 0.74 * r if long > 0.1 else 1.08 * w
    cheek = [(neck - 0.15 * w, 0, 0.95 * w), (long, 0, 0.78 * w)]
    made: Part = {
        _paint(arm): [
            taper((start, 0, 0), (neck, 0, 0), wide, 1.02 * w),
            *(
                casting(cheek, low * w, low * w + 0.43 * w, 0.1 * w)
                for low in (0.62, -1.05)
            ),
        ],
        "dark": [
            disc((long, s * 1.02 * w, 0), (long, s * 1.18 * w, 0), 0.6 * w, 0.05 * w)
            for s in (-1, 1)
        ],
        "steel": bolts((long, 1.18 * w, 0), (0, 1, 0), 0.42 * w, 6, 0.05 * w),
    }  # fmt: skip
    if long <= 0.1:
        return made
    high = wide + 0.1 * r
    spots = [(1.3 * r, 0, 0.6 * r), (1.5 * r, 0, high), (neck - 0.3 * w, 0, high),
             (neck, 0, 0.6 * w)]  # fmt: skip
    made = joined(made, hose(spots, 0.11 * r))
    clamps = [slab((0.2 * r, 0.4 * r, 0.4 * r), (s * long, 0, high - 0.2 * r), 0.04 * r)
              for s in (0.45, 0.68)]  # fmt: skip
    return joined(made, {"metal": clamps})


def _wrist(arm: RobotModel) -> Part:
    """Return the part that tilts between the cheeks of the fork."""
    w, flange = _wrist_m(arm), float(np.linalg.norm(arm.flange_m))
    end = max(0.55 * flange, 0.7 * w)
    return {
        _paint(arm): [
            casting([(0.0, 0.0, 0.74 * w), (0.3 * w, 0.0, 0.66 * w)], -0.6 * w, 0.6 * w, 0.06 * w),
            disc((0.2 * w, 0, 0), (end, 0, 0), 0.58 * w),
        ],
        "dark": [disc((end, 0, 0), (end + 0.06 * w, 0, 0), 0.5 * w)],
    }


def _flange(arm: RobotModel) -> Part:
    """Return the flange with its bolts."""
    w, flange = _wrist_m(arm), float(np.linalg.norm(arm.flange_m))
    face = flange - 0.12 * w
    return {
        "dark": [disc((0, 0, 0), (face, 0, 0), 0.38 * w)],
        "steel": [disc((face - 0.16 * w, 0, 0), (flange, 0, 0), 0.52 * w)],
        "metal": bolts((face - 0.16 * w, 0, 0), (-1, 0, 0), 0.45 * w, 6, 0.05 * w),
    }


_LINKS = (_foot, _shoulder, _upper, _elbow, _forearm, _wrist, _flange)
