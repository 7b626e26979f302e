"""Who came from whom: the links between lots, upward to components and downward to products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from twin.trace.groups import JOINED
from twin.trace.rows import Event, Rows

MOST_LEVELS = 64


@dataclass(frozen=True)
class Link:
    """One lot above another: `units` of `parent` went into `child`, `level` steps back."""

    level: int
    child: int
    parent: int
    row: Event
    units: int


@dataclass
class Family:
    """The genealogy rows around some lots, fetched when asked for."""

    rows: Rows
    of_lot: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    of_parent: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    exact: bool = True
    _known: set[int] = field(default_factory=set)
    _known_parents: set[int] = field(default_factory=set)

    def fetch(self, lots: Iterable[int], parents: Iterable[int] = ()) -> None:
        """Read what concerns lots, and what was made from `parents`."""
        new, above = set(lots) - self._known, set(parents) - self._known_parents
        self._known |= new
        self._known_parents |= above
        for row in self.rows.events(lots=new, parents=above):
            if row.lot in new:
                self.of_lot[row.lot].append(row)
            if row.parent in above:
                self.of_parent[row.parent].append(row)

    def is_mixed(self, lot: int) -> bool:
        """Whether a lot was made from several."""
        return len({row.parent for row in self.made_from(lot)}) > 1

    def made_from(self, lot: int) -> list[Event]:
        """Return the rows that say what a lot was made from."""
        return [row for row in self.of_lot[lot] if row.parent >= 0]

    def overlap(self, lot: int, parents: set[int], children: set[int]) -> tuple[set[int], set[int]]:
        """Return which parents and children of a mixed lot share units.

        Units enter a lot in the order of its rows and leave it in the same order, so that the
        n-th unit that went in is the n-th that went out. Where a lot was scrapped in part this is
        not known, and all are returned.

        Parameters
        ----------
        lot : int
        parents, children : set of int
            Those asked for; empty means all of them.
        """
        above = [(row.parent, row.n) for row in self.made_from(lot)]
        below = [(row.lot, row.n) for row in self.of_parent[lot]]
        every = {p for p, _ in above}, {c for c, _ in below}
        lost = any(row.event == "scrapped" for row in self.of_lot[lot])
        filled = sum(n for _, n in above)
        if len(every[0]) < 2 or lost or sum(n for _, n in below) > filled:
            self.exact = self.exact and (len(every[0]) < 2 or not (parents or children))
            return parents or every[0], children or every[1]
        spans_above, spans_below = _spans(above), _spans(below)
        shared = [
            (p, c)
            for p, first, last in spans_above
            if not parents or p in parents
            for c, start, end in spans_below
            if (not children or c in children) and start < last and first < end
        ]
        return {p for p, _ in shared}, {c for _, c in shared}


def _spans(parts: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    spans, at = [], 0
    for name, n in parts:
        spans.append((name, at, at + n))
        at += n
    return spans


def links_up(family: Family, lots: Iterable[int]) -> list[Link]:
    """Return everything above lots, nearest first; each parent of a child once."""
    found: dict[tuple[int, int], Link] = {}
    through: dict[int, set[int]] = {lot: set() for lot in lots}
    for level in range(1, MOST_LEVELS):
        family.fetch(through)
        family.fetch((), {lot for lot in through if family.is_mixed(lot)})
        above: dict[int, set[int]] = {}
        for lot, children in through.items():
            wanted: set[int] = set()
            if children:
                wanted, _ = family.overlap(lot, set(), children)
            for row in family.made_from(lot):
                if row.parent == lot or (wanted and row.parent not in wanted):
                    continue
                key = (lot, row.parent)
                units = row.n + (found[key].units if key in found else 0)
                if key not in found or found[key].level == level:
                    found[key] = Link(level, lot, row.parent, row, units)
                    above.setdefault(row.parent, set()).add(lot)
        if not above:
            break
        through = above
    return [*found.values()]


def rows_down(family: Family, lot: int, is_product: frozenset[str]) -> list[Event]:
    """Return the rows in which product units came from a lot, through what is no product."""
    made: list[Event] = []
    through: dict[int, set[int]] = {lot: set()}
    for _ in range(MOST_LEVELS):
        family.fetch((lot for lot, above in through.items() if above), through)
        below: dict[int, set[int]] = {}
        for parent, above in through.items():
            wanted: set[int] = set()
            if above:
                _, wanted = family.overlap(parent, above, set())
            for row in family.of_parent[parent]:
                if row.lot == parent or (wanted and row.lot not in wanted):
                    continue
                if row.item in is_product:
                    made.append(row)
                else:
                    below.setdefault(row.lot, set()).add(parent)
        if not below:
            break
        through = below
    return made


def is_use(row: Event) -> bool:
    """Whether a row uses its parent up as a component, rather than moving its units."""
    return row.event == JOINED
