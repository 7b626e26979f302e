"""The ergonomic score of stations with lifts, and whether the method may judge them."""

from __future__ import annotations

from pxr import Sdf

from twin.kpi.ergonomics import Ergonomics
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import Paths

_FLOAT = Sdf.ValueTypeNames.Float


def add_scores(layer: Layer, found: Ergonomics | None, paths: Paths) -> None:
    """Add score and validity as defaults; a score that cannot be computed is not written."""
    if found is None:
        return
    for station, one in found.stations.items():
        prim = layer.over(paths.things[station])
        layer.attribute(prim, "twin:kpi:ergonomicValidity", TOKEN, one.validity)
        if one.lifting_index is not None:
            layer.attribute(prim, "twin:kpi:ergonomicScore", _FLOAT, one.lifting_index)
