"""How the assets are by their signals, and the alarms with what was done about them."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, at_rest, card, chart, unavailable
from dashboard.card import register as register_cards
from dashboard.figures import position
from dashboard.moment import resource_label
from dashboard.pages import alarms
from dashboard.pages.grid import PLAIN, grid, picked_id
from dashboard.pages.judged import condition_of, first_position
from dashboard.runs import Runs
from dashboard.text import clock, words
from twin.condition.condition import PositionState
from twin.condition.monitor import STATES
from twin.errors import CelltwinError


def layout(now: Shown) -> Component:
    """Return the page with its cards still empty."""
    hint = "worst of the whole run first; limits are learned, or vibration zones"
    return html.Div(
        className="page condition",
        children=[
            dcc.Store(id="view", data=now.view.href),
            dcc.Store(id="alarms-changed"),
            html.Div(
                [
                    card("Signals of the assets", "condition-positions", hint=hint),
                    card("Signal", "condition-signal", hint="of the picked row"),
                ],
                className="row wide-narrow signals",
            ),
            *alarms.cards(),
        ],
    )


def register(app: Dash, runs: Runs) -> None:
    """Fill the cards; show the signal that is picked."""
    register_cards(app, runs, {"condition-positions": positions})
    alarms.register(app, runs)

    @app.callback(
        Output("condition-signal", "children"),
        Input("condition-grid", "selectedRows"),
        State("view", "data"),
    )
    def pick(rows: object, address: str) -> Component:
        try:
            return signal(at_rest(runs, address, None), rows)
        except CelltwinError as error:
            return unavailable(str(error))


def positions(now: Shown) -> Component:
    """Return every signal of every asset with its state, the worst first."""
    found = condition_of(now).positions
    if not found:
        return unavailable("No robot or machine of this run sends signals (robot_sensors).")
    rows = [row(now, p) for p in sorted(found, key=_worst_first)]
    picked = first_position(now, found)
    selected = [r for r in rows if r["id"] == _key(picked)] if picked else []
    return _grid(rows, selected)


def _worst_first(p: PositionState) -> tuple[int, str, str, str]:
    return (-STATES.index(p.state), p.asset, p.position, p.judge)


def _key(p: PositionState) -> str:
    return f"{p.asset}:{p.position}:{p.judge}"


def row(now: Shown, p: PositionState) -> dict[str, Any]:
    """Return a position as a row of the table."""
    return {
        "id": _key(p),
        "state": p.state,
        "asset": resource_label(now.run.plant, p.asset),
        "position": position.signal_name(p.position).titled,
        "value": None if p.value is None else round(p.value, 3),
        "limit": None if p.limit is None else round(p.limit, 3),
        "judge": f"zone {p.zone or '–'}" if p.judge == "zones" else words(p.judge),
        "since": "" if p.since_s is None else clock(now.run.scenario.start, p.since_s),
        "why": _why(p),
    }


def _why(p: PositionState) -> str:
    """Say where the limit comes from, or why there is none."""
    standard = f"{p.standard}, {p.group}" if p.standard else ""
    return "; ".join(t for t in (standard, p.basis, p.assumption, p.why) if t)


def _grid(rows: list[dict[str, Any]], selected: list[dict[str, Any]]) -> Component:
    number = {"type": "rightAligned", "width": 84, **PLAIN}
    columns = [
        {"field": "state", "headerName": "State", "cellRenderer": "AssetState", "width": 116},
        {"field": "asset", "headerName": "Asset", "flex": 3, "minWidth": 130},
        {"field": "position", "headerName": "Signal", "flex": 3, "minWidth": 124},
        {"field": "value", "headerName": "Last", **number},
        {"field": "limit", "headerName": "Limit", **number},
        {"field": "judge", "headerName": "Judged by", "width": 96, **PLAIN},
        {"field": "since", "headerName": "Since", "width": 84, **PLAIN},
    ]
    return grid("condition-grid", rows, columns, selected, tooltip="why")


def signal(now: Shown, rows: object) -> Component:
    """Return the picked signal over the run, with its limit and what happened."""
    found = condition_of(now)
    wanted = picked_id(rows)
    p = next((p for p in found.positions if _key(p) == wanted), None)
    if p is None:
        return unavailable("Pick a signal in the table.")
    data = position.position_data(now.run, p, found)
    title = f"{resource_label(now.run.plant, p.asset)}: {data.signal.label}"
    return html.Div(
        [
            html.P([html.B(title), f" – {_why(p)}"], className="figure-line"),
            chart(position.position_figure(data), timed=True, label=f"{title} over the run"),
        ],
        className="figure-with-line",
    )
