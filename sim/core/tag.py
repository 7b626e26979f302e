"""What a lot knows beside its units: product, order, result, passes, and its groups."""

from __future__ import annotations

from typing import Protocol

from twin.plant.routing import Order

Kind = tuple[str, str]
"""Product and order: what may be packed into one lot."""

NO_KIND: Kind = ("", "")


class Owner(Protocol):
    """Who wants to know that a group has left."""

    def emptied(self, group: Group, now: float) -> None:
        """No unit of the group is in the plant (or in the section) any more."""


class Group:
    """Units that came in together: those of an order, or of one lot under a CONWIP card.

    Attributes
    ----------
    inside : int
        Units that are still there; units cut, joined or taken apart count as what they became.
    good, scrap : int
        Units shipped and scrapped so far.
    card : bool
        Whether it stands for a card, which stays behind when units are packed anew.
    """

    __slots__ = ("card", "good", "inside", "owner", "scrap")

    def __init__(self, owner: Owner, *, card: bool) -> None:
        self.owner = owner
        self.card = card
        self.inside = 0
        self.good = 0
        self.scrap = 0

    def change(self, n: int, now: float) -> None:
        """Count units that come (or go, if negative)."""
        self.inside += n
        if not self.inside:
            self.owner.emptied(self, now)


class Tag:
    """What distinguishes a lot from others of the same item."""

    __slots__ = ("groups", "order", "passes", "product", "result")

    def __init__(self, product: str = "", order: Order | None = None, *, result: str = "") -> None:
        self.product = product
        self.order = order
        self.result = result
        self.passes: dict[str, int] = {}
        self.groups: list[Group] = []

    @property
    def n_passes(self) -> int:
        """Times it has gone a rework route."""
        return sum(self.passes.values())

    def copy(self, *, cards: bool = True) -> Tag:
        """Return the tag of a lot made from this one."""
        made = Tag(self.product, self.order)
        made.result = self.result
        made.passes = dict(self.passes)
        made.groups = [group for group in self.groups if cards or not group.card]
        return made

    def change(self, n: int, now: float) -> None:
        """Count units that come into being with this tag, or are used up (negative)."""
        for group in tuple(self.groups):
            group.change(n, now)

    def shipped(self, n: int, now: float) -> None:
        """Count units that leave the plant as finished."""
        for group in self.groups:
            group.good += n
        self.change(-n, now)

    def scrapped(self, now: float, n: int = 1) -> None:
        """Count units that leave the plant as scrap."""
        for group in self.groups:
            group.scrap += n
        self.change(-n, now)

    def leave(self, owner: Owner, n: int, now: float) -> None:
        """Let the `n` units of the lot leave the groups of one owner."""
        for group in [g for g in self.groups if g.owner is owner]:
            self.groups.remove(group)
            group.change(-n, now)


def kind_of(tag: Tag | None) -> Kind:
    """Return product and order of a tag."""
    return NO_KIND if tag is None else (tag.product, tag.order.id if tag.order else "")
