"""What a technician should do about a cause in a robot, and one sentence on it."""

from __future__ import annotations

from collections.abc import Mapping

_ACTIONS = {
    "vacuum_leak": "Check suction cups, hoses and ejector of the gripper; measure the vacuum with "
    "the cup closed; replace what leaks.",
    "tool_wear": "Inspect jaws or cups and their guides; compare the tool's closing time with its "
    "data sheet; replace worn parts before grips fail.",
    "mistaught_point": "Drive to point '{point}' at reduced speed, compare it with the part, teach "
    "it anew, and look who changed the program last.",
    "speed_override": "Look at the speed override of the controller and who set it; put it back to "
    "{percent:.0f} % higher speed if safety allows.",
    "joint_friction": "Check joint {joint} for hard running: brake that does not release, gear "
    "oil, cable pack; run the maker's friction test.",
    "acceleration_loss": "Check drive, supply and acceleration settings of joint {joint}; compare "
    "its torque limit and payload data with the program's.",
    "protective_stops": "Read the safety log of the controller; find what is touched or who "
    "enters; check payload data, collision limits and scanner fields.",
    "worn_bearing": "Measure vibration at the base and at {where}; plan the bearing's "
    "replacement before the joint runs hard.",
    "sensor_dropout": "The robot works as before: check plug, cable and supply of the sensor, then "
    "its channel in the controller.",
    "slow_substep": "Watch the sub-steps named in the evidence at the robot; no sensor explains "
    "them.",
}

_DETAILS = {
    "vacuum_leak": "Grips take longer and the vacuum is weaker: the gripper leaks.",
    "tool_wear": "The tool takes longer and more current while the vacuum is as before: it wears.",
    "mistaught_point": "Only what touches point '{point}' changed, with no change of the currents "
    "of other moves: the point is off.",
    "speed_override": "All moves take one factor longer: the robot runs at {left:.0f} % speed.",
    "joint_friction": "Moves led by joint {joint} are longer and its current is higher: it runs "
    "hard.",
    "acceleration_loss": "Moves led by joint {joint} are longer and its current is not higher: it "
    "accelerates less.",
    "protective_stops": "The robot was stopped {stops} times by its safety function.",
    "worn_bearing": "Vibration rose without a change of the motion: a bearing wears.",
    "sensor_dropout": "A sensor is silent or stuck; the sub-steps are as before.",
    "slow_substep": "No known cause explains the change.",
}


def action_of(name: str, evidence: Mapping[str, object], joint: int | None) -> str:
    """Return what to do about a cause."""
    return _ACTIONS[name].format(**_words(evidence, joint))


def detail_of(name: str, evidence: Mapping[str, object], joint: int | None) -> str:
    """Return one sentence on a cause."""
    return _DETAILS[name].format(**_words(evidence, joint))


def _words(evidence: Mapping[str, object], joint: int | None) -> dict[str, object]:
    fitting = evidence.get("joints_that_fit")
    joints = str(joint)
    if isinstance(fitting, list) and len(fitting) > 1:
        others = [str(k) for k in fitting if k != joint]
        joints = f"{joint} (or {', '.join(others)}: they move together)"
    left = evidence.get("speed_left")
    share = left if isinstance(left, float) else 1.0
    return {
        "point": evidence.get("point", ""),
        "stops": evidence.get("stops", 0),
        "joint": joints,
        "where": f"joint {joint}" if joint else "each joint",
        "left": 100 * share,
        "percent": 100 * (1 / share - 1),
    }
