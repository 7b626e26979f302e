"""Queues in closed form. Rates per second; times in seconds. Sources stand in the functions."""

from __future__ import annotations

import math

from scipy.optimize import brentq


def erlang_b(servers: int, offered: float) -> float:
    """Return the probability of loss in M/G/c/c (Erlang 1917); `offered` is lambda x service."""
    loss = 1.0
    for k in range(1, servers + 1):
        loss = offered * loss / (k + offered * loss)
    return loss


def erlang_c(servers: int, offered: float) -> float:
    """Return the probability of waiting in M/M/c (Erlang 1917)."""
    loss = erlang_b(servers, offered)
    return servers * loss / (servers - offered * (1 - loss))


def mmc_wait_s(arrivals: float, service_s: float, servers: int) -> float:
    """Return the mean wait in M/M/c: C(c, a) / (c mu - lambda)."""
    return erlang_c(servers, arrivals * service_s) / (servers / service_s - arrivals)


def mg1_wait_s(arrivals: float, service_s: float, cv: float) -> float:
    """Return the mean wait in M/G/1: lambda s^2 (1 + cv^2) / 2 (1 - rho).

    Pollaczek 1930, Khinchine 1932.
    """
    rho = arrivals * service_s
    return rho * service_s * (1 + cv * cv) / (2 * (1 - rho))


def dm1_wait_s(interval_s: float, service_s: float) -> float:
    """Return the mean wait in D/M/1: sigma s / (1 - sigma), sigma = exp(-(1 - sigma) T / s).

    Kleinrock, Queueing Systems I (1975), section 6.4 (G/M/1).
    """
    ratio = interval_s / service_s
    sigma = float(brentq(lambda x: math.exp(-(1 - x) * ratio) - x, 0.0, 1 - 1e-9))
    return sigma * service_s / (1 - sigma)


def closed_throughput(loads_s: list[float], customers: int) -> float:
    """Return the throughput of a closed network of single exponential servers (exact MVA).

    Reiser and Lavenberg, J. ACM 27 (1980) 313: ``loads_s`` is the service time times the visits
    of each station.
    """
    present = [0.0] * len(loads_s)
    rate = 0.0
    for n in range(1, customers + 1):
        times = [load * (1 + here) for load, here in zip(loads_s, present, strict=True)]
        rate = n / sum(times)
        present = [rate * t for t in times]
    return rate
