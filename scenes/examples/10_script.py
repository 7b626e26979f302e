"""Red parts first: a trip rule, and a key figure that shows what it does."""

from sim.script import PlantControl, Rules
from sim.transport.dispatch import Situation
from sim.transport.trip import Trip
from twin.run.run import Run


def red_first(now: Situation) -> Trip:
    """Choose the oldest trip with a red part; the oldest of all where there is none."""
    red = [trip for trip in now.trips if trip.origin.id == "red_rack"]
    return (red or now.trips)[0]


def red_per_h(run: Run) -> float:
    """Return the red parts shipped per hour."""
    shipped = run.table("units", where="event = 'shipped' AND item = 'red'")
    return float(shipped["n"].sum()) / (run.horizon_s / 3600)


def rules(rules: Rules) -> None:
    """Make the rule known by its name."""
    rules.add("trip", "red_first", red_first)


def setup(plant: PlantControl) -> None:
    """Add the key figure."""
    plant.kpi("red_per_h", red_per_h, unit="1/h", definition="Red parts shipped per hour.")
