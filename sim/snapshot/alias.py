"""Names that differ between a plant and a changed one: ``stack`` becomes ``stack_1``, or back."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.build import Factory

GROUPS = frozenset({"machines", "struck", "towers", "upkeeps", "_states", "_cycles"})
"""Keys below which the names of machines stand in an address."""


@dataclass(frozen=True)
class Alias:
    """Machine ids before and now, where they differ."""

    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def between(cls, before: Factory | None, now: Factory) -> Alias:
        """Return the machines whose station had one machine and now has more, or the reverse."""
        if before is None:
            return cls()
        old, new = before.world.plant.stations, now.world.plant.stations
        names = {old[name].machine_ids[0]: new[name].machine_ids[0] for name in old if name in new}
        return cls({a: b for a, b in names.items() if a != b})

    def now(self, address: str) -> str:
        """Return the address in the plant as it is now."""
        if not self.names:
            return address
        parts = address.split("/")
        for k in range(1, len(parts)):
            if parts[k - 1] in GROUPS:
                parts[k] = self.names.get(parts[k], parts[k])
        return "/".join(parts)
