"""Templates, repetition and sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.load import load_plant, load_scenario
from twin.plant.repeat import expand_repeats
from twin.plant.report import assumptions, counts, value_at
from twin.plant.tree import Problems, from_plain, plain

# --- templates -------------------------------------------------------------------------------


def test_template_gives_what_the_object_does_not_say(bench):
    stack = bench.load().plant.stations["stack"]
    assert stack.kind == "assembly"
    assert stack.cycle.mean_s == 42.4
    assert stack.breakdown.crew == "repair"
    assert stack.asset == "stacker"


def test_object_merges_over_template_key_by_key_and_null_removes(bench):
    more = "put: stacks\n            breakdown: {mttr_h: 0.5}\n            cycle: {mean_s: 40}\n"
    stack = bench.load(bench.changed("put: stacks\n", more)).plant.stations["stack"]
    assert (stack.breakdown.mtbf_h, stack.breakdown.mttr_h) == (6, 0.5)
    assert (stack.cycle.mean_s, stack.cycle.cv) == (40, 0.03)
    none = bench.changed("put: stacks\n", "put: stacks\n            breakdown: null\n")
    assert bench.load(none).plant.stations["stack"].breakdown is None


def test_template_of_a_template_and_of_a_part(bench):
    text = bench.changed(
        "    stacker:\n",
        "    fast: {like: stacker, cycle: {mean_s: 30}, breakdown: {like: rare}}\n    stacker:\n",
    )
    text = text.replace("  stations:\n    fast", "  breakdown:\n    rare: {mtbf_h: 100}\n"
                        "  stations:\n    fast")  # fmt: skip
    stack = bench.load(text.replace("like: stacker\n", "like: fast\n")).plant.stations["stack"]
    assert (stack.cycle.mean_s, stack.cycle.cv) == (30, 0.03)
    assert (stack.breakdown.mtbf_h, stack.breakdown.mttr_h) == (100, 0.12)
    assert stack.asset == "fast"


def test_asset_of_a_template_beats_its_name(bench):
    text = bench.changed("kind: assembly", "kind: assembly\n      asset: z_fold")
    assert bench.load(text).plant.stations["stack"].asset == "z_fold"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("like: stacker", "like: staker", "template 'staker' does not exist (nearest: 'stacker')."),
        ("like: stacker", "like: [stacker]", "'like' must be the name of a template."),
        ("kind: assembly", "like: stacker", "template 'stacker' is like itself ('stacker' -> "),
        ("stations:\n    stacker", "station:\n    stacker", "unknown kind 'station' (nearest: 's"),
        ("id: arm\n", "id: arm\n            like: stacker\n", "it is one of 'stations'."),
        ("stacker:\n", "none: 3\n    stacker:\n", "template 'none' must be an object"),
    ],
)
def test_bad_template_is_named_with_its_line(bench, old: str, new: str, message: str):
    text = bench.changed(old, new)
    (hit,) = [problem for problem in bench.problems(text) if message in problem]
    first = bench.line(text, new)
    assert int(hit.split(":")[0]) == first + (1 if "arm" in new else 0)


def test_error_in_a_template_is_reported_once_and_at_its_line(bench):
    text = bench.changed("mttr_h: 0.12", "mttr_h: -1")
    twin = text[text.index("          - id: stack\n") : text.index("      - id: loading")]
    text = text.replace(twin, twin + twin.replace("id: stack\n", "id: stack_b\n"))
    (problem,) = bench.problems(text)
    assert problem.startswith(f"{bench.line(text, 'mttr_h: -1')}: ")


# --- repetition ------------------------------------------------------------------------------

REPEAT = "repeat: {count: 3, offset_m: [0, 20]}"


def repeated(bench, repeat: str = REPEAT) -> str:
    """Return the plant with its line and all that belongs to it made three times."""
    text = bench.changed("  - id: line\n", f"  - id: line\n    {repeat}\n    label: Line {{n}}\n")
    for old, new in (
        (
            "{id: supply, item: sheet, put: incoming,",
            "put: 'incoming_{n}', id: supply, item: sheet,",
        ),
        ("{id: crane, ", "id: crane, "),
        ("{id: amr, network: aisle,", "id: amr, network: 'aisle_{n}',"),
        (
            "{id: bring_sheets, from: incoming, to: sheets, fleet: amr}",
            "id: bring_sheets, from: 'incoming_{n}', to: 'sheets_{n}', fleet: 'amr_{n}'}",
        ),
        (
            "{id: ship_trays, from: soaked, to: dispatch, fleet: amr}",
            "id: ship_trays, from: 'soaked_{n}', to: dispatch, fleet: 'amr_{n}'}",
        ),
    ):
        assert old in text
        text = text.replace(old, "{" + f"{repeat}, {new}")
    text = text.replace("  - id: aisle\n", f"  - id: aisle\n    {repeat}\n")
    text = text.replace("place: incoming}", "place: 'incoming_{n}'}")
    text = text.replace("place: sheets}", "place: 'sheets_{n}'}")
    text = text.replace("place: soaked}", "place: 'soaked_{n}'}")
    return text.replace("crane: crane,", "crane: 'crane_{n}',")


def test_repeated_line_is_a_valid_plant(bench):
    plant = bench.load(repeated(bench)).plant
    assert [line.id for line in plant.lines] == ["line_1", "line_2", "line_3"]
    assert [line.label for line in plant.lines] == ["Line 1", "Line 2", "Line 3"]
    stack = plant.stations["stack_2"]
    assert [take.place for take in stack.take] == ["sheets_2"]
    assert stack.put == "stacks_2"
    assert stack.position_m == (15, 27, 0)
    assert stack.pitch_m == (0, 6)
    assert (stack.workcell, stack.line) == ("stacking_2", "line_2")
    assert stack.product == "electrode_stack"
    assert stack.breakdown.crew == "repair"
    assert plant.stations["tray_load_3"].robot == "arm_3"
    assert plant.stations["soak_3"].put == "soaked_3"
    assert plant.transports[5].target == "dispatch"
    assert plant.stations["soak_3"].crane == "crane_3"


def test_repetition_moves_hall_coordinates_only(bench):
    plant = bench.load(repeated(bench)).plant
    assert plant.conveyors["trays_3"].path_m == [(24, 47), (29, 47)]
    assert plant.cranes[1].rail_m == ((30, 34), (50, 34))
    assert plant.networks[2].nodes["a"] == (3, 44)
    assert plant.networks[2].stops["park"].position_m == (3, 48)
    assert plant.robots["arm_3"].program == plant.robots["arm_1"].program
    assert plant.robots["arm_3"].position_m == (22, 47, 0.5)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_number_of_lines_is_one_number(bench, count: int):
    plant = bench.load(repeated(bench, f"repeat: {{count: {count}, offset_m: [0, 20]}}")).plant
    assert len(plant.lines) == count
    assert len(plant.stations) == 3 * count
    assert plant.stations[f"stack_{count}"].machine_ids == (
        f"stack_{count}_1",
        f"stack_{count}_2",
    )


def test_inner_repetition_comes_first_and_references_follow_both():
    cell = {
        "id": "cell",
        "repeat": {"count": 2, "offset_m": [1, 0]},
        "buffers": [{"id": "in", "label": "In {n}", "position_m": [0, 0, 0]}],
        "stations": [{"id": "weld", "take": [{"from": "in"}], "put": "out", "product": "in"}],
    }
    line = {
        "id": "line",
        "repeat": {"count": 2, "offset_m": [0, 5], "suffix": "x{n}"},
        "workcells": [cell, {"id": "end", "buffers": [{"id": "out", "position_m": [9, 9, 0]}]}],
    }
    problems = Problems()
    tree = expand_repeats(from_plain({"lines": [line]}, "test"), problems)
    assert not problems
    lines = plain(tree)["lines"]
    assert [cell["id"] for cell in lines[1]["workcells"]] == ["cell_1x2", "cell_2x2", "endx2"]
    second = lines[1]["workcells"][1]
    assert second["buffers"] == [{"id": "in_2x2", "label": "In 2", "position_m": [1, 5, 0]}]
    (station,) = second["stations"]
    assert station == {
        "id": "weld_2x2",
        "take": [{"from": "in_2x2"}],
        "put": "outx2",
        "product": "in",
    }


@pytest.mark.parametrize(
    ("repeat", "message"),
    [
        ("{count: 0}", "'count' must be a whole number from 1 to 10000."),
        ("{count: 10000}", "repeat: 10000 copies make more than 200,000 values."),
        ("{count: two}", "'count' must be a whole number"),
        ("{}", "'count' must be a whole number"),
        ("{count: 2, offset_m: [1]}", "'offset_m' must be two or three numbers"),
        ("{count: 2, offset_m: 5}", "'offset_m' must be two or three numbers"),
        ("{count: 2, suffix: b}", "'suffix' must contain {n}"),
        ("{count: 2, step: 3}", "unknown key 'step'. Allowed: count, offset_m, suffix."),
    ],
)
def test_bad_repeat_is_named(bench, repeat: str, message: str):
    text = bench.changed("  - id: line\n", f"  - id: line\n    repeat: {repeat}\n")
    hit = [problem for problem in bench.problems(text) if message in problem]
    assert hit
    assert hit[0].startswith(f"{bench.line(text, 'repeat: ')}: line 'line': repeat: ")


def test_only_list_objects_repeat(bench):
    problems = bench.after("building: {", "building: {repeat: {count: 2}, ")
    assert any("only an object of a list can be repeated." in problem for problem in problems)


def test_error_in_a_repeated_object_is_reported_once(bench):
    problems = bench.problems(repeated(bench).replace("machines: 2", "machines: 0"))
    assert len(problems) == 1
    assert "station 'stack_1': 'machines' is 0, must be at least 1." in problems[0]


# --- sources ---------------------------------------------------------------------------------


def test_source_of_a_value_is_the_full_citation(bench):
    loaded = bench.load()
    address = "stations.stack.cycle.mean_s"
    assert loaded.sources[address].startswith("Heimes et al. (2018)")
    assert loaded.notes[address] == "91 sheets"
    assert loaded.citations["RWTH"] == loaded.sources[address]
    assert value_at(loaded.plant, address) == 42.4
    assert loaded.lines[address] == bench.line(bench.text, "42.4")


def test_source_of_an_object_holds_for_its_numbers(bench):
    loaded = bench.load()
    assert loaded.sources["stations.stack.breakdown.mtbf_h"] == "assumption"
    assert "stations.stack.cycle.cv" in loaded.unsourced
    assert "stations.stack.position_m" not in loaded.unsourced
    assert "robots.arm.program.poses.pick.xyz_m" not in loaded.unsourced
    assert "robots.arm.program.steps.1.wait.mean_s" in loaded.unsourced
    assert not set(loaded.sources) & set(loaded.unsourced)


def test_own_source_beats_the_one_above(bench):
    text = bench.text + "source: assumption\n"
    loaded = bench.load(text)
    assert loaded.sources["stations.stack.cycle.mean_s"].startswith("Heimes")
    assert loaded.sources["stations.stack.cycle.cv"] == "assumption"
    assert loaded.unsourced == ()


def test_unknown_citation_key_is_free_text(bench):
    text = bench.changed("capacity: 20,", "capacity: {value: 20, source: shop floor},")
    loaded = bench.load(text)
    assert loaded.sources["buffers.stacks.capacity"] == "shop floor"
    assert loaded.plant.buffers["stacks"].capacity == 20


def test_citation_of_a_template_does_not_cover_numbers_of_the_object(bench):
    cited = bench.changed("      kind: assembly\n", "      kind: assembly\n      source: RWTH\n")
    own = "put: stacks\n            performance: 0.9\n"
    loaded = bench.load(cited.replace("put: stacks\n", own))
    assert loaded.sources["stations.stack.cycle.cv"].startswith("Heimes")
    assert "stations.stack.performance" in loaded.unsourced
    assumed = cited.replace("      source: RWTH\n", "      source: assumption\n")
    loaded = bench.load(assumed.replace("put: stacks\n", own))
    assert loaded.sources["stations.stack.performance"] == "assumption"


def test_lists_and_texts_may_carry_a_source(bench):
    text = bench.changed(
        "building: {size_m: [60, 20, 8]}",
        "building: {size_m: {value: [60, 20, 8], source: drawing 7}}",
    )
    text = text.replace("label: A small plant", "label: {value: A small plant, source: press}")
    loaded = bench.load(text)
    assert loaded.sources["building.size_m"] == "drawing 7"
    assert loaded.plant.label == "A small plant"


def test_unknown_key_beside_value_is_named(bench):
    problems = bench.after("{value: 42.4, source: RWTH", "{value: 42.4, sauce: RWTH")
    assert any("unknown key 'sauce' beside 'value'." in problem for problem in problems)


def test_bad_citations_are_named(bench):
    problems = bench.after('RWTH: "Heimes', 'X: 3\n  RWTH: "Heimes')
    assert problems == [f"{bench.line(bench.text, 'RWTH')}: citation 'X' must be a text."]
    problems = bench.problems(bench.text.replace("citations:\n", "citations: none\nx:\n"))
    assert any("'citations' must be a mapping" in problem for problem in problems)


def test_report_lists_every_number_once_with_its_basis(bench):
    loaded = bench.load()
    found = assumptions(loaded)
    by_address = {origin.address: origin for origin in found}
    assert len(by_address) == len(found) == len(loaded.sources) + len(loaded.unsourced)
    assert by_address["stations.stack.cycle.mean_s"].basis == "source"
    assert by_address["stations.stack.breakdown.mtbf_h"].basis == "assumption"
    assert by_address["fleets.amr.load_s"].basis == "none"
    assert by_address["shifts.day.start"].value == 6 * 3600
    assert [origin.line for origin in found] == sorted(origin.line for origin in found)
    assert counts(found) == {"source": 1, "assumption": 2, "none": len(found) - 3}


def test_value_at_an_unknown_address_is_an_error(bench):
    with pytest.raises(KeyError):
        value_at(bench.load().plant, "stations.stack.cycles")


def test_every_number_of_the_pilot_has_a_source():
    loaded = load_plant("pilot")
    assert loaded.unsourced == ()
    assert counts(assumptions(loaded))["source"] >= 10


def test_sources_reach_the_scenario_and_follow_changes(tmp_path: Path, bench):
    path = bench.write(bench.text)
    scenario = load_scenario(path)
    assert scenario.sources["stations.stack.breakdown.mtbf_h"] == "assumption"
    changed = load_scenario(path, changes={"stations.stack.breakdown.mtbf_h": 9})
    assert "stations.stack.breakdown.mtbf_h" not in changed.sources
    with pytest.raises(PlantError):
        load_scenario(path, changes={"stations.stack.breakdown.mtbf_h": -9})
