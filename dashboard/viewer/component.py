"""``TwinView``: the 3D view of a run as a Dash component."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

CAMERA_PRESETS = ("overview", "top", "front", "walk", "tour")
"""Presets beside ``workcell:<id>``, ``object:<id>``, ``follow:<id>`` and ``robot:<id>``."""

LAYERS = ("people", "agvs", "product", "zones", "labels", "building", "lanes")
"""Layers that can be switched off; all are on by default."""

PROPS = (
    "id",
    "src",
    "playhead",
    "setPlayhead",
    "playing",
    "speed",
    "loop",
    "selected",
    "n_selected",
    "n_opened",
    "camera",
    "flags",
    "layers",
    "colours",
    "mode",
    "theme",
    "controls",
    "height",
    "ready",
    "error",
)


class TwinView(Component):
    """The plant of one run at one time, in 3D (a drawn floor plan where WebGL is missing).

    The browser owns the clock: while `playing`, the view advances on its own and reports
    `playhead` at most four times a second. The server only delivers the data.

    Parameters
    ----------
    id : str or dict, optional
        Dash id.
    src : str, optional
        Where the run is served, from `dashboard.viewer.routes.source_url`.
    playhead : float, optional
        Time shown in seconds; read it (the view writes it). Its first value is where it starts.
    setPlayhead : float or None, optional
        Write it to seek; the view sets it back to None.
    playing : bool, optional
        Whether the clock runs; the view sets it to False at the end of the run.
    speed : float, optional
        Simulated seconds per second; negative plays backwards.
    loop : list of float, optional
        ``[from_s, to_s]`` to play again and again.
    selected : str or None, optional
        Id of the selected machine, robot, vehicle, crane, worker or place. Written on a click.
    n_selected, n_opened : int, optional
        How often something was picked by a click, or opened by a double click. Read only.
    camera : str or dict, optional
        A name from `CAMERA_PRESETS`, ``workcell:<id>``, ``object:<id>``, ``follow:<id>``,
        ``robot:<id>`` (from the tool of a robot), or ``{"eye": [x, y, z], "target": [x, y, z]}``.
        Written as a dict when the user has moved the camera.
    flags : list of dict, optional
        What ``twin.flags.flags_json`` returns; flagged workcells get a marker while
        ``since_s <= playhead < until_s``.
    layers : dict of str to bool, optional
        Layers to show or hide, see `LAYERS`.
    colours : {"state", "flags", "wip"}, optional
        What the colours mean: resource states (default), flags only, or filling of places.
    mode : {"auto", "2d"}, optional
        ``"2d"`` forces the floor plan.
    theme : {"light", "dark"}, optional
        Background and labels.
    controls : bool, optional
        Show the buttons over the view (default True).
    height : str or int, optional
        CSS height, default ``"100%"``.
    ready : bool, optional
        True once the first picture is drawn. Read only.
    error : str or None, optional
        Why nothing can be shown. Read only.
    """

    _namespace = "celltwin_viewer"
    _type = "TwinView"
    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = ["children"]  # noqa: RUF012
    _prop_names: list[str] = list(PROPS)  # noqa: RUF012
    available_properties: list[str] = list(PROPS)  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, **props: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            **{name: value for name, value in props.items() if value is not None}
        )
