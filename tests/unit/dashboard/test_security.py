"""Who may ask, what is answered, and what never leaves the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.security import LARGEST_REQUEST_BYTES, is_loopback, trusted_hosts

UPDATE = "/_dash-update-component"


def test_every_answer_has_the_headers(client: FlaskClient) -> None:
    for path in ("/", "/healthz", "/assets/style.css", "/nothing/here"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Content-Security-Policy" in headers


def test_policy_allows_this_server_only(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in rules["script-src"]
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert "sha256-" in rules["script-src"]


def test_page_names_no_other_host(client: FlaskClient) -> None:
    text = client.get("/").text
    tags = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"([^\"]*)\"", text)
    assert len(tags) > 5
    assert all(address.startswith("/") and not address.startswith("//") for address in tags)


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:1", "[::1]:8050"])
def test_local_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8050",
        "localhost@evil.example",
        "localhost:x",
        "",
    ],
)
def test_foreign_host_names_are_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400
    assert client.get("/api/run/hour/scene.json", headers={"Host": host}).status_code == 400


def test_post_from_a_foreign_page_is_refused(client: FlaskClient) -> None:
    evil = {"Origin": "http://evil.example"}
    assert client.post(UPDATE, json={}, headers=evil).status_code == 403
    own = {"Origin": "http://localhost"}
    assert client.post(UPDATE, json={}, headers=own).status_code != 403


def test_large_bodies_are_refused(client: FlaskClient) -> None:
    body = b"x" * (LARGEST_REQUEST_BYTES + 1)
    answer = client.post(UPDATE, data=body, content_type="application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/..%2fapp.py", "/assets//etc/passwd",
        "/_dash-component-suites/os/__init__.py",
        "/_dash-component-suites/dash/../../../etc/passwd",
        "/api/run/..%2foutside/scene.json", "/api/run/%2e%2e/scene.json",
        "/api/run/../outside/scene.json", "/api/run/notes/scene.json", "/api/run/link/chunk/0.bin",
        "/api/run/hour/chunk/..%2f..%2frun.json",
    ],
)  # fmt: skip
def test_nothing_outside_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 404 or "_dash-config" in text
    for secret in ("import", "root:x", '"scenario_hash"'):
        assert secret not in text.replace("@import", "")


def test_debug_routes_are_absent(client: FlaskClient) -> None:
    assert client.get("/_reload-hash").status_code == 404
    assert client.get("/_mcp").status_code == 404 or "_dash-config" in client.get("/_mcp").text
    assert '"ui":false' in client.get("/").text, "no developer tools in the page"


def test_cookies_are_signed_with_a_fresh_key(runs_dir: Path) -> None:
    keys = {create_app(runs_dir).server.config["SECRET_KEY"] for _ in range(2)}
    assert len(keys) == 2
    assert all(len(key) >= 32 for key in keys)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.3.2.1", True), ("localhost", True), ("::1", True), ("[::1]", True),
     ("0.0.0.0", False), ("192.168.1.4", False), ("example.org", False), ("", False)],
)  # fmt: skip
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_trusted_names_follow_the_address() -> None:
    assert trusted_hosts("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]
    assert "192.168.1.4" in trusted_hosts("192.168.1.4")
    assert "[fe80::1]" in trusted_hosts("fe80::1")
    assert not {"0.0.0.0", "*", ""} & set(trusted_hosts("0.0.0.0"))
