"""One flag: what it says, the numbers behind it, and where to look."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, chart, icon, unavailable
from dashboard.figures import cycle, share, substep
from dashboard.moment import is_open
from dashboard.pages.evidence import evidence
from dashboard.pages.finding import flag_finding
from dashboard.text import cause_text, clock
from twin.flags import Flag
from twin.plant.station import Station


def detail(now: Shown, flag: Flag) -> Component:
    """Return the cards of a flag."""
    charts = _charts(now, flag)
    return html.Div(
        [
            html.Div([_words(now, flag), *charts], className=f"row detail-{1 + len(charts)}"),
            html.Section(
                [
                    html.Header(
                        [html.H2("Finding"), html.Span("cause to remedy", className="hint")]
                    ),
                    flag_finding(now, flag),
                ],
                className="card finding",
            ),
        ],
        className="flag-and-finding",
    )


def _words(now: Shown, flag: Flag) -> Component:
    start = now.run.scenario.start
    until = "still open" if is_open(flag) else f"until {clock(start, flag.until_s, seconds=True)}"
    since = clock(start, flag.since_s, seconds=True)
    return html.Section(
        className=f"card flag-detail {flag.severity}",
        children=[
            html.Header([icon(flag.severity, flag.severity), html.H2(flag.title)]),
            html.P(flag.text),
            html.P(
                f"{cause_text(flag.cause)}, {flag.severity}, since {since}, {until}",
                className="hint",
            ),
            evidence(flag),
            html.Div(_links(now, flag), className="links"),
        ],
    )


def _links(now: Shown, flag: Flag) -> list[Component]:
    if not flag.workcell:
        return []
    at = {"resource": flag.resource, "t_s": flag.since_s}
    workcell = now.href("workcell", workcell=flag.workcell, **at)
    twin = now.href("twin", camera=f"workcell:{flag.workcell}", **at)
    return [
        dcc.Link([icon("workcell"), "Open workcell"], href=workcell, className="button primary"),
        dcc.Link([icon("cube"), "Show in 3D"], href=twin, className="button"),
    ]


def _charts(now: Shown, flag: Flag) -> list[Component]:
    if flag.resource in now.run.plant.robots:
        data = substep.substep_data(now.run, flag.resource, flag)
        steps = chart(substep.substep_figure(data), label="Sub-steps of the robot cycle")
        return [
            _chart_card("Sub-steps while flagged", "program and actual", steps),
            _cycle_card(now, flag, flag.resource),
        ]
    station = _station(now, flag)
    if station is None:
        return []
    states = share.share_figure(share.share_data(now.run, station.machine_ids))
    return [
        _chart_card("States", "share of time", chart(states, timed=True, label="Share of states")),
        _cycle_card(now, flag, station.id),
    ]


def _station(now: Shown, flag: Flag) -> Station | None:
    stations = now.run.plant.stations.values()
    return next((s for s in stations if flag.resource in (s.id, *s.machine_ids)), None)


def _cycle_card(now: Shown, flag: Flag, name: str) -> Component:
    data = cycle.cycle_data(now.run, name, [flag])
    drawn: Component = unavailable("No cycle began in this run.")
    if data.n_cycles:
        drawn = chart(cycle.cycle_figure(data), timed=True, label="Cycle times")
    return _chart_card("Cycle time", "dots: cycles, line: median", drawn)


def _chart_card(title: str, hint: str, drawn: Component) -> Component:
    head = html.Header([html.H2(title), html.Span(hint, className="hint")])
    return html.Section([head, html.Div(drawn, className="card-body")], className="card")
