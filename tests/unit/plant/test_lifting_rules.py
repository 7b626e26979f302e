"""Lifts and climates: what a plant file may say, and what is named with its line."""

from __future__ import annotations

import pytest

from twin.plant.report import assumptions

STACK = "            put: stacks\n"
LIFT = (
    "per: unit, pool: operators, load_kg: 12, coupling: good, "
    "origin: {h_m: 0.3, v_m: 0.9}, destination: {h_m: 0.4, v_m: 1.2}"
)
ATTEND = "            attend: {pool: operators, work: {mean_s: 20}}\n"


def lifts(text: str) -> str:
    return f"{STACK}            lifts:\n              box: {{{text}}}\n"


def test_lifts_are_read_with_their_sources(bench):
    loaded = bench.load(bench.changed(STACK, lifts(f"{LIFT}, source: assumption")))
    lift = loaded.plant.stations["stack"].lifts["box"]
    assert (lift.times, lift.significant_control, lift.origin.asymmetry_deg) == (1.0, False, 0.0)
    found = {o.address: o for o in assumptions(loaded) if ".lifts." in o.address}
    assert set(found) == {
        f"stations.stack.lifts.box.{key}"
        for key in ("load_kg", "origin.h_m", "origin.v_m", "destination.h_m", "destination.v_m")
    }
    assert {o.basis for o in found.values()} == {"assumption"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("load_kg: 12", "load_kg: 0", "'lifts.box.load_kg' is 0, must be greater than 0."),
        ("h_m: 0.3", "h_m: 0", "'lifts.box.origin.h_m' is 0, must be greater than 0."),
        ("h_m: 0.4", "h_m: 40", "'lifts.box.destination.h_m' is 40, must be at most 1.2."),
        ("v_m: 0.9", "v_m: -0.1", "'lifts.box.origin.v_m' is -0.1, must be at least 0."),
        ("v_m: 1.2", "v_m: 120", "'lifts.box.destination.v_m' is 120, must be at most 2.5."),
        ("v_m: 1.2", "v_m: 1.2, asymmetry_deg: 200", "asymmetry_deg' is 200, must be at most 180."),
        ("coupling: good", "coupling: god", "'lifts.box.coupling' is 'god' (nearest: 'good')"),
        ("pool: operators", "pool: operator", "(nearest: 'operators')"),
        (
            "pool: operators, ",
            "",
            "lift 'box' has no 'pool', and the station has no 'attend' to take it from. Say who",
        ),
        ("pool: operators", "pool: repair", "pool 'repair' is of kind 'repair', not 'operator'."),
        (
            "per: unit",
            "per: visit",
            "lift 'box' is 'per: visit', but nobody visits it: it has no 'attend'. Write",
        ),
    ],
)
def test_impossible_lifts(bench, old: str, new: str, message: str):
    assert LIFT.count(old) == 1
    text = bench.changed(STACK, lifts(LIFT.replace(old, new)))
    problems = bench.problems(text)
    assert any(message in problem for problem in problems), problems
    assert problems[0].startswith(f"{bench.line(text, 'box: {')}: "), problems


def test_who_visits_lifts_what_is_lifted_at_a_visit(bench):
    own = lifts(LIFT.replace("per: unit, pool: operators", "per: visit"))
    plant = bench.load(bench.changed(STACK, own + ATTEND)).plant
    assert plant.stations["stack"].lifts["box"].pool is None
    other = (
        "pools:\n  - {id: packers, kind: operator, home_m: [3, 3], staff: {day: 1}, walk_mps: 1}\n"
    )
    text = bench.changed(
        STACK, lifts(LIFT.replace("unit, pool: operators", "visit, pool: packers")) + ATTEND
    )
    problems = bench.problems(text.replace("pools:\n", other))
    assert any("is done by 'packers', but 'operators' visits it" in p for p in problems), problems


@pytest.mark.parametrize(
    ("climate", "message"),
    [
        ("{temperature_c: 21, dew_point_c: 22}", "'climate.dew_point_c' is 22, above the temp"),
        ("{temperature_c: 21, dew_point_c: 5, humidity_pct: 40}", "which say the same. Keep one"),
        (
            "{temperature_c: 21, humidity_pct: 140}",
            "'climate.humidity_pct' is 140, must be at most",
        ),
        ("{temperature_c: 210}", "'climate.temperature_c' is 210, must be at most 60."),
    ],
)
def test_impossible_climates(bench, climate: str, message: str):
    zone = f"{{id: dry, kind: dry_room, corner_m: [0, 0], size_m: [5, 5], climate: {climate}}}"
    problems = bench.after("shifts:\n", f"zones:\n  - {zone}\nshifts:\n")
    assert any(message in problem for problem in problems), problems
    assert all("zone 'dry'" in problem for problem in problems)
