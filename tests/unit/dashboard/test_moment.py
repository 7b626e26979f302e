"""What holds at one moment, and what needs attention."""

from __future__ import annotations

import pytest

from dashboard.moment import (
    ResourceState,
    active,
    condition,
    levels_at,
    resource_label,
    states_at,
    worst,
)
from twin.flags import Flag
from twin.plant.plant import Workcell
from twin.run.run import Run


def flag(severity: str = "warning", *, lost: float = 1.0, to: float = 20.0, open_: bool = False,
         workcell: str = "mixing") -> Flag:  # fmt: skip
    evidence = {"open": open_}
    return Flag(workcell, "mix", 10.0, to, "slow_cycle", None, lost, severity, evidence)  # type: ignore[arg-type]


def state(name: str, reason: str = "") -> ResourceState:
    return ResourceState(name, reason, 0.0, 1.0)


@pytest.fixture
def cells(run: Run) -> dict[str, Workcell]:
    return {w.id: w for w in run.plant.workcells()}


def test_states_at_a_time(run: Run) -> None:
    found = states_at(run, 905.0)
    assert found["mix_2"] == ResourceState("down", "breakdown", 900.0, 1200.0)
    assert found["mix_1"].state == "starved"
    assert set(found) == {"mix_1", "mix_2", "insert", "arm"}


@pytest.mark.parametrize("t_s", [3600.0, 99_999.0])
def test_the_last_state_holds_at_the_end(run: Run, t_s: float) -> None:
    assert states_at(run, t_s)["mix_2"].state == "working"


def test_an_interval_begins_at_its_start(run: Run) -> None:
    assert states_at(run, 900.0)["mix_2"].state == "down"
    assert states_at(run, 899.999)["mix_2"].state == "working"


def test_levels_at_a_time(run: Run) -> None:
    assert levels_at(run, 600.0) == {"parts": 2, "soak": 2}
    assert levels_at(run, 1200.0)["parts"] == 1


def test_a_flag_holds_until_its_end() -> None:
    closed, still = flag(), flag(open_=True)
    assert active([closed, still], 9.9) == []
    assert active([closed, still], 10.0) == [closed, still]
    assert active([closed, still], 20.0) == [still], "at the end of the run"
    assert active([closed, still], 20.1) == []


def test_the_worst_flag_is_critical_then_costly() -> None:
    mild, costly, bad = flag(), flag(lost=9.0), flag("critical", lost=0.5)
    assert worst([mild, costly, bad]) is bad
    assert worst([mild, costly]) is costly
    assert worst([]) is None


def test_normal_workcells_are_grey(cells: dict[str, Workcell]) -> None:
    found = condition(cells["mixing"], {"mix_1": state("working"), "mix_2": state("starved")}, [])
    assert (found.level, found.text, found.icon) == ("normal", "1 of 2 working", "")
    idle = {"mix_1": state("blocked"), "mix_2": state("blocked")}
    assert condition(cells["mixing"], idle, []).text == "2 of 2 blocked"


def test_a_minor_stop_is_normal(cells: dict[str, Workcell]) -> None:
    states = {"mix_1": state("down", "minor_stop"), "mix_2": state("down", "minor_stop")}
    found = condition(cells["mixing"], states, [])
    assert (found.level, found.text) == ("normal", "2 of 2 minor stop")


@pytest.mark.parametrize("name", ["down", "waiting_repair", "protective_stop"])
def test_stopped_machines_need_attention(cells: dict[str, Workcell], name: str) -> None:
    one = {"mix_1": state(name), "mix_2": state("working")}
    assert condition(cells["mixing"], one, []).level == "warning"
    both = {"mix_1": state(name), "mix_2": state(name)}
    found = condition(cells["mixing"], both, [])
    assert (found.level, found.text, found.icon) == ("critical", "2 of 2 stopped", "critical")


def test_flags_colour_their_workcell_only(cells: dict[str, Workcell]) -> None:
    states = {"mix_1": state("working")}
    found = condition(cells["mixing"], states, [flag("critical")])
    assert (found.level, found.text) == ("critical", "Slow cycle")
    other = flag("critical", workcell="inserting")
    assert condition(cells["mixing"], states, [other]).level == "normal"


def test_stores_tell_how_full_they_are(cells: dict[str, Workcell]) -> None:
    assert condition(cells["soaking"], {}, [], {"soak": 2}).text == "25 % full"
    assert condition(cells["mixing"], {}, []).text == "no machines"


def test_labels(run: Run) -> None:
    names = {
        n: resource_label(run.plant, n) for n in ("mix", "mix_2", "arm", "parts", "feed", "x_y")
    }
    assert names == {
        "mix": "Mixer", "mix_2": "Mixer 2", "arm": "Insertion robot", "parts": "Parts",
        "feed": "Feed", "x_y": "X y",
    }  # fmt: skip
