"""What a vehicle does: trips, parking, charging."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.core.streams import Draws
from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Pool
from sim.record import mode as modes
from sim.stations.breakdown import FailureMode, Stop
from sim.transport.battery import Charge
from sim.transport.outage import Outage
from sim.transport.trip import Trip
from sim.transport.vehicle import Vehicle
from twin.plant.base import Duration, Vec2, Vec3
from twin.plant.failure import Breakdown

if TYPE_CHECKING:
    from sim.transport.fleet import Fleet


class Carrier:
    """What a vehicle does: carries out trips, parks, and keeps its battery charged.

    Attributes
    ----------
    driver : Vehicle
    index : int
        Its number in the fleet.
    free_since_s : float
        When it last became free.
    n_trips : int
        Trips it has finished.
    outage : Outage or None
        Its breakdowns; None until it has any.
    """

    def __init__(self, world: World, fleet: Fleet, index: int) -> None:
        model = fleet.model
        self.id = model.vehicle_ids[index]
        self.index = index
        self._is_free = False
        self.free_since_s = 0.0
        self.n_trips = 0
        self.outage: Outage | None = None
        self.driver = Vehicle(
            world, self, self.id, model.homes[index],
            law=fleet.law, roads=fleet.stops.roads, traffic=fleet.traffic,
        )  # fmt: skip
        self.log = self.driver.log
        self._world = world
        self._fleet = fleet
        self._stops = fleet.stops
        self._alarms = world.recorder.alarms
        number = world.recorder.names.number
        self._fetch, self._deliver = number("fetch"), number("deliver")
        self._park, self._to_charge = number("park"), number("charge")
        self._timer = Timer(world.env, self._rang)
        self._trip: Trip | None = None
        self._busy: Callable[[float], None] | None = None
        self._was_free = False
        self._handled_s = 0.0
        self._load_s = self._handling(model.load_s, "load")
        self._unload_s = self._handling(model.unload_s, "unload")
        self._charging_since: float | None = None
        self._bound_for: str | None = None
        self._charge: Charge | None = None
        if model.battery is not None:
            low, high = sorted((model.battery.charge_below, model.battery.charge_to))
            share = world.stream(self.id, "battery").uniform()
            self._charge = Charge(model.battery, low + share * (high - low))

    # --- what others may know ---------------------------------------------------------------

    @property
    def is_free(self) -> bool:
        """Whether it can be given a trip."""
        return self._is_free

    @is_free.setter
    def is_free(self, free: bool) -> None:
        self._is_free = free
        if free:
            self._fleet.free[self.index] = self
        else:
            self._fleet.free.pop(self.index, None)

    @property
    def charge(self) -> float:
        """Share of full charge when it last stood still; 1 without a battery."""
        return 1.0 if self._charge is None else self._charge.level

    @property
    def charges(self) -> bool:
        """Whether it is charging."""
        return self._charging_since is not None

    @property
    def idles(self) -> bool:
        """Whether it stands, without work, at a stop that is not its home."""
        at = self.driver.stands_at
        return self.is_free and at is not None and at != self.driver.home

    @property
    def busy_s(self) -> float:
        """Time it has driven, loaded and unloaded so far."""
        return self.operated_s

    @property
    def operated_s(self) -> float:
        """Time it has driven, loaded and unloaded so far."""
        return self._handled_s + self.driver.driving_s

    @property
    def at_m(self) -> Vec2:
        """Where it stands."""
        model, here = self._stops.roads.model, self.driver.here
        return model.stops[here.name].position_m if here.is_stop else model.nodes[here.name]

    @property
    def body_m(self) -> Vec3:
        """Its size."""
        return self._fleet.model.size_m

    def distance_m(self, stop: str) -> float:
        """Return how far it has to drive to a stop."""
        return self.lengths_m(stop)[self.driver.committed_to.node]

    def lengths_m(self, stop: str) -> list[float]:
        """Return how far it is to a stop on its roads, from every node by number."""
        return self._stops.roads.lengths_m(stop)

    # --- trips ------------------------------------------------------------------------------

    @property
    def target(self) -> str | None:
        """Where what is loaded is brought to."""
        return self._trip.target.id if self._trip is not None else None

    @property
    def charge_level(self) -> float | None:
        """Share of full charge when it last stood; None without a battery."""
        return self._charge.level if self._charge is not None else None

    def stand_at(self, stop: str, charge: float | None) -> None:
        """Begin the run at a stop and with a charge (initial state)."""
        self.driver.stand_at(stop, self._stops.roads)
        if stop not in self._stops.homes:
            self._stops.keep(stop, self)
        if self._charge is not None and charge is not None:
            self._charge.level = charge

    def start(self, now: float) -> None:
        """Begin to serve; drive home first from a stop that others need."""
        stop = self.driver.stands_at or self.driver.home
        in_the_way = self._stops.roads.stops[stop].place is not None and not self._stops.may_idle
        if stop != self.driver.home and in_the_way:
            self.go_home(now)
        else:
            self.parked(now)

    def carry(self, trip: Trip, pick: str, now: float) -> None:
        """Carry out a trip."""
        self.is_free = False
        self._stop_charging(now)
        self._trip = trip
        self.driver.job = trip.number
        self._leave_for(pick, self._fetch, self._load, now)

    def deliver(self, stop: str, now: float) -> None:
        """Bring what is loaded to a stop that is kept for it."""
        self._leave_for(stop, self._deliver, self._unload, now)

    def left_stop(self, stop: str, now: float) -> None:
        """The vehicle has left a stop: somebody else can have it."""
        if stop not in self._stops.homes:
            self._stops.give_back(stop, self, now)

    def _leave_for(
        self, stop: str, purpose: float, arrived: Callable[[float], None], now: float
    ) -> None:
        bound, self._bound_for = self._bound_for, None if stop == self.driver.home else stop
        committed = self.driver.committed_to.name
        self.driver.drive(now, stop, purpose, arrived)
        if bound not in {None, stop, committed}:
            self._stops.give_back(str(bound), self, now)

    def _load(self, now: float) -> None:
        takes_s = self._fleet.model.load_s if self._load_s is None else self._load_s.one()
        self._handle(modes.LOADING, takes_s, self._loaded, now)

    def _unload(self, now: float) -> None:
        takes_s = self._fleet.model.unload_s if self._unload_s is None else self._unload_s.one()
        self._handle(modes.UNLOADING, takes_s, self._unloaded, now)

    def _handling(self, mean_s: float, purpose: str) -> Draws | None:
        """Return the times of loading or unloading; None where they do not vary."""
        cv = self._fleet.model.handling_cv
        if not cv or not mean_s:
            return None
        return self._world.draws(Duration(mean_s=mean_s, cv=cv, kind="gamma"), self.id, purpose)

    def _handle(self, mode: int, takes_s: float, then: Callable[[float], None], now: float) -> None:
        self.log.enter(mode, now)
        self._handled_s += takes_s
        self._busy = then
        self._timer.arm(now + takes_s)

    def _rang(self, timer: Timer) -> None:
        now = timer.due_s
        then, self._busy = self._busy, None
        if then is None:
            self._stop_charging(now)
            self.parked(now)
        elif not self._strike(now, then):
            then(now)

    def _loaded(self, now: float) -> None:
        trip = self._trip
        if trip is None:
            raise RuntimeError(f"{self.id} has loaded without a trip")
        for _ in range(trip.n):
            self.driver.lots.append(trip.origin.collect(now))
        stop = self._stops.for_load(self, trip.target.id, now)
        if stop is None:
            self._wait_for_stop(now)
        else:
            self.deliver(stop, now)

    def _wait_for_stop(self, now: float) -> None:
        self.log.enter(modes.WAITING_STOP, now)

    def _unloaded(self, now: float) -> None:
        trip, self._trip = self._trip, None
        lots, self.driver.lots = self.driver.lots, []
        self.driver.job = -1
        self.n_trips += 1
        if trip is not None:
            for lot in lots:
                trip.target.deliver(lot, now)
        self._use_charge(now)
        charge = self._charge
        if charge is not None:
            charge.trip_done()
            if charge.is_low:
                self._alarms.raise_(self.id, "battery_low", "", "warning", now)
            if charge.is_low or charge.is_due(now):
                self._go_charging(now)
                return
        self._offer(now)
        if self.is_free:
            self._go_idle(now)

    # --- without work -----------------------------------------------------------------------

    def parked(self, now: float) -> None:
        """It stands without work: charge, and be free if there is charge enough."""
        self.driver.job = -1
        self._use_charge(now)
        charge, at = self._charge, self.driver.stands_at
        if charge is not None and self._stops.is_charger(at):
            self._alarms.close(self.id, "battery_low", now)
            wait_s = charge.time_to_full_s()
            if wait_s:
                self._charging_since = now
                self.log.enter(modes.CHARGING, now)
                self._timer.arm(now + wait_s)
                if not charge.is_low:
                    self._offer(now)
                return
        self.log.enter(modes.IDLE, now)
        if self._stops.waits_for_charger(self):
            return
        if charge is not None and charge.is_low and self._fleet.drains and self._seek_charger(now):
            return
        self._offer(now)
        if self.is_free:
            self._rest(now)

    def go_home(self, now: float) -> None:
        """Make room at the stop it stands at."""
        self._stop_charging(now)
        self._leave_for(self.driver.home, self._park, self.parked, now)

    def charge_at(self, stop: str, now: float) -> None:
        """Drive to a charger that is kept for it."""
        self.is_free = False
        self._stop_charging(now)
        self._leave_for(stop, self._to_charge, self.parked, now)

    def _offer(self, now: float) -> None:
        if not self.is_free:
            self.free_since_s = now
        self.is_free = True
        self._fleet.dispatch(now)

    def _go_idle(self, now: float) -> None:
        """Drive to where it waits for work."""
        charge, model = self._charge, self._fleet.model
        if charge is not None and charge.model.charge_when == "opportunity":
            stop = self.driver.home
            if not self._stops.is_charger(stop):
                stop = self._stops.free_charger(self) or stop
            if charge.time_to_full_s() and self._stops.is_charger(stop):
                self._settle_at(stop, self._to_charge, now)
                return
        if model.park == "stay":
            self.parked(now)
        elif model.park == "nearest":
            self._settle_at(self._stops.free_parking(self), self._park, now)
        else:
            self._settle_at(self.driver.home, self._park, now)

    def _settle_at(self, stop: str, purpose: float, now: float) -> None:
        if stop != self.driver.home:
            self._stops.keep(stop, self)
        self._leave_for(stop, purpose, self.parked, now)

    def _rest(self, now: float) -> None:
        """Make room if somebody waits for this stop; look after a battery that standing uses."""
        at, charge = self.driver.stands_at, self._charge
        if at is None:
            return
        if at != self.driver.home and self._stops.is_wanted(at):
            self.go_home(now)
        elif self._fleet.drains and charge and not charge.is_low and not self._stops.is_charger(at):
            self._timer = self._timer.cancelled()
            self._timer.arm(now + charge.time_to_low_s())

    def _go_charging(self, now: float) -> None:
        home = self.driver.home
        if self._stops.is_charger(home):
            self._leave_for(home, self._to_charge, self.parked, now)
            return
        stop = self._stops.for_charge(self, now)
        if stop is not None:
            self._leave_for(stop, self._to_charge, self.parked, now)
        elif self.driver.stands_at != home:
            self._leave_for(home, self._to_charge, self.parked, now)

    def _seek_charger(self, now: float) -> bool:
        """Leave for a charger, or wait for one at home; False if there is none anywhere."""
        self.is_free = False
        self._alarms.raise_(self.id, "battery_low", "", "warning", now)
        self._go_charging(now)
        return (
            not self.driver.stands or self._stops.waits_for_charger(self) or bool(self.driver.needs)
        )

    def age_battery(self, capacity: float, rate: float) -> None:
        """Let the battery hold another energy and be charged with another power from now on."""
        if self._charge is not None:
            self._charge.capacity, self._charge.rate = capacity, rate

    def _use_charge(self, now: float) -> None:
        driver = self.driver
        if self._charge is not None:
            at_charger = self._stops.is_charger(driver.stands_at)
            self._charge.drive(driver.driving_s, driver.loaded_s)
            self._charge.stand(now, driver.driving_s, at_charger=at_charger)
        self._handled_s += driver.driving_s
        driver.driving_s = driver.loaded_s = 0.0

    def _stop_charging(self, now: float) -> None:
        if self._charging_since is not None and self._charge is not None:
            self._charge.charge(now - self._charging_since, now)
            self._charging_since = None
            self._timer = self._timer.cancelled()
        elif self._busy is None:
            self._timer = self._timer.cancelled()

    # --- breakdowns -------------------------------------------------------------------------

    def fail(self, now: float, stop: Stop) -> None:
        """Break down when it next stands still."""
        self.breakable(None, None).fail(now, stop)

    @property
    def modes(self) -> list[FailureMode]:
        """Its kinds of failure."""
        return [] if self.outage is None else self.outage.modes

    def breakable(self, breakdown: Breakdown | None, crew: Pool | None) -> Outage:
        """Return its breakdowns; from now on it can have some."""
        if self.outage is None:
            self.outage = Outage(self._world, self, breakdown, crew)
            self.driver.can_break = True
        return self.outage

    def stop_now(self, now: float) -> None:
        """Break down at once if it stands and neither loads nor unloads."""
        if self.driver.stands and self._busy is None:
            self.driver.halt(now)
            self._strike(now, self._come_back)

    def breaks_down(self, now: float) -> bool:
        """Whether it breaks down on its way, at the point it stands at."""
        return self._strike(now, self._drive_on)

    def fails_within(self, work_s: float) -> bool:
        """Whether it has failed, or will before it has driven for so long."""
        return self.outage is not None and self.outage.is_due(work_s)

    def _strike(self, now: float, resume: Callable[[float], None]) -> bool:
        if self.outage is None or not self.outage.strikes(now, resume):
            return False
        self._was_free, self.is_free = self.is_free, False
        self._stop_charging(now)
        return True

    def _drive_on(self, now: float) -> None:
        """Go on with its way, or with what it came for."""
        self.is_free = self._was_free
        self.driver.resume(now)
        if self.is_free:
            self._fleet.dispatch(now)

    def _come_back(self, now: float) -> None:
        """Go on with what it did when it broke down standing."""
        if not self.driver.has_arrived:
            self._drive_on(now)
            return
        self.driver.halted = False
        if self.driver.lots:
            self._wait_for_stop(now)
        else:
            self.parked(now)
