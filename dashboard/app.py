"""The Dash app: the shell, the pages, and the way from an address to a page."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from dash import Dash, Input, Output, State
from dash.development.base_component import Component

from dashboard import card, security, shell, urls
from dashboard.pages import bottleneck, condition, flags, message, overview, twin, workcell
from dashboard.runs import Runs
from dashboard.viewer import routes
from twin.errors import CelltwinError

_log = logging.getLogger(__name__)

PAGES: dict[str, ModuleType] = {
    "overview": overview,
    "twin": twin,
    "workcell": workcell,
    "bottleneck": bottleneck,
    "flags": flags,
    "condition": condition,
}
"""Pages by their name in the address."""


def create_app(
    runs_dir: str | Path,
    *,
    open_run: str | None = None,
    hosts: Iterable[str] = security.LOCAL_HOSTS,
    may_write: bool = False,
) -> Dash:
    """Return the dashboard for a folder of runs.

    Parameters
    ----------
    runs_dir : str or Path
        A folder of runs, or the folder of one run; runs that appear later are found.
    open_run : str, optional
        Name of the run shown where the address names none; default: the latest.
    hosts : iterable of str
        Host names by which browsers may reach the server.
    may_write : bool
        Whether whoever reaches the server may note what was done about alarms: there is no login.
    """
    return build_app(Runs(runs_dir, open_run, may_write=may_write), hosts)


def build_app(runs: Runs, hosts: Iterable[str] = security.LOCAL_HOSTS) -> Dash:
    """Return the dashboard for the runs of a folder."""
    app = Dash(
        __name__,
        title="celltwin",
        update_title="",
        assets_folder=str(Path(__file__).parent / "assets"),
        suppress_callback_exceptions=True,
        serve_locally=True,
        health_endpoint="healthz",
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "color-scheme", "content": "light"},
        ],
    )
    app.layout = shell.layout()
    shell.register(app)
    for page in PAGES.values():
        page.register(app, runs)
    _register_router(app, runs)
    app.server.register_blueprint(routes.viewer_routes(lambda name: runs.open(name).run))
    security.secure(app, hosts)
    return app


def _register_router(app: Dash, runs: Runs) -> None:
    @app.callback(
        Output("page", "children"),
        Output("nav", "children"),
        Output("run-facts", "children"),
        Output("run-picker", "data"),
        Output("run-picker", "value"),
        Output("facts", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        State("settled", "data"),
        State("facts", "data"),
        running=[(Output("page", "className"), "busy", "")],
    )
    def show(
        pathname: str | None, search: str | None, settled: object, facts: object
    ) -> tuple[Any, ...]:
        return route(runs, f"{pathname or '/'}{search or ''}", settled, facts)


def route(
    runs: Runs, address: str, settled: object = None, facts: object = None
) -> tuple[Any, ...]:
    """Return page, navigation, run facts, runs to pick, picked run, and facts of the playhead.

    Parameters
    ----------
    runs : Runs
    address : str
        Path and query.
    settled : float or None
        Where the playhead is in the browser.
    facts : dict or None
        The facts the browser has: the playhead stays only while the run is the same.
    """
    view = urls.parse(address)
    entries = runs.entries()
    name = view.run or runs.default()
    options = shell.run_options(entries)
    nav = shell.nav(view, name)
    if name is None:
        return message.no_runs(runs.folder), nav, None, options, None, None
    kept = settled if isinstance(facts, dict) and facts.get("run") == name else None
    try:
        now = card.shown(runs, urls.View(view.page, run=name, t_s=view.t_s).href, kept)
    except CelltwinError as error:
        page = message.broken(name, str(error), entries)
        return page, nav, None, options, name, None
    here = card.Shown(now.open, _named(view, name), now.t_s)
    return (
        _page(here),
        nav,
        shell.run_facts(here),
        options,
        name,
        shell.playbar_facts(here),
    )


def _named(view: urls.View, name: str) -> urls.View:
    return urls.View(view.page, name, view.t_s, view.workcell, view.resource, view.camera)


def _page(now: card.Shown) -> Component:
    page = PAGES.get(now.view.page)
    if page is None:
        return message.no_page(now)
    try:
        built: Component = page.layout(now)
    except CelltwinError as error:
        return message.failed(now, str(error))
    except Exception:  # noqa: BLE001 - the shell must stay usable
        _log.exception("page %s", now.view.href)
        return message.failed(now, "The server's log says why.")
    return built
