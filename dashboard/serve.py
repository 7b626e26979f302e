"""Serving the dashboard on this machine."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from threading import Thread

import waitress

from dashboard.app import build_app
from dashboard.runs import Runs, ensure_folder
from dashboard.security import is_loopback, trusted_hosts
from dashboard.urls import View
from twin.errors import CelltwinError, Problem

HOST = "127.0.0.1"
PORT = 8050
THREADS = 8

_log = logging.getLogger(__name__)


def start_url(host: str = HOST, port: int = PORT, open_run: str | None = None) -> str:
    """Return the address to open in a browser."""
    shown = {"0.0.0.0": HOST, "::": "[::1]"}.get(host, host)  # noqa: S104
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}{View('overview', run=open_run).href}"


def ensure_port_free(host: str = HOST, port: int = PORT) -> None:
    """Check that the dashboard can be served there.

    Raises
    ------
    CelltwinError
        The port is in use or not allowed, or the host is not one of this machine.
    """
    if not 0 <= port <= 65535:
        raise CelltwinError(Problem(f"--port {port}", "a port is a number from 1 to 65535."))
    try:
        _bind(host, port)
    except socket.gaierror as error:
        raise CelltwinError(
            Problem(f"--host {host}", "is no known host name.", f"Use --host {HOST}.")
        ) from error
    except PermissionError as error:
        raise CelltwinError(
            Problem(f"--port {port}", "may not be used by you.", f"Use e.g. --port {PORT}.")
        ) from error
    except OSError as error:
        raise CelltwinError(_not_bound(host, port, error)) from error


def serve(
    runs_dir: str | Path,
    *,
    host: str = HOST,
    port: int = PORT,
    open_run: str | None = None,
) -> None:
    """Serve the dashboard until it is interrupted.

    Parameters
    ----------
    runs_dir : str or Path
        A folder of runs, or the folder of one run.
    host : str
        Address to listen on; by default only this machine can connect.
    port : int
        Port to listen on.
    open_run : str, optional
        Name of the run shown first; default: the latest.

    Raises
    ------
    RunError
        There is no such folder.
    CelltwinError
        The port is in use, or the address cannot be used.
    """
    ensure_folder(runs_dir)
    ensure_port_free(host, port)
    if not is_loopback(host):
        text = "Everyone who can reach %s:%s can read the runs: there is no login."
        _log.warning(text, host, port)
    runs = Runs(runs_dir, open_run, may_write=is_loopback(host))
    app = build_app(runs, trusted_hosts(host))
    Thread(target=runs.warm_up, daemon=True).start()
    waitress.serve(
        app.server, host=host, port=port, threads=THREADS, ident=None, channel_timeout=60
    )


def _bind(host: str, port: int) -> None:
    family, kind, proto, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _not_bound(host: str, port: int, error: OSError) -> Problem:
    try:
        _bind(host, 0)
    except OSError:
        what = f"is not an address of this machine ({error.strerror})."
        return Problem(f"--host {host}", what, f"Use --host {HOST}.")
    free = next((p for p in range(port + 1, min(port + 50, 65536)) if _is_free(host, p)), None)
    remedy = f"Stop that program, or use --port {free}." if free else "Choose another with --port."
    return Problem(f"--port {port}", f"port {port} on {host} is in use by another program.", remedy)


def _is_free(host: str, port: int) -> bool:
    try:
        _bind(host, port)
    except OSError:
        return False
    return True
