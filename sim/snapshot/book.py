"""Addresses: the name of every thing of a built plant, found by walking from its `Factory`.

Two plants built from one scenario are walked side by side: a thing of the running plant gets the
address of the thing that plays the same role in the fresh one. So a timer that was replaced during
the run is still ``machines/stack_1/_clock``.
"""

from __future__ import annotations

from collections import deque
from types import MethodType

from sim.build import Factory
from sim.snapshot.kinds import children, has_address


def bearer(value: object) -> object:
    """Return the thing whose method a call-back is; any other value as it is."""
    return value.__self__ if isinstance(value, MethodType) else value


def leads_on(value: object) -> bool:
    """Whether something with an address may be found in a value."""
    return has_address(value) or type(value) is tuple


class Book:
    """The addresses of a plant.

    Attributes
    ----------
    things : dict
        Address -> thing.
    fresh : dict
        Address -> thing of the fresh plant; the same where only one was walked.
    """

    def __init__(self, fresh: Factory, running: Factory | None = None) -> None:
        self.things: dict[str, object] = {}
        self.fresh: dict[str, object] = {}
        self._address: dict[int, str] = {}
        self._of_fresh: dict[int, str] = {}
        self._walk(fresh, running or fresh)

    def address(self, thing: object) -> str | None:
        """Return the address of a thing of the running plant."""
        return self._address.get(id(thing))

    def fresh_address(self, thing: object) -> str | None:
        """Return the address of a thing of the fresh plant."""
        return self._of_fresh.get(id(thing))

    def _walk(self, fresh: object, running: object) -> None:
        ahead: deque[tuple[str, object, object]] = deque([("", fresh, running)])
        while ahead:
            address, one, other = ahead.popleft()
            if type(one) is not type(other):
                continue
            if has_address(one) and not self._note(address, one, other):
                continue
            mine = [(key, bearer(value)) for key, value in children(one)]
            mine = [(key, value) for key, value in mine if leads_on(value)]
            inside = dict(children(other)) if mine and one is not other else {}
            for key, value in mine:
                mate = value if one is other else bearer(inside.get(key))
                ahead.append((f"{address}/{key}" if address else key, value, mate))

    def _note(self, address: str, one: object, other: object) -> bool:
        if id(one) in self._of_fresh or id(other) in self._address:
            return False
        self._of_fresh[id(one)] = self._address[id(other)] = address
        self.fresh[address], self.things[address] = one, other
        return True
