"""The moving part of the scene, cut into chunks of time and packed for the browser.

A chunk is ``TWN1``, the length of a JSON header (uint32, little endian), the header, and blocks
of float32 or int32 numbers that the header names. Times are relative to the start of the chunk.
The browser does nothing but interpolate linearly between these keys.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from twin.motion.lot_track import BELT, MOVER, Spell
from twin.motion.track import Track, occurrences
from twin.motion.variant import Variants

MAGIC = b"TWN1"

Floats = NDArray[np.float64]
Blocks = dict[str, NDArray[Any]]

_T = TypeVar("_T")
_N = TypeVar("_N", np.float32, np.int32)


def pack(start_s: float, end_s: float, blocks: Blocks) -> bytes:
    """Return one chunk as bytes."""
    listed, offset = {}, 0
    for name, values in blocks.items():
        kind = "i4" if values.dtype == np.int32 else "f4"
        listed[name] = {"type": kind, "offset": offset, "count": len(values)}
        offset += values.nbytes
    header = json.dumps({"start_s": start_s, "end_s": end_s, "blocks": listed}).encode()
    header += b" " * (-len(header) % 4)
    packed = [np.ascontiguousarray(values).tobytes() for values in blocks.values()]
    return b"".join([MAGIC, struct.pack("<I", len(header)), header, *packed])


def _f4(values: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(values, dtype="<f4")


def _i4(values: ArrayLike) -> NDArray[np.int32]:
    return np.asarray(values, dtype="<i4")


@dataclass(frozen=True)
class Window:
    """The time of a chunk."""

    start_s: float
    end_s: float

    def rows(self, begin_s: Floats) -> slice:
        """Rows, ordered by their begin, that hold or begin in the window."""
        first = int(np.searchsorted(begin_s, self.start_s, side="right")) - 1
        return slice(max(first, 0), int(np.searchsorted(begin_s, self.end_s, side="right")))

    def touching(self, begin_s: Floats, end_s: Floats) -> NDArray[np.intp]:
        """Rows with a begin and an end that hold at some time of the window."""
        return np.nonzero((begin_s <= self.end_s) & (end_s > self.start_s))[0]

    def relative(self, time_s: Floats) -> NDArray[np.float32]:
        """Times after the start of the window, at most one length outside of it."""
        length = self.end_s - self.start_s
        return _f4(np.clip(time_s - self.start_s, -length - 1.0, 2.0 * length + 1.0))


@dataclass(frozen=True)
class RobotRows:
    """Every sub-step of one robot in order."""

    start_s: Floats
    step: NDArray[np.int64]
    rate: Floats
    cause: NDArray[np.int64]

    @classmethod
    def read(
        cls, rows: pd.DataFrame, causes: Sequence[str], variants: Variants | None = None
    ) -> RobotRows:
        """Take the rows of one robot in ``substeps``; `causes` decides the numbers of causes."""
        rows = rows.sort_values("start_s", kind="stable")
        done = occurrences(rows, variants)
        numbers = {cause: k for k, cause in enumerate(causes)}
        cause = np.array([numbers[c] for c in rows["cause"].astype(str)], dtype=np.int64)
        return cls(done.start_s, done.step, done.rate, cause)


def robot_blocks(robots: Sequence[RobotRows], window: Window) -> Blocks:
    """Return the sub-steps of all robots in a window."""
    cut = [window.rows(r.start_s) for r in robots]
    starts = [_f4(r.start_s[c] - window.start_s) for r, c in _pairs(robots, cut)]
    return {
        "robot_first": _first(cut),
        "robot_start": _joined(starts),
        "robot_rate": _joined([_f4(r.rate[c]) for r, c in _pairs(robots, cut)]),
        "robot_step": _joined([_i4(r.step[c]) for r, c in _pairs(robots, cut)]),
        "robot_cause": _joined([_i4(r.cause[c]) for r, c in _pairs(robots, cut)]),
    }


def mover_blocks(tracks: Sequence[Track], window: Window) -> Blocks:
    """Return the keys of all movers in a window, with one key on each side of it."""
    cut = [_keys(track.time_s, window) for track in tracks]
    blocks: Blocks = {
        "mover_first": _first(cut),
        "mover_t": _joined([_f4(t.time_s[c] - window.start_s) for t, c in _pairs(tracks, cut)]),
        "mover_heading": _joined([_f4(t.heading_deg[c]) for t, c in _pairs(tracks, cut)]),
    }
    for k, axis in enumerate("xyz"):
        blocks[f"mover_{axis}"] = _joined([_f4(t.xyz_m[c, k]) for t, c in _pairs(tracks, cut)])
    return blocks


def _keys(time_s: Floats, window: Window) -> slice:
    first = int(np.searchsorted(time_s, window.start_s, side="right")) - 1
    last = int(np.searchsorted(time_s, window.end_s, side="left")) + 1
    return slice(max(first, 0), min(last, len(time_s)))


@dataclass(frozen=True)
class StateRows:
    """Every interval of one resource in order."""

    start_s: Floats
    code: NDArray[np.int64]
    reason: NDArray[np.int64]


def state_blocks(resources: Sequence[StateRows], window: Window) -> Blocks:
    """Return the states of all resources in a window; the first may have begun long before."""
    cut = [window.rows(r.start_s) for r in resources]
    return {
        "state_first": _first(cut),
        "state_t": _joined([_f4(r.start_s[c] - window.start_s) for r, c in _pairs(resources, cut)]),
        "state_code": _joined([_i4(r.code[c]) for r, c in _pairs(resources, cut)]),
        "state_reason": _joined([_i4(r.reason[c]) for r, c in _pairs(resources, cut)]),
    }


@dataclass(frozen=True)
class LotRows:
    """Spells of lots as columns: times, item, where (place or mover number), and both ends."""

    begin_s: Floats
    end_s: Floats
    item: NDArray[np.int64]
    where: NDArray[np.int64]
    from_m: Floats
    to_m: Floats
    heading_deg: Floats

    def take(self, rows: NDArray[np.intp]) -> LotRows:
        """Return some of the rows."""
        return LotRows(**{name: column[rows] for name, column in vars(self).items()})


@dataclass(frozen=True)
class Lots:
    """Spells by how they are drawn: at rest, in motion on a belt, carried by a mover."""

    resting: LotRows
    riding: LotRows
    carried: LotRows


def sort_lots(
    spells: Sequence[Spell],
    items: Mapping[str, int],
    places: Mapping[str, int],
    movers: Mapping[str, int],
    *,
    item_of_place: Mapping[str, str],
) -> Lots:
    """Sort the spells of a run; a lot at rest on a belt keeps the heading it came with."""
    rows: dict[str, list[tuple[Spell, int, int, float]]] = {"rest": [], "ride": [], "carry": []}
    heading, before = 0.0, (-1, "")
    for spell in spells:
        item = items.get(item_of_place.get(spell.where, spell.item), -1)
        moves = spell.p0_m != spell.p1_m
        if (spell.lot, spell.where) != before or spell.kind != BELT or moves:
            heading = spell.heading_deg
        before = (spell.lot, spell.where)
        kind = "carry" if spell.kind == MOVER else "ride" if moves else "rest"
        where = movers if kind == "carry" else places
        rows[kind].append((spell, item, where.get(spell.where, -1), heading))
    return Lots(*(_lot_rows(rows[kind]) for kind in ("rest", "ride", "carry")))


def _lot_rows(rows: Sequence[tuple[Spell, int, int, float]]) -> LotRows:
    spells = [row[0] for row in rows]
    return LotRows(
        begin_s=np.array([s.t0_s for s in spells], dtype=float),
        end_s=np.array([s.t1_s for s in spells], dtype=float),
        item=np.array([row[1] for row in rows], dtype=np.int64),
        where=np.array([row[2] for row in rows], dtype=np.int64),
        from_m=np.array([s.p0_m for s in spells], dtype=float).reshape(-1, 3),
        to_m=np.array([s.p1_m for s in spells], dtype=float).reshape(-1, 3),
        heading_deg=np.array([row[3] for row in rows], dtype=float),
    )


def lot_blocks(lots: Lots, window: Window) -> Blocks:
    """Return all spells of lots that touch a window."""
    blocks: Blocks = {}
    for name in ("resting", "riding", "carried"):
        rows: LotRows = getattr(lots, name)
        found = rows.take(window.touching(rows.begin_s, rows.end_s))
        blocks |= {
            f"{name}_begin": window.relative(found.begin_s),
            f"{name}_end": window.relative(found.end_s),
            f"{name}_item": _i4(found.item),
            f"{name}_where": _i4(found.where),
        }
        if name != "carried":
            blocks[f"{name}_heading"] = _f4(found.heading_deg)
            blocks |= {f"{name}_{a}": _f4(found.from_m[:, k]) for k, a in enumerate("xyz")}
        if name == "riding":
            # A belt spell keeps its true times, so that its two ends stay where they are.
            blocks["riding_begin"] = _f4(found.begin_s - window.start_s)
            blocks["riding_end"] = _f4(found.end_s - window.start_s)
            blocks |= {f"riding_to_{a}": _f4(found.to_m[:, k]) for k, a in enumerate("xyz")}
    return blocks


def _pairs(rows: Sequence[_T], cut: Sequence[slice]) -> Iterator[tuple[_T, slice]]:
    return zip(rows, cut, strict=True)


def _first(cut: Sequence[slice]) -> NDArray[np.int32]:
    return _i4(np.concatenate([[0], np.cumsum([c.stop - c.start for c in cut])]))


def _joined(parts: Sequence[NDArray[_N]]) -> NDArray[_N]:
    return np.concatenate(parts) if parts else np.empty(0, dtype="<f4")
