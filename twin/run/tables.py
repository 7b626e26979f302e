"""The tables of a run folder, column by column: the single home of the format.

Times are seconds since the start of the run. Text columns are dictionary encoded.
``docs/run-format.md`` is checked against this module by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FORMAT_VERSION = (1, 1)

ColumnType = Literal["f8", "i8", "i4", "text"]

STATES = (
    "working",
    "setup",
    "starved",
    "blocked",
    "waiting_transport",
    "waiting_worker",
    "waiting_robot",
    "down",
    "waiting_repair",
    "maintenance",
    "protective_stop",
    "off_shift",
)
"""States of a machine or robot. A minor stop is ``down`` with the reason ``minor_stop``."""

VEHICLE_STATES = (
    "idle",
    "driving",
    "loaded",
    "loading",
    "unloading",
    "waiting_traffic",
    "charging",
)
"""States of a vehicle, crane or worker; ``driving`` is empty travel, ``loaded`` with a load."""


@dataclass(frozen=True)
class Column:
    """One column: its name carries the unit."""

    name: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, and the column rows are ordered by (nearly)."""

    name: str
    row: str
    columns: tuple[Column, ...]
    optional: bool = False
    """Whether a run without such rows is as if there were no such table (digest)."""


def _table(
    name: str, row: str, *columns: tuple[str, ColumnType, str], optional: bool = False
) -> Table:
    return Table(name, row, tuple(Column(*c) for c in columns), optional)


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _table(
            "cycles",
            "one unit processed once by one machine; for batch and store stations and those with "
            "`record: lot` one whole lot, or the part of it worked on in one go",
            ("unit", "i8", "unit number; -1 where the row stands for a whole lot"),
            ("lot", "i8", "lot number the unit travelled in"),
            ("station", "text", "station id"),
            ("machine", "text", "machine id"),
            ("start_s", "f8", "start of processing"),
            ("duration_s", "f8", "processing time, stops excluded"),
            ("end_s", "f8", "end of processing, stops included"),
            ("n", "i4", "units in this row (1, or those of the lot where unit is -1)"),
            (
                "result",
                "text",
                "ok, scrap, rework or a grade; of a lot row ok: its scrap is in `units`",
            ),
        ),
        _table(
            "states",
            "one interval of one machine, robot, vehicle, crane or worker; intervals tile the run",
            ("resource", "text", "machine, robot, vehicle, crane or worker id"),
            ("kind", "text", "machine, robot, agv, crane or worker"),
            ("state", "text", "see STATES and VEHICLE_STATES"),
            ("reason", "text", "e.g. minor_stop, breakdown, loading, changing_roll; may be empty"),
            ("start_s", "f8", "start of the interval"),
            ("end_s", "f8", "end of the interval"),
        ),
        _table(
            "moves",
            "one leg of one mover at one motion law",
            ("mover", "text", "vehicle, crane or worker id; conveyor id for a lot on a conveyor"),
            ("kind", "text", "agv, crane, worker or conveyor"),
            ("purpose", "text", "fetch, deliver, park, charge, work, walk or convey"),
            ("job", "i8", "transport number; -1 without"),
            ("lot", "i8", "first lot carried; -1 without"),
            ("origin", "text", "node, stop, place, machine or home it leaves"),
            ("target", "text", "node, stop, place, machine or home it reaches"),
            ("from_x_m", "f8", "start position"),
            ("from_y_m", "f8", ""),
            ("from_z_m", "f8", ""),
            ("to_x_m", "f8", "end position"),
            ("to_y_m", "f8", ""),
            ("to_z_m", "f8", ""),
            ("start_s", "f8", "start, turning on the spot included"),
            ("turn_s", "f8", "agv: time of turning on the spot before driving off"),
            ("end_s", "f8", "end"),
            ("v_in_mps", "f8", "agv: speed at the start of driving"),
            ("v_out_mps", "f8", "agv: speed at the end"),
            ("v_max_mps", "f8", "cruising speed allowed on the leg"),
            ("load", "i4", "lots carried"),
        ),
        _table(
            "substeps",
            "one sub-step of one robot cycle",
            ("robot", "text", "robot id"),
            ("cycle", "i8", "cycle number of this robot, from 0"),
            ("unit", "i8", "first unit handled; -1 without"),
            ("step", "i4", "index of the sub-step in the program, from 0"),
            ("name", "text", "name of the sub-step"),
            ("start_s", "f8", "start"),
            ("nominal_s", "f8", "time of the program without variation or fault"),
            ("actual_s", "f8", "time it took"),
            ("cause", "text", "fault that changed it (vacuum_leak ...); empty: ordinary variation"),
        ),
        _table(
            "levels",
            "one lot entering or leaving a buffer, conveyor or store",
            ("place", "text", "buffer, conveyor or store id"),
            ("time_s", "f8", "time"),
            ("change", "i4", "+1 a lot came in, -1 a lot went out"),
            ("level", "i4", "lots there after the change"),
            ("lot", "i8", "lot number"),
            ("slot", "i4", "store: slot number over all towers; -1 elsewhere"),
        ),
        _table(
            "units",
            "one event in the life of a lot or unit: the genealogy",
            ("time_s", "f8", "time"),
            ("event", "text", "created, joined, packed, reworked, scrapped or shipped"),
            ("lot", "i8", "lot concerned (after the event)"),
            ("unit", "i8", "unit concerned; -1: the whole lot"),
            ("item", "text", "item id of the lot"),
            ("n", "i4", "units created, consumed, packed, sent to rework, scrapped or shipped"),
            ("parent", "i8", "joined: lot consumed; packed: lot the unit came from; else -1"),
            ("station", "text", "station, source or sink where it happened"),
        ),
        _table(
            "signals",
            "one sample of one sensor",
            ("resource", "text", "robot or machine id"),
            ("signal", "text", "e.g. vacuum_kpa or current_j3_a; the unit is its last part"),
            ("time_s", "f8", "time"),
            ("value", "f8", "value in the unit the signal's name ends with"),
        ),
        _table(
            "alarms",
            "one alarm, written when it closes or the run ends",
            ("resource", "text", "machine, robot or vehicle id"),
            (
                "code",
                "text",
                "e.g. breakdown, vacuum_low, over_temperature_j1, protective_stop, battery_low",
            ),
            ("cause", "text", "cause as far as the engine knows it; may be empty"),
            ("severity", "text", "warning or critical"),
            ("raised_s", "f8", "raised"),
            ("closed_s", "f8", "closed; the end of the run if still open"),
            ("open", "i4", "1: still open at the end of the run"),
        ),
        _table(
            "lot_products",
            "one lot that is for a product or an order, written when it gets to know so",
            ("time_s", "f8", "time"),
            ("lot", "i8", "lot number"),
            ("product", "text", "product id; empty without"),
            ("order", "text", "order id; empty without"),
            optional=True,
        ),
        _table(
            "orders",
            "one order, written when it is finished or the run ends",
            ("order", "text", "order id"),
            ("product", "text", "product id"),
            ("units", "i4", "units ordered"),
            ("priority", "i4", "larger is more urgent"),
            ("release_s", "f8", "earliest start, as planned"),
            ("released_s", "f8", "its first lot came into the plant; NaN: not yet"),
            ("start_s", "f8", "its first cycle began (as far as cycles are written); NaN: not yet"),
            ("finished_s", "f8", "its last unit was shipped or scrapped; NaN: not yet"),
            ("due_s", "f8", "due; NaN without"),
            ("good", "i4", "units shipped"),
            ("scrap", "i4", "units scrapped"),
            ("tardiness_s", "f8", "max(0, finished - due); NaN: not finished, or without due"),
            optional=True,
        ),
    )
}
