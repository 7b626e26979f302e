"""The run folder: what is written is read back, and foreign or damaged folders are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from twin.errors import RunError
from twin.plant.scenario import Scenario
from twin.run.run import Run
from twin.run.tables import TABLES
from twin.run.writer import RunWriter


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.model_validate(
        {
            "id": "tiny",
            "horizon_s": 100,
            "plant": {"id": "p", "building": {"size_m": [10, 10, 5]}, "items": [], "lines": []},
        }
    )


def states(resources: list[str], starts: list[float], state: str = "working") -> dict[str, object]:
    n = len(resources)
    return {
        "resource": resources,
        "kind": ["machine"] * n,
        "state": [state] * n,
        "reason": [""] * n,
        "start_s": starts,
        "end_s": [s + 10 for s in starts],
    }


def write_run(folder: Path, scenario: Scenario, *, status: str = "complete") -> Path:
    writer = RunWriter(folder, scenario)
    writer.append("states", states(["a", "b"], [0.0, 0.0]))
    writer.append("states", states(["a"], [10.0], state="down"))
    writer.close(status, 100.0)  # type: ignore[arg-type]
    return folder


def test_rows_are_read_back_in_order(tmp_path: Path, scenario: Scenario) -> None:
    run = Run.open(write_run(tmp_path / "r", scenario))
    table = run.table("states")
    assert list(table["resource"]) == ["a", "b", "a"]
    assert list(table["start_s"]) == [0.0, 0.0, 10.0]
    assert run.manifest.rows["states"] == 3
    assert run.scenario == scenario


def test_where_and_columns_select(tmp_path: Path, scenario: Scenario) -> None:
    run = Run.open(write_run(tmp_path / "r", scenario))
    found = run.table("states", columns=["state"], where="resource = 'a'")
    assert list(found.columns) == ["state"]
    assert sorted(found["state"]) == ["down", "working"]


def test_state_at_gives_the_interval_that_holds(tmp_path: Path, scenario: Scenario) -> None:
    run = Run.open(write_run(tmp_path / "r", scenario))
    assert run.state_at(5.0).states["a"] == ("working", "", 0.0)
    assert run.state_at(12.0).states["a"] == ("down", "", 10.0)


def test_levels_add_up(tmp_path: Path, scenario: Scenario) -> None:
    writer = RunWriter(tmp_path / "r", scenario)
    writer.append(
        "levels",
        {
            "place": ["b", "b", "b"],
            "time_s": [0.0, 1.0, 2.0],
            "change": [1, 1, -1],
            "level": [1, 2, 1],
            "lot": [1, 2, 1],
            "slot": [-1, -1, -1],
        },
    )
    writer.close("complete", 100.0)
    run = Run.open(tmp_path / "r")
    assert [run.state_at(t).levels["b"] for t in (0.5, 1.5, 2.5)] == [1, 2, 1]


def test_numbers_that_repeat_are_a_dictionary_in_the_file_alone(
    tmp_path: Path, scenario: Scenario
) -> None:
    writer = RunWriter(tmp_path / "r", scenario)
    times = np.arange(4.0)
    cycles = {
        "unit": [5, 6, 7, 8], "lot": [1] * 4, "station": ["s"] * 4, "machine": ["s_1"] * 4,
        "start_s": times, "duration_s": times, "end_s": 2 * times, "n": [24, 24, 1, 24],
        "result": ["ok"] * 4,
    }  # fmt: skip
    writer.append("cycles", cycles)
    writer.close("complete", 4.0)
    run = Run.open(tmp_path / "r")
    assert run.table("cycles")["n"].tolist() == [24, 24, 1, 24]
    assert run.table("cycles")["n"].dtype == np.int32
    group = pq.ParquetFile(next((tmp_path / "r/tables/cycles").iterdir())).metadata.row_group(0)
    columns = [group.column(k) for k in range(group.num_columns)]
    coded = {c.path_in_schema for c in columns if c.has_dictionary_page}
    assert coded == {"station", "machine", "n", "result"}


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_has_its_columns(tmp_path: Path, scenario: Scenario, table: str) -> None:
    writer = RunWriter(tmp_path / "r", scenario)
    writer.close("complete", 100.0)
    run = Run.open(tmp_path / "r")
    names = [c.name for c in TABLES[table].columns]
    assert list(run.table(table).columns) == names
    assert list(run.sql(f"SELECT * FROM {table}").columns) == names


def test_parts_are_closed_files_and_leave_no_temporary_names(
    tmp_path: Path, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.run.writer.PART_ROWS", 4)
    writer = RunWriter(tmp_path / "r", scenario)
    for k in range(5):
        writer.append("states", states(["a", "b"], [k * 10.0, k * 10.0]))
    assert len(list((tmp_path / "r/tables/states").glob("part-*.parquet"))) == 2
    assert Run.open(tmp_path / "r").table("states").shape[0] == 8, "closed parts are readable"
    writer.close("complete", 100.0)
    assert not list((tmp_path / "r").rglob("*.tmp"))
    run = Run.open(tmp_path / "r")
    assert run.table("states").shape[0] == 10
    assert sum(pq.read_metadata(p).num_rows for p in run.parts("states")) == 10


def test_digest_depends_on_rows_not_on_chunks(tmp_path: Path, scenario: Scenario) -> None:
    one = RunWriter(tmp_path / "one", scenario)
    one.append("states", states(["a", "b"], [0.0, 1.0]))
    one.close("complete", 100.0)
    two = RunWriter(tmp_path / "two", scenario)
    two.append("states", states(["a"], [0.0]))
    two.append("states", states(["b"], [1.0]))
    two.close("complete", 100.0)
    three = RunWriter(tmp_path / "three", scenario)
    three.append("states", states(["a", "b"], [0.0, np.nextafter(1.0, 2.0)]))
    three.close("complete", 100.0)
    assert one.manifest.digest == two.manifest.digest != three.manifest.digest


def test_a_cancelled_run_opens(tmp_path: Path, scenario: Scenario) -> None:
    run = Run.open(write_run(tmp_path / "r", scenario, status="cancelled"))
    assert run.manifest.status == "cancelled"
    assert run.table("states").shape[0] == 3


def test_unknown_table_names_the_nearest(tmp_path: Path, scenario: Scenario) -> None:
    run = Run.open(write_run(tmp_path / "r", scenario))
    with pytest.raises(RunError, match=r"no table 'stats'.*nearest: 'states'"):
        run.table("stats")


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there is no such run folder"):
        Run.open(tmp_path / "nothing")


def test_folder_without_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"no run\.json"):
        Run.open(tmp_path)


def test_foreign_format_version_is_refused_in_one_sentence(
    tmp_path: Path, scenario: Scenario
) -> None:
    folder = write_run(tmp_path / "r", scenario)
    head = json.loads((folder / "run.json").read_text())
    head["format"] = [7, 0]
    (folder / "run.json").write_text(json.dumps(head))
    with pytest.raises(RunError, match="run format 7 cannot be read by this celltwin") as caught:
        Run.open(folder)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "x"}', '{"format": [1, 0]}', "\x00"])
def test_damaged_head_is_refused(tmp_path: Path, scenario: Scenario, text: str) -> None:
    folder = write_run(tmp_path / "r", scenario)
    (folder / "run.json").write_text(text)
    with pytest.raises(RunError, match=r"run\.json"):
        Run.open(folder)


def test_damaged_scenario_is_refused(tmp_path: Path, scenario: Scenario) -> None:
    folder = write_run(tmp_path / "r", scenario)
    (folder / "scenario.yaml").write_text("id: [unclosed")
    with pytest.raises(RunError, match=r"scenario\.yaml"):
        Run.open(folder)


def test_existing_run_needs_force(tmp_path: Path, scenario: Scenario) -> None:
    folder = write_run(tmp_path / "r", scenario)
    before = (folder / "run.json").read_bytes()
    with pytest.raises(RunError, match="--force"):
        RunWriter(folder, scenario)
    assert (folder / "run.json").read_bytes() == before
    for name in ("import.json", "bottleneck.json", "alarms.json"):
        (folder / name).write_text("{}")
    RunWriter(folder, scenario, force=True).close("complete", 100.0)
    assert Run.open(folder).table("states").empty
    assert not [*folder.glob("*.json.*"), *folder.glob("[abi]*.json")]  # notes on the old run


def test_a_folder_that_is_no_run_is_never_replaced(tmp_path: Path, scenario: Scenario) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(RunError, match="left alone"):
        RunWriter(tmp_path, scenario, force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["letters.txt"]
