"""The 3D twin: the plant at the playhead, with a panel for what is selected."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, at_rest, attributes, icon
from dashboard.card import register as register_cards
from dashboard.moment import active, resource_label
from dashboard.pages.detail import object_facts
from dashboard.runs import Runs
from dashboard.text import clock, words
from dashboard.viewer import LAYERS, TwinView
from dashboard.viewer.routes import source_url
from twin.errors import CelltwinError
from twin.flags import Flag, flags_json
from twin.plant.plant import Plant

HIDDEN_AT_FIRST = ("labels",)
MOST_FLAGS = 4
LAYER_NAMES = {"agvs": "Vehicles", "lanes": "Lanes"}
VIEWS = (("overview", "Overview"), ("top", "Top"), ("front", "Front"), ("walk", "Walk"))


def layout(now: Shown) -> Component:
    """Return the page: the view fills it, panels lie beside it."""
    return html.Div(
        className="page twin",
        children=[
            dcc.Store(id="view", data=now.view.href),
            html.Div(
                className="twin-stage",
                children=[
                    TwinView(
                        id="twin-view",
                        src=source_url(now.run),
                        playhead=now.t_s,
                        speed=60,
                        playing=False,
                        camera=now.view.camera or "overview",
                        selected=now.view.resource,
                        flags=flags_json(now.open.flags)["flags"],
                        layers={name: name not in HIDDEN_AT_FIRST for name in LAYERS},
                        controls=False,
                    ),
                    html.Div(id="twin-error", className="twin-error"),
                    _tools(now.run.plant),
                ],
            ),
            html.Aside(
                className="twin-side",
                children=[html.Div(id="twin-selected"), html.Div(id="twin-flags")],
            ),
        ],
    )


def _tools(plant: Plant) -> Component:
    cells = [(f"workcell:{w.id}", w.label or words(w.id)) for w in plant.workcells()]
    vehicles = [
        (f"follow:{name}", f"Follow {resource_label(plant, name)}")
        for fleet in plant.fleets
        for name in fleet.vehicle_ids
    ]
    robots = [(f"robot:{r.id}", f"From {r.label or words(r.id)}") for r in plant.robots.values()]
    return html.Div(
        className="twin-tools",
        children=[
            html.Div(
                [
                    html.Button(label, type="button", **attributes(data_camera=name))
                    for name, label in VIEWS
                ],
                className="button-group",
            ),
            html.Select(
                [
                    html.Option("Go to …", value=""),
                    html.Optgroup([html.Option(t, value=v) for v, t in cells], label="Workcells"),
                    html.Optgroup([html.Option(t, value=v) for v, t in robots], label="Robots"),
                    html.Optgroup([html.Option(t, value=v) for v, t in vehicles], label="Vehicles"),
                ],
                id="twin-camera",
                **attributes(aria_label="Camera"),
            ),
            html.Details(
                [
                    html.Summary("Layers"),
                    dcc.Checklist(
                        id="twin-layers",
                        options=[{"label": layer_name(n), "value": n} for n in LAYERS],
                        value=[n for n in LAYERS if n not in HIDDEN_AT_FIRST],
                    ),
                ],
                className="twin-layers",
            ),
        ],
    )


def layer_name(name: str) -> str:
    """Return a layer of the view for people."""
    return LAYER_NAMES.get(name) or words(name)


def register(app: Dash, runs: Runs) -> None:
    """Fill the panels; camera and layers change in the browser."""
    register_cards(app, runs, {"twin-flags": flag_panel}, follow=True)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("celltwin", "layers"),
        Output("twin-view", "layers"),
        Input("twin-layers", "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("celltwin", "viewerError"),
        Output("twin-error", "children"),
        Input("twin-view", "error"),
    )

    @app.callback(
        Output("twin-selected", "children"),
        Input("twin-view", "selected"),
        Input("settled", "data"),
        Input("view", "data"),
    )
    def select(selected: object, t_s: object, address: str) -> Component:
        try:
            now = at_rest(runs, address, t_s)
        except CelltwinError as error:
            return html.P(str(error))
        return selection_panel(now, selected if isinstance(selected, str) else None)


def selection_panel(now: Shown, name: str | None) -> Component:
    """Return what is known of the selected object at the playhead."""
    facts = object_facts(now, name) if name else None
    if facts is None:
        text = "Click a machine, robot, vehicle, worker or rack to see what it is doing."
        return _side_card(html.Header(html.H2("Nothing selected")), html.P(text, className="hint"))
    marks = [icon(facts.level)] if facts.level != "normal" else []
    links: list[Component] = []
    if facts.workcell:
        href = now.href("workcell", workcell=facts.workcell, resource=name, t_s=now.t_s)
        links.append(dcc.Link([icon("workcell"), "Open workcell"], href=href, className="button"))
    return _side_card(
        html.Header([html.H2(facts.label), html.Span(facts.kind, className="hint")]),
        html.P([*marks, facts.state], className=f"object-state {facts.level}"),
        html.Dl([html.Div([html.Dt(k), html.Dd(v)]) for k, v in facts.rows]),
        *[
            html.P([icon(f.severity), f.title], className=f"notice {f.severity}")
            for f in facts.flags
        ],
        *links,
    )


def flag_panel(now: Shown) -> Component:
    """Return the flags at the playhead, each with links to look at it."""
    flags = active(now.open.flags, now.t_s)
    at = clock(now.run.scenario.start, now.t_s)
    head = html.Header([html.H2("Flags"), html.Span(f"at {at}", className="hint")])
    if not flags:
        return _side_card(head, html.Div([icon("check"), "None at this time."], className="quiet"))
    ordered = sorted(flags, key=lambda f: (f.severity != "critical", -f.lost_units))
    return _side_card(head, *[_side_flag(now, f) for f in ordered[:MOST_FLAGS]])


def _side_flag(now: Shown, flag: Flag) -> Component:
    links: list[Component] = []
    if flag.workcell:
        aim = attributes(data_camera=f"workcell:{flag.workcell}", data_select=flag.resource)
        href = now.href(
            "workcell", workcell=flag.workcell, resource=flag.resource, t_s=flag.since_s
        )
        links = [
            html.Button([icon("cube"), "Look"], type="button", className="button", **aim),
            dcc.Link([icon("workcell"), "Open workcell"], href=href, className="button"),
        ]
    return html.Div(
        [
            html.P([icon(flag.severity), html.B(flag.title)], className=flag.severity),
            html.P(flag.text, className="flag-text"),
            *links,
        ],
        className=f"side-flag {flag.severity}",
    )


def _side_card(*content: Component) -> Component:
    return html.Section(list(content), className="card side-card")
