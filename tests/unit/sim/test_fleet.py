"""Batteries and chargers, parking, rules of dispatch, and trips with fewer lots."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.transport.battery import Charge
from sim.transport.dispatch import VEHICLE_RULES, Situation, register_vehicle_rule
from sim.transport.trip import Trip
from tests.support.plants import buffer, source, station, tiny_plant
from tests.support.traffic import Case, fleet_plant, running
from twin.errors import PlantError
from twin.plant.transport import Battery

BATTERY = {"runtime_h": 0.05, "charge_h": 0.05, "charge_below": 0.3, "charge_to": 0.9}


def square(n_homes: int, **stops: Any) -> tuple[dict[str, Any], list[str]]:
    """Return a square of 20 m with loading at n1 and n2, the sink at n3, homes at n4."""
    network: dict[str, Any] = {
        "nodes": {"n1": [0, 0], "n2": [20, 0], "n3": [20, 20], "n4": [0, 20]},
        "lanes": [["n1", "n2", "n3", "n4", "n1"]],
        "stops": {
            "at_a": {"node": "n1", "position_m": [-2, 0], "place": "a"},
            "at_b": {"node": "n2", "position_m": [22, 0], "place": "b"},
            "at_out": {"node": "n3", "position_m": [22, 20], "place": "out"},
            **stops,
        },
    }
    homes = [f"home_{k}" for k in range(n_homes)]
    for k, home in enumerate(homes):
        network["stops"][home] = {"node": "n4", "position_m": [-2.0 - 2 * k, 20]}
    return network, homes


def one_way(
    n: int, lots: dict[str, int], *, stops: dict[str, Any] | None = None, **more: Any
) -> Any:
    network, homes = square(n, **(stops or {}))
    transports = [{"from": name, "to": "out"} for name in lots]
    return fleet_plant(network, homes, lots, transports, **more)


def states(run: Case, vehicle: str) -> list[str]:
    """Return the names of the modes a vehicle went through."""
    from sim.record.mode import MODES

    log = next(s for s in run.world.recorder._states if s.resource == vehicle)
    return [MODES[int(mode)][0] for mode in log.take()[:, 2]]


CHARGER = {"charger": {"node": "n2", "position_m": [20, -3], "charger": True}}


def test_battery_uses_what_each_kind_of_time_says() -> None:
    """1 h driving, half of it loaded, 2 h standing: 0.5/10 + 0.5/5 + 2/40 = 0.2 of the charge."""
    charge = Charge(Battery(runtime_h=10, runtime_loaded_h=5, idle_h=40, charge_h=2), 0.9)
    charge.drive(3600.0, 1800.0)
    charge.stand(3 * 3600.0, 3600.0, at_charger=False)
    assert charge.level == pytest.approx(0.7)
    assert charge.time_to_low_s() == pytest.approx(0.5 * 40 * 3600)
    charge.charge(720.0, 4 * 3600.0)
    assert charge.level == pytest.approx(0.8)
    assert charge.time_to_full_s() == pytest.approx(720.0)


def test_vehicles_queue_for_one_charger_at_home() -> None:
    plant = one_way(4, {"a": 40}, stops=CHARGER, battery=BATTERY)
    with running(plant) as run:
        run.run_until_shipped(40, limit_s=50_000.0, step_s=2.0)
        moves = run.moves()
    at_charger = moves["mover"][moves["target"] == "charger"]
    assert set(at_charger) == {f"agv0_{k}" for k in (1, 2, 3, 4)}
    assert set(moves["mover"][(moves["purpose"] == "charge") & (moves["target"] == "home_0")])


def test_opportunity_charges_whenever_there_is_nothing_to_do() -> None:
    levels = {}
    for when in ("below", "opportunity"):
        battery = {**BATTERY, "runtime_h": 1.0, "charge_when": when}
        with running(one_way(1, {"a": 2}, stops=CHARGER, battery=battery)) as run:
            run.run(3000.0)
            carrier = run.factory.fleets["agv0"].vehicles[0]
            levels[when] = carrier.charge
            assert (carrier.driver.stands_at == "charger") == (when == "opportunity")
    assert levels["opportunity"] == pytest.approx(0.9)
    assert levels["below"] < 0.9


@pytest.mark.parametrize(
    ("when", "more", "n_lots"),
    [("after_trips", {"charge_after_trips": 3}, 9), ("after_time", {"charge_after": 500.0}, 30)],
)
def test_charging_by_count_and_by_time(when: str, more: dict[str, Any], n_lots: int) -> None:
    battery = {**BATTERY, "runtime_h": 100.0, "charge_when": when, **more}
    with running(one_way(1, {"a": n_lots}, stops=CHARGER, battery=battery)) as run:
        run.run_until_shipped(n_lots, limit_s=20_000.0)
        run.run(run.world.env.now + 100.0)
        moves = run.moves()
    came_s = moves["end_s"][moves["target"] == "charger"]
    if when == "after_trips":
        assert len(came_s) == 3
    else:
        assert (np.diff(came_s) > 500.0).all()
        assert len(came_s) >= 3


def test_standing_uses_charge_and_sends_a_vehicle_to_charge() -> None:
    battery = {**BATTERY, "runtime_h": 100.0, "idle_h": 0.5}
    with running(one_way(1, {"a": 1}, stops=CHARGER, battery=battery)) as run:
        run.run(20_000.0)
        moves = run.moves()
    assert (moves["target"] == "charger").sum() == 1
    left_s, came_s = (moves["end_s"][moves[key] == "charger"] for key in ("origin", "target"))
    assert not len(left_s)
    assert came_s[0] < 0.9 * 0.5 * 3600


@pytest.mark.parametrize(
    ("park", "place"), [("home", "home_0"), ("nearest", "near"), ("stay", "at_out")]
)
def test_where_a_vehicle_without_work_goes(park: str, place: str) -> None:
    near = {"near": {"node": "n3", "position_m": [20, 23]}}
    with running(one_way(1, {"a": 3}, stops=near, park=park)) as run:
        run.run(2000.0)
        assert run.world.ledger.shipped.total() == 3
        assert run.factory.fleets["agv0"].vehicles[0].driver.stands_at == place


def test_a_vehicle_that_stays_makes_room_when_its_stop_is_needed() -> None:
    """Two vehicles and one stop at the sink: the first stays there until the second comes."""
    with running(one_way(2, {"a": 1, "b": 1}, park="stay")) as run:
        run.run_until_shipped(2, limit_s=1000.0)
        run.run(run.world.env.now + 200.0)
        stands = [c.driver.stands_at for c in run.factory.fleets["agv0"].vehicles]
    assert sorted(str(s) for s in stands)[0] == "at_out"
    assert len(set(stands)) == 2


def test_a_vehicle_that_stays_loads_where_it_stands() -> None:
    """Unloaded at the place where the next trip begins, it does not drive away and come back."""
    stations = [station("s", take="z", put="far", cycle=1.0)]
    network, homes = square(1, at_z={"node": "n2", "position_m": [20, -4], "place": "z"})
    del network["stops"]["at_a"]
    network["stops"]["at_first"] = {"node": "n1", "position_m": [-2, 0], "place": "first"}
    network["stops"]["at_b"]["place"] = "mid"
    plant = tiny_plant(
        stations,
        buffers=[buffer("first", initial=1, capacity=1), buffer("mid"), buffer("z"), buffer("far")],
        networks=[{"id": "roads", **network}],
        fleets=[{"id": "agv0", "network": "roads", "homes": homes, "size_m": [1, 1, 1],
                 "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0, "acceleration_mps2": 0.5,
                 "load_s": 5.0, "unload_s": 5.0, "park": "stay"}],
        transports=[{"id": "t1", "from": "first", "to": "mid", "fleet": "agv0"},
                    {"id": "t2", "from": "mid", "to": "out", "fleet": "agv0"}],
    )  # fmt: skip
    with running(plant) as run:
        run.run(1000.0)
        moves = run.moves()
    assert run.world.ledger.shipped.total() == 1
    assert (moves["target"] == "at_b").sum() == 1


def test_rules_choose_trips() -> None:
    orders = {}
    for rule in ("oldest", "nearest", "priority", "due"):
        network, homes = square(1)
        plant = fleet_plant(
            network, homes, {"a": 3, "b": 3},
            [{"from": "a", "to": "out", "due": 9000},
             {"from": "b", "to": "out", "priority": 5, "due": 10}],
            choose_trip=rule,
        )  # fmt: skip
        with running(plant) as run:
            run.run_until_shipped(6, limit_s=5000.0)
            moves = run.moves()
        picks = moves["target"][(moves["purpose"] == "fetch")]
        orders[rule] = "".join(str(p)[-1] for p in picks if str(p).startswith("at_"))
    assert orders == {
        "oldest": "aaabbb",
        "nearest": "aaabbb",
        "priority": "abbbaa",
        "due": "abbbaa",
    }


def test_rules_choose_vehicles() -> None:
    def used(rule: str) -> list[int]:
        with running(one_way(3, {"a": 9}, choose_vehicle=rule)) as run:
            run.run_until_shipped(9, limit_s=5000.0)
            return [c.n_trips for c in run.factory.fleets["agv0"].vehicles]

    assert used("round_robin") == [3, 3, 3]
    assert used("least_used") == [3, 3, 3]
    assert used("longest_idle") == [3, 3, 3]
    assert max(used("nearest")) > 3


def test_own_rules_can_be_registered() -> None:
    asked = []

    def last(trip: Trip, now: Situation) -> Any:
        asked.append((trip.origin.id, trip.n, now.now_s, now.stop_of(trip)))
        return now.vehicles[-1]

    register_vehicle_rule("last_of_all", last)
    try:
        with running(one_way(2, {"a": 1}, choose_vehicle="last_of_all")) as run:
            run.run_until_shipped(1, limit_s=1000.0)
            trips = [c.n_trips for c in run.factory.fleets["agv0"].vehicles]
    finally:
        del VEHICLE_RULES["last_of_all"]
    assert trips == [0, 1]
    assert asked == [("a", 1, 0.0, "at_a")]


@pytest.mark.parametrize("key", ["choose_trip", "choose_vehicle"])
def test_an_unknown_rule_is_named_with_the_nearest_one(key: str) -> None:
    rule = {"choose_trip": "oldets", "choose_vehicle": "neerest"}[key]
    close = {"choose_trip": "oldest", "choose_vehicle": "nearest"}[key]
    with (
        pytest.raises(PlantError, match=rf"'{rule}', which does not exist \(nearest: '{close}'\)"),
        running(one_way(1, {"a": 1}, **{key: rule})),
    ):
        pass


def fed(every_s: float, **transport: Any) -> Any:
    """Return a plant where one lot comes to `a` every so often and trips take three."""
    network, homes = square(2)
    return tiny_plant(
        [],
        buffers=[buffer("a", capacity=9)],
        sources=[source("src", "a", interval={"mean_s": every_s, "kind": "constant"})],
        networks=[{"id": "roads", **network}],
        fleets=[{"id": "agv0", "network": "roads", "homes": homes, "size_m": [1, 1, 1],
                 "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0, "acceleration_mps2": 0.5,
                 "load_s": 5.0, "unload_s": 5.0}],
        transports=[{"id": "t", "from": "a", "to": "out", "fleet": "agv0", "lots": 3,
                     **transport}],
    )  # fmt: skip


def asked_at(plant: Any, until_s: float) -> list[tuple[float, int]]:
    """Return when trips were asked for, and with how many lots."""
    with running(plant) as run:
        (fleet,) = run.factory.fleets.values()
        found: list[tuple[float, int]] = []
        plain = fleet.request

        def noted(trip: Trip, now: float) -> None:
            found.append((now, trip.n))
            plain(trip, now)

        fleet.request = noted  # type: ignore[method-assign]
        run.run(until_s)
    return found


def test_a_trip_waits_for_its_lots_without_max_wait() -> None:
    assert asked_at(fed(100.0), 650.0) == [(300.0, 3), (600.0, 3)]


def test_a_trip_starts_with_fewer_lots_after_max_wait() -> None:
    """The first lot of a trip comes at 100 s, 300 s, ...; 150 s later there are two."""
    assert asked_at(fed(100.0, max_wait=150.0), 800.0) == [(250.0, 2), (450.0, 2), (650.0, 2)]


def test_a_trip_after_max_wait_has_its_fewest_lots() -> None:
    assert asked_at(fed(100.0, max_wait=50.0, min_lots=2), 650.0) == [
        (200.0, 2), (400.0, 2), (600.0, 2),
    ]  # fmt: skip


def test_a_timetable_takes_what_waits() -> None:
    """Lots come every 90 s: two until 250 s, three more until 500 s, and so on."""
    assert asked_at(fed(90.0, period=250.0), 1010.0) == [
        (250.0, 2), (500.0, 3), (750.0, 3), (1000.0, 3),
    ]  # fmt: skip


def test_trips_from_one_place_go_to_several() -> None:
    network, homes = square(1)
    plant = fleet_plant(
        network, homes, {"a": 4, "b": 0}, [{"from": "a", "to": "b"}, {"from": "a", "to": "out"}]
    )
    with running(plant) as run:
        run.run_until_shipped(3, limit_s=5_000.0)
        run.run(run.world.env.now + 200.0)
        assert run.factory.places["b"].stock == 1
