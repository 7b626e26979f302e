"""The generators of assets, found by name so that this package needs nothing of the content."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from twin.plant.base import Vec3
from twin.plant.robot import RobotModel
from twin.usd.shape import AssetSpec, Shape

Floats = NDArray[np.float64]

MODULE = "scenes.assets"


class Look(Protocol):
    """A surface: see `scenes.assets.look`."""

    @property
    def colour(self) -> str:
        """SRGB colour as ``#rrggbb``."""

    @property
    def roughness(self) -> float:
        """Roughness, 0 to 1."""

    @property
    def metallic(self) -> float:
        """Metallic, 0 to 1."""

    @property
    def opacity(self) -> float:
        """Opacity, 0 to 1."""

    @property
    def emission(self) -> float:
        """How much light of its colour it sends out."""


class AssetLibrary(Protocol):
    """What a module of generators offers."""

    LOOKS: Mapping[str, Look]

    def generator(self, name: str) -> Callable[[Shape, AssetSpec], None]:
        """Return the function that draws a kind of thing."""

    def generator_name(self, *hints: str) -> str:
        """Return the kind of machine that fits the first hint it can."""

    def designed_m(self, name: str) -> Vec3:
        """Return the size (m) that an asset of the library was designed for."""

    def carrier_name(self, carrier: str, item: str) -> str:
        """Return what lots of an item travel in, or what a single one of it looks like."""

    def draw_link(self, shape: Shape, model: RobotModel, link: int) -> None:
        """Draw one link of a robot."""

    def draw_pedestal(self, shape: Shape, model: RobotModel, height_m: float) -> None:
        """Draw the pedestal of a robot."""

    def draw_tool(self, shape: Shape, kind: str, flange_m: Floats, length_m: float) -> None:
        """Draw the tool of a robot."""


def asset_library() -> AssetLibrary:
    """Return the generators that come with celltwin."""
    return cast("AssetLibrary", importlib.import_module(MODULE))


def drawn(spec: AssetSpec) -> Shape:
    """Return what a generator draws."""
    shape = Shape()
    asset_library().generator(spec.kind)(shape, spec)
    return shape
