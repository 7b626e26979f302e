"""One workcell: what is wrong, what its cycle is made of, and what its machines do."""

from __future__ import annotations

from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, card, icon
from dashboard.card import register as register_cards
from dashboard.pages import workcell_cards as cards
from dashboard.pages.finding import finding_card
from dashboard.pages.focus import Focus, focus
from dashboard.runs import Runs
from dashboard.text import words
from dashboard.viewer import TwinView
from dashboard.viewer.routes import source_url
from twin.flags import flags_json


def layout(now: Shown) -> Component:
    """Return the page with its cards still empty."""
    here = focus(now)
    title = here.workcell.label or words(here.workcell.id)
    return html.Div(
        className="page workcell",
        children=[
            dcc.Store(id="view", data=now.view.href),
            html.Div(
                className="workcell-head",
                children=[
                    html.Div([html.H1(title), html.Div(id="workcell-state")], className="title"),
                    _tabs(now, here),
                    _links(now, here),
                ],
            ),
            html.Div(id="workcell-flags"),
            html.Div(_cards(now, here), className="row halves"),
            card("Finding", "workcell-finding", hint="as celltwin diagnose prints it"),
        ],
    )


def _cards(now: Shown, here: Focus) -> list[Component]:
    """Return the cards in order; those that could show nothing are left out."""
    found: list[Component] = []
    if here.robot:
        hint = "program and actual"
        found.append(card("Sub-steps of the robot cycle", "workcell-substeps", hint=hint))
    else:
        hint = "share of capacity, lots in brackets"
        found.append(card("Places", "workcell-levels", hint=hint))
    if here.station and here.station.kind != "store":
        found.append(card("Cycle time", "workcell-cycles", hint="dots: cycles, line: median"))
    if cards.signals_of(now).signals:
        readings = html.Div(id="workcell-readings", className="readings")
        found.append(card("Signals", "workcell-signals", extra=readings))
        hint = "distance from the usual in standard deviations"
        found.append(card("Single cycles", "workcell-scores", hint=hint))
    return [
        *found,
        _camera(now, here),
        card("States over the run", "workcell-shares", hint="share of time"),
        card("States around the playhead", "workcell-states", hint="20 minutes"),
        card("Where the planned time went", "workcell-losses", hint="share of it"),
        card("Machines and places", "workcell-machines", class_name="scrolls"),
    ]


def register(app: Dash, runs: Runs) -> None:
    """Fill the cards."""
    found = {
        "workcell-flags": cards.flag_cards,
        "workcell-substeps": cards.substeps,
        "workcell-levels": cards.levels,
        "workcell-cycles": cards.cycles,
        "workcell-signals": cards.signals,
        "workcell-scores": cards.scores,
        "workcell-finding": finding_card,
        "workcell-shares": cards.shares,
        "workcell-losses": cards.losses,
    }
    register_cards(app, runs, found)
    following = {
        "workcell-state": cards.state_pill,
        "workcell-readings": cards.readings,
        "workcell-states": cards.states,
        "workcell-machines": cards.machine_table,
    }
    register_cards(app, runs, following, follow=True)


def _tabs(now: Shown, here: Focus) -> Component:
    stations = here.workcell.stations
    if len(stations) < 2:
        return html.Div()
    return html.Div(
        [
            dcc.Link(
                s.label or words(s.id),
                href=now.href("workcell", workcell=here.workcell.id, resource=s.id),
                className="active" if here.station and s.id == here.station.id else "",
            )
            for s in stations
        ],
        className="button-group",
    )


def _links(now: Shown, here: Focus) -> Component:
    cells = [w.id for w in now.run.plant.workcells()]
    index = cells.index(here.workcell.id)
    steps = [(index - 1, "back", "Workcell before"), (index + 1, "forward", "Next workcell")]
    links: list[Component] = [
        dcc.Link(
            icon(name, title),
            href=now.href("workcell", workcell=cells[k]),
            className="button square",
        )
        for k, name, title in steps
        if 0 <= k < len(cells)
    ]
    twin = now.href("twin", camera=f"workcell:{here.workcell.id}", resource=here.resource)
    return html.Div([*links, dcc.Link([icon("cube"), "Show in 3D"], href=twin, className="button")],
                    className="head-links")  # fmt: skip


def _camera(now: Shown, here: Focus) -> Component:
    return html.Section(
        className="card camera",
        children=[
            html.Header([html.H2("3D view"), html.Span("at the playhead", className="hint")]),
            html.Div(
                className="card-body",
                children=[
                    TwinView(
                        id="twin-view",
                        src=source_url(now.run),
                        playhead=now.t_s,
                        playing=False,
                        camera=f"workcell:{here.workcell.id}",
                        selected=here.resource,
                        flags=flags_json(now.open.flags)["flags"],
                        layers={"labels": False},
                        controls=False,
                    ),
                    html.Div(id="twin-error", className="twin-error"),
                ],
            ),
        ],
    )
