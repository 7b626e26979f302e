"""Rules between fields, the flow of material, lot sizes and lanes."""

from __future__ import annotations

import pytest

LEAVES = "            put: stacks\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: robot, robot: arm", "kind: robot", "a station of kind 'robot' needs 'robot'."),
        (
            "robot: arm, pos",
            "robot: arm, cycle: {mean_s: 3}, pos",
            "a robot station has no 'cycle'",
        ),
        ("robot: arm, pos", "robot: arm, machines: 2, pos", "'machines' is 2, but a robot station"),
        ("rack: {columns: 2, levels: 5},", "", "a station of kind 'store' needs 'rack'."),
        ("kind: store, crane: crane,", "kind: store,", "a station of kind 'store' needs 'crane'."),
        ("            product: electrode_stack\n", "", "kind 'assembly' needs 'product'."),
        (LEAVES, LEAVES + "            batch_lots: 3\n", "'batch_lots' is for stations of kind"),
        (LEAVES, LEAVES + "            record: lot\n", "'record: lot' is for stations of kind web"),
        (LEAVES, LEAVES + "            lanes: 2\n", "'lanes' is for stations of kind 'web'"),
        ("take: [{from: stacks}]", "take: []", "'take' is empty: nothing feeds it."),
        ("{from: stacks}", "{from: stacks, units: 2}", "only an assembly takes single units."),
        ("{from: stacks}", "{from: stacks}, {from: stacks}", "takes from 'stacks' twice."),
        (
            "[{from: stacks}]",
            "[{from: stacks}, {from: sheets}]",
            "takes from 2 places without saying by which rule.",
        ),
        ("{from: stacks}", "{from: soak}", "takes from the store 'soak', which only a crane can."),
        ("put: trays", "put: soak", "puts into the store 'soak', which only a crane can."),
        ("put: soaked", "put: dispatch", "its crane cannot deliver to the sink 'dispatch'."),
        ("{name: back, to: ready}", "{name: back, to: pick}", "ends at 'pick', not at its start"),
        ("{name: back, to: ready}", "{name: back}", "step 'back' neither moves ('to') nor waits"),
        ("back, to: ready", "back, to: ready, wait: {mean_s: 1}", "both moves ('to') and waits"),
        ("name: carry", "name: reach", "step 'reach' occurs twice."),
        ("reach, to: pick", "reach, to: ready", "moves to 'ready', where the tool is already."),
        ("capacity: 20,", "capacity: 20, initial: 21,", "more than its capacity 20."),
        ("to: sheets, fleet", "to: sheets, lots: 5, fleet", "carries 5 lots, but 'sheets' holds 4"),
        (", place: sheets}", "}", "network 'aisle' has no stop with 'place: sheets'."),
        ("crew: repair", "crew: operators", "whose kind is 'operator', not 'repair'."),
        ("staff: {day: 2}", "staff: {day: -2}", "shift 'day' has -2 people."),
        ("[50, 14]]", "[30, 14]]", "'rail_m' has no length."),
        ("{mean_s: 86400}", "{mean_s: 0}", "'cycle.mean_s' must be greater than 0."),
        (
            "{mean_s: 86400}",
            "{mean_s: 86400, cv: 0.7, kind: uniform}",
            "a 'uniform' duration with a cv of 0.7 would become negative.",
        ),
        (
            "{mean_s: 86400}",
            "{mean_s: 86400, cv: 0.1, kind: exponential}",
            "an 'exponential' duration has a cv of 1, not 0.1.",
        ),
        (
            "{mean_s: 86400}",
            "{mean_s: 86400, cv: 0.1, kind: constant}",
            "a 'constant' duration has no cv of 0.1.",
        ),
    ],
)
def test_fields_that_do_not_fit_are_named(bench, old: str, new: str, message: str):
    problems = bench.after(old, new)
    assert any(message in problem for problem in problems), problems


def test_web_fed_in_metres_needs_units_per_metre(bench):
    web = """\
        stations:
          - {id: notch, kind: web, position_m: [5, 5, 0], size_m: [1, 1, 1], cycle: {mean_s: 0.2},
             take: [{from: incoming}], product: sheet, put: sheets}
          - id: stack
"""
    text = bench.changed("        stations:\n          - id: stack\n", web)
    text = text.replace("{id: incoming, item: sheet", "{id: incoming, item: roll")
    text = text.replace("item: sheet, put: incoming", "item: roll, put: incoming")
    text = text.replace(
        "items:\n", "items:\n  - {id: roll, unit: m, units_per_lot: 500, carrier: coil}\n"
    )
    text = text.replace("  - {id: bring_sheets, from: incoming, to: sheets, fleet: amr}\n", "")
    (problem,) = bench.problems(text)
    assert "station 'notch': a web station fed in metres needs 'units_per_m'." in problem
    bench.load(text.replace("product: sheet, put", "units_per_m: 10, product: sheet, put"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("lanes: 2", "'lanes' needs 'record: lot'"),
        ("record: lot, lanes: 2, units_per_lot_out: 600", "contradict each other."),
    ],
)
def test_lanes_of_a_web_station(bench, more: str, message: str):
    web = f"""\
        stations:
          - {{id: notch, kind: web, position_m: [5, 5, 0], size_m: [1, 1, 1],
             cycle: {{mean_s: 0.2}}, take: [{{from: incoming}}], product: sheet, put: sheets,
             {more}}}
          - id: stack
"""
    text = bench.changed("        stations:\n          - id: stack\n", web)
    text = text.replace("  - {id: bring_sheets, from: incoming, to: sheets, fleet: amr}\n", "")
    (problem,) = bench.problems(text)
    assert message in problem


def test_robot_serves_one_station(bench):
    again = """\
          - {id: again, kind: robot, robot: arm, position_m: [1, 1, 0], size_m: [1, 1, 1],
             take: [{from: stacks}], product: cell_tray, units_per_lot_out: 24, put: trays}
          - {id: soak,"""
    text = bench.changed("          - {id: soak,", again)
    (problem,) = bench.problems(text)
    assert "station 'again': robot 'arm' already serves station 'tray_load'." in problem


def test_robot_without_station_is_named(bench):
    text = bench.changed("kind: robot, robot: arm", "kind: discrete, cycle: {mean_s: 3}")
    (problem,) = bench.problems(text)
    assert problem.startswith(f"{bench.line(text, '- id: arm')}: robot 'arm': no robot station")


# --- flow ------------------------------------------------------------------------------------


def test_cyclic_route_names_loop(bench):
    text = bench.changed(
        "          - {id: soak,",
        "          - {id: undo, kind: discrete, cycle: {mean_s: 3}, position_m: [1, 1, 0],\n"
        "             size_m: [1, 1, 1], take: [{from: trays}], product: electrode_stack,\n"
        "             units_per_lot_out: 1, put: stacks}\n"
        "          - {id: soak,",
    )
    (problem,) = bench.problems(text)
    line = int(problem.split(":")[0])
    assert "cyclic route: " in problem
    for name in ("stacks", "tray_load", "trays", "undo"):
        assert f"'{name}'" in problem
    assert line in {
        bench.line(text, "units_per_lot_out: 1,"),
        bench.line(text, "units_per_lot_out: 24"),
        bench.line(text, "take: [{from: stacks}]"),
        bench.line(text, "{id: undo"),
        bench.line(text, "take: [{from: trays}], product"),
    }


def test_place_that_feeds_itself_by_vehicle_is_a_cyclic_route(bench):
    text = bench.changed(
        "transports:\n", "transports:\n  - {id: back, from: sheets, to: incoming, fleet: amr}\n"
    )
    (problem,) = bench.problems(text)
    assert "cyclic route: 'incoming' -> 'sheets' -> 'incoming'." in problem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("take: [{from: trays}], put: soaked", "take: [{from: trays}]",
         "station 'soak': its output goes nowhere: it has no 'put' and nothing takes from it."),
        (LEAVES, "", "station 'stack': its output goes nowhere: it has no 'put'."),
        (LEAVES, "", "buffer 'stacks': nothing feeds it."),
        ("take: [{from: trays}],", "take: [],", "conveyor 'trays': a dead end: nothing takes"),
        ("take: [{from: trays}],", "take: [],", "station 'soak': nothing feeds it."),
        ("  - {id: dispatch, pos", "  - {id: spare, position_m: [1, 1, 0]}\n  - {id: dispatch, pos",
         "sink 'spare': nothing is delivered to it."),
        ("product: cell_tray, units_per_lot_out: 24", "units_per_lot_out: 1",
         "station 'tray_load': brings 'electrode_stack' to 'trays', which is for 'cell_tray'."),
        ("item: sheet, put: incoming", "item: cell_tray, put: incoming",
         "source 'supply': brings 'cell_tray' to 'incoming', which is for 'sheet'."),
        ("{id: sheets, item: sheet", "{id: sheets, item: cell_tray",
         "transport 'bring_sheets': brings 'sheet' to 'sheets', which is for 'cell_tray'."),
    ],
)  # fmt: skip
def test_broken_flow_is_named(bench, old: str, new: str, message: str):
    problems = bench.after(old, new)
    assert any(message in problem for problem in problems), problems


def test_station_with_two_kinds_of_input_must_name_its_product(bench):
    text = bench.changed("take: [{from: trays}]", "take: [{from: trays}, {from: stacks}]")
    problems = bench.problems(text)
    assert any("takes 'cell_tray', 'electrode_stack' and has no 'product'" in p for p in problems)


def test_a_store_may_be_emptied_by_the_next_store(bench):
    text = bench.changed("take: [{from: trays}], put: soaked}", """take: [{from: trays}]}
          - {id: aging, kind: store, crane: crane, rack: {columns: 2, levels: 5},
             position_m: [45, 12, 0], size_m: [2, 3, 6], cycle: {mean_s: 86400},
             take: [{from: soak}], put: soaked}""")  # fmt: skip
    assert list(bench.load(text).plant.stores) == ["soak", "aging"]


# --- lots ------------------------------------------------------------------------------------


def test_cycle_that_does_not_divide_the_lot_is_named(bench):
    text = bench.changed(
        "{id: electrode_stack, product: true}",
        "{id: electrode_stack, units_per_lot: 20, product: true}",
    )
    text = text.replace("robot: arm, pos", "robot: arm, units_per_cycle: 8, pos")
    (problem,) = bench.problems(text)
    assert problem.startswith(f"{bench.line(text, 'units_per_cycle: 8')}: station 'tray_load': ")
    assert "'units_per_cycle' is 8, which does not divide the lot of 20" in problem
    bench.load(text.replace("units_per_cycle: 8", "units_per_cycle: 5"))


def test_outgoing_lot_must_be_a_full_lot_of_its_item(bench):
    (problem,) = bench.after("units_per_lot_out: 24", "units_per_lot_out: 20")
    assert "'units_per_lot_out' is 20, but a full lot of 'cell_tray' holds 24." in problem


def test_lots_that_stay_together_keep_their_size(bench):
    (problem,) = bench.after("product: cell_tray, units_per_lot_out: 24", "product: cell_tray")
    assert "turns lots of 1 'electrode_stack' into 'cell_tray', whose lots hold 24." in problem
    assert "Write 'units_per_lot_out: 24'" in problem


def test_source_lot_larger_than_the_item_is_named(bench):
    (problem,) = bench.after("item: sheet, put: inc", "item: sheet, units_per_lot: 700, put: inc")
    assert "'units_per_lot' is 700, but a full lot of 'sheet' holds 600." in problem


# --- lanes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[a, b, c, d, a]]", "[[a, b, c, d]]", "'b', 'c', 'd' cannot get back to node 'a'."),
        ("c: [10, 6],", "c: [10, 6], e: [20, 6],", "'e' cannot be reached from node 'a'."),
        ("[[a, b, c, d, a]]", "[[a, b, c, d, a], [b, a]]", "from 'a' to 'b' and straight back"),
        ("[[a, b, c, d, a]]", "[[a, b, c, d, a], [b]]", "a lane needs at least two nodes."),
        ("d: [3, 6]}", "d: [10, 6]}", "nodes 'c' and 'd' are at the same place."),
        ("position_m: [3, 8]}", "position_m: [5, 6.1]}", "stop 'park' stands on the lane from 'c'"),
        ("position_m: [3, 8]}", "position_m: [10, 2]}", "stops 'drop' and 'park' are at the same"),
        ("homes: [park]", "homes: [park, park]", "stop 'park' is already a home of fleet 'amr'."),
    ],
)
def test_lanes_that_could_block_are_named(bench, old: str, new: str, message: str):
    problems = bench.after(old, new)
    assert any(message in problem for problem in problems), problems


def test_stop_on_a_lane_points_at_its_line(bench):
    text = bench.changed("position_m: [3, 8]}", "position_m: [5, 6.1]}")
    (problem,) = bench.problems(text)
    assert problem.startswith(f"{bench.line(text, 'park: {node')}: network 'aisle': ")
