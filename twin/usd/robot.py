"""Robot components: a chain of links with one rotation each, a tool and a pedestal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pxr import Gf

from twin.palette import NORMAL, linear_rgb
from twin.plant.robot import Robot, RobotModel
from twin.usd.component import FAR, FOLDER, add_collision, add_instanced, write_interface
from twin.usd.geometry import add_lamp
from twin.usd.joint import chain, joint_of
from twin.usd.layer import Layer
from twin.usd.library import asset_library
from twin.usd.moving_part import add_moving_parts
from twin.usd.physics import add_articulation
from twin.usd.shape import MovingPart, Shape
from twin.usd.span import STILL


def write_robot(folder: Path, name: str, robot: Robot, model: RobotModel) -> None:
    """Write the component of a robot, in the frame of its base."""
    layer = Layer(folder / FOLDER / name / "payload.usdc", STILL, f"/{name}")
    links = [_link(robot, model, k) for k in range(len(chain()))]
    _write_chain(layer, f"/{name}", "/_Links", robot=robot, model=model, links=links)
    far = [link.from_afar() for link in links]
    for link, seen in zip(links, far, strict=True):
        seen.parts = link.parts
    _write_chain(layer, f"/{name}{FAR}", "/_FarLinks", robot=robot, model=model, links=far)
    layer.save()
    arm = sum(float(np.linalg.norm(joint.origin_m)) for joint in model.joints)
    high = arm + float(np.linalg.norm(model.flange_m)) + robot.tool_length_m
    reach = ((-high, -high, -robot.position_m[2]), (high, high, high))
    write_interface(folder / FOLDER, name, reach, labels=("robot", robot.model))


def _write_chain(
    layer: Layer, root: str, prototypes: str, *, robot: Robot, model: RobotModel, links: list[Shape]
) -> None:
    """Write the links of a robot, each turning on the one before, with lamp and tip."""
    layer.define(root)
    paths = [f"{root}/{link}" for link in chain()]
    for k, (path, link) in enumerate(zip(paths, links, strict=True)):
        prim = layer.define(path)
        if k:
            joint_of(model, k - 1).define(layer, prim)
        add_instanced(layer, f"{path}/Look", f"{prototypes}/L{k}", link)
        add_moving_parts(layer, path, link)
        add_collision(layer, f"{path}/Collision", link.bounds_m())
    reach = model.link_radius_m * 2.2
    add_lamp(layer, root, (-reach / 2, reach, 0.06), Gf.Vec3f(*linear_rgb(NORMAL)))
    _define_tip(layer, paths[6], robot, model)
    add_articulation(layer, root, model)


def _link(robot: Robot, model: RobotModel, link: int) -> Shape:
    shape, library = Shape(), asset_library()
    library.draw_link(shape, model, link)
    if link == 0 and robot.position_m[2] > 0.05:
        library.draw_pedestal(shape, model, robot.position_m[2])
    if link == 6:
        library.draw_tool(shape, robot.tool, np.array(model.flange_m), robot.tool_length_m)
    return shape


def fingers_of(robot: Robot, model: RobotModel) -> tuple[MovingPart, ...]:
    """Return the parts of a robot's tool that open and close."""
    shape, flange = Shape(), np.array(model.flange_m)
    asset_library().draw_tool(shape, robot.tool, flange, robot.tool_length_m)
    return tuple(part for part in shape.parts if part.motion == "sliding")


def _define_tip(layer: Layer, link: str, robot: Robot, model: RobotModel) -> None:
    """Define the frame of the tool's tip, which carries the part."""
    flange = np.array(model.flange_m)
    length = float(np.linalg.norm(flange))
    out = flange / length if length > 1e-9 else np.array(model.joints[5].axis)
    prim = layer.define(f"{link}/Tip")
    layer.place(prim, (flange + robot.tool_length_m * out).tolist())
