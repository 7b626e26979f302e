"""Joint currents of a robot arm, as they follow from its motion, its pose and what it carries.

The torque of a joint is what accelerates the arm about it, what holds the arm against gravity, and
friction: ``I(q) a + G(q) + f F sign(v)``. The current is in proportion to it. A move that takes
``s`` times as long needs 1/s**2 of the acceleration, so its mean square is a polynomial in
1/s**2, whose coefficients are worked out here once for each step of a program.

Every constant is an assumption: no maker publishes masses and torque constants. Coupling between
the joints, centrifugal forces, viscous friction and the ripple of the drives are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion.arm import Geometry, forward, geometry
from twin.motion.variant import Variants
from twin.plant.robot import Robot, RobotModel

Floats = NDArray[np.float64]

ARM_MASS_PER_PAYLOAD = 5.0
"""Mass of the arm over its rated payload."""
LINK_SHARES = np.array([0.25, 0.30, 0.20, 0.12, 0.08, 0.05])
"""Share of each link in that mass; it is thought in the middle of the link."""
LOAD_RADIUS_M = 0.10
"""Radius of gyration of tool and load about their own centre."""
ROTOR_SHARE = 0.25
"""Inertia of motor and gear, as a share of the greatest inertia of the arm about the joint."""
FRICTION_SHARE = 0.50
"""Dry friction of a joint in good order, as a share of its rated torque."""
RATED_A = np.array([6.0, 6.0, 4.5, 2.5, 2.5, 1.5])
"""Current of each joint at its rated torque."""
GRAVITY_MPS2 = 9.81
SAMPLES = 16
"""Points of each step at which torques are looked at."""
N_POSTURES = 64


@dataclass(frozen=True)
class ArmLoad:
    """Mean square joint currents of the steps of a program.

    Attributes
    ----------
    squares_a2 : array (rows, 6, 3)
        Of each row of the plan and each joint: coefficients of 1/s**4, 1/s**2 and 1, with s how
        many times as long the step takes as planned.
    holding_a : array (6,)
        What the joints take while the robot waits at the start of its program.
    """

    squares_a2: Floats
    holding_a: Floats

    def mean_squares(self, row: NDArray[np.int64], stretch: Floats) -> Floats:
        """Return the mean square current (n, 6) of steps that take `stretch` times as long."""
        slow = 1.0 / np.square(stretch)[:, None]
        first, second, third = np.moveaxis(self.squares_a2[row], 2, 0)
        return np.asarray(np.maximum((first * slow + second) * slow + third, 0.0))


class _Body:
    """The masses of an arm: inertia and gravity about its joints in any pose."""

    def __init__(self, robot: Robot, model: RobotModel) -> None:
        self._arm = geometry(model)
        self._tool_length_m = robot.tool_length_m
        self._links_kg = LINK_SHARES * ARM_MASS_PER_PAYLOAD * model.payload_kg
        self._rotor = np.zeros(6)
        inertia, gravity = self.about_joints(_postures(self._arm), model.payload_kg)
        self._rotor = ROTOR_SHARE * inertia.max(axis=0)
        strongest = np.radians(self._arm.acceleration_dps2)
        self.rated_nm = (inertia.max(axis=0) + self._rotor) * strongest + np.abs(gravity).max(
            axis=0
        )

    def about_joints(self, angles_deg: Floats, load_kg: float) -> tuple[Floats, Floats]:
        """Return inertia in kg m2 and holding torque in Nm, (n, 6), with something carried."""
        frames = forward(self._arm, self._tool_length_m, angles_deg)
        ends = np.concatenate([frames.origin_m[:, 1:], frames.flange_m[:, None]], axis=1)
        centres = np.concatenate([(frames.origin_m + ends) / 2, frames.tip_m[:, None]], axis=1)
        masses = np.append(self._links_kg, load_kg)
        axes = np.einsum("nkij,kj->nki", frames.rotation, self._arm.axis)
        levers = np.cross(axes[:, :, None], centres[:, None] - frames.origin_m[:, :, None])
        carried = masses * (np.arange(7) >= np.arange(6)[:, None])  # links beyond the joint
        inertia = (carried * (levers**2).sum(axis=3)).sum(axis=2)
        inertia += load_kg * LOAD_RADIUS_M**2 + self._rotor
        return inertia, GRAVITY_MPS2 * (carried * levers[..., 2]).sum(axis=2)


def _postures(arm: Geometry) -> Floats:
    """Return joint angles all over the ranges, the same for every robot of a model."""
    share = np.random.default_rng(0).random((N_POSTURES, 6))
    return np.asarray(arm.lower_deg + share * (arm.upper_deg - arm.lower_deg))


def arm_load(robot: Robot, model: RobotModel, variants: Variants) -> ArmLoad:
    """Work out the currents of all variants of a program."""
    body, plan = _Body(robot, model), variants.plan
    loads_kg = np.tile(_carried_kg(robot), variants.n)
    amps = RATED_A / body.rated_nm
    friction = FRICTION_SHARE * body.rated_nm * np.repeat(variants.friction, variants.n_steps, 0)
    squares = np.empty((len(plan.names), 6, 3))
    for row, load_kg in enumerate(loads_kg.tolist()):
        tau = (np.arange(SAMPLES) + 0.5) / SAMPLES * float(plan.nominal_s[row])
        inertia, gravity = body.about_joints(plan.pose(row, tau), load_kg)
        moving = inertia * np.radians(plan.joint_acceleration(row, tau)) * amps
        turn = np.round(plan.to_deg[row] - plan.from_deg[row], 6)
        rest = (gravity + friction[row] * np.sign(turn)) * amps
        parts = [moving**2, 2 * moving * rest, rest**2]
        squares[row] = np.stack([part.mean(axis=0) for part in parts], axis=1)
    _, gravity = body.about_joints(plan.from_deg[:1], 0.0)
    return ArmLoad(squares, np.abs(gravity[0] * amps))


def _carried_kg(robot: Robot) -> Floats:
    """Return what is carried in each step: the payload from the end of a grip to a release's."""
    steps = robot.program.steps
    last = [step.action for step in steps if step.action != "none"][-1:]
    carried = robot.payload_kg if last == ["grip"] else 0.0
    found = []
    for step in steps:
        found.append(carried)
        if step.action != "none":
            carried = robot.payload_kg if step.action == "grip" else 0.0
    return np.array(found)
