"""A power dip: every machine of the stations named slows down while it lasts.

Scenario::

    script: power_dip
    faults:
      - {kind: script, name: power_dip, at: 2h, until: 2h 30m, values: {factor: 1.5}}

All machines that a script can slow down take `factor` times as long (default 2).
"""

from sim.script import PlantControl
from twin.plant.scenario import ScriptFault


def setup(plant: PlantControl) -> None:
    """Define the fault and a key figure that tells how long it lasted."""
    stations = plant.model.stations.values()
    machines = [m for s in stations if s.kind not in {"robot", "store"} for m in s.machine_ids]

    def begin(fault: ScriptFault) -> None:
        for machine in machines:
            plant.machine(machine).slow_down(fault.values.get("factor", 2.0))

    def end(_fault: ScriptFault) -> None:
        for machine in machines:
            plant.machine(machine).slow_down(1.0)

    plant.fault("power_dip", begin, end)
