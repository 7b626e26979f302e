"""Cards: parts of a page that load and fail on their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard import urls
from dashboard.runs import OpenRun, Runs
from dashboard.urls import View
from twin.errors import CelltwinError
from twin.run.run import Run

_log = logging.getLogger(__name__)

GRAPH_CONFIG: Any = {"displaylogo": False, "displayModeBar": False, "responsive": True}


@dataclass(frozen=True)
class Shown:
    """What a page or card shows: a run, a view of it, and the playhead."""

    open: OpenRun
    view: View
    t_s: float

    @property
    def run(self) -> Run:
        """The run."""
        return self.open.run

    def href(self, page: str, **changes: object) -> str:
        """Return the address of another page of the same run."""
        return self.view.to(page, **changes).href


Builder: TypeAlias = Callable[[Shown], Component]


def shown(runs: Runs, address: str | None, t_s: object = None) -> Shown:
    """Return what an address shows, with the playhead at `t_s` (as a browser sent it).

    Raises
    ------
    RunError
        The run does not exist or cannot be read.
    """
    view = urls.parse(address)
    found = runs.open(view.run or runs.default() or "")
    return Shown(found, view, playhead(found, t_s if view.t_s is None else view.t_s))


def at_rest(runs: Runs, address: str, t_s: object) -> Shown:
    """Return what an address shows with the playhead where it came to rest since.

    Raises
    ------
    RunError
        The run does not exist or cannot be read.
    """
    now = shown(runs, address)
    return now if t_s is None else replace(now, t_s=playhead(now.open, t_s))


def playhead(found: OpenRun, t_s: object) -> float:
    """Return the time to show: `t_s` within the run, or where the worst flag begins."""
    end_s = found.run.horizon_s
    if isinstance(t_s, int | float) and t_s == t_s:  # noqa: PLR0124 - not a number is refused
        return min(max(0.0, float(t_s)), end_s)
    return first_moment(found)


def first_moment(found: OpenRun) -> float:
    """Return where to look first: a minute into the worst flag, or the middle of the run."""
    end_s = found.run.horizon_s
    try:
        flags = found.flags
    except Exception:  # noqa: BLE001 - the flags' own card says what is wrong
        _log.exception("flags of run %s", found.run.name)
        flags = []
    worst = next((f for f in flags if f.severity == "critical"), flags[0] if flags else None)
    return round(min(worst.since_s + 60.0, worst.until_s) if worst else end_s / 2)


def attributes(**named: str) -> dict[str, Any]:
    """Return HTML attributes with a hyphen: ``aria_label`` -> ``aria-label``."""
    return {name.replace("_", "-"): value for name, value in named.items()}


def card(
    title: str,
    body_id: str,
    *,
    hint: str = "",
    class_name: str = "",
    extra: Component | None = None,
) -> html.Section:
    """Return an empty card whose body a callback fills."""
    return html.Section(
        className=f"card {class_name}".strip(),
        children=[
            html.Header([html.H2(title), html.Span(hint, className="hint"), extra]),
            html.Div(html.Div(className="skeleton"), id=body_id, className="card-body"),
        ],
    )


def register(
    app: Dash, runs: Runs, builders: Mapping[str, Builder], *, follow: bool = False
) -> None:
    """Let each builder fill the element with its id; one that fails says so in its place only.

    Parameters
    ----------
    app : Dash
    runs : Runs
    builders : mapping
        Functions by the id of the element they fill.
    follow : bool
        Fill again when the playhead comes to rest elsewhere.
    """
    for body_id, build in builders.items():
        inputs = [Input("view", "data"), *([Input("settled", "data")] if follow else [])]
        app.callback(Output(body_id, "children"), *inputs)(_guarded(runs, build))


def _guarded(runs: Runs, build: Builder) -> Callable[..., Component]:
    def fill(address: str, t_s: object = None) -> Component:
        try:
            return build(at_rest(runs, address, t_s))
        except CelltwinError as error:
            return unavailable(str(error))
        except Exception:  # noqa: BLE001 - one card must not take the page with it
            _log.exception("card %s of %s", build.__name__, address)
            return unavailable("This could not be computed; the server's log says why.")

    return fill


def unavailable(why: str) -> html.Div:
    """Return what stands where a value is missing."""
    return html.Div([icon("info"), html.Span(why)], className="unavailable")


def icon(name: str, title: str = "") -> html.Span:
    """Return one of the icons of the style sheet."""
    if title:
        return html.Span(className=f"icon icon-{name}", title=title, role="img")
    return html.Span(className=f"icon icon-{name}", **attributes(aria_hidden="true"))


def chart(
    figure: go.Figure, *, timed: bool = False, height: int | str = "100%", label: str = ""
) -> html.Div:
    """Return a figure; a `timed` one shows the playhead and moves it when clicked."""
    return html.Div(
        dcc.Graph(figure=figure, config=GRAPH_CONFIG, responsive=True, style={"height": "100%"}),
        className="chart timed" if timed else "chart",
        style={"height": height},
        role="img",
        **attributes(aria_label=label),
    )
