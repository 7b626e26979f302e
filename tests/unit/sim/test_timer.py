"""Timers on an unmodified SimPy environment."""

from __future__ import annotations

import simpy

from sim.core.timer import Timer, advance


def test_a_timer_rings_again_and_again() -> None:
    env = simpy.Environment()
    rung: list[float] = []

    def action(timer: Timer) -> None:
        rung.append(timer.due_s)
        assert env.now == timer.due_s
        if timer.due_s < 5:
            timer.arm(timer.due_s + 2)

    Timer(env, action).arm(1.0)
    env.run(until=20)
    assert rung == [1.0, 3.0, 5.0]


def test_a_cancelled_timer_is_silent_and_its_successor_rings_once() -> None:
    env = simpy.Environment()
    rung: list[float] = []
    timer = Timer(env, lambda t: rung.append(t.due_s))
    timer.arm(4.0)
    timer = timer.cancelled()
    timer.arm(2.0)
    env.run(until=10)
    assert rung == [2.0]


def test_cancelling_an_idle_timer_keeps_it() -> None:
    timer = Timer(simpy.Environment(), lambda t: None)
    assert timer.cancelled() is timer


def test_timers_and_processes_share_one_clock_and_keep_the_order_of_arming() -> None:
    env = simpy.Environment()
    order: list[str] = []
    Timer(env, lambda t: order.append("first")).arm(1.0)

    def process():
        yield env.timeout(1.0)
        order.append("process")
        yield env.timeout(1.0)
        order.append("process")

    env.process(process())
    Timer(env, lambda t: order.append("last")).arm(1.0)
    advance(env, 1.5)
    assert order == ["first", "last", "process"] or order == ["first", "process", "last"]
    assert env.now == 1.5
    advance(env, 3.0)
    assert order[-1] == "process"
    assert env.now == 3.0


def test_advance_leaves_what_is_due_at_its_end() -> None:
    """As ``env.run(until=...)`` does."""
    env = simpy.Environment()
    rung: list[float] = []
    Timer(env, lambda t: rung.append(t.due_s)).arm(2.0)
    advance(env, 2.0)
    assert rung == []
    advance(env, 2.1)
    assert rung == [2.0]
