"""The dashboard in a real browser, on eight hours of the pilot plant with a slow robot."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from twin.run.run import Run

pytestmark = pytest.mark.browser

LARGEST_ANSWER_BYTES = 300_000
FAULT_S = 7200.0

Settled = Callable[["Page"], Any]


@pytest.fixture(scope="module")
def site(
    pilot_run: Run, short_run: Run, tmp_path_factory: pytest.TempPathFactory, serve: Any
) -> str:
    """Address of a dashboard with a long, a short, and a broken run."""
    folder = tmp_path_factory.mktemp("site")
    for name, run in (("demo", pilot_run), ("short", short_run)):
        shutil.copytree(run.folder, folder / name)
    broken = folder / "broken"
    broken.mkdir()
    (broken / "run.json").write_text("{")
    address: str = serve(create_app(folder, open_run="demo", may_write=True).server)
    return address


@pytest.fixture
def show(page: Page, site: str, settled: Settled) -> Callable[[str], Page]:
    """A function that opens an address of the dashboard and waits until it is complete."""

    def opened(path: str) -> Page:
        page.goto(site + path)
        settled(page)
        return page

    return opened


def asked(page: Page) -> dict[str, str]:
    """What the address bar says."""
    return {k: v[-1] for k, v in parse_qs(urlsplit(page.url).query).items()}


def path(page: Page) -> str:
    return urlsplit(page.url).path


def playhead_s(page: Page) -> float:
    return float(page.locator("#play-seek").input_value())


def clock(page: Page) -> str:
    return page.locator("#play-clock").inner_text()


def seek(page: Page, t_s: float) -> None:
    page.evaluate("(t) => window.celltwin.seek(t)", t_s)


PAGES = {
    "/?run=demo": ["Throughput", "Work in progress", "OEE of the bottleneck", "Energy",
                   "Pouch insertion robot", "Vacuum leak", "Output", "Largest losses"],
    "/twin?run=demo": ["Layers", "Nothing selected", "Pouch insertion robot", "Open workcell"],
    "/workcell/pouch?run=demo": ["Pouch forming and insertion", "Expected", "Observed",
                                 "Sub-steps of the robot cycle", "Cycle time", "Signals",
                                 "3D view", "States over the run", "Machines and places",
                                 "Single cycles", "97 % sure", "Finding",
                                 "What speaks against it", "What this rests on"],
    "/workcell/stacking?run=demo": ["Stacking", "Places", "Z-fold stacking 3"],
    "/workcell/aging?run=demo": ["Aging", "Room-temperature aging rack"],
    "/bottleneck?run=demo": ["Bottleneck over time", "Vacuum dryer cathode", "Turning point",
                             "What an improvement brings", "celltwin bottleneck"],
    "/flags?run=demo": ["Severity", "Vacuum leak", "Chance of a false alarm", "Show in 3D",
                        "What to do", "Check suction cups", "Money lost", "kPa"],
}  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_page_is_complete_at_a_laptop_size(show: Callable[[str], Page], address: str) -> None:
    page = show(address)
    text = page.locator("#shell").inner_text()
    for expected in PAGES[address]:
        assert expected in text
    assert "could not be computed" not in text
    assert page.locator(".skeleton:visible").count() == 0, "every card has loaded"
    width = page.evaluate(
        "() => Math.max(document.documentElement.scrollWidth,"
        " document.getElementById('page').scrollWidth)"
    )
    assert width <= 1366, "no horizontal scrolling"


def test_overview_fits_without_scrolling(show: Callable[[str], Page]) -> None:
    page = show("/?run=demo")
    height = page.evaluate(
        "() => { const p = document.getElementById('page');"
        " return p.scrollHeight - p.clientHeight; }"
    )
    assert height <= 0


def test_only_what_is_abnormal_is_coloured_and_has_icon_and_text(
    show: Callable[[str], Page],
) -> None:
    page = show(f"/?run=demo&t={FAULT_S + 600}")
    tiles = page.locator(".tile.warning, .tile.critical")
    names = tiles.all_inner_texts()
    assert any("Pouch forming" in n and "Vacuum leak" in n for n in names)
    assert page.locator(".tile.warning .icon, .tile.critical .icon").count() == len(names)
    assert page.locator(".tile.normal .icon").count() == 0
    assert page.locator(".tile").count() == 18


def test_every_chart_is_drawn_as_vectors(show: Callable[[str], Page]) -> None:
    page = show("/workcell/pouch?run=demo")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    charts = page.locator(".chart")
    assert charts.count() == 7
    assert page.locator(".js-plotly-plot .gl-canvas").count() == 0


def test_bottleneck_leads_to_its_workcell(show: Callable[[str], Page], settled: Settled) -> None:
    page = show("/bottleneck?run=demo")
    page.wait_for_selector("#bottleneck-strips .js-plotly-plot .main-svg")
    assert page.locator("#bottleneck-strips .barlayer .point").count() > 0
    page.locator("#bottleneck-shares a").first.click()
    page.wait_for_function("() => location.pathname === '/workcell/drying_cathode'")
    settled(page)
    assert asked(page)["resource"] == "vac_dry_cathode"
    assert "nothing found" in page.locator("#workcell-finding").inner_text()


def test_scores_of_single_cycles_name_their_verdicts(show: Callable[[str], Page]) -> None:
    page = show("/workcell/pouch?run=demo")
    page.wait_for_selector("#workcell-scores .js-plotly-plot .legend")
    text = page.locator("#workcell-scores").inner_text()
    assert "1,433 cycles: 968 slow, 2 load lost" in text  # it leaks from 02:00 on
    names = page.locator("#workcell-scores .legendtext").all_text_contents()
    assert names == ["normal", "slow", "load lost"]


def test_an_alarm_is_taken_on_where_its_signal_is_seen(show: Callable[[str], Page]) -> None:
    page = show("/condition?run=demo")
    page.wait_for_selector("#condition-signal .js-plotly-plot")
    rows = page.locator("#condition-grid .ag-row")
    assert "alarm" in rows.first.inner_text()
    assert "Pouch insertion robot" in page.locator("#condition-signal").inner_text()
    page.locator("#alarms-grid .ag-row").filter(has_text="Vacuum low").first.click()
    page.wait_for_selector("#alarms-detail dd:text('its signals')")
    page.fill("#alarm-note", "cup torn")
    page.click("#alarm-resolve")
    page.wait_for_selector(".form-error span:text('missing')")
    page.click("#alarm-acknowledge")
    page.wait_for_selector("#alarms-detail dd:text('cup torn')")
    assert "maintenance" in page.locator("#alarms-grid .ag-row-selected").first.inner_text()


def test_answers_stay_small(page: Page, site: str, settled: Settled) -> None:
    sizes: list[tuple[int, str]] = []

    def note(response: Any) -> None:
        if "_dash-update-component" in response.url:
            outputs = json.loads(response.request.post_data or "{}").get("output", "")
            sizes.append((len(response.body()), outputs))

    page.on("response", note)
    for address in PAGES:
        page.goto(site + address)
        settled(page)
    assert len(sizes) > 20
    assert max(sizes)[0] <= LARGEST_ANSWER_BYTES, max(sizes)


# --- the playhead ---


def test_deep_link_restores_the_moment(show: Callable[[str], Page]) -> None:
    page = show("/workcell/pouch?run=demo&t=9000&resource=robot_pouch")
    assert clock(page) == "Mon 02:30:00"
    assert "at 02:30:00" in page.locator("#workcell-state").inner_text()
    assert page.locator(".chart.timed > .playhead:visible").count() >= 3


def test_seeking_changes_address_clock_and_cards(
    show: Callable[[str], Page], settled: Settled
) -> None:
    page = show("/?run=demo&t=60")
    assert page.locator(".tile", has_text="Vacuum leak").count() == 0
    seek(page, 10_800)
    page.wait_for_function("() => location.search.includes('t=10800')")
    settled(page)
    assert clock(page) == "Mon 03:00:00"
    page.wait_for_selector(".tile:has-text('Vacuum leak')")
    page.reload()
    settled(page)
    assert clock(page) == "Mon 03:00:00", "the address is the whole state"


def test_playhead_line_follows_in_every_chart(show: Callable[[str], Page]) -> None:
    page = show("/?run=demo&t=0")
    page.wait_for_selector(".chart.timed > .playhead")
    where = (
        "() => [...document.querySelectorAll('.chart.timed > .playhead')].map(e => e.offsetLeft)"
    )
    first = page.evaluate(where)
    seek(page, 28_800)
    page.wait_for_function(f"(a) => ({where})().every((x, k) => x > a[k] + 100)", arg=first)
    assert len(first) == 2


def test_a_click_in_a_chart_moves_the_playhead(show: Callable[[str], Page]) -> None:
    page = show("/?run=demo&t=60")
    plot = page.locator("#overview-wip .nsewdrag").first
    plot.hover(position={"x": 120, "y": 100})
    plot.click(position={"x": 120, "y": 100})
    page.wait_for_function("() => Number(document.getElementById('play-seek').value) > 3600")


def test_playback_without_the_3d_view(show: Callable[[str], Page], settled: Settled) -> None:
    page = show("/?run=demo&t=3600")
    page.select_option("#play-speed", "600")
    page.click("#play-toggle")
    page.wait_for_function("() => Number(document.getElementById('play-seek').value) > 4200")
    page.click("#play-toggle")
    stopped = playhead_s(page)
    page.wait_for_timeout(700)
    assert playhead_s(page) == stopped
    settled(page)
    assert float(asked(page)["t"]) == pytest.approx(stopped, abs=1.0)


def test_playback_in_the_3d_view(show: Callable[[str], Page]) -> None:
    page = show("/twin?run=demo&t=3600")
    page.wait_for_selector("#twin-view canvas")
    page.select_option("#play-speed", "60")
    page.keyboard.press("Space")
    page.wait_for_function("() => Number(document.getElementById('play-seek').value) > 3660")
    page.keyboard.press("k")
    page.wait_for_function(
        "() => !document.getElementById('play-toggle').classList.contains('playing')"
    )
    page.wait_for_timeout(600)
    stopped = playhead_s(page)
    page.wait_for_timeout(700)
    assert playhead_s(page) == stopped


def test_keyboard_steps_and_jumps(show: Callable[[str], Page]) -> None:
    page = show("/?run=demo&t=3600")
    page.keyboard.press("ArrowRight")
    assert playhead_s(page) == 3606.0, "a tenth of the speed per step"
    page.keyboard.press("j")
    assert playhead_s(page) == 3600.0
    page.keyboard.press("Shift+ArrowRight")
    assert playhead_s(page) == pytest.approx(FAULT_S, abs=120.0), "the next flag"
    page.keyboard.press("Home")
    assert playhead_s(page) == 0.0
    page.keyboard.press("End")
    assert playhead_s(page) == 28_800.0


def test_flag_marks_in_the_bar_seek(show: Callable[[str], Page]) -> None:
    page = show("/?run=demo&t=60")
    mark = page.locator(".play-mark", has_text="").first
    assert "Pouch insertion robot" in " ".join(
        m.get_attribute("title") or "" for m in page.locator(".play-mark").all()
    )
    page.locator(".play-mark[title*='Pouch']").evaluate("(e) => e.click()")
    assert playhead_s(page) == pytest.approx(FAULT_S, abs=120.0)
    assert mark.count() == 1


def test_other_pages_keep_run_and_playhead(show: Callable[[str], Page], settled: Settled) -> None:
    page = show("/?run=demo&t=12345")
    page.click("#nav >> text=Flags")
    page.wait_for_selector("#flags-grid")
    settled(page)
    assert path(page) == "/flags"
    assert asked(page)["run"] == "demo"
    assert playhead_s(page) == 12_345.0
    page.wait_for_function("() => location.search.includes('t=12345')")


# --- from a flag to its cause ---


def test_a_flag_on_the_overview_leads_to_its_workcell(
    show: Callable[[str], Page], settled: Settled
) -> None:
    page = show("/?run=demo&t=60")
    page.click(".flag-row:has-text('Pouch insertion robot')")
    page.wait_for_selector("#workcell-flags .flag-card")
    settled(page)
    assert path(page) == "/workcell/pouch"
    assert playhead_s(page) == pytest.approx(FAULT_S, abs=120.0)
    text = page.locator("#page").inner_text()
    assert re.search(r"4\.8\d s instead of 4\.00 s", text), "cycle of the robot with its slow grip"
    assert "+0.80 s" in page.locator("#workcell-substeps").inner_text()


def test_a_flag_in_the_table_leads_to_workcell_and_3d(
    show: Callable[[str], Page], settled: Settled
) -> None:
    page = show("/flags?run=demo&t=60")
    page.click(".ag-row:has-text('Pouch insertion robot')")
    page.wait_for_function("() => location.search.includes('resource=robot_pouch')")
    settled(page)
    assert "Grip" in page.locator("#flags-detail").inner_text()
    page.click("#flags-detail >> text=Show in 3D")
    page.wait_for_selector("#twin-view canvas")
    assert path(page) == "/twin"
    assert asked(page)["camera"] == "workcell:pouch"
    page.wait_for_selector("#twin-selected:has-text('Pouch insertion robot')")
    page.click("#twin-flags >> text=Open workcell")
    page.wait_for_selector(".page.workcell")
    assert path(page) == "/workcell/pouch"


def test_the_table_of_flags_filters(show: Callable[[str], Page]) -> None:
    page = show("/flags?run=demo")
    page.fill("#flags-filter", "nothing like this")
    page.wait_for_function("() => document.querySelectorAll('.ag-row').length === 0")
    page.fill("#flags-filter", "vacuum")
    page.wait_for_selector(".ag-row:has-text('Vacuum leak')")


def test_a_flag_in_the_address_is_picked(show: Callable[[str], Page]) -> None:
    page = show("/flags?run=demo&resource=robot_pouch&t=9000")
    page.wait_for_selector(".ag-row-selected:has-text('Pouch insertion robot')")
    assert clock(page) == "Mon 02:30:00"


def test_tiles_and_neighbours_lead_through_the_plant(
    show: Callable[[str], Page], settled: Settled
) -> None:
    page = show("/?run=demo")
    page.click(".tile:has-text('Stacking')")
    page.wait_for_selector("h1:has-text('Stacking')")
    settled(page)
    page.click(".head-links a >> nth=1")
    page.wait_for_selector("h1:has-text('Stack transfer')")
    assert path(page) == "/workcell/stack_handling"


# --- 3D ---


def test_look_aims_the_camera_and_selects(show: Callable[[str], Page]) -> None:
    page = show(f"/twin?run=demo&t={FAULT_S + 900}")
    page.wait_for_selector("#twin-view canvas")
    page.click("#twin-flags button:has-text('Look')")
    page.wait_for_selector("#twin-selected:has-text('Pouch insertion robot')")
    assert "Nothing selected" not in page.locator(".twin-side").inner_text()


def test_layers_open_and_close(show: Callable[[str], Page], settled: Settled) -> None:
    page = show("/twin?run=demo")
    page.click("summary:has-text('Layers')")
    page.click("#twin-layers label:has-text('People')")
    settled(page)
    assert page.locator("#twin-layers input:checked").count() == 5
    page.mouse.click(500, 400)
    page.wait_for_function("() => !document.querySelector('details.twin-layers').open")


# --- runs ---


def test_run_picker_changes_the_run(show: Callable[[str], Page], settled: Settled) -> None:
    page = show("/?run=demo")
    assert "8.00 h" in page.locator("#run-facts").inner_text()
    page.click("#run-picker")
    page.click("[role=option]:has-text('short')")
    page.wait_for_function("() => location.search.includes('run=short')")
    page.wait_for_selector("#run-facts:has-text('20 min')")
    settled(page)
    assert playhead_s(page) <= 1200.0
    page.go_back()
    page.wait_for_selector("#run-facts:has-text('8.00 h')")


def test_the_start_page_shows_the_run_that_was_asked_for(show: Callable[[str], Page]) -> None:
    page = show("/")
    assert asked(page)["run"] == "demo"


def test_a_broken_run_says_why(show: Callable[[str], Page]) -> None:
    page = show("/?run=broken")
    text = page.locator("#page").inner_text()
    assert "cannot be read as the head of a run" in text
    assert page.locator("#playbar").is_hidden()
    page.click("#page a:has-text('demo')")
    page.wait_for_selector(".tile")
    page.locator("#playbar").wait_for(state="visible")


def test_an_unknown_page_leads_back(show: Callable[[str], Page]) -> None:
    page = show("/nothing?run=demo")
    page.click("text=overview")
    page.wait_for_selector(".tile")


def test_no_runs_yet(page: Page, tmp_path: Path, serve: Any, settled: Settled) -> None:
    page.goto(serve(create_app(tmp_path).server))
    settled(page)
    text = page.locator("#page").inner_text()
    assert "No runs yet" in text
    assert "celltwin demo" in text
    assert page.locator("#playbar").is_hidden()


def test_a_run_without_flags(show: Callable[[str], Page]) -> None:
    page = show("/flags?run=short")
    assert "No flags" in page.locator("#page").inner_text()
    assert page.locator(".play-mark").count() == 0
