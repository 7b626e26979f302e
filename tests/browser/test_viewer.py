"""The 3D view in a real browser: what it shows is what the run says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from twin.motion.kinematics import forward
from twin.motion.motion import Motion
from twin.plant.load import robot_model

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Page

    from twin.run.run import Run

pytestmark = pytest.mark.browser

TIMES_S = (0.0, 61.7, 305.25, 599.9, 600.1, 1013.37, 1199.5)
MOST_DRAW_CALLS = 150
FLAG = {
    "workcell": "pouch", "resource": "robot_pouch", "since_s": 300.0, "until_s": 900.0,
    "cause": "vacuum_leak", "severity": "warning",
}  # fmt: skip


@pytest.fixture(scope="session")
def address(short_run: Run, serve: Callable[[Flask], str]) -> str:
    """A small app with one view and its properties written out below it."""
    from dash import Dash, Input, Output, dcc, html

    from dashboard.viewer import TwinView
    from dashboard.viewer.routes import source_url, viewer_routes

    app = Dash("viewer_test", assets_folder="no_assets", suppress_callback_exceptions=True)
    app.server.register_blueprint(viewer_routes(lambda _: short_run))
    kinds = {
        "/": {"src": source_url(short_run), "flags": [FLAG]},
        "/plan": {"src": source_url(short_run), "flags": [FLAG], "mode": "2d"},
        "/broken": {"src": "/api/run/../nothing"},
    }
    app.layout = html.Div([dcc.Location(id="url"), html.Div(id="page"), html.Output(id="said")])

    @app.callback(Output("page", "children"), Input("url", "pathname"))
    def show(path: str) -> TwinView:
        return TwinView(id="view", height="700px", **kinds.get(path, kinds["/"]))

    @app.callback(
        Output("said", "children"),
        Input("view", "playhead"),
        Input("view", "selected"),
        Input("view", "n_selected"),
        Input("view", "n_opened"),
        Input("view", "error"),
        prevent_initial_call=True,
    )
    def say(*values: object) -> str:
        return "|".join(str(value) for value in values)

    return serve(app.server)


def opened(page: Page, address: str, path: str = "/") -> Page:
    """Open a page of the test app and wait for the first picture."""
    page.goto(address + path)
    page.wait_for_function("() => window.__twinviewer?.stats()?.ready")
    return page


def stats(page: Page) -> dict[str, Any]:
    """What the view says about itself."""
    return page.evaluate("() => window.__twinviewer.stats()")


def pose(page: Page, thing: str) -> dict[str, Any]:
    """Where the view shows a thing."""
    return page.evaluate("(id) => window.__twinviewer.pose(id)", thing)


def put(page: Page, **props: object) -> None:
    """Set properties of the view the way a clientside callback does."""
    page.evaluate("(props) => window.dash_clientside.set_props('view', props)", props)


def said(page: Page, condition: str) -> None:
    """Wait until Dash has heard something."""
    page.wait_for_function(f"() => document.querySelector('#said')?.textContent.{condition}")


def seek(page: Page, t_s: float) -> None:
    """Go to a time and wait until it is drawn."""
    put(page, setPlayhead=t_s)
    page.wait_for_function(
        "(t) => { const v = [...window.__twinviewer.views.values()][0];"
        " return Math.abs(v.clock.time - t) < 1e-6 && !v.dirty"
        " && v.moment.chunk && v.moment.chunk.start <= t && t <= v.moment.chunk.end; }",
        arg=t_s,
    )


def aim(page: Page, camera: str) -> None:
    """Point the camera and wait for the picture."""
    put(page, camera=camera)
    page.wait_for_timeout(100)
    page.wait_for_function("() => ![...window.__twinviewer.views.values()][0].dirty")


def test_view_shows_the_plant_in_few_draw_calls(page: Page, address: str) -> None:
    opened(page, address)
    told = stats(page)
    assert told["mode"] == "3d"
    assert 10 < told["draw_calls"] < MOST_DRAW_CALLS
    assert told["lots"] > 100


def test_robot_poses_equal_the_motion_of_the_run(page: Page, address: str, short_run: Run) -> None:
    opened(page, address)
    motion = Motion(short_run)
    for t_s in TIMES_S:
        seek(page, t_s)
        for robot in short_run.plant.robots:
            expected = motion.robot_pose(robot, t_s)
            shown = pose(page, robot)["angles_deg"]
            np.testing.assert_allclose(shown, expected, atol=0.1, err_msg=f"{robot} at {t_s}")


def test_tool_tips_equal_the_kinematics_of_the_model(
    page: Page, address: str, short_run: Run
) -> None:
    opened(page, address)
    motion = Motion(short_run)
    for t_s in TIMES_S[1:4]:
        seek(page, t_s)
        for robot in short_run.plant.robots.values():
            model = robot_model(short_run.plant, robot.model)
            angles = motion.robot_pose(robot.id, t_s)
            tip = forward(model, robot.tool_length_m, angles).tip_m
            heading = np.radians(robot.heading_deg)
            c, s = np.cos(heading), np.sin(heading)
            turned = (c * tip[0] - s * tip[1], s * tip[0] + c * tip[1], tip[2])
            expected = np.array(robot.position_m) + turned
            np.testing.assert_allclose(pose(page, robot.id)["tip"], expected, atol=2e-3)


def test_movers_stand_where_the_motion_of_the_run_says(
    page: Page, address: str, short_run: Run
) -> None:
    opened(page, address)
    motion = Motion(short_run)
    for t_s in TIMES_S:
        seek(page, t_s)
        for vehicle in motion.vehicles:
            xyz, heading = motion.vehicle_pose(vehicle, t_s)
            shown = pose(page, vehicle)
            np.testing.assert_allclose([shown[k] for k in "xyz"], xyz, atol=1e-3)
            assert shown["heading_deg"] == pytest.approx(float(heading), abs=0.1)
        for crane in motion.cranes:
            shown = pose(page, crane)
            np.testing.assert_allclose(
                [shown[k] for k in "xyz"], motion.crane_pose(crane, t_s), atol=1e-3
            )


def test_states_equal_the_states_of_the_run(page: Page, address: str, short_run: Run) -> None:
    opened(page, address)
    seek(page, 700.0)
    states = short_run.state_at(700.0).states
    machines = [m for s in short_run.plant.stations.values() for m in s.machine_ids if m in states]
    assert machines
    for machine in machines:
        assert pose(page, machine)["state"] == states[machine][0]


def test_playback_advances_and_dash_hears_of_it_at_most_four_times_a_second(
    page: Page, address: str
) -> None:
    opened(page, address)
    page.evaluate(
        """() => { const v = [...window.__twinviewer.views.values()][0]; window.heard = [];
        const tell = v.report.bind(v);
        const note = (c) => { if ('playhead' in c) window.heard.push(performance.now()); };
        v.report = (c) => { note(c); tell(c); }; }"""
    )
    put(page, playing=True, speed=20)
    page.wait_for_function("() => window.heard.length > 8")
    put(page, playing=False)
    page.wait_for_function("() => !window.__twinviewer.stats().playing")
    heard = page.evaluate("() => window.heard")
    assert np.diff(heard).min() > 200.0
    stopped = stats(page)["playhead"]
    assert stopped > 20.0
    page.wait_for_function("() => /^[1-9]/.test(document.querySelector('#said').textContent)")
    page.wait_for_timeout(300)
    assert stats(page)["playhead"] == stopped


def test_playback_goes_backwards_and_stops_at_the_start(page: Page, address: str) -> None:
    opened(page, address)
    seek(page, 30.0)
    put(page, playing=True, speed=-200)
    page.wait_for_function("() => !window.__twinviewer.stats().playing")
    assert stats(page)["playhead"] == 0.0


def test_loop_stays_within_its_ends(page: Page, address: str) -> None:
    opened(page, address)
    put(page, loop=[100, 160], speed=300, playing=True, setPlayhead=100)
    page.evaluate("() => { window.most = 0; }")
    for _ in range(12):
        page.wait_for_timeout(80)
        assert 100.0 <= stats(page)["playhead"] <= 160.0
    assert stats(page)["playing"]


def test_seek_to_the_same_time_again_goes_there_again(page: Page, address: str) -> None:
    opened(page, address)
    seek(page, 500.0)
    put(page, playing=True, speed=100)
    page.wait_for_function("() => window.__twinviewer.stats().playhead > 520")
    put(page, playing=False)
    seek(page, 500.0)
    said(page, "startsWith('500|')")


def test_nothing_is_drawn_while_nothing_changes(page: Page, address: str) -> None:
    opened(page, address)
    seek(page, 10.0)
    page.wait_for_function("() => window.__twinviewer.stats().sharp")
    before = stats(page)["frames"]
    page.wait_for_timeout(500)
    assert stats(page)["frames"] == before


@pytest.mark.parametrize("thing", ["notch_cathode", "stack_1", "robot_pack", "stack_cathode"])
def test_click_selects_the_thing_under_it(page: Page, address: str, thing: str) -> None:
    opened(page, address)
    aim(page, f"object:{thing}")
    at = page.evaluate("(id) => window.__twinviewer.screen(id)", thing)
    page.mouse.click(at["x"], at["y"])
    page.wait_for_function(
        "(id) => document.querySelector('#said').textContent.split('|')[1] === id", arg=thing
    )
    assert page.inner_text("#said").split("|")[2] == "1"


def test_double_click_opens_and_flies_there(page: Page, address: str) -> None:
    opened(page, address)
    before = stats(page)["camera"]["eye"]
    at = page.evaluate("() => window.__twinviewer.screen('notch_anode')")
    page.mouse.dblclick(at["x"], at["y"])
    page.wait_for_function(
        "() => document.querySelector('#said').textContent.split('|')[3] === '1'"
    )
    page.wait_for_timeout(200)
    assert np.linalg.norm(np.subtract(stats(page)["camera"]["eye"], before)) > 20


def test_click_beside_everything_selects_nothing(page: Page, address: str) -> None:
    opened(page, address)
    put(page, selected="stack_1")
    page.mouse.click(1300, 40)
    said(page, "includes('|None|')")


def test_tooltip_says_name_and_state(page: Page, address: str) -> None:
    opened(page, address)
    aim(page, "object:notch_cathode")
    at = page.evaluate("() => window.__twinviewer.screen('notch_cathode')")
    page.mouse.move(at["x"], at["y"])
    tip = page.locator(".twinview-tip")
    tip.wait_for(state="visible")
    state = pose(page, "notch_cathode")["state"].replace("_", " ")
    assert "Notching cathode" in tip.inner_text()
    assert state in tip.inner_text()


def test_flagged_workcell_has_a_marker_with_icon_and_text_while_the_flag_holds(
    page: Page, address: str
) -> None:
    opened(page, address)
    marked = page.locator(".twinview-label[data-severity='warning']")
    seek(page, 100.0)
    assert marked.count() == 0
    seek(page, 400.0)
    assert "vacuum leak" in marked.inner_text()
    assert marked.locator("svg").count() == 1
    seek(page, 1000.0)
    assert marked.count() == 0


def test_cameras(page: Page, address: str, short_run: Run) -> None:
    opened(page, address)
    aim(page, "top")
    top = stats(page)["camera"]
    np.testing.assert_allclose(top["eye"][:2], top["target"][:2], atol=0.5)
    aim(page, "robot:robot_pack")
    near = np.subtract(stats(page)["camera"]["eye"], pose(page, "robot_pack")["tip"])
    assert np.linalg.norm(near) < 1.5
    aim(page, "follow:amr_1")
    offset = _from_vehicle(page)
    seek(page, 640.0)
    np.testing.assert_allclose(_from_vehicle(page), offset, atol=0.01)


def _from_vehicle(page: Page) -> list[float]:
    at = pose(page, "amr_1")
    return np.subtract(stats(page)["camera"]["eye"][:2], [at["x"], at["y"]]).tolist()


def test_walking_moves_at_eye_height_by_keys(page: Page, address: str) -> None:
    opened(page, address)
    aim(page, "walk")
    before = stats(page)["camera"]
    assert before["walking"]
    assert before["eye"][2] == pytest.approx(1.7, abs=0.05)
    page.locator("#view").focus()
    page.keyboard.down("w")
    page.wait_for_function(
        "([x, y]) => { const [a, b] = window.__twinviewer.stats().camera.eye;"
        " return Math.hypot(a - x, b - y) > 0.3; }",
        arg=before["eye"][:2],
    )
    page.keyboard.up("w")
    after = stats(page)["camera"]
    assert after["eye"][2] == pytest.approx(1.7, abs=0.05)


def test_layers_hide_what_they_hold(page: Page, address: str) -> None:
    opened(page, address)
    before = stats(page)["draw_calls"]
    hidden = dict.fromkeys(("people", "agvs", "product", "zones", "labels", "lanes"), False)
    put(page, layers=hidden)
    page.wait_for_function("(n) => window.__twinviewer.stats().draw_calls < n - 8", arg=before)
    names = page.locator(".twinview-label:not([data-severity='warning'])")
    assert all(not names.nth(k).is_visible() for k in range(names.count()))


def test_plan_is_drawn_and_picked_in_2d(page: Page, address: str) -> None:
    opened(page, address, "/plan")
    told = stats(page)
    assert told["mode"] == "2d"
    assert told["drawn"] > 100
    assert _colours(page) > 5
    at = page.evaluate("() => window.__twinviewer.screen('stack_2')")
    page.mouse.click(at["x"], at["y"])
    said(page, "includes('stack_2')")


def test_plan_takes_over_where_webgl_is_missing(page: Page, address: str) -> None:
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    opened(page, address)
    assert stats(page)["mode"] == "2d"
    assert _colours(page) > 5


def _colours(page: Page) -> int:
    """Number of colours on the canvas."""
    return page.evaluate(
        """() => { const c = document.querySelector('#view canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        const seen = new Set();
        for (let k = 0; k < d.length; k += 4 * 37) seen.add(`${d[k]},${d[k + 1]},${d[k + 2]}`);
        return seen.size; }"""
    )


def test_missing_run_is_told_in_one_sentence(page: Page, address: str, watch: Any) -> None:
    page.goto(f"{address}/broken")
    said(page, "includes('cannot show')")
    assert all("404" in text for text in watch.errors)
    watch.errors.clear()
