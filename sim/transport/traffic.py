"""Traffic: who may be on which node.

A vehicle claims a node before it drives there and gives the one behind back when it has arrived.
Claiming never waits while moving: a vehicle that cannot claim its next node stands still and
holds exactly one node. So a chain of waiting vehicles ends at a moving one, or it is a ring; in a
ring all vehicles drive on at once, which one-way lanes without two-cycles make possible.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from sim.errors import InvariantBroken

SMALLEST_RING = 3


class Driver(Protocol):
    """A vehicle as traffic sees it."""

    id: str
    wants: str | None
    """The node it stands and waits for."""

    def granted(self, now: float) -> None:
        """The node it waits for is now its own."""


class Traffic:
    """The claims on the nodes of one network."""

    def __init__(self) -> None:
        self.holder: dict[str, Driver] = {}
        self.n_rings = 0
        self._queues: dict[str, deque[Driver]] = {}

    def claim(self, node: str, driver: Driver) -> bool:
        """Claim a node for a driver if nobody has it."""
        if node in self.holder:
            return False
        self.holder[node] = driver
        return True

    def wait(self, node: str, driver: Driver, now: float) -> None:
        """Let a driver who stands still wait for a node; first come, first served."""
        driver.wants = node
        self._queues.setdefault(node, deque()).append(driver)
        ring = self._ring(driver)
        if ring:
            self._turn(ring, now)

    def give_up(self, driver: Driver) -> None:
        """Let a driver stop waiting: it has another way to go."""
        if driver.wants is not None:
            self._queues[driver.wants].remove(driver)
            driver.wants = None

    def release(self, node: str, driver: Driver, now: float) -> None:
        """Give a node back, if the driver still has it, and let the next one have it."""
        if self.holder.get(node) is not driver:
            return
        del self.holder[node]
        queue = self._queues.get(node)
        if queue:
            following = queue.popleft()
            self.holder[node] = following
            following.wants = None
            following.granted(now)

    def _ring(self, first: Driver) -> list[Driver]:
        """Return the ring of waiting drivers that `first` has closed, or nothing."""
        ring = [first]
        while True:
            wanted = ring[-1].wants
            if wanted is None:
                return []
            driver = self.holder[wanted]
            if driver is first:
                return ring
            if driver.wants is None or driver in ring:
                return []
            ring.append(driver)

    def _turn(self, ring: list[Driver], now: float) -> None:
        if len(ring) < SMALLEST_RING:
            names = ", ".join(driver.id for driver in ring)
            raise InvariantBroken("no_head_on_traffic", f"{names} wait for each other")
        self.n_rings += 1
        for driver in ring:
            if driver.wants is not None:
                self._queues[driver.wants].remove(driver)
                self.holder[driver.wants] = driver
                driver.wants = None
        for driver in ring:
            driver.granted(now)
