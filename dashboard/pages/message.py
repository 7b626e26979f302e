"""Pages that stand in for one that cannot be shown: each says what to do."""

from __future__ import annotations

from pathlib import Path

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, icon
from dashboard.runs import RunEntry
from dashboard.urls import View


def no_runs(folder: Path) -> Component:
    """Return the page of a folder without runs: how to get the first one."""
    return _message(
        "info",
        "No runs yet",
        html.P(["There is no run in ", html.Code(str(folder)), ". Simulate one:"]),
        html.Pre("celltwin run slow_robot --out " + str(folder / "my_run")),
        html.P(
            [
                "or see all at once with ",
                html.Code("celltwin demo"),
                ". Then reload this page; no restart is needed.",
            ]
        ),
    )


def broken(name: str, why: str, entries: list[RunEntry]) -> Component:
    """Return the page of a run that cannot be read, with the runs that can."""
    good = [e for e in entries if not e.error]
    links = html.Ul(
        [
            html.Li([dcc.Link(e.name, href=View("overview", run=e.name).href), f" {e.status}"])
            for e in good
        ],
        className="run-links",
    )
    return _message(
        "warning",
        f"Run {name} cannot be shown",
        html.P(why, className="why"),
        *([html.P("Runs that can be read:"), links] if good else []),
    )


def no_page(now: Shown) -> Component:
    """Return the page of an address that does not exist."""
    return _message(
        "info",
        "There is no such page",
        html.P(["Go to the ", dcc.Link("overview", href=now.href("overview")), "."]),
    )


def failed(now: Shown, why: str) -> Component:
    """Return the page in place of one that could not be built."""
    return _message(
        "warning",
        "This page cannot be shown",
        html.P(why, className="why"),
        html.P(["Go to the ", dcc.Link("overview", href=now.href("overview")), "."]),
    )


def _message(icon_name: str, title: str, *content: Component) -> Component:
    return html.Div(
        html.Section([icon(icon_name), html.H1(title), *content], className="card message"),
        className="message-page",
    )
