"""Kanban: a station starts only when a card of the place it puts to is free."""

from __future__ import annotations

from collections import deque

from sim.places.place import Place, Taker


class Kanban:
    """The cards of one place: each is at a lot that lies there, or in work for there, or free.

    Attributes
    ----------
    waiting : deque of takers
        Machines that have a lot to work on and no card.
    """

    def __init__(self, place: Place, cards: int) -> None:
        self.place = place
        self.cards = cards
        self.waiting: deque[Taker] = deque()
        self._at_work: list[Taker] = []
        place.watchers.append(self.serve)

    @property
    def free(self) -> int:
        """Cards that are free."""
        here = self.place.capacity - self.place.room
        return self.cards - here - len(self._at_work)

    def begin(self, machine: Taker) -> None:
        """Hang a card to the lot a machine starts to work on."""
        self._at_work.append(machine)

    def end(self, machine: Taker) -> None:
        """The machine has finished: its lot has gone to the place, or is scrapped."""
        if machine in self._at_work:
            self._at_work.remove(machine)

    def serve(self, now: float) -> None:
        """Let machines that wait for a card look again, while there are cards."""
        while self.waiting and self.free > 0:
            self.waiting.popleft().supplied(now)
