"""Unit and definition of every key figure: the single home of both.

A path is the place in ``Kpis.to_json()``; ``*`` stands for an id or a name.
``docs/kpi-reference.md`` is written from here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One key figure: where it stands, its unit, and what it is."""

    path: str
    unit: str
    text: str

    @property
    def group(self) -> str:
        """First part of the path: the group it is listed under."""
        head, dot, _ = self.path.partition(".")
        return head if dot else "plant"

    def to_json(self) -> dict[str, str]:
        """Return unit and definition."""
        return {"unit": self.unit, "definition": self.text}


def _rows(prefix: str, *rows: tuple[str, str, str]) -> tuple[Definition, ...]:
    return tuple(Definition(prefix + path, unit, text) for path, unit, text in rows)


_PLANT = _rows(
    "",
    ("run", "", "Name of the run's folder."),
    ("plant", "", "Id of the plant."),
    ("scenario", "", "Id of the scenario."),
    ("seed", "", "Seed of the random numbers."),
    ("status", "", "running, complete, cancelled or failed."),
    ("from_s", "s", "Start of the window: the end of the warm-up."),
    ("to_s", "s", "End of the window: how far the run got."),
    ("throughput_per_h", "1/h", "Good product units shipped in the window per hour."),
    ("plan_per_h", "1/h", ("Planned good units per operating hour: nameplate energy per year over "
     "energy of one unit over operating hours per year; without nameplate 3600 / takt.")),
    ("throughput_vs_plan", "1", "throughput_per_h / plan_per_h."),
    ("shipped_units", "units", "Good product units shipped in the window."),
    ("scrapped_units", "units", "Product units scrapped in the window."),
    ("product_yield", "1", "shipped / (shipped + scrapped) product units of the window."),
    ("mean_wip", "units", ("Time average of the product units in the plant, from the genealogy: "
     "created or packed in, less scrapped, shipped, used or packed out.")),
    ("final_wip", "units", "Product units in the plant at the end of the window."),
    ("mean_flow_time_s", "s", ("Mean time from creation to shipping of the units shipped in the "
     "window; null where more than 1 % of them were in the plant at time 0.")),
    ("flow_time_units", "units", "Shipped units whose age is known."),
    ("little_flow_time_s", "s", ("mean_wip / throughput (Little's law): the flow time of a steady "
     "plant; exact only when the window begins and ends empty.")),
    ("oee_policy.name", "", "How OEE counts losses: tpm, iso22400 or smrp."),
    ("oee_policy.title", "", "The policy in one line."),
    ("oee_policy.planned_time", "", "What planned time is under the policy."),
    ("oee_policy.counts.*", "", ("Of each loss: whether it lowers availability, performance or "
     "quality, or lies outside planned time.")),
    ("oee_policy.source", "", "Where the policy comes from, and what was decided."),
    ("energy_kwh", "kWh", "Electric energy of stations, base load and dry room."),
    ("energy.stations_kwh", "kWh", "Sum over the stations."),
    ("energy.base_load_kwh", "kWh", "Building base load times hours."),
    ("energy.dry_room_kwh", "kWh", "Dry-room load times hours."),
    ("energy.by_state_kwh.*", "kWh", "Energy of the stations while working, idle or down."),
    ("energy.by_area_kwh.*", "kWh", ("By zone: its stations, and of a dry room the dry-room load; "
     "building: the base load; elsewhere: stations of workcells without an area.")),
    ("energy.kwh_per_kwh", "1", "energy_kwh / energy of the battery cells shipped."),
    ("energy_kwh_per_good_unit", "kWh", "energy_kwh / shipped_units."),
)  # fmt: skip

_COST = _rows(
    "cost.",
    ("currency", "", "Currency of the plant file; all costs are in it."),
    ("total", "currency", "Sum of the kinds that have a cost; left_out names the others."),
    ("per_good_unit", "currency", "total / shipped_units."),
    ("per_kwh", "currency/kWh", "total / energy of the battery cells shipped."),
    ("scrap", "currency", ("Units scrapped times what was spent on one up to there: material, and "
     "the cost per unit processed of every step it passed; without labour and floor.")),
    ("by_kind.*", "currency", ("material: what the sources brought, and what steps added per unit; "
     "energy: all kWh; labour: all hours on duty; machines: hour rate and write-off, whatever "
     "they do; floor: area times hours.")),
    ("by_step.*.material", "currency", "Material added there, per unit processed."),
    ("by_step.*.energy", "currency", "Energy of its machines."),
    ("by_step.*.machines", "currency", "Hour rate and write-off of its machines."),
    ("by_step.*.total", "currency", "Sum of the three."),
    ("left_out", "", "What the plant file gives no cost of."),
)  # fmt: skip

_BOTTLENECK = _rows(
    "bottleneck.",
    ("station", "", "Station that limits the output, judged from the log."),
    ("method", "", ("turning point: stations before it are blocked more than starved, stations "
     "after it starved more than blocked; least waiting: waits for others least.")),
    ("blocked_share", "1", "Its blocked share of planned time."),
    ("starved_share", "1", "Its starved share of planned time."),
    ("external_share", "1", "Its share of planned time in all external losses."),
)  # fmt: skip

_STATION = _rows(
    "stations.*.",
    ("throughput_per_h", "1/h", "Good units finished in the window per hour."),
    ("processed", "units", "Units finished in the window, good or not."),
    ("good", "units", "Good units finished in the window."),
    ("scrapped", "units", "Units scrapped there in the window."),
    ("first_pass_yield", "1", "good / processed."),
    ("scrap_ratio", "1", "scrapped / processed."),
    ("mean_cycle_s", "s", ("Mean processing time of a cycle, stops excluded (batch, store: of a "
     "lot's stay).")),
    ("ideal_cycle_s", "s", ("Cycle time at performance 1: the plant's mean cycle; of products with "
     "their own the mean of what was made; of a robot its program without variation; of a batch "
     "station a whole batch.")),
    ("utilisation", "1", "Working time / planned time (stores: treated slot time)."),
    ("state_shares.*", "1", "Share of the machines' recorded time in this state."),
    ("failures", "", "Failures that began in the window, minor stops excluded."),
    ("mtbf_h", "h", ("Operating time between failures: time in state working / failures (not "
     "calendar time, and not failures + 1, as in ISO 22400-2:2014). Of a station of several "
     "machines, the mean of one machine.")),
    ("mttr_h", "h", "Active repair: time in state down / failures, waiting for the crew excluded."),
    ("mean_down_h", "h", ("Repair with waiting for the crew: time down or waiting for repair / "
     "failures.")),
    ("energy_kwh", "kWh", ("Power by state times time in the state: working_kw while working, "
     "down_kw in failures, waiting for repair and maintenance, idle_kw otherwise.")),
    ("energy_by_state_kwh.*", "kWh", "The same, while working, idle or down."),
    ("energy_kwh_per_good_unit", "kWh", "energy_kwh / good units of the station."),
)  # fmt: skip

_OEE = _rows(
    "stations.*.oee.",
    ("availability", "1", ("(planned time - losses counted against availability by the policy) / "
     "planned time.")),
    ("performance", "1", ("Ideal time of the units processed / (planned time - losses counted "
     "against availability): working time + minor stops, under iso22400 working time. Not "
     "capped: above 1 the ideal cycle time is wrong. A cycle cut by the window counts by its share "
     "inside; unfinished work counts at the speed of the finished.")),
    ("quality", "1", "Good / processed units."),
    ("oee", "1", "availability x performance x quality = fully productive / planned time."),
    ("technical_oee", "1", ("The same without external waiting: fully productive / (planned time - "
     "starved - blocked - waiting).")),
    ("calendar_s", "s", "Machines x window; of stores: slots x window."),
    ("planned_s", "s", ("Calendar time - losses outside planned time: off shift, unrecorded and, "
     "but for smrp, maintenance.")),
    ("fully_productive_s", "s", ("Ideal time of the good units. planned_s = this + all losses "
     "inside planned time.")),
    ("policy", "", "Name of the policy in force: tpm, iso22400 or smrp."),
    ("counts.*", "", "Where the policy counts this loss."),
    ("iso22400.availability", "1", "Working time / planned time (APT / PBT)."),
    ("iso22400.effectiveness", "1", "Ideal time of processed units / working time."),
    ("iso22400.quality_ratio", "1", "Good / processed units; the product is the same OEE."),
)  # fmt: skip

_LOSSES = _rows(
    "stations.*.oee.losses.",
    ("breakdowns", "s", "Under repair."),
    ("waiting_repair", "s", "Failed, waiting for the repair crew."),
    ("protective_stops", "s", "Stopped by a safety function."),
    ("setup", "s", "Set-up and changeover."),
    ("maintenance_in_plan", "s", "Maintenance that counts: `planned: false` in the plant."),
    ("starved", "s", "External: no input. Stores: empty slots."),
    ("blocked", "s", "External: no room for the output. Stores: finished lots still in slots."),
    ("waiting_transport", "s", "External: waiting for a vehicle or crane."),
    ("waiting_worker", "s", "External: waiting for a worker."),
    ("waiting_robot", "s", "External: waiting for a robot."),
    ("minor_stops", "s", "Minor stops."),
    ("speed", "s", ("Working time beyond the ideal time of the units processed; negative where the "
     "work was faster than ideal.")),
    ("scrap", "s", "Ideal time of the units scrapped."),
    ("maintenance", "s", "Planned maintenance; outside planned time, but for smrp."),
    ("off_shift", "s", "Nobody at work; outside planned time."),
    ("unrecorded", "s", "No state recorded (run still going, or killed); outside planned time."),
)  # fmt: skip

_PLACES = _rows(
    "buffers.*.",
    ("mean_level", "lots", "Time average of the lots there (buffers, conveyors and stores)."),
    ("max_level", "lots", "Highest level in the window."),
    ("min_level", "lots", "Lowest level in the window."),
    ("final_level", "lots", "Level at the end of the window."),
    ("capacity", "lots", "Lots that fit."),
    ("fill_share", "1", "mean_level / capacity; null where the capacity is 0."),
) + _rows(
    "workcells.*.",
    ("mean_wip", "units", ("Product units waiting in its buffers, conveyors and stores (mean level "
     "x units per full lot) plus units in work; transports between workcells belong to none.")),
    ("throughput_per_h", "1/h", "Good product units of its last product station per hour."),
    ("flow_time_s", "s", "mean_wip / throughput (Little's law)."),
    ("energy_kwh", "kWh", "Energy of its stations."),
) + _rows(
    "lines.*.",
    ("oee", "1", ("OEE of the station that limits the line: what is lost there is lost to the "
     "line; null where that is unknown.")),
    ("oee_station", "", "That station: the line's bottleneck, found as the plant's is."),
    ("throughput_per_h", "1/h", "Good product units of its last product station per hour."),
    ("mean_wip", "units", "Sum over its workcells."),
    ("energy_kwh", "kWh", "Energy of its stations."),
)  # fmt: skip

_ROBOTS = _rows(
    "robots.*.",
    ("station", "", "Station whose cycle is the robot's program."),
    ("cycles", "", "Cycles in the window."),
    ("mean_cycle_s", "s", "Sum of the mean times of its sub-steps."),
    ("nominal_cycle_s", "s", "Program time without variation or fault."),
    ("utilisation", "1", "Time in sub-steps / window."),
    ("substeps.*.name", "", "Name of the sub-step."),
    ("substeps.*.nominal_s", "s", "Program time without variation or fault."),
    ("substeps.*.mean_s", "s", "Mean time taken."),
    ("substeps.*.p95_s", "s", "Time not exceeded by 95 % of the cycles."),
    ("substeps.*.n", "", "Times done in the window."),
)  # fmt: skip

_ORDERS = _rows(
    "orders.",
    ("n", "", "Orders of the plant; the group is there only if it has some."),
    ("finished", "", "Orders whose last unit was shipped or scrapped in the window."),
    ("late_open", "", "Orders that became due in the window and were not finished at its end."),
    ("on_time_share", "1", ("Of the orders with a due time that were finished in the window or are "
     "late and open: the share finished by their due time.")),
    ("mean_tardiness_s", "s", ("Mean of max(0, finished - due) of the orders with a due time "
     "finished in the window.")),
    ("max_tardiness_s", "s", "The largest of them."),
    ("mean_lead_time_s", "s", ("Mean time from the first lot coming into the plant to the last "
     "unit leaving it, of the orders finished in the window.")),
    ("good_units", "units", "Units shipped for orders in the whole run."),
    ("scrap_units", "units", "Units scrapped of orders in the whole run."),
)  # fmt: skip

_JOB = (
    ("duration", "", ("Class of the time people lift without recovery: short, moderate or long; "
     "null: more than 8 hours in a shift.")),
    ("lifting_index", "1", ("Composite lifting index (CLI) of all tasks together, each at the rate "
     "of its worst 15 minutes; null with why where the method refuses or permits no load.")),
    ("band", "", "Band of the lifting index; null where the method does not cover the place."),
    ("validity", "", ("within: the plant states conditions the method covers; not_stated; outside: "
     "computed, but the method does not cover it; refused: not computed.")),
    ("reasons", "", "Why the validity is what it is."),
)  # fmt: skip

_ERGONOMICS = (
    Definition("ergonomics.method", "", "The method, and what its figures are not; the group is "
               "there only if the plant declares `lifts`."),
    *_rows("ergonomics.stations.*.", *_JOB,
           ("pools", "", ("Pools whose people lift there; figures are those of one person who does "
            "it all, less what the workers of one visit share."))),
    *_rows(
        "ergonomics.stations.*.tasks.*.",
        ("load_kg", "kg", "Weight lifted."),
        ("lifts_per_min", "1/min", "Mean lifts a minute over the window."),
        ("worst_lifts_per_min", "1/min", "Lifts a minute in the worst 15 minutes of the window."),
        ("rwl_kg", "kg", "Recommended weight limit (STRWL) at that rate."),
        ("lifting_index", "1", "load_kg / rwl_kg (STLI)."),
        ("mean_lifting_index", "1", "The same at the mean rate."),
        ("fili", "1", "Lifting index without regard to frequency: load over FIRWL."),
        ("counts_at", "", "End of the lift that counts: origin, or destination if that is worse."),
        ("multipliers.*", "1", "HM, VM, DM, AM, FM and CM at that end."),
        ("remedy", "", "The change of one thing that lowers the index most; null at 1.0 or less."),
        *_JOB[2:],
    ),
    *_rows(
        "ergonomics.workers.*.",
        ("pool", "", "Pool of the worker."),
        ("lifts", "", "Lifts in the window; of lots and units the share of one in the shift."),
        ("walked_m", "m", "Distance walked."),
        ("at_work_s", "s", "Time at work at machines."),
        ("dry_room_s", "s", "Time on duty inside dry rooms, waiting and walking included."),
        *_JOB,
    ),
)  # fmt: skip

_SCRIPT = _rows(
    "script.*.",
    ("value", "", ("Key figure of the scenario's script, computed over the whole run when it was "
     "written; null with why where the script gave none.")),
    ("unit", "", "Its unit, as the script says."),
    ("definition", "", "What it is, as the script says."),
)  # fmt: skip


def _resource(group: str, busy: str) -> tuple[Definition, ...]:
    return _rows(
        f"{group}.*.",
        ("members", "", "How many there are."),
        ("utilisation", "1", f"Share of attended time in use: {busy}."),
        ("loaded_share", "1", "Share of attended time moving with a load."),
        ("trips", "", "Transports with a load that ended in the window."),
        ("distance_m", "m", "Distance of all legs that ended in the window."),
        ("state_shares.*", "1", "Share of recorded time in this state."),
    )


DEFINITIONS: tuple[Definition, ...] = (
    *_PLANT,
    *_COST,
    *_BOTTLENECK,
    *_STATION,
    *_OEE,
    *_LOSSES,
    *_PLACES,
    *_ROBOTS,
    *_ORDERS,
    *_ERGONOMICS,
    *_resource("fleets", "driving, loaded, loading, unloading or waiting in traffic"),
    *_resource("cranes", "driving, loaded, loading or unloading"),
    *_resource("pools", "walking or working"),
    *_SCRIPT,
)
"""Every key figure, in the order of the reference page."""


def definition(path: str) -> Definition:
    """Return the definition of a path such as ``stations.stack.oee.availability``.

    Raises
    ------
    KeyError
        No key figure has this path.
    """
    parts = path.split(".")
    for candidate in DEFINITIONS:
        wanted = candidate.path.split(".")
        same = len(wanted) == len(parts)
        if same and all(w in {"*", p} for w, p in zip(wanted, parts, strict=True)):
            return candidate
    raise KeyError(path)
