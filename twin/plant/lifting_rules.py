"""Rules of lifting by hand: who does it, how often it can be counted, and the air of zones."""

from __future__ import annotations

from collections.abc import Mapping

from twin.plant.lifting import Lift
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station


def check_lifting(plant: Plant, report: Reporter) -> None:
    """Report lifts that nobody does or nobody can count, and climates that cannot be."""
    kinds = {pool.id: pool.kind for pool in plant.pools}
    for station in plant.stations.values():
        for name, lift in station.lifts.items():
            _check_lift(station, name, lift, kinds, report)
    for zone in plant.zones:
        climate = zone.climate
        if climate is None or climate.dew_point_c is None:
            continue
        if climate.humidity_pct is not None:
            what = "'climate' has a dew point and a humidity, which say the same."
            report.at("zones", zone.id, "climate", what, "Keep one of them.")
        if climate.dew_point_c > climate.temperature_c:
            what = f"'climate.dew_point_c' is {climate.dew_point_c:g}, above the temperature"
            what += f" {climate.temperature_c:g}."
            report.at("zones", zone.id, "climate.dew_point_c", what)


def _check_lift(
    station: Station, name: str, lift: Lift, kinds: Mapping[str, str], report: Reporter
) -> None:
    key = f"lifts.{name}"
    if lift.per == "visit" and station.attend is None:
        what = f"lift '{name}' is 'per: visit', but nobody visits it: it has no 'attend'."
        report.at("stations", station.id, f"{key}.per", what, "Write 'per: lot' or 'per: unit'.")
    if lift.pool is None and station.attend is None:
        what = f"lift '{name}' has no 'pool', and the station has no 'attend' to take it from."
        report.at("stations", station.id, key, what, "Say who lifts: 'pool: operators'.")
    if lift.pool is None or station.attend is None:
        kind = kinds.get(lift.pool or "", "operator")
        if kind != "operator":
            what = f"lift '{name}': pool '{lift.pool}' is of kind '{kind}', not 'operator'."
            report.at("stations", station.id, f"{key}.pool", what)
    elif lift.per == "visit" and lift.pool != station.attend.pool:
        what = f"lift '{name}' is done by '{lift.pool}', but '{station.attend.pool}' visits it."
        report.at("stations", station.id, f"{key}.pool", what, "Remove 'pool'.")
