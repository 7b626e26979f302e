"""Serving: a port in use is reported before anything else happens."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dashboard
from dashboard.serve import HOST, ensure_port_free, serve, start_url
from twin.errors import CelltwinError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free(taken: int) -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def test_free_port_is_accepted(free: int) -> None:
    ensure_port_free(HOST, free)
    ensure_port_free("localhost", free)


def test_port_in_use_says_what_to_do(taken: int) -> None:
    with pytest.raises(CelltwinError, match="in use by another program") as caught:
        ensure_port_free(HOST, taken)
    text = str(caught.value)
    assert f"--port {taken}" in text
    suggested = int(text.rsplit("--port ", 1)[1].rstrip("."))
    assert suggested > taken
    ensure_port_free(HOST, suggested)


def test_serve_refuses_a_port_in_use_before_opening_runs(taken: int, tmp_path: Path) -> None:
    with pytest.raises(CelltwinError, match="in use"):
        serve(tmp_path, port=taken)


@pytest.mark.parametrize("port", [-1, 65536])
def test_port_out_of_range_is_refused(port: int) -> None:
    with pytest.raises(CelltwinError, match="from 1 to 65535"):
        ensure_port_free(HOST, port)


def test_foreign_address_is_refused(free: int) -> None:
    with pytest.raises(CelltwinError, match="is not an address of this machine"):
        ensure_port_free("203.0.113.7", free)


def test_unknown_host_name_is_refused(free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CelltwinError, match="is no known host name"):
        ensure_port_free("nowhere.invalid", free)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr("waitress.serve", lambda app, **given: calls.append({"app": app, **given}))
    return calls


def test_serve_binds_this_machine_only(
    runs_dir: Path, free: int, served: list[dict[str, Any]]
) -> None:
    serve(runs_dir, port=free, open_run="stopped")
    (call,) = served
    assert call["host"] == "127.0.0.1"
    assert call["port"] == free
    assert call["ident"] is None, "the server does not name its software"
    answer = call["app"].test_client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_serving_to_others_warns(
    runs_dir: Path, free: int, served: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        serve(runs_dir, host="0.0.0.0", port=free)
    assert "there is no login" in caplog.text
    assert len(served) == 1


def test_start_url() -> None:
    assert start_url() == "http://127.0.0.1:8050/"
    assert start_url(port=9, open_run="demo") == "http://127.0.0.1:9/?run=demo"
    assert start_url("0.0.0.0", 9) == "http://127.0.0.1:9/"
    assert start_url("::1", 9) == "http://[::1]:9/"


def test_front_doors() -> None:
    assert dashboard.serve is serve
    assert callable(dashboard.create_app)
