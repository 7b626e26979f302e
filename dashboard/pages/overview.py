"""The overview: how the plant does, at a glance."""

from __future__ import annotations

from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard.card import Shown, card, chart, icon, unavailable
from dashboard.card import register as register_cards
from dashboard.figures import flow, loss
from dashboard.moment import is_open
from dashboard.pages.strip import plant_strip
from dashboard.runs import Runs
from dashboard.text import clock, number, percent, span, words
from twin.flags import Flag

MOST_FLAGS = 6
THOUSANDS_FROM = 100_000


def layout(now: Shown) -> Component:
    """Return the page with its cards still empty."""
    return html.Div(
        className="page overview",
        children=[
            dcc.Store(id="view", data=now.view.href),
            html.Div(id="overview-kpis", className="kpis", children=_skeletons(6)),
            card("Plant", "overview-plant", hint="workcells in the order of the process"),
            html.Div(
                className="row charts-row",
                children=[
                    card("Flags", "overview-flags", hint="the costliest first"),
                    card("Output", "overview-throughput", hint="battery cells per hour"),
                    card("Work in progress", "overview-wip", hint="battery cells"),
                    card("Largest losses", "overview-losses", hint="machine hours, no waiting"),
                ],
            ),
        ],
    )


def register(app: Dash, runs: Runs) -> None:
    """Fill the cards."""
    cards = {
        "overview-kpis": kpi_cards,
        "overview-flags": flag_list,
        "overview-throughput": throughput,
        "overview-wip": wip,
        "overview-losses": losses,
    }
    register_cards(app, runs, cards)
    register_cards(app, runs, {"overview-plant": plant_strip}, follow=True)


def _skeletons(n: int) -> list[Component]:
    return [html.Div(html.Div(className="skeleton"), className="card kpi") for _ in range(n)]


def kpi_cards(now: Shown) -> Component:
    """Return the key figures, each with what it is measured by, or why it is missing."""
    found = now.open.kpis
    return html.Div(
        className="kpi-row",
        children=[
            kpi(
                "Throughput",
                number(found.throughput_per_h),
                "per h",
                _plan_text(found.plan_per_h, found.throughput_vs_plan),
                why=found.why.get("throughput_per_h"),
                level=_plan_level(found.throughput_vs_plan),
            ),
            kpi(
                "Work in progress",
                _thousands(found.mean_wip),
                "battery cells",
                f"{found.final_wip:,} at the end",
                why=found.why.get("mean_wip"),
            ),
            _flow_time(now),
            _oee(now),
            kpi(
                "Energy",
                number(found.energy_kwh, 4),
                "kWh",
                _energy_text(found.energy_kwh_per_good_unit, found.why),
            ),
            _flag_count(now.open.flags),
        ],
    )


def kpi(
    title: str,
    value: str,
    unit: str,
    text: str = "",
    *,
    why: str | None = None,
    level: str = "normal",
    href: str = "",
) -> Component:
    """Return one key figure; `why` explains a missing value."""
    marks = [icon(level)] if level in {"warning", "critical"} else []
    content = [
        html.H2(title),
        html.P([*marks, html.B(value), html.Span(unit)], className="kpi-value"),
        html.P(why or text, className="kpi-text", title=why or text),
    ]
    name = f"card kpi {level}"
    if href:
        return dcc.Link(content, href=href, className=name)
    return html.Div(content, className=name)


def _thousands(value: float | None) -> str:
    """Return a number of units; very many in thousands."""
    if value is None or value < THOUSANDS_FROM:
        return number(value, 4)
    return f"{value / 1000:,.0f}k"


def _plan_text(plan_per_h: float | None, share: float | None) -> str:
    if plan_per_h is None or share is None:
        return "no plan to compare with"
    return f"{percent(share)} of plan ({number(plan_per_h)} per h)"


def _plan_level(share: float | None) -> str:
    if share is None or share >= 0.97:
        return "normal"
    return "warning" if share >= 0.9 else "critical"


def _energy_text(per_unit_kwh: float | None, why: dict[str, str]) -> str:
    if per_unit_kwh is None:
        return why.get("energy_kwh_per_good_unit", "")
    return f"{number(per_unit_kwh)} kWh per good battery cell"


def _flow_time(now: Shown) -> Component:
    found = now.open.kpis
    seconds, text = found.mean_flow_time_s, f"mean of {found.flow_time_units:,} shipped"
    if seconds is None:
        seconds, text = found.little_flow_time_s, "WIP / throughput (Little's law)"
    if seconds is None:
        return kpi("Flow time", "–", "", "", why=found.why.get("mean_flow_time_s"))
    value, _, unit = span(seconds).partition(" ")
    return kpi("Flow time", value, unit, text)


def _oee(now: Shown) -> Component:
    found, plant = now.open.kpis, now.run.plant
    if found.bottleneck is None:
        return kpi("OEE of the bottleneck", "–", "", "", why="no bottleneck is visible")
    name = found.bottleneck.station
    station = found.stations[name]
    label = plant.stations[name].label or words(name)
    href = now.href("workcell", workcell=plant.workcell_of.get(name), resource=name)
    if station.oee.oee is None:
        why = station.oee.why.get("oee")
        return kpi("OEE of the bottleneck", "–", "", label, why=why, href=href)
    value = f"{100 * station.oee.oee:.1f}"
    return kpi("OEE of the bottleneck", value, "%", label, href=href)


def _flag_count(flags: list[Flag]) -> Component:
    critical = sum(f.severity == "critical" for f in flags)
    still = sum(is_open(f) for f in flags)
    if not flags:
        return kpi("Flags", "0", "", "all workcells as expected")
    level = "critical" if critical else "warning"
    return kpi("Flags", str(len(flags)), "", f"{critical} critical, {still} open", level=level)


def flag_list(now: Shown) -> Component:
    """Return the worst flags with links to their workcells."""
    flags = sorted(now.open.flags, key=lambda f: (f.severity != "critical", -f.lost_units))
    if not flags:
        return html.Div(
            [icon("check"), "No flags: every workcell meets its expectation."], className="quiet"
        )
    more = len(flags) - MOST_FLAGS
    rows = [_flag_row(now, f) for f in flags[:MOST_FLAGS]]
    if more > 0:
        rows.append(dcc.Link(f"and {more} more", href=now.href("flags"), className="more"))
    return html.Div(rows, className="flag-list")


def _flag_row(now: Shown, flag: Flag) -> Component:
    start = now.run.scenario.start
    until = "still open" if is_open(flag) else f"until {clock(start, flag.until_s)}"
    page = "workcell" if flag.workcell else "flags"
    href = now.href(page, workcell=flag.workcell or None, resource=flag.resource, t_s=flag.since_s)
    return dcc.Link(
        [
            icon(flag.severity, flag.severity),
            html.Div(
                [
                    html.B(flag.title),
                    html.Span(
                        f"since {clock(start, flag.since_s)}, {until},"
                        f" {number(flag.lost_units, 2)} units lost there"
                    ),
                ]
            ),
        ],
        href=href,
        className=f"flag-row {flag.severity}",
        title=flag.text,
    )


def throughput(now: Shown) -> Component:
    """Return the chart of output against the plan."""
    data = now.open.once("throughput", lambda: flow.throughput_data(now.run))
    if not data.per_h.any():
        return unavailable("Nothing was shipped in this run.")
    return chart(flow.throughput_figure(data), timed=True, label="Output per hour against the plan")


def wip(now: Shown) -> Component:
    """Return the chart of work in progress."""
    data = now.open.once("wip", lambda: flow.wip_data(now.run))
    if not data.units.any():
        return unavailable("There were no battery cells in the plant.")
    return chart(flow.wip_figure(data), timed=True, label="Battery cells in the plant")


def losses(now: Shown) -> Component:
    """Return the chart of the largest losses."""
    data = loss.plant_loss_data(now.run.plant, now.open.kpis)
    if not data.hours:
        return unavailable("No machine lost time by itself.")
    return chart(loss.plant_loss_figure(data), label="Largest losses of machine time")
