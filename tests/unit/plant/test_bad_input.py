"""Every kind of bad plant file gives file, line, the fault and a way out; all problems at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.load import load_plant


def only(problems: list[str]) -> str:
    assert len(problems) == 1, problems
    return problems[0]


def test_the_plant_used_here_is_right(bench):
    plant = bench.load().plant
    assert list(plant.stations) == ["stack", "tray_load", "soak"]
    assert plant.stations["stack"].workcell == "stacking"
    assert plant.robots["arm"].line == "line"


# --- the file itself -------------------------------------------------------------------------


def test_missing_file_names_nearest_shipped_plant():
    with pytest.raises(PlantError, match=r"no such plant.*nearest: 'pilot'"):
        load_plant("pilott")
    with pytest.raises(PlantError, match=r"plants/pillot\.yaml: no such file.*nearest: 'pilot'"):
        load_plant("plants/pillot.yaml")


def test_folder_is_refused(tmp_path: Path):
    with pytest.raises(PlantError, match="is a folder"):
        load_plant(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\xff", "no UTF-8 text"),
        (b"id: a\x00b", "binary file"),
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"- a\n- b\n", "no mapping at its top level"),
        (b"just words", "no mapping at its top level"),
    ],
)
def test_file_that_is_no_plant_text_is_refused(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(PlantError, match=message) as caught:
        load_plant(path)
    assert len(caught.value.problems) == 1


def test_syntax_error_names_line(bench):
    text = bench.changed("products:\n", "products: [\n")
    problem = only(bench.problems(text))
    assert "is no valid YAML" in problem
    assert int(problem.split(":")[0]) >= bench.line(text, "products: [")


def test_self_containing_alias_is_refused(bench):
    assert "contains itself" in only(bench.problems("id: &a [1, *a]\n"))


def test_alias_bomb_is_refused(bench):
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 9)]
    assert "more than" in only(bench.problems("\n".join(lines)))


def test_deep_nesting_is_refused(bench, tmp_path: Path):
    path = bench.write("a: " + "[" * 1500)
    with pytest.raises(PlantError, match=r"nested too deeply|no valid YAML"):
        load_plant(path)


def test_duplicate_key_names_both_lines(bench):
    text = bench.changed("label: A small plant\n", "label: A small plant\nid: other\n")
    problem = only(bench.problems(text))
    assert problem.startswith(f"{bench.line(text, 'id: other')}: key 'id' is also on line 2.")


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1e999", '"nan"', '"inf"'])
def test_number_that_is_not_finite_is_refused(bench, number: str):
    text = bench.changed("heights", "") if "heights" in bench.text else bench.text
    text = text.replace("machines: 2\n", f"machines: 2\n            heading_deg: {number}\n")
    problems = bench.problems(text)
    line = bench.line(text, "heading_deg")
    assert problems[0].startswith(f"{line}: ")
    assert "not a finite number" in problems[0]


def test_tag_and_merge_key_are_refused(bench):
    problems = bench.problems(bench.text + "description: !!python/name:os.system x\n<<: {a: 1}\n")
    assert any("tag" in p and "not supported" in p for p in problems)
    assert any("'<<' is not supported. Use 'templates' and 'like'." in p for p in problems)


# --- values ----------------------------------------------------------------------------------


def test_misspelt_key_names_nearest_and_allowed(bench):
    text = bench.changed("pitch_m: [0, 6]", "pich_m: [0, 6]")
    problem = only(bench.problems(text))
    line = bench.line(text, "pich_m")
    assert problem.startswith(
        f"{line}: station 'stack': unknown key 'pich_m' (nearest: 'pitch_m'). Allowed: id, label,"
    )
    assert "workcell" not in problem


def test_misspelt_key_deep_inside_names_object(bench):
    problem = only(bench.after("mttr_h: 0.12", "mttr_hours: 0.12, mttr_h: 1"))
    assert "station 'stack': unknown key 'mttr_hours' (nearest: 'mttr_h')" in problem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mtbf_h: 6,", "mtbf_h: -6,", "'breakdown.mtbf_h' is -6, must be greater than 0."),
        ("load_s: 30, u", "load_s: -1, u", "fleet 'amr': 'load_s' is -1, must be at least 0."),
        ("machines: 2", "machines: two", "'machines' is 'two', must be a whole number."),
        ("machines: 2", "machines: 2.5", "'machines' is 2.5, must be a whole number."),
        ("capacity: 20", "capacity: true", "buffer 'stacks': 'capacity' is true, must be a num"),
        ("mean_s: 86400", "mean_s: soon", "'cycle.mean_s' is 'soon', must be a number."),
        ("size_m: [5, 4, 2.5]", "size_m: [5, 4]", "'size_m' has only 2 values."),
        ("size_m: [5, 4, 2.5]", "size_m: [5, 4, 2, 1]", "'size_m' has 4 values, must have 3."),
        ("size_m: [5, 4, 2.5]", "size_m: 5", "'size_m' is 5, must be a list."),
        ("homes: [park]", "homes: []", "'homes' has 0 values, must have at least 1."),
        ("kind: assembly", "kind: assemblyy", "'kind' is 'assemblyy' (nearest: 'assembly')."),
        ("rack: {columns: 2, levels: 5}", "rack: 10", "'rack' is 10, must be an object"),
        ("      - id: loading", "      - id: 2nd", "'id' is '2nd', which is no identifier."),
        ("fork_s: 10}", "fork_s: }", "crane 'crane': 'fork_s' is empty, must be a number."),
        ("lift_mps: 0.5, ", "", "crane 'crane': 'lift_mps' is missing."),
        ("building: {size_m: [60, 20, 8]}", "takt_s: 1", "'building' is missing."),
    ],
)
def test_wrong_value_says_what_is_allowed(bench, old: str, new: str, message: str):
    text = bench.changed(old, new)
    problems = bench.problems(text)
    assert any(message in problem for problem in problems), problems


def test_wrong_zone_kind_lists_kinds(bench):
    zone = "zones:\n  - {id: z, kind: dryroom, corner_m: [0, 0], size_m: [1, 1]}\n"
    problem = only(bench.problems(bench.text + zone))
    assert "zone 'z': 'kind' is 'dryroom' (nearest: 'dry_room'). Allowed: dry_room," in problem


# --- names -----------------------------------------------------------------------------------


def test_duplicate_id_names_first_line(bench):
    text = bench.changed("{id: stacks,", "{id: sheets,").replace("put: stacks", "put: sheets")
    text = text.replace("from: stacks", "from: sheets")
    first = bench.line(text, "{id: sheets, item: sheet")
    problems = bench.problems(text)
    assert any(f"buffer 'sheets': id is already on line {first}." in p for p in problems)


def test_id_shared_by_a_station_and_a_buffer_is_refused(bench):
    text = bench.changed("{id: trays,", "{id: stack,").replace("trays}", "stack}")
    problems = bench.problems(text.replace("from: trays", "from: stack"))
    assert any("id is already used by" in problem for problem in problems), problems


def test_id_of_a_machine_counts(bench):
    text = bench.text.replace("arm", "stack_2")
    assert any("station 'stack': its member 'stack_2'" in p or "robot 'stack_2': id" in p
               for p in bench.problems(text))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("put: incoming", "put: incomming", "source 'supply': buffer or conveyor 'incomming'"),
        ("put: incoming", "put: incomming", "'incomming' does not exist (nearest: 'incoming')."),
        ("put: incoming", "put: incomming", "Add it under 'buffers' or 'conveyors' or correct"),
        ("from: sheets,", "from: shets,", "station 'stack': buffer, conveyor or store 'shets'"),
        ("from: sheets,", "from: dispatch,", "'take.0.from' names sink 'dispatch', must name"),
        ("put: trays", "put: tray", "(nearest: 'trays')"),
        ("crane: crane", "crane: cran", "crane 'cran' does not exist (nearest: 'crane')"),
        ("robot: arm", "robot: arn", "robot 'arn' does not exist (nearest: 'arm')"),
        ("to: sheets, fleet: amr", "to: sheets, fleet: agv", "fleet 'agv' does not exist"),
        ("network: aisle", "network: aisles", "network 'aisles' does not exist"),
        ("crew: repair", "crew: repairs", "pool 'repairs' does not exist (nearest: 'repair')"),
        ("item: cell_tray}", "item: cell_trays}", "item 'cell_trays' does not exist"),
        ("model: kuka_kr10_r1420", "model: kuka_kr10",
         "robot model 'kuka_kr10' does not exist (nearest: 'kuka_kr10_r1420')"),
        ("homes: [park]", "homes: [parc]", "fleet 'amr': stop 'parc' does not exist (nearest: 'pa"),
        ("[[a, b, c, d, a]]", "[[a, b, c, dd, a]]", "network 'aisle': node 'dd' does not exist"),
        ("{node: b,", "{node: bb,", "network 'aisle': node 'bb' does not exist"),
        ("start: ready", "start: reedy", "pose 'reedy' does not exist (nearest: 'ready')"),
        ("reach, to: pick", "reach, to: pik", "robot 'arm': pose 'pik' does not exist"),
        ("staff: {day: 2}", "staff: {days: 2}", "shift 'days' does not exist (nearest: 'day')"),
        ("place: sheets}", "place: sheet}", "'stops.drop.place' names item 'sheet', must name"),
    ],
)  # fmt: skip
def test_unknown_reference_names_nearest(bench, old: str, new: str, message: str):
    text = bench.changed(old, new)
    problems = bench.problems(text)
    hit = [problem for problem in problems if message in problem]
    assert hit, problems
    assert int(hit[0].split(":")[0]) == bench.line(text, new)


# --- several at once -------------------------------------------------------------------------


def test_all_problems_are_reported_at_once_in_order_of_lines(bench):
    text = (
        bench.changed("mtbf_h: 6", "mtbf_h: -6")
        .replace("pitch_m: [0, 6]", "pich_m: [0, 6]")
        .replace("take: [{from: stacks}]", "take: [{from: stakcs}]")
        .replace("position_m: [58, 10, 0]", "position_m: [.nan, 10, 0]")
        .replace("id: loading", "id: stacking")
        .replace("like: stacker", "like: stacker\n            note: free text")
    )
    problems = bench.problems(text)
    lines = [int(problem.split(":")[0]) for problem in problems]
    marks = ["mtbf_h: -6", ".nan", "pich_m", "take: [{from: stakcs"]
    expected = {bench.line(text, mark) for mark in marks}
    expected.add([m.start() for m in re.finditer("- id: stacking", text)][1] and
                 text[: [m.start() for m in re.finditer("- id: stacking", text)][1]].count("\n")
                 + 1)  # fmt: skip
    assert expected <= set(lines), problems
    assert lines == sorted(lines)
    assert any("nearest: 'stacks'" in problem for problem in problems)


def test_scenario_given_as_plant_is_named_so(bench):
    problem = only(bench.problems("id: s\nplant: pilot\n"))
    assert problem.startswith("2: this is a scenario, not a plant.")
