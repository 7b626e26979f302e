"""The cards of a workcell."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.card import Shown, chart, icon, unavailable
from dashboard.figures import cycle, gantt, level, loss, share, signal, signature, substep
from dashboard.moment import (
    ResourceState,
    active,
    condition,
    is_open,
    levels_at,
    resource_label,
    states_at,
)
from dashboard.pages.evidence import evidence
from dashboard.pages.flag_line import cause_line
from dashboard.pages.focus import Focus, flags_here, focus, station_flags
from dashboard.text import clock, number, percent, span, words
from twin.kpi import Window
from twin.plant.station import Station

MOST_ROWS = 12
AROUND_S = 1200.0
"""Stretch of time around the playhead whose states are shown one by one."""


def state_pill(now: Shown) -> Component:
    """Return the condition of the workcell at the playhead."""
    here = focus(now)
    flags = active(now.open.flags, now.t_s)
    levels = levels_at(now.run, now.t_s)
    found = condition(here.workcell, states_at(now.run, now.t_s), flags, levels)
    at = clock(now.run.scenario.start, now.t_s, seconds=True)
    marks = [icon(found.icon)] if found.icon else []
    return html.Span([*marks, found.text, html.Small(f"at {at}")], className=f"pill {found.level}")


def flag_cards(now: Shown) -> Component:
    """Return each flag of the workcell with its evidence."""
    start = now.run.scenario.start
    return html.Div(
        [
            html.Section(
                className=f"card flag-card {f.severity}",
                children=[
                    icon(f.severity, f.severity),
                    html.Div(
                        [
                            html.H2(f.title),
                            html.P(f.text),
                            cause_line(f),
                            html.P(
                                f"Since {clock(start, f.since_s, seconds=True)}"
                                + (", still open" if is_open(f) else
                                   f" until {clock(start, f.until_s, seconds=True)}"),
                                className="hint",
                            ),
                        ],
                        className="flag-words",
                    ),
                    evidence(f),
                ],
            )
            for f in flags_here(now, focus(now))
        ],
        className="flag-cards",
    )  # fmt: skip


def substeps(now: Shown) -> Component:
    """Return the sub-step waterfall: of the flagged time where there is a flag."""
    here = focus(now)
    if here.robot is None:
        return unavailable("There is no robot in this station.")
    flags = [f for f in station_flags(now, here) if f.resource == here.robot]
    data = substep.substep_data(now.run, here.robot, flags[0] if flags else None)
    if not data.n_cycles:
        return unavailable("The robot did not work in this run.")
    when = "while flagged" if flags else "over the run"
    total = f"{data.actual_s.sum():.2f} s instead of {data.nominal_s.sum():.2f} s"
    return html.Div(
        [
            html.P([html.B(total), f" per cycle, mean of {data.n_cycles:,} cycles {when}"],
                   className="figure-line"),
            chart(substep.substep_figure(data), label="Sub-steps of the robot cycle"),
        ],
        className="figure-with-line",
    )  # fmt: skip


def levels(now: Shown) -> Component:
    """Return how full the places of the workcell were."""
    data = level.level_data(now.run, focus(now).workcell)
    if not data.levels:
        return unavailable("There is no buffer, conveyor or store in this workcell.")
    return chart(level.level_figure(data), timed=True, label="Levels of buffers")


def cycles(now: Shown) -> Component:
    """Return the cycle times with what is expected and where a flag begins."""
    here = focus(now)
    if here.resource is None:
        return unavailable("There is no station in this workcell.")
    data = cycle.cycle_data(now.run, here.resource, station_flags(now, here))
    if not data.n_cycles:
        return unavailable("No cycle began in this run.")
    return chart(cycle.cycle_figure(data), timed=True, label="Cycle times")


def signals_of(now: Shown) -> signal.SignalData:
    """Return the signals of the robot, else of the first machine that has any."""
    here = focus(now)
    names = [n for n in (here.robot, *here.machines) if n]

    def read() -> signal.SignalData:
        found = (signal.signal_data(now.run, n, station_flags(now, here)) for n in names)
        empty = signal.SignalData(now.run.scenario.start, now.run.horizon_s, (), ())
        return next((data for data in found if data.signals), empty)

    return now.open.once(("signals", *names), read)


def scores(now: Shown) -> Component:
    """Return the scores of single cycles of the robot or machine whose signals are shown."""
    here = focus(now)
    for name in [n for n in (here.robot, *here.machines) if n]:
        if signal.has_signals(now.run, name):
            data = signature.signature_data(now.run, name)
            odd = [f"{n:,} {v.replace('_', ' ')}" for v, n in data.counts.items() if v != "normal"]
            line = f"{data.n:,} cycles: {', '.join(odd) or 'none is odd'}"
            drawn = chart(signature.signature_figure(data), timed=True, label="Scores of cycles")
            return html.Div([html.P(line, className="figure-line"), drawn],
                            className="figure-with-line")  # fmt: skip
    return unavailable("This station records no signals.")


def signals(now: Shown) -> Component:
    """Return the sensor values over the run."""
    data = signals_of(now)
    if not data.signals:
        return unavailable("This station records no signals.")
    return chart(signal.signal_figure(data), timed=True, label="Sensor values")


def readings(now: Shown) -> Component:
    """Return the sensor values at the playhead."""
    found = [(s, s.at(now.t_s)) for s in signals_of(now).signals]
    return html.Div(
        [
            html.Span(
                [html.Small(s.label), html.B(f"{number(v)} {s.unit}" if v is not None else "–")]
            )
            for s, v in found
        ]
    )


def _rows(here: Focus) -> list[str]:
    names = [*here.machines, *([here.robot] if here.robot else [])]
    for station in here.workcell.stations:
        names += [m for m in station.machine_ids if m not in names]
    return names[:MOST_ROWS]


def shares(now: Shown) -> Component:
    """Return how the machines of the station shared their time over the run."""
    data = share.share_data(now.run, focus(now).machines)
    if not data.states:
        return unavailable("No states are recorded.")
    return chart(share.share_figure(data), timed=True, label="Shares of time by state")


def states(now: Shown) -> Component:
    """Return the states of machines and robots around the playhead."""
    names = _rows(focus(now))
    end_s = now.run.horizon_s
    from_s = min(max(0.0, now.t_s - AROUND_S / 2), max(0.0, end_s - AROUND_S))
    window = Window(from_s, min(end_s, from_s + AROUND_S))
    data = gantt.gantt_data(now.run, names, [_row_label(now, n) for n in names], window)
    if not data.segments:
        return unavailable("No states are recorded.")
    return chart(gantt.gantt_figure(data), timed=True, label="States of machines and robots")


def _row_label(now: Shown, name: str) -> str:
    label = resource_label(now.run.plant, name)
    return label if len(label) <= 24 else label[:23] + "…"


def losses(now: Shown) -> Component:
    """Return where the planned time of the station went, down to its OEE."""
    here = focus(now)
    if here.station is None:
        return unavailable("There is no station in this workcell.")
    data = loss.loss_data(now.open.kpis.stations[here.station.id].oee)
    if data.why:
        return unavailable(f"OEE cannot be computed: {data.why}.")
    oee = now.open.kpis.stations[here.station.id].oee
    parts = (("OEE", oee.oee), ("Availability", oee.availability),
             ("Performance", oee.performance), ("Quality", oee.quality))  # fmt: skip
    line = [html.Span([html.Small(k), html.B(percent(v))]) for k, v in parts]
    return html.Div(
        [
            html.Div(line, className="readings figure-line"),
            chart(loss.loss_figure(data), label="Losses of planned time"),
        ],
        className="figure-with-line",
    )


def machine_table(now: Shown) -> Component:
    """Return the machines and places of the workcell at the playhead."""
    here = focus(now)
    found = states_at(now.run, now.t_s)
    rows = [
        _machine_row(now, station, name, found.get(name), first=k == 0)
        for station in here.workcell.stations
        for k, name in enumerate(station.machine_ids)
    ]
    heads = ("Machine", "State", "For", "Working", "Output", "Failures", "Repair")
    return html.Div([_table(heads, rows), _places(now, here)])


def _table(heads: tuple[str, ...], rows: Sequence[Component], class_name: str = "") -> Component:
    head = html.Thead(html.Tr([html.Th(text) for text in heads]))
    return html.Table([head, html.Tbody(rows)], className=f"machines {class_name}".strip())


def _places(now: Shown, here: Focus) -> Component | None:
    """Return how full the places of the workcell are at the playhead."""
    levels_now, kpis = levels_at(now.run, now.t_s), now.open.kpis.buffers
    cell = here.workcell
    names = [*[s.id for s in cell.stations if s.rack], *[c.id for c in cell.conveyors]]
    rows = [
        html.Tr(
            [
                html.Td(resource_label(now.run.plant, name)),
                html.Td(f"{levels_now.get(name, 0)} of {kpis[name].capacity} lots"),
                html.Td(_bar(levels_now.get(name, 0) / kpis[name].capacity)),
                html.Td(f"{number(kpis[name].mean_level)} on average"),
            ]
        )
        for name in [*names, *[b.id for b in cell.buffers]]
        if name in kpis and kpis[name].capacity
    ]
    return _table(("Place", "Level", "", ""), rows, "places") if rows else None


def _bar(share_: float) -> Component:
    return html.Span(
        html.Span(style={"width": f"{min(100.0, 100 * share_):.0f}%"}), className="fill"
    )


def _machine_row(
    now: Shown, station: Station, name: str, state: ResourceState | None, *, first: bool
) -> Component:
    cells = [
        html.Td(resource_label(now.run.plant, name)),
        html.Td(
            words(state.text) if state else "–",
            className="critical" if state and state.stopped else "",
        ),
        html.Td(span(max(0.0, now.t_s - state.since_s)) if state else "–"),
    ]
    if first:
        numbers = now.open.kpis.stations[station.id]
        shared = (
            percent(numbers.utilisation),
            f"{number(numbers.throughput_per_h)} per h",
            str(numbers.failures),
            f"{number(60 * numbers.mttr_h)} min" if numbers.mttr_h else "–",
        )
        cells += [html.Td(text, rowSpan=str(station.machines)) for text in shared]
    return html.Tr(cells)
