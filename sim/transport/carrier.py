"""What a vehicle does: trips, parking, charging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.core.timer import Timer
from sim.core.world import World
from sim.record import mode as modes
from sim.transport.battery import Charge
from sim.transport.trip import Trip
from sim.transport.vehicle import Vehicle

if TYPE_CHECKING:
    from sim.transport.fleet import Fleet


class Carrier:
    """What a vehicle does: carries out trips, parks, and keeps its battery charged."""

    def __init__(self, world: World, fleet: Fleet, driver: Vehicle) -> None:
        self.driver = driver
        self.is_free = False
        self._fleet = fleet
        self._alarms = world.recorder.alarms
        self._timer = Timer(world.env, self._rang)
        self._trip: Trip | None = None
        self._loading = False
        self._charging_since: float | None = None
        self._charge: Charge | None = None
        battery = fleet.model.battery
        if battery is not None:
            low, high = sorted((battery.charge_below, battery.charge_to))
            share = world.stream(driver.id, "battery").uniform()
            self._charge = Charge(battery, low + share * (high - low))

    @property
    def id(self) -> str:
        """The vehicle."""
        return self.driver.id

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
        self.driver.stand_at(stop)
        self._fleet.take_stop(stop)
        if self._charge is not None and charge is not None:
            self._charge.level = charge

    def start(self, now: float) -> None:
        """Begin to serve; drive home first from a stop that others need."""
        stop = self.driver.stands_at
        if stop == self.driver.home or self._fleet.is_charger(stop):
            self.parked(now)
        else:
            self.driver.drive(now, self.driver.home, "park", self.parked)

    def carry(self, trip: Trip, pick: str, now: float) -> None:
        """Carry out a trip."""
        self.is_free = False
        self._stop_charging(now)
        self._trip = trip
        self.driver.job = trip.number
        self.driver.drive(now, pick, "fetch", self._load)

    def deliver(self, stop: str, now: float) -> None:
        """Bring what is loaded to a stop that is kept for it."""
        self.driver.drive(now, stop, "deliver", self._unload)

    def parked(self, now: float) -> None:
        """It stands at its home or at a charger: charge, and be free if there is charge enough."""
        self.driver.job = -1
        self._use_charge()
        charge = self._charge
        if charge is not None and self._fleet.is_charger(self.driver.stands_at):
            self._alarms.close(self.driver.id, "battery_low", now)
            wait_s = charge.time_to_full_s()
            if wait_s:
                self._charging_since = now
                self.driver.log.enter(modes.CHARGING, now)
                self._timer.arm(now + wait_s)
                if not charge.is_low:
                    self._offer(now)
                return
        self.driver.log.enter(modes.IDLE, now)
        self._offer(now)

    def _offer(self, now: float) -> None:
        self.is_free = True
        self._fleet.dispatch(now)

    def _load(self, now: float) -> None:
        self._loading = True
        self.driver.log.enter(modes.LOADING, now)
        self._timer.arm(now + self._fleet.model.load_s)

    def _unload(self, now: float) -> None:
        self._loading = False
        self.driver.log.enter(modes.UNLOADING, now)
        self._timer.arm(now + self._fleet.model.unload_s)

    def _rang(self, timer: Timer) -> None:
        now, trip = timer.due_s, self._trip
        if self._charging_since is not None:
            self._stop_charging(now)
            self.parked(now)
        elif trip is not None and self._loading:
            for _ in range(trip.n):
                self.driver.lots.append(trip.origin.collect(now))
            stop = self._fleet.stop_for(self, trip.target.id)
            if stop is None:
                self.driver.log.enter(modes.WAITING_STOP, now)
            else:
                self.deliver(stop, now)
        elif trip is not None:
            self._hand_over(trip, now)

    def _hand_over(self, trip: Trip, now: float) -> None:
        lots, self.driver.lots = self.driver.lots, []
        self._trip = None
        self.driver.job = -1
        for lot in lots:
            trip.target.deliver(lot, now)
        self._use_charge()
        if self._charge is not None and self._charge.is_low:
            self._alarms.raise_(self.driver.id, "battery_low", "", "warning", now)
            self._go_charging(now)
            return
        self._offer(now)
        if self.is_free:
            self.driver.drive(now, self.driver.home, "park", self.parked)

    def _go_charging(self, now: float) -> None:
        stop = self.driver.home
        if not self._fleet.is_charger(stop):
            stop = self._fleet.free_charger(self.driver) or stop
        self.driver.drive(now, stop, "charge", self.parked)

    def _use_charge(self) -> None:
        if self._charge is not None:
            self._charge.drive(self.driver.driving_s)
        self.driver.driving_s = 0.0

    def _stop_charging(self, now: float) -> None:
        if self._charging_since is not None and self._charge is not None:
            self._charge.charge(now - self._charging_since)
            self._charging_since = None
            self._timer = self._timer.cancelled()
