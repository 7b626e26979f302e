"""The alarms of a run: a table, what to do about the one that is picked, and where time went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.card import Builder, Shown, at_rest, attributes, card, icon, unavailable
from dashboard.figures.position import signal_name
from dashboard.moment import resource_label
from dashboard.pages.grid import PLAIN, grid, picked_id
from dashboard.pages.judged import alarms_of
from dashboard.runs import Runs
from dashboard.text import clock, span, words
from twin.condition import Alarm, acknowledge
from twin.condition.assets import assets
from twin.condition.codes import LISTS
from twin.condition.pareto import ParetoRow, actions_data, assets_data, failures_data
from twin.errors import CelltwinError, Problem, RunError

MOST_BARS = 8
LONGEST_NOTE = 500
STATUS_TEXTS = {"active": "unacknowledged", "over": "over, unacknowledged"}


def cards() -> list[Component]:
    """Return the cards, still empty."""
    return [
        html.Div(
            [
                card("Alarms", "alarms-table", hint="the latest first"),
                card("What was done", "alarms-detail", hint="about the picked alarm"),
            ],
            className="row wide-narrow",
        ),
        html.Div(
            [
                card("Longest in alarm", "alarms-assets", hint="assets", class_name="scrolls"),
                card("Failures", "alarms-failures", hint="by mode, else by code",
                     class_name="scrolls"),
                card("Actions", "alarms-actions", hint="of resolved alarms", class_name="scrolls"),
            ],
            className="row thirds",
        ),
    ]  # fmt: skip


def register(app: Dash, runs: Runs) -> None:
    """Fill the cards, show the picked alarm, and note what is done about it."""
    filled = {
        "alarms-assets": asset_list,
        "alarms-failures": failure_list,
        "alarms-actions": action_list,
    }
    changed = Input("alarms-changed", "data")
    for body_id, build in filled.items():
        app.callback(Output(body_id, "children"), Input("view", "data"), changed)(
            _fresh(runs, build)
        )

    @app.callback(Output("alarms-table", "children"), Input("view", "data"), changed)
    def show(address: str, changed: object) -> Component:
        picked = str(changed.get("alarm", "")) if isinstance(changed, dict) else ""
        return _fresh(runs, lambda now: table(now, picked))(address)

    @app.callback(
        Output("alarms-detail", "children"),
        Input("alarms-grid", "selectedRows"),
        State("view", "data"),
    )
    def pick(rows: object, address: str) -> Component:
        try:
            now = at_rest(runs, address, None)
            return detail(now, picked_id(rows), may_write=runs.may_write)
        except CelltwinError as error:
            return unavailable(str(error))

    @app.callback(
        Output("alarms-changed", "data"),
        Output("alarm-error", "children"),
        Input("alarm-acknowledge", "n_clicks"),
        Input("alarm-resolve", "n_clicks"),
        State("alarm-id", "data"),
        State("alarm-note", "value"),
        *(State(f"alarm-{name}", "value") for name in LISTS),
        State("view", "data"),
        State("settled", "data"),
        prevent_initial_call=True,
    )
    def note(*given: Any) -> tuple[Any, Any]:
        first, second, alarm, text, mode, cause, action, address, t_s = given
        if not first and not second:
            return no_update, no_update
        codes = {"mode": mode, "cause": cause, "action": action}
        resolving = ctx.triggered_id == "alarm-resolve"
        try:
            now = at_rest(runs, address, t_s)
            done(runs, now, str(alarm), codes if resolving else {}, str(text or ""))
        except CelltwinError as error:
            return no_update, [icon("warning"), html.Span(_of_page(str(error)))]
        return {"alarm": alarm, "clicks": (first or 0) + (second or 0)}, None


def _fresh(runs: Runs, build: Builder) -> Callable[..., Component]:
    """Return a callback that builds a card from the address, whatever changed since."""

    def fill(address: str, _: object = None) -> Component:
        try:
            return build(at_rest(runs, address, None))
        except CelltwinError as error:
            return unavailable(str(error))

    return fill


def done(runs: Runs, now: Shown, alarm: str, codes: dict[str, Any], note: str) -> None:
    """Note what was done about an alarm, at the playhead if the alarm is on there, else at the end.

    Raises
    ------
    RunError
        Nothing may be written here, or what is noted does not fit the alarm.
    """
    if not runs.may_write:
        raise RunError(Problem(now.run.name, "This dashboard only shows; it is open to others."))
    if len(note) > LONGEST_NOTE:
        raise RunError(Problem("Note", f"has more than {LONGEST_NOTE} characters."))
    missing = [words(name) for name, code in codes.items() if not code]
    if missing:
        what = f"{', '.join(missing)} missing: an alarm is resolved with all three."
        raise RunError(Problem(now.run.name, what))
    found = next((a for a in alarms_of(now) if a.id == alarm), None)
    acknowledge(now.run, alarm, at_s=_time_of(found, now.t_s), codes=codes, note=note)


def _time_of(alarm: Alarm | None, t_s: float) -> float | None:
    """Return when it is done: at the playhead, if it can be; None: at the end of the run."""
    if alarm is None:
        return None
    earliest = alarm.done.acknowledged_s if alarm.done else alarm.raised_s
    return t_s if t_s >= earliest else None


def _of_page(text: str) -> str:
    """Return an error in the words of the page."""
    return text.replace("--mode, --cause, --action", "mode, cause and action")


def table(now: Shown, picked: str = "") -> Component:
    """Return all alarms, the latest first, one of them picked: else the one that lasted longest."""
    found = alarms_of(now)
    if not found:
        return html.Div([icon("check"), "No alarm in this run."], className="quiet")
    rows = [row(now, alarm) for alarm in reversed(found)]
    first = picked or _first(now, found).id
    columns = [
        {"field": "status", "headerName": "Status", "cellRenderer": "AlarmStatus", "width": 208},
        {"field": "raised", "headerName": "Raised", "width": 84, **PLAIN},
        {"field": "asset", "headerName": "Asset", "flex": 3, "minWidth": 150},
        {"field": "code", "headerName": "Alarm", "flex": 3, "minWidth": 140},
        {"field": "minutes", "headerName": "Min in alarm", "width": 112, "type": "rightAligned",
         **PLAIN},
        {"field": "severity", "headerName": "Severity", "cellRenderer": "Severity", "width": 114,
         **PLAIN},
        {"field": "done", "headerName": "Mode, cause, action", "flex": 4, "minWidth": 140},
    ]  # fmt: skip
    missed = sum(not a.acknowledged for a in found)
    return html.Div(
        [
            html.P(f"{len(found)} alarms, {missed} unacknowledged", className="figure-line"),
            grid("alarms-grid", rows, columns, [r for r in rows if r["id"] == first],
                 tooltip="note"),
        ]
    )  # fmt: skip


def _first(now: Shown, found: list[Alarm]) -> Alarm:
    """Return the alarm to show first: of the asset the address is about, the longest one."""
    mine = [a for a in found if a.resource == now.view.resource] or found
    return max(mine, key=lambda a: a.time_in_alarm_s)


def alarm_text(code: str) -> str:
    """Return an alarm's code for people: of a signal, its name without the unit, and which way."""
    signal, _, way = code.rpartition("_")
    if way not in {"high", "low", "zone"} or not signal:
        return words(code)
    return f"{signal_name(signal).label} {'in a bad zone' if way == 'zone' else way}"


def row(now: Shown, alarm: Alarm) -> dict[str, Any]:
    """Return an alarm as a row of the table."""
    codes = (alarm.done.mode, alarm.done.cause, alarm.done.action) if alarm.done else ()
    return {
        "id": alarm.id,
        "status": alarm.status,
        "raised": clock(now.run.scenario.start, alarm.raised_s),
        "asset": resource_label(now.run.plant, alarm.resource),
        "code": alarm_text(alarm.code),
        "minutes": round(alarm.time_in_alarm_s / 60, 1),
        "severity": alarm.severity,
        "done": ", ".join(c.replace("_", " ") for c in codes if c),
        "note": alarm.done.note if alarm.done else "",
    }


def detail(now: Shown, wanted: str, *, may_write: bool) -> Component:
    """Return one alarm: what is known, what was done, and what can be done now."""
    alarm = next((a for a in alarms_of(now) if a.id == wanted), None)
    if alarm is None:
        return unavailable("Pick an alarm in the table.")
    asset = resource_label(now.run.plant, alarm.resource)
    return html.Div(
        [
            dcc.Store(id="alarm-id", data=alarm.id),
            html.P([html.B(asset), f": {alarm_text(alarm.code)}"]),
            _facts(now, alarm),
            _links(now, alarm),
            _form(alarm, may_write=may_write),
        ],
        className="alarm-detail",
    )


def _facts(now: Shown, alarm: Alarm) -> Component:
    def at(t_s: float | None) -> str:
        return "" if t_s is None else clock(now.run.scenario.start, t_s, seconds=True)

    kept = alarm.done
    rows = {
        "Raised": at(alarm.raised_s),
        "In alarm": span(alarm.time_in_alarm_s),
        "From": {"engine": "the machine itself", "condition": "its signals"}[alarm.origin],
        "Status": STATUS_TEXTS.get(alarm.status, alarm.status),
    }
    if kept is not None:
        rows |= {
            "Acknowledged": at(kept.acknowledged_s),
            "Resolved": at(kept.resolved_s),
            **{words(name): LISTS[name].get(getattr(kept, name), "") for name in LISTS},
            "Note": kept.note,
        }
    shown = [html.Div([html.Dt(name), html.Dd(text)]) for name, text in rows.items() if text]
    return html.Dl(shown, className="evidence")


def _links(now: Shown, alarm: Alarm) -> Component | None:
    asset = assets(now.run.plant).get(alarm.resource)
    cell = asset.workcell if asset else ""
    if not cell:
        return None
    href = now.href("workcell", workcell=cell, resource=alarm.resource, t_s=alarm.raised_s)
    link = dcc.Link([icon("workcell"), "Open workcell"], href=href, className="button")
    return html.Div(link, className="links")


def _form(alarm: Alarm, *, may_write: bool) -> Component:
    """Return what can be done about an alarm; nothing where it is resolved or others look on."""
    hidden = not may_write or alarm.status == "resolved"
    choices = [
        dcc.Dropdown(
            id=f"alarm-{name}",
            options=[{"value": code, "label": text} for code, text in codes.items()],
            placeholder=words(name),
            className="choice",
        )
        for name, codes in LISTS.items()
    ]
    note = dcc.Input(id="alarm-note", type="text", placeholder="Note", maxLength=LONGEST_NOTE)
    buttons = [
        html.Button("Acknowledge", id="alarm-acknowledge", className="button", type="button",
                    disabled=alarm.acknowledged),
        html.Button("Resolve", id="alarm-resolve", className="button primary", type="button"),
    ]  # fmt: skip
    said = html.Div(id="alarm-error", role="alert", className="form-error")
    return html.Div(
        [
            html.Div(
                [note, *choices, html.Div(buttons, className="links"), said],
                className="alarm-form",
                hidden=hidden,
                **attributes(aria_label="What is done about this alarm"),
            ),
            html.P("Others can open this dashboard, so it only shows.", className="hint",
                   hidden=may_write),
        ]
    )  # fmt: skip


def asset_list(now: Shown) -> Component:
    """Return the assets longest in alarm, and how many had none."""
    every = assets_data(alarms_of(now), now.run.plant)
    rows = [
        (resource_label(now.run.plant, r.asset), r.n, r.unacknowledged, span(r.time_s))
        for r in every[:MOST_BARS]
        if r.n
    ]
    quiet = sum(not r.n for r in every)
    heads = ("Asset", "Alarms", "Unacknowledged", "In alarm")
    line = html.P(f"{quiet} of {len(every)} assets without an alarm", className="figure-line")
    return html.Div([line, _list(heads, rows, "No asset was in alarm.")])


def failure_list(now: Shown) -> Component:
    """Return failures by the time in alarm they cost."""
    return _pareto(failures_data(alarms_of(now)), "Failure", "No alarm.")


def action_list(now: Shown) -> Component:
    """Return what was done about resolved alarms."""
    return _pareto(actions_data(alarms_of(now)), "Action", "No alarm was resolved yet.")


def _pareto(found: list[ParetoRow], head: str, nothing: str) -> Component:
    rows = [
        (alarm_text(r.name), r.n, span(r.time_s), f"{100 * r.cumulated_share:.0f} %")
        for r in found[:MOST_BARS]
    ]
    return _list((head, "Alarms", "In alarm", "Cumulated"), rows, nothing)


def _list(heads: tuple[str, ...], rows: list[tuple[Any, ...]], nothing: str) -> Component:
    if not rows:
        return unavailable(nothing)
    head = html.Thead(html.Tr([html.Th(text) for text in heads]))
    body = html.Tbody([html.Tr([html.Td(value) for value in cells]) for cells in rows])
    return html.Table([head, body], className="machines")
