"""Who may ask the server, what a page may load, and how much may be sent."""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, abort, request

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
LARGEST_REQUEST_BYTES = 1_000_000

_RELOAD = "/_reload-hash"
"""Tells developers' pages when files change; nobody else needs it."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def content_security_policy(script_hashes: Iterable[str]) -> str:
    """Return the policy: everything from this server, nothing evaluated, nothing embedded."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(["script-src 'self'", *script_hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def trusted_hosts(host: str) -> list[str]:
    """Return the host names a browser may use for a server bound to `host`.

    Anything else is refused, so that no foreign page can reach the server through a name that
    it lets point here.
    """
    names = list(LOCAL_HOSTS)
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - recognised, never a default
        names += _names_of_this_machine()
    elif host not in names:
        names.append(f"[{host}]" if ":" in host else host)
    return list(dict.fromkeys(names))


def secure(app: Dash, hosts: Iterable[str] = LOCAL_HOSTS) -> None:
    """Apply limits, host and origin checks and headers; call after all callbacks are there."""
    server: Flask = app.server
    server.config.update(
        SECRET_KEY=secrets.token_hex(32),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    policy = content_security_policy(app.csp_hashes())
    trusted = frozenset(hosts)
    server.before_request(lambda: _refuse_foreign_host(trusted))
    server.before_request(_refuse_foreign_origin)
    server.register_error_handler(_suite_error(), _not_found)

    @server.after_request
    def _add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _refuse_foreign_host(trusted: frozenset[str]) -> None:
    """Refuse other host names; Flask's own check cannot take IPv6 addresses."""
    name = request.headers.get("Host", "")
    if re.sub(r":\d{1,5}$", "", name).lower() not in trusted:
        abort(400)
    if request.path == _RELOAD:
        abort(404)


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    if request.method not in {"GET", "HEAD"} and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _suite_error() -> type[Exception]:
    from dash.exceptions import DependencyException  # noqa: PLC0415

    found: type[Exception] = DependencyException
    return found


def _not_found(_: Exception) -> tuple[str, int]:
    return "Not found", 404


def _names_of_this_machine() -> list[str]:
    name = socket.gethostname()
    names = [name, socket.getfqdn()]
    try:
        found = socket.getaddrinfo(name, None)
    except OSError:
        return names
    return names + [f"[{a}]" if ":" in a else a for a in (str(info[4][0]) for info in found)]
