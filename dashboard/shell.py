"""What every page has around it: header with run picker, navigation, playhead bar."""

from __future__ import annotations

import logging
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard import theme
from dashboard.card import Shown, attributes, icon
from dashboard.runs import RunEntry
from dashboard.text import STATUS_TEXTS, clock, span
from dashboard.urls import View

_log = logging.getLogger(__name__)

NAVIGATION = (
    ("overview", "Overview"),
    ("twin", "3D twin"),
    ("workcell", "Workcells"),
    ("bottleneck", "Bottleneck"),
    ("flags", "Flags"),
    ("condition", "Condition"),
)

SPEEDS = (1, 10, 30, 60, 120, 300, 600)


def layout() -> Component:
    """Return the shell; pages are put into ``page``."""
    whole: Component = dmc.MantineProvider(
        forceColorScheme="light",
        theme={"fontFamily": theme.FONT, "primaryColor": "blue", "defaultRadius": "sm"},
        children=html.Div(
            id="shell",
            style=theme.CSS_VARIABLES,
            children=[
                dcc.Location(id="url", refresh="callback-nav"),
                dcc.Store(id="facts"),
                dcc.Store(id="settled"),
                _header(),
                html.Main(id="page", children=html.Div(className="loading")),
                _playbar(),
            ],
        ),
    )
    return whole


def _header() -> html.Header:
    return html.Header(
        id="header",
        children=[
            dcc.Link(
                [html.Span(className="mark"), html.Span("celltwin")], href="/", className="brand"
            ),
            html.Nav(id="nav", **attributes(aria_label="Pages")),
            html.Div(id="run-facts", className="run-facts"),
            dmc.Select(
                id="run-picker",
                data=[],
                searchable=True,
                allowDeselect=False,
                placeholder="Choose a run",
                nothingFoundMessage="No such run",
                size="xs",
                w=210,
                comboboxProps={"width": 340, "position": "bottom-end"},
                **attributes(aria_label="Run"),
            ),
        ],
    )


def _playbar() -> html.Footer:
    def button(name: str, title: str) -> html.Button:
        return html.Button(
            icon(name),
            id=f"play-{name}",
            title=title,
            type="button",
            **attributes(aria_label=title),
        )

    return html.Footer(
        id="playbar",
        hidden=True,
        children=[
            html.Div(
                className="play-buttons",
                children=[
                    button("previous", "To the flag before (Shift + left)"),
                    button("back", "One step back (left)"),
                    button("toggle", "Play or pause (space)"),
                    button("forward", "One step forward (right)"),
                    button("next", "To the next flag (Shift + right)"),
                ],
            ),
            html.Select(
                id="play-speed",
                title="Simulated seconds per second",
                children=[html.Option(f"{s}×", value=str(s)) for s in SPEEDS],
                **attributes(aria_label="Speed"),
            ),
            html.Output(id="play-clock"),
            html.Div(id="play-track"),
            html.Span(id="play-end"),
        ],
    )


def register(app: Dash) -> None:
    """Connect the shell: everything here runs in the browser."""
    for name, target, prop in (
        ("configure", "facts", "data"),
        ("fromViewer", "twin-view", "playhead"),
        ("viewerReady", "twin-view", "ready"),
        ("viewerPlaying", "twin-view", "playing"),
    ):
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("celltwin", name), Input(target, prop), prevent_initial_call=True
        )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("celltwin", "pickRun"),
        Output("url", "search"),
        Input("run-picker", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )


def nav(view: View, run: str | None) -> list[Component]:
    """Return the links to the pages."""
    return [
        dcc.Link(
            label,
            href=View(page, run=run).href,
            className="active" if page == view.page else "",
        )
        for page, label in NAVIGATION
    ]


def run_options(entries: list[RunEntry]) -> list[dict[str, Any]]:
    """Return the runs to pick from; those that are not complete say so."""
    return [
        {"value": e.name, "label": e.name if e.status == "complete" else f"{e.name} ({e.status})"}
        for e in entries
    ]


def run_facts(now: Shown) -> list[Component]:
    """Return scenario, seed, length and status of the run."""
    run = now.run
    manifest = run.manifest
    scenario = run.scenario.label or run.scenario.id
    return [
        html.Span(scenario, className="scenario", title=run.scenario.description or scenario),
        html.Span([html.Small("seed"), str(manifest.seed)]),
        html.Span([html.Small("length"), _length(manifest.end_s, manifest.horizon_s)]),
        html.Span(
            [icon(_STATUS_ICONS[manifest.status]), manifest.status],
            className=f"status status-{manifest.status}",
            title=manifest.error or STATUS_TEXTS[manifest.status],
        ),
    ]


_STATUS_ICONS = {
    "complete": "check",
    "running": "progress",
    "cancelled": "warning",
    "failed": "critical",
}


def _length(end_s: float, horizon_s: float) -> str:
    if end_s < horizon_s - 0.5:
        return f"{span(end_s)} of {span(horizon_s)}"
    return span(horizon_s)


def playbar_facts(now: Shown) -> dict[str, Any]:
    """Return what the browser needs to run the playhead of this run."""
    run = now.run
    return {
        "run": run.name,
        "start_ms": theme.start_ms(run.scenario.start),
        "end_s": run.horizon_s,
        "t_s": now.t_s,
        "marks": _marks(now),
    }


def _marks(now: Shown) -> list[dict[str, Any]]:
    try:
        flags = now.open.flags
    except Exception:  # noqa: BLE001 - the flags' own card says what is wrong
        _log.exception("flags of run %s", now.run.name)
        return []
    start = now.run.scenario.start
    return [
        {
            "since_s": f.since_s,
            "until_s": f.until_s,
            "severity": f.severity,
            "text": f"{clock(start, f.since_s)}  {f.title}",
        }
        for f in flags
    ]
