"""A person facing +x: in work clothes with helmet and vest, or in the coverall of a dry room."""

from __future__ import annotations

from scenes.assets.stock import draw_part
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the person, 1.8 m tall whatever the size asked for; ``coverall`` says what it wears."""
    draw_part("person_coverall" if spec.options.get("coverall") else "person", shape)
