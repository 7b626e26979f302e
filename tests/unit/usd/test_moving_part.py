"""What moves inside machines: the composed stage against the laws of `twin.motion`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from sim import simulate
from twin.motion.motion import Motion
from twin.plant.load import load_scenario
from twin.run.run import Run
from twin.usd import StageReport, validate, write_stage
from twin.usd.joint import chain
from twin.usd.path import BUILDING, Paths
from twin.usd.shape import Shape
from twin.usd.span import CODES_PER_S

EXAMPLES = Path(__file__).parents[3] / "scenes" / "examples"
POSITION_M, ANGLE_DEG = 0.001, 0.1
TIMES_S = np.append(np.random.default_rng(12).uniform(0, 900, 120), [0.0, 900.0])


@pytest.fixture(params=["clips", "bake"])
def opened(request: pytest.FixtureRequest, written: StageReport, baked: StageReport) -> Usd.Stage:
    return Usd.Stage.Open(str((written if request.param == "clips" else baked).root))


def local(stage: Usd.Stage, path: str, t_s: float) -> np.ndarray:
    """The transform of a prim in its parent; its last row is the position."""
    prim = UsdGeom.Xformable(stage.GetPrimAtPath(path))
    return np.array(prim.GetLocalTransformation(Usd.TimeCode(t_s * CODES_PER_S)))


def turned_deg(matrix: np.ndarray, about: int) -> float:
    """Angle about an axis (0: x, 1: y, 2: z) of a turn about it."""
    u, v = (about + 1) % 3, (about + 2) % 3
    return float(np.degrees(np.arctan2(matrix[u, v], matrix[u, u])))


def apart_deg(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)


def test_reels_turn_with_the_web(opened: Usd.Stage, motion: Motion, paths: Paths) -> None:
    for machine in ("notch_cathode", "notch_anode"):
        for name in ("unwinder",):
            path = f"{paths.things[machine]}/Turning/{name}"
            prim = opened.GetPrimAtPath(path)
            assert tuple(prim.GetAttribute("twin:turning:axis").Get()) == (0, 1, 0)
            radius = prim.GetAttribute("twin:turning:radius_m").Get()
            exact = np.degrees(motion.web_travel_m(machine, TIMES_S) / radius)
            assert exact.max() > 3600
            for t, angle in zip(TIMES_S.tolist(), exact.tolist(), strict=True):
                found = turned_deg(local(opened, path, t), 1)
                assert apart_deg(found, angle) <= ANGLE_DEG, (path, t)
            value = prim.GetAttribute("xformOp:rotateXYZ").Get(900.0 * CODES_PER_S)
            assert value[1] == pytest.approx(exact[-1])  # unwrapped


def test_oven_doors_swing(opened: Usd.Stage, motion: Motion, paths: Paths) -> None:
    seen = set()
    for machine, line in motion.doors.items():
        for name, angle in (("door_1", 105.0), ("door_2", 105.0)):
            path = f"{paths.things[machine]}/Swinging/{name}"
            exact = line.at(TIMES_S) * angle
            for t, wanted in zip(TIMES_S.tolist(), exact.tolist(), strict=True):
                assert apart_deg(turned_deg(local(opened, path, t), 2), wanted) <= ANGLE_DEG
            seen |= set(np.round(exact).tolist())
    assert {0.0, 105.0} <= seen


def test_gates_slide(opened: Usd.Stage, run: Run, motion: Motion) -> None:
    zones = [zone for zone in run.plant.zones if zone.kind == "robot_cell"]
    assert len(zones) >= 4
    for zone in zones:
        path = f"{BUILDING}/Zones/{zone.id}/Sliding/gate"
        travel = opened.GetPrimAtPath(path).GetAttribute("twin:sliding:travel_m").Get()
        assert travel > 0.5
        shut = local(opened, path, 0.0)[3, 0] - motion.gate_share(zone.id, 0.0) * travel
        for t in TIMES_S[:40].tolist():
            found = local(opened, path, t)[3, 0] - shut
            assert found == pytest.approx(motion.gate_share(zone.id, t) * travel, abs=POSITION_M)


def test_forks_reach_out_and_take_lots_along(
    opened: Usd.Stage, motion: Motion, paths: Paths
) -> None:
    for crane, forks in motion.forks.items():
        carriage = f"{paths.things[crane]}/Carriage"
        exact, load = forks.forks_m.at(TIMES_S), forks.load_m.at(TIMES_S)
        assert np.ptp(exact) > 1.0
        assert np.ptp(load) > 1.0
        for k, t in enumerate(TIMES_S.tolist()):
            assert abs(local(opened, f"{carriage}/Forks", t)[3, 1] - exact[k]) <= POSITION_M
            assert abs(local(opened, f"{carriage}/Load", t)[3, 1] - load[k]) <= POSITION_M


@pytest.fixture(scope="module")
def fingers(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A robot with a finger gripper."""
    folder = tmp_path_factory.mktemp("fingers")
    text = (EXAMPLES / "07_robot.yaml").read_text("utf-8")
    robot = "tool_length_m: 0.2"
    (folder / "plant.yaml").write_text(text.replace(robot, f"{robot}\n            tool: finger"))
    return simulate(load_scenario(folder / "plant.yaml", horizon_s=60.0), folder / "run")


@pytest.mark.parametrize("bake", [False, True])
def test_fingers_close_around_a_part(fingers: Run, tmp_path: Path, *, bake: bool) -> None:
    report = write_stage(fingers, tmp_path / "s", bake=bake)
    assert validate(report.root) == []
    opened, motion = Usd.Stage.Open(str(report.root)), Motion(fingers)
    tool = f"/Plant/Lines/line/handling/arm/{chain()[6]}/Sliding"
    times = np.random.default_rng(3).uniform(0, 60, 200)
    exact = motion.grip_share("arm", times)
    assert set(np.round(exact).tolist()) == {0.0, 1.0}
    left, right = (
        np.array([local(opened, f"{tool}/finger_{side}", t)[3, :3] for t in times.tolist()])
        for side in ("left", "right")
    )
    gap = np.linalg.norm(left - right, axis=1)
    np.testing.assert_allclose(gap, 0.1 + 2 * 0.025 * exact, atol=POSITION_M)


def test_window_shows_the_same_angles(
    run: Run, motion: Motion, paths: Paths, tmp_path: Path
) -> None:
    report = write_stage(run, tmp_path / "s", window=(500.0, 520.0))
    opened = Usd.Stage.Open(str(report.root))
    prim = opened.GetPrimAtPath(f"{paths.things['notch_cathode']}/Turning/unwinder")
    radius = prim.GetAttribute("twin:turning:radius_m").Get()
    turn = prim.GetAttribute("xformOp:rotateXYZ")
    for t in (500.0, 507.3, 520.0):
        exact = np.degrees(motion.web_travel_m("notch_cathode", t) / radius)
        assert turn.Get(t * CODES_PER_S)[1] == pytest.approx(exact, abs=ANGLE_DEG)


def test_parts_stand_where_the_shape_says() -> None:
    shape = Shape().at((10, 0, 0), 90)
    reel = shape.turning("reel", (1, 0, 2), (0, 1, 0), 0.5)
    reel.box("steel", (0, 0, 0), (0.2, 1.0, 0.2))
    (part,) = shape.parts
    assert part.origin_m == pytest.approx((10, 1, 2))
    assert part.axis == pytest.approx((-1, 0, 0), abs=1e-12)
    low, high = shape.bounds_m()
    assert low == pytest.approx((9.5, 0.9, 1.9))
    assert high == pytest.approx((10.5, 1.1, 2.1))
