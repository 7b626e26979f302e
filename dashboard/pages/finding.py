"""The finding on a workcell or flag, in the words of ``celltwin diagnose``."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.card import Shown, icon
from dashboard.pages.focus import focus
from twin.diagnose import Finding, diagnose
from twin.diagnose.disorder import disorder
from twin.diagnose.finding import Disorder
from twin.diagnose.text import Section, disorder_sections, page
from twin.flags import Flag
from twin.plant.station import Station


def finding_of(now: Shown, workcell: str) -> Finding:
    """Return the finding on a workcell, computed once."""
    return now.open.once(("finding", workcell), lambda: diagnose(now.run, workcell, now.open.flags))


def disorder_of(now: Shown, flag: Flag) -> Disorder:
    """Return everything that is known of a flag, computed once."""
    station = station_of(now, flag)
    return now.open.once(
        ("disorder", flag.resource, flag.cause, flag.since_s, flag.title),
        lambda: disorder(now.run, station, flag, now.open.flags),
    )


def station_of(now: Shown, flag: Flag) -> Station | None:
    """Return the station a flag is of; None for one about more."""
    stations = now.run.plant.stations.values()
    return next((s for s in stations if flag.resource in {s.id, s.robot, *s.machine_ids}), None)


def finding_card(now: Shown) -> Component:
    """Return the whole finding on the workcell of the page."""
    made = page(finding_of(now, focus(now).workcell.id))
    mark = icon("check") if made.severity == "normal" else icon(made.severity, made.severity)
    head = html.P([mark, html.B(made.title)], className=f"finding-head {made.severity}")
    return html.Div([head, sections(made.sections)], className="finding")


def flag_finding(now: Shown, flag: Flag) -> Component:
    """Return cause, doubts, cost and what to do of a flag."""
    return sections(tuple(disorder_sections(now.run.scenario.start, disorder_of(now, flag)))[1:])


def sections(parts: tuple[Section, ...]) -> Component:
    """Return the sections of a finding, side by side where there is room."""
    return html.Div([_section(part) for part in parts], className="finding-sections")


def _section(part: Section) -> Component:
    return html.Section(
        [
            html.H3(part.title),
            *[html.P(sentence) for sentence in part.sentences],
            _table(part) if part.rows else None,
        ]
    )


def _table(part: Section) -> Component:
    head = html.Thead(html.Tr([html.Th(text) for text in part.heads]))
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in part.rows]
    return html.Div(html.Table([head, html.Tbody(rows)], className="machines"), className="scroll")
