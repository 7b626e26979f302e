"""Key figures of a run over [warm-up, end]."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from twin.kpi.bottleneck import Bottleneck, bottleneck
from twin.kpi.cost import CostKpis, cost
from twin.kpi.energy import Energy, energy
from twin.kpi.ergonomics import Ergonomics, ergonomics
from twin.kpi.flow import Flow, flow
from twin.kpi.line import LineKpis, line_kpis
from twin.kpi.orders import OrderKpis, order_kpis
from twin.kpi.own import OwnValue, load_own
from twin.kpi.policy import TPM, policy_named
from twin.kpi.reasons import Reasons
from twin.kpi.registry import DEFINITIONS
from twin.kpi.resource import (
    BufferKpis,
    ResourceKpis,
    RobotKpis,
    buffer_kpis,
    resource_kpis,
    robot_kpis,
)
from twin.kpi.sources import Sources, read_sources
from twin.kpi.station import StationKpis, station_kpis
from twin.kpi.window import Window
from twin.kpi.workcell import WorkcellKpis, workcell_kpis
from twin.plant.plant import Plant
from twin.run.run import Run

_EMPTY = "the run ended within its warm-up: the window is empty"
_NOTHING = "nothing was shipped in the window"


@dataclass(frozen=True)
class Kpis:
    """Key figures of one run; `twin.kpi.registry` has the unit and definition of each.

    A value that cannot be computed is None, and ``why`` of the same object says why.
    """

    run: str
    plant: str
    scenario: str
    seed: int
    status: str
    from_s: float
    to_s: float
    throughput_per_h: float | None
    plan_per_h: float | None
    throughput_vs_plan: float | None
    shipped_units: int
    scrapped_units: int
    product_yield: float | None
    mean_wip: float | None
    final_wip: int
    mean_flow_time_s: float | None
    flow_time_units: int
    little_flow_time_s: float | None
    energy_kwh: float
    energy: Energy
    energy_kwh_per_good_unit: float | None
    cost: CostKpis | None
    bottleneck: Bottleneck | None
    stations: dict[str, StationKpis]
    buffers: dict[str, BufferKpis]
    workcells: dict[str, WorkcellKpis]
    lines: dict[str, LineKpis]
    robots: dict[str, RobotKpis]
    fleets: dict[str, ResourceKpis]
    cranes: dict[str, ResourceKpis]
    pools: dict[str, ResourceKpis]
    script: dict[str, OwnValue]
    orders: OrderKpis | None = None
    ergonomics: Ergonomics | None = None
    oee_policy: dict[str, object] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON, with the definitions of all key figures."""
        data: dict[str, Any] = _plain(asdict(self))
        absent = [group for group in ("orders", "ergonomics") if data[group] is None]
        for group in absent:
            del data[group]
        told = (d for d in DEFINITIONS if d.group not in absent)
        data["definitions"] = {d.path: d.to_json() for d in told}
        return data


def kpis(run: Run, window: Window | None = None, policy: str = TPM.name) -> Kpis:
    """Compute the key figures of a run.

    Parameters
    ----------
    run : Run
        A finished, cancelled or running run.
    window : Window, optional
        The time to count; by default from the end of the warm-up to the end of the run.
    policy : str
        How OEE counts losses: one of `twin.kpi.policy.POLICIES`.

    Raises
    ------
    CelltwinError
        There is no such policy.
    """
    chosen = policy_named(policy)
    sources = read_sources(run, window)
    stations = {s.id: station_kpis(sources, s, chosen) for s in run.plant.stations.values()}
    return replace(
        _assemble(sources, stations, flow(run, sources.window)), oee_policy=chosen.to_json()
    )


def plan_per_h(plant: Plant) -> float | None:
    """Return the planned good product units per hour: the nameplate's, else the takt's."""
    planned = plant.plan_per_h()
    if planned is None and plant.takt_s:
        return 3600.0 / plant.takt_s
    return planned


def _assemble(sources: Sources, stations: dict[str, StationKpis], product: Flow) -> Kpis:
    run, window, plant = sources.run, sources.window, sources.run.plant
    why = Reasons(dict(product.why))
    used = energy(sources, stations, product.shipped)
    rate = why.ratio("throughput_per_h", product.shipped, window.length_h, _EMPTY)
    plan = why.value("plan_per_h", plan_per_h(plant), "the plant has no nameplate and no takt")
    if plant.costs is None:
        why.missing("cost", "the plant file has no costs")
    wip = why.value("mean_wip", product.mean_wip if window.length_s else None, _EMPTY)
    ended = product.shipped + product.scrapped
    cells = workcell_kpis(sources, stations)
    return Kpis(
        run=run.name,
        plant=plant.id,
        scenario=run.scenario.id,
        seed=run.scenario.seed,
        status=run.manifest.status,
        from_s=window.from_s,
        to_s=window.to_s,
        throughput_per_h=rate,
        plan_per_h=plan,
        throughput_vs_plan=why.ratio(
            "throughput_vs_plan", rate, plan, _EMPTY if plan else "there is no plan"
        ),
        shipped_units=product.shipped,
        scrapped_units=product.scrapped,
        product_yield=why.ratio(
            "product_yield", product.shipped, ended if product.shipped else None, _NOTHING
        ),
        mean_wip=wip,
        final_wip=product.final_wip,
        mean_flow_time_s=product.mean_flow_time_s,
        flow_time_units=product.flow_time_units,
        little_flow_time_s=why.ratio(
            "little_flow_time_s", None if wip is None else wip * 3600, rate, _NOTHING
        ),
        energy_kwh=used.total_kwh,
        energy=used,
        energy_kwh_per_good_unit=why.ratio(
            "energy_kwh_per_good_unit", used.total_kwh, product.shipped, _NOTHING
        ),
        cost=cost(sources, stations, used, product.shipped),
        bottleneck=bottleneck(stations),
        stations=stations,
        buffers=buffer_kpis(sources),
        workcells=cells,
        lines=line_kpis(sources, stations, cells),
        robots=robot_kpis(sources),
        fleets={f.id: resource_kpis(sources, "agv", f.vehicle_ids) for f in plant.fleets},
        cranes={c.id: resource_kpis(sources, "crane", (c.id,)) for c in plant.cranes},
        pools={p.id: resource_kpis(sources, "worker", p.worker_ids) for p in plant.pools},
        script=load_own(run.folder),
        orders=order_kpis(run, window),
        ergonomics=ergonomics(sources),
        why=why.why,
    )


def _plain(value: Any) -> Any:
    """Drop empty reasons; everything else is plain already."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "why" or v}
    return value
