"""Parts that CAD models share: panels, frames, doors, consoles, pipes, rollers.

Lengths are in metres. A part stands with the middle of its foot at the origin and shows its front
to +y; it is a dictionary of solids by the name of their surface, and `put` places it in a model.
The file needs `solid.py` beside it.

    >>> model = Model(size_m=(2.0, 1.0, 2.0))
    >>> put(model, cabinet((0.8, 0.6, 2.0), doors=2), (0.4, 0.2, 0.0))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from build123d import Axis, Box, Circle, FilletPolyline, Line, Location, Plane, chamfer, sweep

from scenes.assets.cad.solid import (
    Part,
    Solid,
    Spot,
    bar,
    block,
    joined,
    placed,
    plate,
    put,
    revolved,
    slab,
    tilted,
)

__all__ = [
    "Part", "Solid", "Spot", "bar", "block", "cabinet", "cable_tray", "console", "door", "duct",
    "e_stop", "feet", "fence", "frame", "glass_door", "guard", "handrail", "hanging_console",
    "hazard", "joined", "motor", "nameplate", "pane", "panel", "pipe", "placed", "plate", "put",
    "reel", "revolved", "roller", "sign", "slab", "stairs", "table", "tilted", "vent", "vessel",
    "web",
]  # fmt: skip

POST_M = 0.06
"""Side of an aluminium profile."""


def panel(width_m: float, height_m: float, thick_m: float = 0.03, look: str = "panel") -> Part:
    """Return an upright sheet with bevelled edges."""
    sheet = Box(width_m, height_m, thick_m)
    edges = sheet.faces().sort_by(Axis.Z)[-1].edges()
    face = chamfer(edges, min(0.008, thick_m * 0.4))
    upright = Plane(origin=(0, 0, height_m / 2), x_dir=(-1, 0, 0), z_dir=(0, 1, 0))
    return {look: [upright.location * face]}


def door(width_m: float, height_m: float, *, hinge: int = -1, look: str = "panel") -> Part:
    """Return a door with handle and two hinges; `hinge` is the side it turns on (-1 left, 1)."""
    x, z = -hinge * (width_m / 2 - 0.07), min(1.0, height_m * 0.55)
    grip = [block((0.025, 0.05, 0.24), (x, 0.045, z - 0.12), 0.006)]
    hinges = [
        block((0.03, 0.03, 0.1), (hinge * (width_m / 2 - 0.015), 0.035, level * height_m))
        for level in (0.14, 0.78)
    ]
    return joined(panel(width_m, height_m, 0.03, look), {"dark": grip, "steel": hinges})


def vent(width_m: float, height_m: float, slats: int = 5) -> Part:
    """Return a grille of slats in a dark recess."""
    pitch = height_m / slats
    back = block((width_m, 0.01, height_m), (0, 0.005, 0))
    made = [block((width_m, 0.03, pitch * 0.4), (0, 0.02, pitch * (k + 0.3))) for k in range(slats)]
    return {"dark": [back], "metal": made}


def cabinet(
    size_m: Spot,
    doors: int = 2,
    *,
    vents: bool = True,
    look: str = "body",
    door_look: str = "panel",
) -> Part:
    """Return a cabinet with plinth, doors on its +y side, and a grille in each door."""
    length, width, height = size_m
    made = {
        "base": [block((length - 0.06, width - 0.1, 0.1))],
        look: [slab((length, width - 0.07, height - 0.1), (0, -0.035, 0.1), 0.015)],
    }
    each, face = length / doors, width / 2 - 0.07
    for k in range(doors):
        x = each * (k + 0.5) - length / 2
        hinge = 1 if k % 2 else -1
        leaf = door(each - 0.03, height - 0.18, hinge=hinge, look=door_look)
        made = joined(made, placed(leaf, (x, face, 0.14)))
        if vents and height > 1.2:
            made = joined(made, placed(vent(each * 0.45, 0.16, 3), (x, face + 0.025, 0.25)))
    return made


def table(size_m: Spot, *, look: str = "body", bays: int = 2) -> Part:
    """Return a machine's base: feet, a housing with service doors on both sides, a table top."""
    length, width, height = size_m
    top = 0.05
    made = {
        look: [block((length - 0.06, width - 0.06, height - top - 0.1), (0, 0, 0.1), 0.015)],
        "steel": [slab((length, width, top), (0, 0, height - top), 0.01)],
    }
    made = joined(made, feet((length - 0.2, width - 0.2), 0.1, along=bays + 1))
    each = (length - 0.06) / bays
    for k in range(bays):
        x = each * (k + 0.5) - (length - 0.06) / 2
        leaf = panel(each - 0.06, height - top - 0.22, 0.02)
        knob = {"dark": [block((0.12, 0.03, 0.025), (0, 0.03, height - top - 0.34))]}
        for side, turn in ((1, 0.0), (-1, 180.0)):
            spot = (x, side * (width / 2 - 0.035), 0.16)
            made = joined(made, placed(joined(leaf, knob), spot, turn))
    return made


def frame(size_m: Spot, bays: int = 1, *, post_m: float = POST_M, look: str = "metal") -> Part:
    """Return a box of aluminium profiles: posts at every bay, bars along top and bottom."""
    length, width, height = size_m
    made = []
    reach = (length - post_m) / 2
    for y in (-(width - post_m) / 2, (width - post_m) / 2):
        for k in range(bays + 1):
            x = -reach + 2 * reach * k / bays
            made.append(block((post_m, post_m, height), (x, y, 0)))
        beam = (length, post_m * 0.9, post_m)
        made += [block(beam, (0, y, z)) for z in (0.0, height - post_m)]
    beam = (post_m * 0.9, width, post_m)
    made += [block(beam, (x, 0, height - post_m)) for x in (-reach, reach)]
    return {look: made}


def pane(width_m: float, height_m: float, *, post_m: float = 0.04, look: str = "metal") -> Part:
    """Return a pane of glass in a frame of profiles."""
    side = (post_m, post_m, height_m)
    bars = [block(side, (x * (width_m - post_m) / 2, 0, 0)) for x in (-1, 1)]
    across = (width_m - 2 * post_m, post_m, post_m)
    bars += [block(across, (0, 0, z)) for z in (0.0, height_m - post_m)]
    glass = block((width_m - 2 * post_m, 0.008, height_m - 2 * post_m), (0, 0, post_m))
    return {look: bars, "glass": [glass]}


def glass_door(width_m: float, height_m: float, *, hinge: int = -1) -> Part:
    """Return a pane that opens: with a handle, two hinges and a safety switch."""
    x, z = -hinge * (width_m / 2 - 0.02), height_m * 0.45
    made = {
        "dark": [block((0.03, 0.06, 0.26), (x, 0.04, z - 0.13), 0.006)],
        "safety": [block((0.05, 0.05, 0.09), (x, 0.0, height_m * 0.78))],
        "steel": [
            block((0.03, 0.04, 0.09), (hinge * (width_m / 2 - 0.01), 0.02, s * height_m))
            for s in (0.15, 0.8)
        ],
    }
    return joined(pane(width_m, height_m), made)


def guard(size_m: Spot, bays: int = 2, *, roof_m: float = 0.0, doors: bool = True) -> Part:
    """Return a guarded cell: profile frame, glass doors at +y, glass at -y and at both ends.

    `roof_m` is the height of a closed hood on top, inside the size; 0 leaves the top open.
    """
    length, width, height = size_m
    clear = height - roof_m
    made = frame((length, width, clear), bays)
    each = (length - POST_M) / bays
    for k in range(bays):
        x = each * (k + 0.5) - (length - POST_M) / 2
        size = (each - POST_M - 0.01, clear - 2 * POST_M - 0.01)
        front = glass_door(*size, hinge=1 if k % 2 else -1) if doors else pane(*size)
        made = joined(made, placed(front, (x, width / 2 - 0.03, POST_M)))
        made = joined(made, placed(_sheet(*size), (x, -width / 2 + 0.03, POST_M), 180))
    end = _sheet(width - 2 * POST_M - 0.01, clear - 2 * POST_M - 0.01)
    for side, turn in ((1, -90.0), (-1, 90.0)):
        made = joined(made, placed(end, (side * (length / 2 - 0.03), 0, POST_M), turn))
    if roof_m:
        made = joined(made, {"body": [slab((length, width, roof_m), (0, 0, clear), 0.025)]})
    return made


def _sheet(width_m: float, height_m: float) -> Part:
    """Return a sheet of glass with a bar across its middle."""
    bar_m = POST_M * 0.7
    across = block((width_m, bar_m, bar_m), (0, 0, height_m * 0.45))
    return {"glass": [block((width_m, 0.008, height_m))], "metal": [across]}


def fence(length_m: float, height_m: float = 2.0, bays: int = 1) -> Part:
    """Return a straight run of safety fence along x: yellow posts, dark frames, mesh as glass."""
    each = length_m / bays
    posts = [
        block((0.06, 0.06, height_m), (k * each - length_m / 2, 0, 0)) for k in range(bays + 1)
    ]
    meshes = [
        block((each - 0.08, 0.01, height_m - 0.25), ((k + 0.5) * each - length_m / 2, 0, 0.2))
        for k in range(bays)
    ]
    rails = [block((length_m, 0.03, 0.03), (0, 0, z)) for z in (0.18, height_m - 0.05)]
    return {"safety": posts, "fence": meshes, "dark": rails}


def console(height_m: float = 1.75) -> Part:
    """Return an operator's console: post on a foot, housing with screen, keyboard, stop button."""
    z = height_m - 0.55
    screen = tilted(
        {
            "dark": [slab((0.62, 0.44, 0.07), (0, 0, -0.07), 0.02)],
            "screen": [block((0.54, 0.34, 0.006), (0, 0.01, 0))],
        },
        (-80, 0, 0),
        (0, 0.04, z + 0.3),
    )
    board = tilted(
        {
            "dark": [slab((0.5, 0.2, 0.03), bevel_m=0.008)],
            "steel": [block((0.44, 0.12, 0.01), (0, 0, 0.03))],
        },
        (-12, 0, 0),
        (0, 0.2, z - 0.03),
    )
    post = {
        "steel": [block((0.4, 0.4, 0.02)), block((0.09, 0.09, z + 0.25), (0, -0.05, 0.02), 0.012)],
        "dark": [block((0.56, 0.34, 0.05), (0, 0.13, z - 0.1), 0.02)],
    }
    return joined(post, screen, board, placed(e_stop(), (0.24, 0.3, z - 0.05)))


def hanging_console(drop_m: float = 0.9) -> Part:
    """Return a console that hangs from an arm; the origin is the foot of the screen."""
    screen = tilted(
        {
            "dark": [slab((0.56, 0.4, 0.07), (0, 0, -0.07), 0.02)],
            "screen": [block((0.48, 0.31, 0.006))],
        },
        (-82, 0, 0),
        (0, 0.02, 0.2),
    )
    tube = [bar((0, -0.07, 0.2), (0, -0.07, drop_m), 0.025)]
    tube += [bar((0, -0.07, drop_m), (0, -0.5, drop_m), 0.025)]
    return joined({"steel": tube}, screen)


def e_stop() -> Part:
    """Return an emergency stop: red mushroom on a yellow box, facing up."""
    return {
        "safety": [block((0.08, 0.08, 0.05))],
        "critical": [bar((0, 0, 0.05), (0, 0, 0.085), 0.025)],
    }


def sign(size_m: float = 0.2) -> Part:
    """Return a triangular warning sign on a plate."""
    half = size_m / 2
    field = [(-half * 0.86, half * 0.25), (half * 0.86, half * 0.25), (0, half * 1.75)]
    mark = [
        (-half * 0.12, half * 0.5),
        (half * 0.12, half * 0.5),
        (half * 0.12, half),
        (-half * 0.12, half),
    ]
    return {
        "mark": [block((size_m, 0.006, size_m), (0, 0.003, 0))],
        "safety": [plate(field, 0.006, (0, 0.006, 0))],
        "dark": [plate(mark, 0.004, (0, 0.012, 0))],
    }


def nameplate(width_m: float, height_m: float = 0.12, look: str = "accent") -> Part:
    """Return a coloured strip that carries the machine's name."""
    return {look: [block((width_m, 0.012, height_m), (0, 0.006, 0))]}


def hazard(width_m: float, height_m: float = 0.1) -> Part:
    """Return a plate of black and yellow stripes."""
    stripes = max(2, round(width_m / (2 * height_m)))
    pitch, lean = width_m / stripes, min(height_m, width_m / stripes / 2)
    marks = []
    for k in range(stripes):
        x = k * pitch - width_m / 2
        foot = [(x, 0.0), (x + pitch / 2, 0.0)]
        head = [(min(x + pitch / 2 + lean, width_m / 2), height_m), (x + lean, height_m)]
        marks.append(plate([*foot, *head], 0.004, (0, 0.008, 0)))
    return {"safety": [block((width_m, 0.008, height_m), (0, 0.004, 0))], "dark": marks}


def feet(footprint_m: Spot, height_m: float = 0.1, *, along: int = 2) -> Part:
    """Return adjustable feet: `along` of them at either side of a footprint (length, width)."""
    length, width = footprint_m
    made = []
    for k in range(along):
        x = length * (k / (along - 1) - 0.5)
        for y in (-width / 2, width / 2):
            made.append(block((0.12, 0.12, 0.02), (x, y, 0)))
            made.append(block((0.03, 0.03, height_m - 0.02), (x, y, 0.02)))
    return {"steel": made}


def handrail(length_m: float, height_m: float = 1.1) -> Part:
    """Return a straight handrail along x with two rails and a toe board."""
    posts = max(2, round(length_m / 1.5) + 1)
    made = []
    for k in range(posts):
        x = (length_m - 0.05) * (k / (posts - 1) - 0.5)
        made.append(block((0.045, 0.045, height_m), (x, 0, 0)))
    made += [block((length_m, 0.04, 0.04), (0, 0, z)) for z in (height_m * 0.5, height_m - 0.02)]
    made.append(block((length_m, 0.01, 0.12), (0, 0, 0)))
    return {"safety": made}


def stairs(width_m: float, height_m: float, *, pitch_m: float = 0.22) -> Part:
    """Return a flight that climbs from the origin along +x, with stringers and handrails."""
    steps = max(2, round(height_m / pitch_m))
    rise, run = height_m / steps, 0.25
    treads = [
        block((run, width_m, 0.03), ((k + 0.5) * run, 0, (k + 1) * rise - 0.03))
        for k in range(steps)
    ]
    far, made = steps * run, []
    for y in (-width_m / 2, width_m / 2):
        outline = [(0, 0), (0.2, 0), (far, height_m - 0.16), (far, height_m)]
        made.append(plate(outline, 0.02, (0, y - 0.01, 0)))
    rails = []
    for y in (-width_m / 2, width_m / 2):
        rails.append(bar((0.1, y, 1.0), (far, y, height_m + 1.0), 0.022))
        rails += [
            bar((x, y, z), (x, y, z + 1.0), 0.02) for x, z in ((0.1, 0.05), (far - 0.05, height_m))
        ]
    return {"metal": treads, "steel": made, "safety": rails}


def pipe(
    points_m: Sequence[Spot], radius_m: float, *, bend_m: float = 0.0, look: str = "steel"
) -> Part:
    """Return a pipe along points, with round bends (of three radii if `bend_m` is 0)."""
    spots = [tuple(point) for point in points_m]
    bend = bend_m or 3 * radius_m
    path = FilletPolyline(*spots, radius=bend) if len(spots) > 2 else Line(*spots)
    start = Plane(origin=spots[0], z_dir=tuple(b - a for a, b in zip(*spots[:2], strict=True)))
    return {look: [sweep(start * Circle(radius_m), path=path)]}


def duct(points_m: Sequence[Spot], width_m: float, height_m: float, look: str = "foil") -> Part:
    """Return a rectangular air duct along points parallel to the axes, with flanges.

    `width_m` is across a run in plan, `height_m` the vertical side of a horizontal run.
    """
    made, flanges = [], []
    for a, b in pairwise(points_m):
        reach = [abs(q - p) for p, q in zip(a, b, strict=True)]
        middle = [(p + q) / 2 for p, q in zip(a, b, strict=True)]
        way = reach.index(max(reach))
        size = [width_m, width_m, height_m]
        size[way] = reach[way] + (height_m if way == 2 else width_m)
        size[2] = size[2] if way == 2 else height_m
        spot = (middle[0], middle[1], middle[2] - size[2] / 2)
        made.append(block(size, spot))
        rim = [s + 0.05 for s in size]
        rim[way] = 0.03
        flanges.append(block(rim, (middle[0], middle[1], middle[2] - rim[2] / 2)))
    return {look: made, "metal": flanges}


def cable_tray(length_m: float, width_m: float = 0.2) -> Part:
    """Return an open tray along x with cables in it."""
    sides = [block((length_m, 0.008, 0.06), (0, y * width_m / 2, 0)) for y in (-1, 1)]
    floor = [block((length_m, width_m, 0.006))]
    cables = [
        block((length_m - 0.02, 0.035, 0.03), (0, y * width_m * 0.28, 0.006)) for y in (-1, 0, 1)
    ]
    return {"metal": [*sides, *floor], "dark": cables}


def roller(length_m: float, radius_m: float, look: str = "metal") -> Part:
    """Return a roller along y about the origin, with its journals."""
    half = length_m / 2
    return {
        look: [bar((0, -half, 0), (0, half, 0), radius_m)],
        "dark": [bar((0, -half - 0.06, 0), (0, half + 0.06, 0), radius_m * 0.45)],
    }


def reel(width_m: float, radius_m: float, look: str = "copper") -> Part:
    """Return a wound coil along y about the origin, with core and chucks."""
    half = width_m / 2
    return {
        look: [bar((0, -half, 0), (0, half, 0), radius_m)],
        "mark": [bar((0, -half - 0.03, 0), (0, half + 0.03, 0), max(0.09, radius_m * 0.25))],
        "dark": [bar((0, -half - 0.14, 0), (0, half + 0.14, 0), max(0.05, radius_m * 0.14))],
    }


def motor(length_m: float = 0.4, radius_m: float = 0.12) -> Part:
    """Return a geared motor along +x from its flange at the origin, with fins and terminal box."""
    made = [
        bar((0.0, 0, 0), (0.06 * length_m, 0, 0), radius_m * 1.2),
        bar((0.06 * length_m, 0, 0), (0.85 * length_m, 0, 0), radius_m * 0.9),
    ]
    fins = [
        block((0.6 * length_m, radius_m * 2 + 0.02, 0.012), (0.45 * length_m, 0, z * radius_m))
        for z in (-0.4, 0.0, 0.4)
    ]
    fan = bar((0.85 * length_m, 0, 0), (length_m, 0, 0), radius_m)
    box = block((0.3 * length_m, radius_m, 0.08), (0.4 * length_m, 0, radius_m * 0.85))
    return {"accent": [*made, *fins], "dark": [fan, box]}


def web(points_m: Sequence[Spot], width_m: float, look: str = "copper") -> Part:
    """Return foil between points of (x, z), `width_m` wide along y: one thin sheet per span."""
    made = []
    for (x0, z0), (x1, z1) in pairwise(points_m):
        length = math.hypot(x1 - x0, z1 - z0)
        slope = math.degrees(math.atan2(z0 - z1, x1 - x0))
        sheet = Box(length, width_m, 0.006)
        where = Location(((x0 + x1) / 2, 0, (z0 + z1) / 2), (0, slope, 0))
        made.append(where * sheet)
    return {look: made}


def vessel(radius_m: float, height_m: float, look: str = "metal") -> Part:
    """Return a standing vessel with a dished bottom, a rim and a flat lid flange."""
    r, h = radius_m, height_m
    dish = [(0, 0), (0.45 * r, 0.03 * h), (0.85 * r, 0.1 * h), (r, 0.2 * h)]
    body = revolved([*dish, (r, h), (0, h)])
    rim = bar((0, 0, h - 0.04), (0, 0, h + 0.03), r * 1.06)
    return {look: [body], "steel": [rim]}
