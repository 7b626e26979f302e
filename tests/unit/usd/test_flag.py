from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from twin.flags.flag import Flag
from twin.run.run import Run
from twin.usd.catalogue import catalogue
from twin.usd.flag import FILE, write_flags
from twin.usd.material import write_materials
from twin.usd.path import FLAGS, Paths
from twin.usd.span import CODES_PER_S, Span

SPAN = Span(0.0, 900.0)


def flag(resource: str, workcell: str, since: float, until: float, **more: object) -> Flag:
    known = {"cause": "vacuum_leak", "substep": "grip", "lost_units": 3.0, "severity": "warning"}
    return Flag(workcell, resource, since, until, **{**known, **more})  # type: ignore[arg-type]


FOUND = [
    flag("robot_pouch", "pouch", 300, 900, evidence={"open": True}, severity="critical"),
    flag("stack", "stacking", 100, 200, title="Slow", text="Slower than planned"),
    flag("pilot", "", 0, 500, cause="below_plan", substep=None),
    flag("stack", "stacking", 150, 400),
    flag("robot_pouch", "pouch", 600, 700, evidence={
        "why": "joint_friction", "lost_money": 12.0, "currency": "EUR", "expected": 1.0,
        "diagnosis": {"joint": 3, "confidence": 0.9, "action": "Grease it."},
    }),
]  # fmt: skip


@pytest.fixture(scope="module")
def flagged(run: Run, paths: Paths, tmp_path_factory: pytest.TempPathFactory) -> Usd.Stage:
    folder: Path = tmp_path_factory.mktemp("flags")
    made = catalogue(run.plant, paths)
    write_materials(folder)
    write_flags(folder, SPAN, FOUND, made, paths)
    return Usd.Stage.Open(str(folder / FILE))


def test_flag_is_visible_while_it_holds(flagged: Usd.Stage) -> None:
    visible = flagged.GetPrimAtPath(f"{FLAGS}/flag_2").GetAttribute("visibility")
    shown = [visible.Get(t * CODES_PER_S) for t in (0, 99.99, 100, 199.99, 200, 900)]
    assert shown == ["invisible", "invisible", "inherited", "inherited", "invisible", "invisible"]
    going_on = flagged.GetPrimAtPath(f"{FLAGS}/flag_1").GetAttribute("visibility")
    assert [going_on.Get(t * CODES_PER_S) for t in (299, 300, 900)] == [
        "invisible",
        "inherited",
        "inherited",
    ]


def test_flag_stands_at_its_resource_in_its_colour(flagged: Usd.Stage, run: Run) -> None:
    prim = flagged.GetPrimAtPath(f"{FLAGS}/flag_1")
    matrix = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(0)
    robot = run.plant.robots["robot_pouch"]
    assert tuple(matrix.ExtractTranslation())[:2] == pytest.approx(robot.position_m[:2])
    looks = {p.GetName() for p in Usd.PrimRange(prim.GetChild("Look").GetPrototype())}
    assert "critical" in looks
    assert "warning" not in looks


def test_flag_says_what_why_and_about_what(flagged: Usd.Stage, paths: Paths) -> None:
    prim = flagged.GetPrimAtPath(f"{FLAGS}/flag_2")
    assert prim.GetAttribute("twin:flag:cause").Get() == "vacuum_leak"
    assert prim.GetAttribute("twin:flag:text").Get() == "Slower than planned"
    assert prim.GetAttribute("twin:flag:lost_units").Get() == 3.0
    (subject,) = prim.GetRelationship("twin:subject").GetTargets()
    assert str(subject) == paths.things["stack"]


def test_flag_says_what_it_costs_and_what_to_do(flagged: Usd.Stage) -> None:
    prim = flagged.GetPrimAtPath(f"{FLAGS}/flag_5")
    known = {
        "why": "joint_friction", "joint": 3, "confidence": 0.9, "action": "Grease it.",
        "lost_money": 12.0, "currency": "EUR", "expected": 1.0,
    }  # fmt: skip
    assert {name: prim.GetAttribute(f"twin:flag:{name}").Get() for name in known} == known
    assert not prim.GetAttribute("twin:flag:lost_kwh"), "what is not known is not written"


def test_flag_of_the_whole_plant_has_no_marker(flagged: Usd.Stage) -> None:
    prim = flagged.GetPrimAtPath(f"{FLAGS}/flag_3")
    assert not prim.GetChildren()
    assert prim.GetAttribute("twin:flag:cause").Get() == "below_plan"


def test_workcell_counts_its_flags(flagged: Usd.Stage, paths: Paths) -> None:
    prim = flagged.GetPrimAtPath(paths.workcells["stacking"])
    count, worst = (prim.GetAttribute(f"twin:flag:{k}") for k in ("count", "worst"))
    times = (50, 120, 180, 300, 500)
    assert [count.Get(t * CODES_PER_S) for t in times] == [0, 1, 2, 1, 0]
    assert [worst.Get(t * CODES_PER_S) for t in times] == ["", "warning", "warning", "warning", ""]


def test_flags_outside_the_window_are_left_out(run: Run, paths: Paths, tmp_path: Path) -> None:
    write_flags(tmp_path, Span(500.0, 600.0), FOUND, catalogue(run.plant, paths), paths)
    opened = Usd.Stage.Open(str(tmp_path / FILE))
    assert len(opened.GetPrimAtPath(FLAGS).GetAllChildren()) == 1
