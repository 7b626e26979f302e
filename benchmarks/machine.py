"""What the numbers were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import twin

PACKAGES = ("simpy", "numpy", "pyarrow", "usd-core", "ciw", "salabim", "simantha", "numba")


def processor() -> str:
    """Return the model of the processor."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Return the versions of everything measured; what is missing is not installed."""
    found = {"celltwin": twin.__version__, "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def load() -> float:
    """Return how many processes competed for the processors in the last minute."""
    return os.getloadavg()[0]


def describe() -> str:
    """Return the machine in one line."""
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"load {load():.1f} when it began"
    )
