"""Callbacks as the browser calls them: each card answers, fails alone, and stays small."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dash import Dash, html
from flask.testing import FlaskClient

from dashboard import card
from dashboard.app import create_app
from dashboard.card import Shown
from dashboard.runs import Runs
from twin.errors import CelltwinError

LARGEST_ANSWER_BYTES = 300_000

CARDS = {
    "/?run=hour&t=60": (
        "overview-kpis", "overview-plant", "overview-flags", "overview-throughput",
        "overview-wip", "overview-losses",
    ),
    "/workcell/inserting?run=hour&t=60": (
        "workcell-flags", "workcell-substeps", "workcell-levels", "workcell-cycles",
        "workcell-signals", "workcell-shares", "workcell-losses", "workcell-state",
        "workcell-readings", "workcell-states", "workcell-machines",
    ),
    "/twin?run=hour&t=60": ("twin-flags",),
}  # fmt: skip
FOLLOWING = {
    "overview-plant", "workcell-state", "workcell-readings", "workcell-states",
    "workcell-machines", "twin-flags",
}  # fmt: skip


def post(client: FlaskClient, body_id: str, address: object, t_s: object = 60.0) -> Any:
    inputs = [{"id": "view", "property": "data", "value": address}]
    if body_id in FOLLOWING:
        inputs.append({"id": "settled", "property": "data", "value": t_s})
    body = {
        "output": f"{body_id}.children",
        "outputs": {"id": body_id, "property": "children"},
        "inputs": inputs,
        "changedPropIds": ["view.data"],
    }
    return client.post("/_dash-update-component", json=body)


@pytest.mark.parametrize(
    ("address", "body_id"), [(a, c) for a, names in CARDS.items() for c in names]
)
def test_every_card_answers(client: FlaskClient, address: str, body_id: str) -> None:
    answer = post(client, body_id, address)
    assert answer.status_code == 200
    assert len(answer.data) < LARGEST_ANSWER_BYTES
    text = json.dumps(answer.json)
    assert "could not be computed" not in text
    assert body_id in answer.json["response"]


@pytest.mark.parametrize(
    "address", ["/?run=../outside", "/?run=nobody", "/?run=broken", "/?run=%00"]
)
def test_a_card_of_no_run_says_so(client: FlaskClient, address: str) -> None:
    answer = post(client, "overview-kpis", address)
    assert answer.status_code == 200
    text = json.dumps(answer.json)
    assert "unavailable" in text or "Throughput" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("address", [None, 5, ["x"], {"a": 1}])
def test_nonsense_is_no_crash(client: FlaskClient, address: object) -> None:
    assert post(client, "overview-kpis", address).status_code == 200


@pytest.mark.parametrize("t_s", ["x", -1, 1e300, {}, [1]])
def test_nonsense_playhead_is_no_crash(client: FlaskClient, t_s: object) -> None:
    answer = post(client, "overview-plant", "/?run=hour", t_s)
    assert answer.status_code == 200
    assert "State at" in json.dumps(answer.json)


def test_a_card_that_fails_says_so_in_its_place(runs: Runs) -> None:
    app = Dash(__name__)

    def wrong(now: Shown) -> html.Div:
        raise ZeroDivisionError

    def refused(now: Shown) -> html.Div:
        raise CelltwinError("there is no plan.")

    def fine(now: Shown) -> html.Div:
        return html.Div(now.run.name)

    app.layout = html.Div()
    card.register(app, runs, {"a": wrong, "b": refused, "c": fine})
    fill = [card._guarded(runs, build) for build in (wrong, refused, fine)]
    texts = [json.dumps(f("/?run=hour").to_plotly_json(), default=str) for f in fill]
    assert "could not be computed" in texts[0]
    assert "there is no plan." in texts[1]
    assert "hour" in texts[2]
    assert len(app.callback_map) + len(app._callback_list) >= 3


def test_pages_are_registered_once_per_app(runs_dir: Any) -> None:
    first, second = create_app(runs_dir), create_app(runs_dir)
    first.server.test_client().get("/").close()
    second.server.test_client().get("/").close()
    assert set(first.callback_map) == set(second.callback_map)
    assert "overview-kpis.children" in first.callback_map


def test_layout_needs_no_run(tmp_path: Any) -> None:
    with create_app(tmp_path).server.test_client() as client:
        text = client.get("/_dash-layout").text
    assert "playbar" in text
