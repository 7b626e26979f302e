"""The sensors of a robot follow from its motion, its load and its faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.record import signals as model
from sim.record.motor_signals import SpanMeans, Warming
from twin.motion.arm_load import ArmLoad, arm_load
from twin.motion.sensor_model import FOLDED_BACK_C, HOT_C, design_signals
from twin.motion.variant import Variants, plan_variants
from twin.plant.faults import Fault, SpeedOverride, VacuumLeak
from twin.plant.load import load_scenario, robot_model
from twin.plant.robot_faults import (
    AccelerationLoss,
    JointFriction,
    SensorDropout,
    ToolWear,
    WornBearing,
    signals_of,
)
from twin.run.run import Run

ROBOT, AT_S, END_S = "arm", 1800.0, 3600.0
UR3 = Path("/work/shared/data/ur3_cobotops/ur3_cobotops.csv")
Runner = Callable[..., Run]


@pytest.fixture
def run_of(tmp_path: Path) -> Runner:
    def run(*faults: Fault, horizon_s: float = END_S, **more: object) -> Run:
        changes = {key: value for key, value in more.items() if key != "initial"}
        made = load_scenario("07_robot", horizon_s=horizon_s, changes=changes)
        update = {"faults": [*faults], "initial": more.get("initial", "steady")}
        folder = tmp_path / f"r{len([*tmp_path.iterdir()])}"
        return simulate(made.model_copy(update=update), folder)

    return run


def signal(run: Run, name: str) -> pd.DataFrame:
    return run.table("signals", where=f"signal = '{name}' AND resource = '{ROBOT}'")


def ratio(run: Run, name: str) -> float:
    """Mean from a minute after the fault on over the mean before it."""
    rows = signal(run, name)
    after = rows["value"][rows["time_s"] > AT_S + 60].mean()
    return float(after / rows["value"][rows["time_s"] < AT_S].mean())


def load_of(*faults: Fault) -> tuple[ArmLoad, Variants]:
    plant = load_scenario("07_robot").plant
    robot = plant.robots[ROBOT]
    arm = robot_model(plant, robot.model)
    variants = plan_variants(robot, arm, faults)
    return arm_load(robot, arm, variants), variants


@pytest.mark.parametrize("sensors", ["none", "basic", "full"])
def test_a_plant_says_which_sensors_its_robots_have(run_of: Runner, sensors: str) -> None:
    run = run_of(robot_sensors=sensors)
    found = set(run.table("signals")["signal"].astype(str))
    assert found == set(signals_of(sensors, vacuum=True))  # type: ignore[arg-type]


def test_sensors_change_nothing_else(run_of: Runner) -> None:
    runs = [run_of(robot_sensors=sensors) for sensors in ("none", "full")]
    for name in ("substeps", "cycles", "states", "levels", "alarms"):
        assert runs[0].table(name).astype(str).equals(runs[1].table(name).astype(str)), name


def test_the_part_for_acceleration_falls_with_the_square_of_time() -> None:
    """I(s)^2 = A2/s^4 + AC/s^2 + C2: exact for joints that carry no weight and no friction."""
    load, variants = load_of()
    rows = np.arange(variants.n_steps)
    first, cross, last = np.moveaxis(load.squares_a2, 2, 0)
    for stretch in (1.0, 1.25, 2.0):
        found = load.mean_squares(rows, np.full(len(rows), stretch))
        expected = first / stretch**4 + cross / stretch**2 + last
        np.testing.assert_allclose(found, np.maximum(expected, 0.0))
    waits = ~variants.plan.is_move
    assert (first[waits] == 0).all()
    assert (last[waits, 1] > 0).all(), "the shoulder holds the arm"
    assert (last[:, 0][waits] < 1e-12).all(), "the upright axis holds nothing"


def test_friction_raises_and_lost_torque_lowers_the_current_of_a_joint(run_of: Runner) -> None:
    hard = JointFriction(kind="joint_friction", at=AT_S, robot=ROBOT, joint=1, factor=2)
    weak = AccelerationLoss(kind="acceleration_loss", at=AT_S, robot=ROBOT, joint=1, factor=0.5)
    hot, cool = run_of(hard), run_of(weak)
    steps = [r.table("substeps")["actual_s"].to_numpy() for r in (hot, cool)]
    np.testing.assert_allclose(steps[0], steps[1], rtol=1e-9)  # the same cycle times
    assert ratio(hot, "current_j1_a") > 1.3
    assert ratio(cool, "current_j1_a") < 0.95
    assert ratio(hot, "current_j2_a") == pytest.approx(ratio(cool, "current_j2_a"), rel=0.01)
    rise = [signal(r, "temp_j1_c")["value"].iloc[-1] for r in (hot, cool)]
    assert rise[0] - rise[1] > 1.0


def test_an_override_lowers_all_currents(run_of: Runner) -> None:
    run = run_of(SpeedOverride(kind="speed_override", at=AT_S, robot=ROBOT, factor=0.7))
    assert all(ratio(run, f"current_j{k}_a") < 1.0 for k in (1, 2, 3, 5, 6))
    assert ratio(run, "current_j1_a") < 0.95
    assert ratio(run, "vibration_mms") < 0.8


def test_a_part_in_the_gripper_needs_more_holding_current() -> None:
    load, variants = load_of()
    names = variants.plan.names
    grip, release = names.index("grip"), names.index("release")
    plain = load.squares_a2[grip, 1, 2]
    assert load.squares_a2[release, 1, 2] > 1.05 * plain, "symmetric poses, but a part is held"


def test_leak_and_wear_show_in_different_sensors(run_of: Runner) -> None:
    leak = run_of(VacuumLeak(kind="vacuum_leak", at=AT_S, robot=ROBOT, extra_grip_s=0.5))
    wear = run_of(ToolWear(kind="tool_wear", at=AT_S, robot=ROBOT, grip_s_per_h=1.0))
    assert ratio(leak, "vacuum_kpa") == pytest.approx(1 - 0.35 * 0.5, rel=0.01)
    assert ratio(leak, "tool_current_a") == pytest.approx(1.0, rel=0.01)
    assert ratio(wear, "vacuum_kpa") == pytest.approx(1.0, rel=0.01)
    assert ratio(wear, "tool_current_a") > 1.1
    alarms = leak.table("alarms").astype({"code": str, "resource": str})
    assert (ROBOT, "vacuum_low") in set(zip(alarms["resource"], alarms["code"], strict=True))


def test_a_bearing_shows_first_in_vibration_then_in_current(run_of: Runner) -> None:
    worn = WornBearing(kind="worn_bearing", at=0, robot=ROBOT, joint=3, growth_mm_s_per_h=4)
    plain, faulty = run_of(), run_of(worn)
    hours = signal(plain, "vibration_mms")["time_s"].to_numpy() / 3600
    square = [signal(r, "vibration_mms")["value"].to_numpy() ** 2 for r in (faulty, plain)]
    late = hours > 0.4
    motion = np.median(square[1])  # both runs scatter alike, so their ratio is without noise
    bearing = np.sqrt((square[0][late] / square[1][late] - 1) * motion)
    np.testing.assert_allclose(bearing, 4 * hours[late], rtol=0.15)
    assert np.median(bearing / (4 * hours[late])) == pytest.approx(1.0, abs=0.02)
    current = [signal(r, "current_j3_a") for r in (faulty, plain)]
    change = current[0]["value"].to_numpy() / current[1]["value"].to_numpy()
    early = current[0]["time_s"].to_numpy() < 1750
    assert change[early] == pytest.approx(1.0)
    assert change[-10:].mean() == pytest.approx(1 + 0.1 * (4.0 - 2.0), abs=0.01)


def test_missing_and_frozen_sensors(run_of: Runner) -> None:
    gone = SensorDropout(
        kind="sensor_dropout", at=AT_S, until=2400, robot=ROBOT, signal="vacuum_kpa"
    )
    stuck = SensorDropout(
        kind="sensor_dropout", at=AT_S, robot=ROBOT, signal="temp_j2_c", how="frozen"
    )
    plain, faulty = run_of(), run_of(gone, stuck)
    rows = signal(faulty, "vacuum_kpa")
    assert not rows["time_s"].between(AT_S, 2399.9).any()
    kept = signal(plain, "vacuum_kpa")
    kept = kept[(kept["time_s"] < AT_S) | (kept["time_s"] >= 2400)]
    np.testing.assert_array_equal(rows["value"], kept["value"])
    held = signal(faulty, "temp_j2_c")
    before, after = held[held["time_s"] < AT_S], held[held["time_s"] >= AT_S]
    assert set(after["value"]) == {before["value"].iloc[-1]}
    assert len(held) == len(signal(plain, "temp_j2_c"))


def test_a_cold_robot_warms_up_with_its_time_constant(run_of: Runner) -> None:
    cold, warm = run_of(initial="empty", horizon_s=14400.0), run_of(horizon_s=14400.0)
    times = signal(cold, "temp_j2_c")["time_s"].to_numpy()
    values = [signal(r, "temp_j2_c")["value"].to_numpy() for r in (cold, warm)]
    assert values[0][0] == pytest.approx(model.AMBIENT_C, abs=1.0)
    gap = values[1] - values[0]
    expected = gap[0] * np.exp(-(times - times[0]) / model.TIME_CONSTANT_S)
    np.testing.assert_allclose(gap, expected, atol=0.35)
    assert np.ptp(values[1]) < 1.0, "in steady state it stays as warm as it is"


def test_span_means_are_the_integral_of_the_steps() -> None:
    """Steps of value 3 for half of every span over a rest of 1 make a mean of 2."""
    means = SpanMeans(10.0, np.array([1.0]))
    starts = np.arange(0.0, 100.0, 10.0)
    lengths, values = np.full(10, 5.0), np.full((10, 1), 3.0)
    times, first = means.add(starts[:5], lengths[:5], values[:5], known_s=None)
    assert times.tolist() == [10, 20, 30, 40]
    assert first[:, 0] == pytest.approx(2.0)
    times, rest = means.add(starts[5:], lengths[5:], values[5:], known_s=120.0)
    assert times.tolist() == [50, 60, 70, 80, 90, 100, 110, 120]
    assert rest[:, 0].tolist() == pytest.approx([2.0] * 6 + [1.0] * 2)


def test_warming_follows_its_exponential_exactly() -> None:
    times = np.arange(60.0, 6060.0, 60.0)
    warming = Warming(60.0, 2000.0, settled=5, cold_c=20.0)
    told, values = warming.follow(times, np.full((len(times), 2), 60.0), final=False)
    np.testing.assert_allclose(told, times)
    np.testing.assert_allclose(values[:, 0], 60 - 40 * np.exp(-times / 2000))


@pytest.mark.skipif(not UR3.exists(), reason="the recording of a real UR3 is not on this machine")
def test_a_real_cobot_looks_like_the_model() -> None:
    """Of a real UR3: shoulder, elbow and first wrist hold the arm, the upright axis nothing; the
    joints warm up with a time constant like the model's."""
    rows = pd.read_csv(UR3, sep=";", decimal=",")
    speed = rows[[f"Speed_J{k}" for k in range(6)]].abs().max(axis=1)
    still = rows[speed < 0.01]
    hold = [abs(still[f"Current_J{k}"].mean()) for k in range(6)]
    assert hold[1] > hold[2] > hold[3] > 3 * max(hold[0], hold[4], hold[5])
    ours = load_of()[0].holding_a
    assert ours[1] > 0.3
    assert ours[2] > 0.3
    assert max(ours[0], ours[5]) < 0.01
    warm = rows["Temperature_J1"].dropna().to_numpy()[:2700]
    t = np.arange(len(warm), dtype=float)
    errors = {}
    for constant_s in np.arange(500.0, 6000.0, 100.0):
        basis = np.stack([np.ones_like(t), np.exp(-t / constant_s)], axis=1)
        errors[constant_s] = np.linalg.lstsq(basis, warm, rcond=None)[1][0]
    best = min(errors, key=lambda c: errors[c])
    assert pytest.approx(best, rel=0.3) == model.TIME_CONSTANT_S
    tool = rows["Tool_current"].dropna()
    assert tool.median() == pytest.approx(0.085, abs=0.005)


def test_no_drive_gets_hotter_than_its_controller_lets_it(run_of: Runner) -> None:
    """Five times the friction: far hotter without a limit; an alarm says it before it is met."""
    stiff = JointFriction(kind="joint_friction", at=AT_S, robot=ROBOT, joint=2, factor=5)
    run = run_of(stiff, horizon_s=12_000.0)
    rows = signal(run, "temp_j2_c")
    assert rows["value"].max() == pytest.approx(FOLDED_BACK_C, abs=1.5)
    assert rows["value"].iloc[0] < 60
    alarms = run.table("alarms").astype({"code": str})
    (hot,) = alarms[alarms["code"].str.startswith("over_temperature")].to_dict("records")
    assert (hot["code"], hot["open"]) == ("over_temperature_j2", 1)
    first = rows["time_s"][rows["value"] > HOT_C].min()
    assert hot["raised_s"] == first


def test_a_healthy_robot_says_what_its_design_says(run_of: Runner) -> None:
    run = run_of()
    robot = run.plant.robots[ROBOT]
    design = design_signals(robot, robot_model(run.plant, robot.model))
    for k in (1, 2, 3, 5):
        median = signal(run, f"current_j{k}_a")["value"].median()
        assert median == pytest.approx(design[f"current_j{k}_a"], rel=0.06)
    for name, side in (("vibration_mms", 0.1), ("vacuum_kpa", 0.01), ("tool_current_a", 0.01)):
        assert signal(run, name)["value"].median() == pytest.approx(design[name], rel=side)
    for name in [f"temp_j{k}_c" for k in range(1, 7)] + ["motor_temp_c"]:
        assert signal(run, name)["value"].max() < design[name] + 0.5, "at most what work leads to"
