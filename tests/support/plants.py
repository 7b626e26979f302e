"""Small plants for tests, built in code."""

from __future__ import annotations

from typing import Any

from twin.plant.plant import Plant
from twin.plant.scenario import Scenario

SIZE = [1.0, 1.0, 1.0]
ITEM = {"id": "part", "size_m": [0.3, 0.2, 0.1], "product": True}
Cycle = float | dict[str, Any]


def duration(value: Cycle) -> dict[str, Any]:
    """A constant duration from a number; anything else as it is."""
    if isinstance(value, dict):
        return value
    return {"mean_s": value, "kind": "constant"}


def exponential(mean_s: float) -> dict[str, Any]:
    """An exponential duration."""
    return {"mean_s": mean_s, "kind": "exponential", "cv": 1.0}


def buffer(name: str, *, item: str = "part", capacity: int = 5, **more: Any) -> dict[str, Any]:
    """A buffer at the origin."""
    return {
        "id": name,
        "item": item,
        "capacity": capacity,
        "position_m": [0, 0, 0],
        "size_m": SIZE,
        **more,
    }


def station(
    name: str,
    *,
    take: str | list[dict[str, Any]],
    put: str | None,
    cycle: Cycle | None = None,
    kind: str = "discrete",
    **more: Any,
) -> dict[str, Any]:
    """A station at the origin."""
    takes = [{"from": take}] if isinstance(take, str) else take
    timing = {} if cycle is None else {"cycle": duration(cycle)}
    return {
        "id": name,
        "kind": kind,
        "position_m": [0, 0, 0],
        "size_m": SIZE,
        "take": takes,
        "put": put,
        **timing,
        **more,
    }


def source(name: str, put: str, *, item: str = "part", **more: Any) -> dict[str, Any]:
    """A source at the origin."""
    return {"id": name, "item": item, "put": put, "position_m": [0, 0, 0], **more}


def sink(name: str = "out") -> dict[str, Any]:
    """A sink at the origin."""
    return {"id": name, "position_m": [0, 0, 0]}


def tiny_plant(
    stations: list[dict[str, Any]],
    *,
    buffers: list[dict[str, Any]] = [],  # noqa: B006
    sources: list[dict[str, Any]] = [],  # noqa: B006
    sinks: list[dict[str, Any]] | None = None,
    items: list[dict[str, Any]] | None = None,
    robots: list[dict[str, Any]] = [],  # noqa: B006
    conveyors: list[dict[str, Any]] = [],  # noqa: B006
    **more: Any,
) -> Plant:
    """A plant of one workcell from plain data; `more` goes into the plant as it is."""
    workcell = {
        "id": "cell_1",
        "stations": stations,
        "buffers": buffers,
        "robots": robots,
        "conveyors": conveyors,
    }
    return Plant.model_validate(
        {
            "id": "tiny",
            "building": {"size_m": [50, 50, 5]},
            "items": items or [ITEM],
            "lines": [{"id": "line_1", "workcells": [workcell]}],
            "sources": sources,
            "sinks": sinks if sinks is not None else [sink()],
            **more,
        }
    )


def scenario(
    plant: Plant, horizon_s: float, *, seed: int = 1, initial: str = "empty", **more: Any
) -> Scenario:
    """A scenario of a plant."""
    return Scenario.model_validate(
        {
            "id": "test",
            "plant": plant,
            "horizon_s": horizon_s,
            "seed": seed,
            "initial": initial,
            **more,
        }
    )


def line(
    cycles: list[Cycle],
    *,
    horizon_s: float,
    capacity: int | list[int] = 5,
    arrivals: Cycle | None = None,
    first_capacity: int | None = None,
    station_options: dict[str, Any] | None = None,
    **more: Any,
) -> Scenario:
    """A serial line ``s1 .. sN`` with buffers ``b0 .. bN-1`` in front of them, then a sink.

    Parameters
    ----------
    cycles : list
        One cycle (seconds if constant, or a duration) for each station.
    horizon_s : float
        Horizon.
    capacity : int or list of int
        Capacity of the buffers between the stations.
    arrivals : duration, optional
        Time between arrivals; without it the first buffer is always full.
    first_capacity : int, optional
        Capacity of ``b0``.
    station_options : dict, optional
        More fields of every station.
    """
    n = len(cycles)
    inner = [capacity] * (n - 1) if isinstance(capacity, int) else capacity
    first = first_capacity if first_capacity is not None else (inner[0] if inner else 5)
    capacities = [first, *inner]
    places = [f"b{k}" for k in range(n)]
    interval = {} if arrivals is None else {"interval": duration(arrivals)}
    return scenario(
        tiny_plant(
            [
                station(
                    f"s{k + 1}",
                    take=places[k],
                    put=[*places, "out"][k + 1],
                    cycle=cycle,
                    **(station_options or {}),
                )
                for k, cycle in enumerate(cycles)
            ],
            buffers=[buffer(p, capacity=c) for p, c in zip(places, capacities, strict=True)],
            sources=[source("src", "b0", **interval)],
        ),
        horizon_s,
        **more,
    )


def everything(**choices: Any) -> Plant:
    """A small plant with every kind of station, place and transport in one chain.

    Rolls are cut into sheets, a vehicle brings them to assembly, cells are tested one by one,
    packed into trays, baked in batches, stored by a crane, and tested again tray by tray.

    Parameters
    ----------
    choices : dict
        ``breakdown``, ``attend`` and ``performance`` of the machines; ``yield_``; ``capacity`` of
        the buffers, ``coupled`` (those of capacity 0); ``machines``; ``tray`` (units); ``batch``
        (lots); ``vehicles``; ``trip`` (lots); ``shifts`` (at most two), in which one operator and
        one repairer are on duty.
    """
    pick = {
        "breakdown": None, "attend": False, "performance": 1.0, "yield_": 0.9, "capacity": 4,
        "machines": 2, "tray": 3, "batch": 2, "vehicles": 2, "trip": 1,
        "shifts": [{"id": "day", "start": "00:00", "hours": 24}], "coupled": (), **choices,
    }  # fmt: skip
    staff = {shift["id"]: 1 for shift in pick["shifts"]}
    common = {"yield": pick["yield_"], "performance": pick["performance"], "minor_stop_s": 2.0}
    if pick["breakdown"]:
        common["breakdown"] = pick["breakdown"]
    attended = dict(common)
    if pick["attend"]:
        attended["attend"] = {"pool": "operators", "work": {"mean_s": 3.0, "cv": 0.2}}
    cap, machines, tray = pick["capacity"], pick["machines"], pick["tray"]
    spread = {"cv": 0.3, "kind": "lognormal"}
    stations = [
        station("cut", take="rolls", put="mags", kind="web", product="sheet", units_per_m=2.0,
                setup_s=5.0, cycle={"mean_s": 0.2, **spread}, **attended),
        station("join", take=[{"from": "desk", "units": 3}, {"from": "foils", "units": 2}],
                put="cells", kind="assembly", product="cell", machines=machines,
                pitch_m=[2, 0], cycle={"mean_s": 2.0, **spread}, **common),
        station("test", take="cells", put="good", machines=machines, pitch_m=[0, 2],
                cycle={"mean_s": 1.5, **spread}, **common),
        station("pack", take="good", put="trays", product="tray", units_per_lot_out=tray,
                cycle={"mean_s": 0.5, **spread}, **common),
        station("bake", take="trays", put="belt", kind="batch", batch_lots=pick["batch"],
                machines=machines, cycle={"mean_s": 30.0, **spread}, **attended),
        station("rest", take="belt", put="shelf", kind="store", crane="crane",
                rack={"columns": 2, "levels": 3}, cycle={"mean_s": 60.0, **spread},
                **{**common, "minor_stop_s": 0.0}),
        station("check", take="shelf", put="out", units_per_cycle=2,
                cycle={"mean_s": 1.0, **spread}, **common),
    ]  # fmt: skip
    items = [
        {"id": "roll", "unit": "m", "units_per_lot": 20},
        {"id": "sheet", "units_per_lot": 10},
        {"id": "foil", "units_per_lot": 7},
        {"id": "cell", "product": True},
        {"id": "tray", "units_per_lot": tray, "product": True},
    ]
    return tiny_plant(
        stations,
        items=items,
        buffers=[
            buffer(name, item=item, capacity=0 if name in pick["coupled"] else room)
            for name, item, room in [
                ("rolls", "roll", cap), ("mags", "sheet", max(cap, pick["trip"])),
                ("desk", "sheet", max(cap, pick["trip"])), ("foils", "foil", cap),
                ("cells", "cell", cap), ("good", "cell", cap), ("trays", "tray", cap),
                ("shelf", "tray", cap),
            ]
        ],
        conveyors=[{"id": "belt", "item": "tray", "capacity": cap, "path_m": [[10, 0], [14, 0]],
                    "speed_mps": 0.5}],
        sources=[
            source("roll_src", "rolls", item="roll"),
            source("foil_src", "foils", item="foil", interval=exponential(3.0)),
        ],
        networks=[{"id": "roads", **ROADS}],
        fleets=[{"id": "agv", "network": "roads",
                 "homes": [f"home_{k}" for k in range(pick["vehicles"])], "size_m": [1, 1, 1],
                 "speed_loaded_mps": 1.0, "speed_empty_mps": 1.5, "acceleration_mps2": 0.5,
                 "load_s": 4.0, "unload_s": 4.0,
                 "battery": {"runtime_h": 0.3, "charge_h": 0.1}}],
        transports=[{"id": "t", "from": "mags", "to": "desk", "fleet": "agv",
                     "lots": pick["trip"]}],
        cranes=[{"id": "crane", "rail_m": [[10, 2], [30, 2]], "reach_m": 3.0, "height_m": 5.0,
                 "speed_mps": 2.0, "lift_mps": 0.5, "acceleration_mps2": 0.5,
                 "lift_acceleration_mps2": 0.5, "fork_s": 3.0}],
        shifts=pick["shifts"],
        pools=[
            {"id": "operators", "kind": "operator", "home_m": [5, 5], "staff": staff,
             "walk_mps": 1.2},
            {"id": "crew", "kind": "repair", "home_m": [6, 6], "staff": staff,
             "walk_mps": 1.2},
        ],
    )  # fmt: skip


ROADS: dict[str, Any] = {
    "nodes": {"n1": [0, 0], "n2": [20, 0], "n3": [20, 20], "n4": [0, 20], "m": [10, 20]},
    "lanes": [["n1", "n2", "n3", "m", "n4", "n1"]],
    "stops": {
        "pick": {"node": "n1", "position_m": [-2, 0], "place": "mags"},
        "drop": {"node": "n3", "position_m": [22, 20], "place": "desk"},
        **{f"home_{k}": {"node": "n4", "position_m": [-2.0 - 2 * k, 20], "charger": k != 1}
           for k in range(4)},
    },
}  # fmt: skip
"""A ring of one-way lanes with a pick-up, a drop-off and four parking stops."""
