"""The plant on the overview: every workcell, or in a large plant what is not as it should be."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, icon
from dashboard.moment import Condition, Level, active, condition, levels_at, states_at
from dashboard.text import clock, words
from twin.plant.plant import Line, Workcell

MOST_TILES = 24
"""A plant with more workcells is shown by its lines and its exceptions."""
MOST_EXCEPTIONS = 12
ORDER: dict[Level, int] = {"critical": 0, "warning": 1, "normal": 2}

Conditions = dict[str, Condition]


def plant_strip(now: Shown) -> Component:
    """Return the workcells of each line in the order of the process, at the playhead."""
    states, levels = states_at(now.run, now.t_s), levels_at(now.run, now.t_s)
    flags = active(now.open.flags, now.t_s)
    lines = now.run.plant.lines
    found = {w.id: condition(w, states, flags, levels) for line in lines for w in line.workcells}
    rows = (by_exception if len(found) > MOST_TILES else by_workcell)(now, found)
    text = f"State at {clock(now.run.scenario.start, now.t_s)}. "
    hint = html.P(text + "Move the playhead below to see other times.", className="hint")
    return html.Div([*rows, hint], className="plant-strip")


def by_workcell(now: Shown, found: Conditions) -> list[Component]:
    """Return a tile for every workcell, line by line."""
    several = len(now.run.plant.lines) > 1
    rows: list[Component] = []
    for line in now.run.plant.lines:
        if several:
            rows.append(html.H3(line.label or words(line.id)))
        tiles = [workcell_tile(now, w, found[w.id]) for w in line.workcells]
        rows.append(html.Div(tiles, className="tiles chain"))
    return rows


def by_exception(now: Shown, found: Conditions) -> list[Component]:
    """Return a tile for every line, and one for each workcell that needs attention."""
    lines = now.run.plant.lines
    rows: list[Component] = [
        html.Div([line_tile(now, line, found) for line in lines], className="tiles")
    ]
    unusual = [w for line in lines for w in line.workcells if found[w.id].level != "normal"]
    unusual.sort(key=lambda w: ORDER[found[w.id].level])
    if unusual:
        rows.append(html.H3("What needs attention"))
        shown = [workcell_tile(now, w, found[w.id]) for w in unusual[:MOST_EXCEPTIONS]]
        rows.append(html.Div(shown, className="tiles"))
    if len(unusual) > MOST_EXCEPTIONS:
        more = f"and {len(unusual) - MOST_EXCEPTIONS} more workcells"
        rows.append(dcc.Link(more, href=now.href("flags"), className="more"))
    return rows


def workcell_tile(now: Shown, workcell: Workcell, state: Condition) -> Component:
    """Return one workcell: grey and plain, or coloured with icon and reason."""
    label = workcell.label or words(workcell.id)
    return _tile(label, state, now.href("workcell", workcell=workcell.id))


def line_tile(now: Shown, line: Line, found: Conditions) -> Component:
    """Return one line: how many of its workcells are as they should be."""
    states = [found[w.id] for w in line.workcells]
    worst: Level = min((s.level for s in states), key=ORDER.__getitem__, default="normal")
    normal = sum(s.level == "normal" for s in states)
    text = f"{normal} of {len(states)} normal"
    first = next((w.id for w in line.workcells if found[w.id].level == worst), None)
    href = now.href("workcell", workcell=first)
    return _tile(line.label or words(line.id), Condition(worst, text), href)


def _tile(label: str, state: Condition, href: str) -> Component:
    marks = [icon(state.icon)] if state.icon else []
    return dcc.Link(
        [html.B(label), html.Span([*marks, state.text], className="tile-text")],
        href=href,
        className=f"tile {state.level}",
        title=f"{label}: {state.text}",
    )
