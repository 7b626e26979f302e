"""What limits the output: the momentary bottleneck, turning points, and what would help."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, card, chart, icon, unavailable
from dashboard.card import register as register_cards
from dashboard.figures import bottleneck
from dashboard.moment import resource_label
from dashboard.runs import Runs
from dashboard.text import clock, number, percent, words
from twin.errors import Problem, RunError
from twin.kpi.shifting import OverTime, bottleneck_over_time

FILE_NAME = "bottleneck.json"
LARGEST_FILE = 5_000_000
MOST_GAINS = 20


def layout(now: Shown) -> Component:
    """Return the page with its cards still empty."""
    hint = "bars: station active the longest without a break; frames: turning point"
    return html.Div(
        className="page bottleneck",
        children=[
            dcc.Store(id="view", data=now.view.href),
            card("Bottleneck over time", "bottleneck-strips", hint=hint, class_name="strips"),
            html.Div(
                [
                    card("Share of the time", "bottleneck-shares", class_name="scrolls",
                         hint="as momentary bottleneck; alone: not while it hands over"),
                    card("Turning point", "bottleneck-turning", class_name="scrolls",
                         hint="where stations before are blocked and those after starve"),
                ],
                className="row halves",
            ),
            card("What an improvement brings", "bottleneck-gains",
                 hint="simulated pairs of runs, products per hour"),
        ],
    )  # fmt: skip


def register(app: Dash, runs: Runs) -> None:
    """Fill the cards."""
    register_cards(
        app,
        runs,
        {
            "bottleneck-strips": strips,
            "bottleneck-shares": shares,
            "bottleneck-turning": turning,
            "bottleneck-gains": gains,
        },
    )


def over_time(now: Shown) -> OverTime:
    """Return the bottleneck over time, computed once."""
    return now.open.once("bottleneck", lambda: bottleneck_over_time(now.run))


def strips(now: Shown) -> Component:
    """Return the momentary bottleneck over the run."""
    found = over_time(now)
    if not found.shifts:
        return unavailable("No station was active in this run.")
    labels = {name: resource_label(now.run.plant, name) for name in now.run.plant.stations}
    data = bottleneck.bottleneck_data(found, now.run.scenario.start, labels)
    drawn = bottleneck.bottleneck_figure(data)
    return chart(drawn, timed=True, label="Momentary bottleneck and turning points over time")


def shares(now: Shown) -> Component:
    """Return how long each station is the momentary bottleneck."""
    found = over_time(now)
    if not found.shares:
        return unavailable("No station was active in this run.")
    rows = [
        html.Tr(
            [
                html.Td(_link(now, name)),
                html.Td(percent(share)),
                html.Td(percent(found.sole_shares[name])),
            ]
        )
        for name, share in found.shares.items()
        if share >= 0.001
    ]
    return _table(("Station", "Share", "Alone"), rows)


def turning(now: Shown) -> Component:
    """Return the turning point between blocked and starved stations by parts of the run."""
    start = now.run.scenario.start
    windows = over_time(now).windows
    if not windows:
        return unavailable("The run has no time after its warm-up.")
    rows = [
        html.Tr(
            [
                html.Td(f"{clock(start, a)} to {clock(start, b)}"),
                html.Td(_link(now, one.station) if one else "none"),
                html.Td(words(one.method) if one else "–"),
                html.Td(percent(one.blocked_share) if one else "–"),
                html.Td(percent(one.starved_share) if one else "–"),
            ]
        )
        for a, b, one in windows
    ]
    return _table(("Time", "Station", "Method", "Blocked", "Starved"), rows)


def gains(now: Shown) -> Component:
    """Return what improvements bring, or how to find out."""
    found = what_if(now)
    if found is None:
        return _how_to(now)
    every = found["gains"]
    rows = [_gain_row(gain) for gain in every[:MOST_GAINS]]
    heads = ("Improvement", "What", "Section", "Gain per h", "95 % interval", "Gain", "Sure")
    note = f"{len(found['seeds'])} pairs of runs each" if "seeds" in found else ""
    if not any(gain.get("sure") for gain in every):
        note += "; none of these surely brings more output"
    return html.Div([html.P(note, className="figure-line"), _table(heads, rows)])


def what_if(now: Shown) -> dict[str, Any] | None:
    """Return what ``celltwin bottleneck`` has kept beside the run; None where it did not run.

    Raises
    ------
    RunError
        The file cannot be read.
    """
    path = now.run.folder / FILE_NAME
    if not path.is_file():
        return None
    problem = Problem(FILE_NAME, "cannot be read.", "Make it again with celltwin bottleneck.")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RunError(problem)
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(problem) from error
    found = data.get("what_if") if isinstance(data, dict) else None
    if found is None:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("gains"), list):
        raise RunError(problem)
    return found


def _how_to(now: Shown) -> Component:
    return html.Div(
        [
            html.Div([icon("info"), "Not simulated for this run yet. Make it with"],
                     className="unavailable"),
            html.Pre(f"celltwin bottleneck {now.run.folder}"),
        ],
        className="how-to",
    )  # fmt: skip


def _gain_row(gain: dict[str, Any]) -> Component:
    low, high = gain.get("low_per_h"), gain.get("high_per_h")
    sure = bool(gain.get("sure"))
    return html.Tr(
        [
            html.Td(str(gain.get("label") or gain.get("id", ""))),
            html.Td(str(gain.get("what", ""))),
            html.Td(words(str(gain.get("section", "")))),
            html.Td(_signed(gain.get("gain_per_h"))),
            html.Td(f"{_signed(low)} to {_signed(high)}"),
            html.Td(f"{_signed(gain.get('gain_pct'))} %"),
            html.Td([icon("check"), "yes"] if sure else "no"),
        ],
        className="sure" if sure else "",
    )


def _signed(value: object) -> str:
    if not isinstance(value, int | float):
        return "–"
    return f"{'+' if value > 0 else ''}{number(float(value))}"


def _link(now: Shown, name: str) -> Component:
    cell = now.run.plant.workcell_of.get(name)
    label = resource_label(now.run.plant, name)
    if cell is None:
        return html.Span(label)
    return dcc.Link(label, href=now.href("workcell", workcell=cell, resource=name))


def _table(heads: tuple[str, ...], rows: Sequence[Component]) -> Component:
    head = html.Thead(html.Tr([html.Th(text) for text in heads]))
    return html.Div(html.Table([head, html.Tbody(rows)], className="machines"), className="scroll")
