"""All flags of a run: a table, and the evidence of the one that is picked."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, at_rest, icon, unavailable
from dashboard.moment import is_open, resource_label, worst
from dashboard.pages.flag_detail import detail
from dashboard.pages.flag_line import cause_with_joint
from dashboard.pages.grid import grid, picked_id
from dashboard.runs import Runs
from dashboard.text import clock, words
from twin.errors import CelltwinError
from twin.flags import Flag

PLANT = "Whole plant"


def layout(now: Shown) -> Component:
    """Return the page."""
    rows = [row(now, f, k) for k, f in enumerate(now.open.flags)]
    picked = picked_index(now)
    if not rows:
        content: list[Component] = [html.Section([_header(now), _nothing()], className="card")]
    else:
        content = [
            html.Section([_header(now, _filter()), _grid(rows, picked)], className="card"),
            html.Div(id="flags-detail", className="flags-detail"),
        ]
    view = dcc.Store(id="view", data=now.view.href)
    return html.Div([view, *content], className="page flags")


def _header(now: Shown, tool: Component | None = None) -> Component:
    summary = html.Span(_summary(now.open.flags), className="hint")
    return html.Header([html.H2("Flags"), summary, tool])


def _filter() -> Component:
    return dcc.Input(
        id="flags-filter", type="search", placeholder="Filter", debounce=False, className="filter"
    )


def _nothing() -> Component:
    return html.Div(
        [icon("check"), "No flags: every workcell meets its expectation."], className="quiet"
    )


def _summary(flags: list[Flag]) -> str:
    critical = sum(f.severity == "critical" for f in flags)
    if not flags:
        return "none in this run"
    return f"{len(flags)} in this run, {critical} critical"


def row(now: Shown, flag: Flag, index: int) -> dict[str, Any]:
    """Return a flag as a row of the table."""
    start, plant = now.run.scenario.start, now.run.plant
    cells = {w.id: w.label or words(w.id) for w in plant.workcells()}
    return {
        "id": str(index),
        "severity": flag.severity,
        "workcell": cells.get(flag.workcell, PLANT),
        "resource": resource_label(plant, flag.resource) if flag.workcell else "",
        "title": flag.title,
        "cause": cause_with_joint(flag),
        "action": flag.action,
        "since": clock(start, flag.since_s),
        "until": "open" if is_open(flag) else clock(start, flag.until_s),
        "lost_units": round(flag.lost_units, 1),
        "since_s": flag.since_s,
        "resource_id": flag.resource,
    }


def picked_index(now: Shown) -> int | None:
    """Return the flag the address is about: of its resource, at its time; else the worst."""
    flags = now.open.flags
    mine = [k for k, f in enumerate(flags) if f.resource == now.view.resource]
    if mine:
        return min(mine, key=lambda k: abs(flags[k].since_s - now.t_s))
    found = worst(flags)
    return flags.index(found) if found else None


def _grid(rows: list[dict[str, Any]], picked: int | None) -> Component:
    columns = [
        {"field": "severity", "headerName": "Severity", "cellRenderer": "Severity", "width": 128},
        {"field": "workcell", "headerName": "Workcell", "flex": 2, "minWidth": 130},
        {"field": "resource", "headerName": "Resource", "flex": 2, "minWidth": 130},
        {"field": "title", "headerName": "Finding", "flex": 4, "minWidth": 240},
        {"field": "cause", "headerName": "Cause", "flex": 2, "minWidth": 120},
        {"field": "action", "headerName": "What to do", "flex": 3, "minWidth": 160,
         "tooltipField": "action"},
        {"field": "since", "headerName": "Since", "width": 92},
        {"field": "until", "headerName": "Until", "width": 92},
        {"field": "lost_units", "headerName": "Units lost", "width": 112, "type": "rightAligned",
         "filter": "agNumberColumnFilter"},
    ]  # fmt: skip
    chosen = [rows[picked]] if picked is not None else []
    return grid("flags-grid", rows, columns, chosen, row_px=34, tooltip="title")


def register(app: Dash, runs: Runs) -> None:
    """Show the evidence of the picked flag; filter in the browser."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("celltwin", "filterFlags"),
        Output("flags-grid", "dashGridOptions"),
        Input("flags-filter", "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("celltwin", "flagPicked"),
        Input("flags-grid", "selectedRows"),
        Input("flags-grid", "cellClicked"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("flags-detail", "children"),
        Input("flags-grid", "selectedRows"),
        Input("view", "data"),
    )
    def pick(rows: object, address: str) -> Component:
        try:
            now = at_rest(runs, address, None)
        except CelltwinError as error:
            return unavailable(str(error))
        index = _index(rows, len(now.open.flags))
        return detail(now, now.open.flags[index]) if index is not None else html.Div()


def _index(rows: object, n: int) -> int | None:
    """Return the number of the picked row as the browser sent it; None if it is none."""
    text = picked_id(rows)
    index = int(text) if text.isdecimal() else -1
    return index if 0 <= index < n else None
