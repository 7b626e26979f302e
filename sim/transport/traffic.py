"""Traffic: who may be on which node.

A vehicle claims a node before it drives there and gives the one behind back when it has arrived.
Claiming never waits while moving: a vehicle that cannot claim its next node stands still and
holds exactly one node. So a chain of waiting vehicles ends at a moving one, or it is a ring; in a
ring all vehicles drive on at once, which one-way lanes without two-cycles make possible.
``docs/background-vehicles.md`` has the whole proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sim.errors import Gridlock
from sim.transport.network import Point

SMALLEST_RING = 3


class Driver(Protocol):
    """A vehicle as traffic sees it."""

    id: str
    needs: list[Point]
    """The nodes it stands and waits for, all at once; empty if it does not wait."""
    halted: bool
    """Whether it is broken."""

    @property
    def here(self) -> Point:
        """The node or stop it stands at, or has left last."""

    def leg_s(self) -> float:
        """Return how long it takes to the next point, stopping there."""

    def granted(self, now: float, arrive_s: float) -> None:
        """Drive on; the nodes it waited for are its own. Arrive at the next not before a time."""


class Traffic:
    """The claims on the nodes of one network without blocks and zones."""

    def __init__(self, points: Iterable[Point]) -> None:
        self.points = [point for point in points if not point.is_stop]
        self.n_rings = 0

    def claim(self, driver: Driver, needs: list[Point]) -> bool:
        """Claim nodes for a driver if nobody has them."""
        (point,) = needs
        if point.holder is not None:
            return False
        point.holder = driver
        return True

    def wait(self, driver: Driver, needs: list[Point], now: float) -> None:
        """Let a driver who stands still wait for nodes; first come, first served."""
        driver.needs = needs
        needs[0].queue.append(driver)
        ring = _ring(driver)
        if ring:
            self._turn(ring, now)

    def give_up(self, driver: Driver, now: float) -> None:  # noqa: ARG002
        """Let a driver stop waiting: it has another way to go, or is broken."""
        if driver.needs:
            driver.needs[0].queue.remove(driver)
            driver.needs = []

    def look_again(self, now: float) -> None:
        """Let others go on whom a vehicle that has broken down does not bar any more."""

    def release(self, point: Point, driver: Driver, now: float) -> None:
        """Give a node back, if the driver still has it, and let the next one have it."""
        if point.holder is not driver:
            return
        point.holder = None
        if point.queue:
            following = point.queue.popleft()
            point.holder = following
            following.needs = []
            following.granted(now, now)

    def _turn(self, ring: list[Driver], now: float) -> None:
        if len(ring) < SMALLEST_RING:
            raise Gridlock(ring)
        self.n_rings += 1
        for driver in ring:
            (point,) = driver.needs
            point.queue.remove(driver)
            point.holder = driver
            driver.needs = []
        set_off(ring, now)


def set_off(ring: list[Driver], now: float) -> None:
    """Let the vehicles of a ring drive on, so that all arrive at the same time.

    Nobody arrives at a node before the vehicle that stood there has arrived at the next one.
    """
    arrive_s = now + max(driver.leg_s() for driver in ring)
    for driver in ring:
        driver.granted(now, arrive_s)


def _ring(first: Driver) -> list[Driver]:
    """Return the ring of waiting drivers that `first` has closed, or nothing."""
    ring = [first]
    while True:
        needs = ring[-1].needs
        if not needs:
            return []
        driver = needs[0].holder
        if driver is first:
            return ring
        if driver is None or not driver.needs or driver in ring:
            return []
        ring.append(driver)
