"""Rules between the fields of fleets, batteries and transports."""

from __future__ import annotations

from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.transport import AgvFleet, Transport

_ONLY_WHEN = {"charge_after_trips": "after_trips", "charge_after": "after_time"}
"""Battery keys that one value of `charge_when` alone uses."""


def check_fleets(plant: Plant, report: Reporter) -> None:
    """Report fleets and transports whose fields do not fit together.

    Parameters
    ----------
    plant : Plant
        With all references correct.
    report : Reporter
        Receives every problem.
    """
    for fleet in plant.fleets:
        _check_battery(fleet, report)
    for transport in plant.transports:
        _check_times(transport, report)


def _check_battery(fleet: AgvFleet, report: Reporter) -> None:
    battery = fleet.battery
    if battery is None:
        return
    if battery.charge_below >= battery.charge_to:
        what = f"'charge_below' is {battery.charge_below:g}, not less than 'charge_to'"
        text = f"{what} ({battery.charge_to:g})."
        report.at("fleets", fleet.id, "battery.charge_below", text)
    for key, when in _ONLY_WHEN.items():
        if key in battery.model_fields_set and battery.charge_when != when:
            what = f"'{key}' is for 'charge_when: {when}', this is '{battery.charge_when}'."
            remedy = "Remove it or correct 'charge_when'."
            report.at("fleets", fleet.id, f"battery.{key}", what, remedy)


def _check_times(transport: Transport, report: Reporter) -> None:
    if transport.min_lots > transport.lots:
        what = f"'min_lots' is {transport.min_lots}, more than 'lots' ({transport.lots})."
        report.at("transports", transport.id, "min_lots", what)
    if "min_lots" in transport.model_fields_set and transport.max_wait is None:
        what = "'min_lots' is for trips that start after 'max_wait', which is missing."
        report.at("transports", transport.id, "min_lots", what, "Add 'max_wait' or remove it.")
    if transport.period is None:
        return
    if transport.period == 0:
        what = "'period' must be greater than 0."
        report.at("transports", transport.id, "period", what)
    if transport.max_wait is not None:
        what = "has 'period' and 'max_wait': trips of a timetable do not wait for lots."
        report.at("transports", transport.id, "max_wait", what, "Remove one of the two.")
