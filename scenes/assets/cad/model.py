"""What a CAD module makes: solids by surface, in metres, standing on the middle of its footprint.

A module in this folder has three names: `NAME` (of the asset), `SIZE_M` (length, width, height of
its box) and `model()`, which returns a `Model`. A module that makes several assets has `NAMES`
instead of `NAME`, and `model(name)`. x runs along the length in the direction of the
flow, y across (the operator stands at +y), z up from the floor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build123d import Shape as Solid

    from twin.plant.base import Vec3


@dataclass
class Model:
    """Solids by surface.

    Attributes
    ----------
    size_m : (length, width, height)
        Box it fills.
    solids : dict
        Name of the surface in `scenes.assets.LOOKS` -> solids.
    coarse : dict
        The same for the variant `lod=low`; empty: the large solids, simplified.
    lamp_m : Vec3 or None
        Where the signal tower stands.
    whole : bool
        Whether it is scaled as a whole; else its ends keep their shape (`scenes.assets.stretch`).
    over_m : float
        How far it may stand out above its box, as what stands on a table does.
    standing : bool
        Whether it stands on the middle of its footprint and must stay inside its box; links and
        tools of robots are drawn in the frame of their joint instead.
    turn_rad : float
        How far neighbouring triangles on a curved face may turn.
    """

    size_m: Vec3
    solids: dict[str, list[Solid]] = field(default_factory=dict)
    coarse: dict[str, list[Solid]] = field(default_factory=dict)
    lamp_m: Vec3 | None = None
    standing: bool = True
    whole: bool = False
    over_m: float = 0.0
    turn_rad: float = 0.8

    def add(self, surface: str, *solids: Solid) -> None:
        """Add solids of one surface."""
        self.solids.setdefault(surface, []).extend(solids)

    def add_coarse(self, surface: str, *solids: Solid) -> None:
        """Add solids of the coarse variant."""
        self.coarse.setdefault(surface, []).extend(solids)
