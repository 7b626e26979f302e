"""Pages and cards on the run written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dashboard import shell
from dashboard.app import route
from dashboard.card import Shown, at_rest, first_moment
from dashboard.pages import flag_detail, flags, overview, strip, twin, workcell, workcell_cards
from dashboard.pages.detail import object_facts, object_kind
from dashboard.pages.focus import focus
from dashboard.runs import OpenRun, Runs
from dashboard.urls import View, parse
from twin.errors import RunError
from twin.flags import Flag

Texts = Callable[[Any], str]
Links = Callable[[Any], list[str]]


def shown(runs: Runs, address: str) -> Shown:
    return at_rest(runs, address, None)


def without_flags(now: Shown) -> Shown:
    bare = OpenRun(now.run)
    bare.once("flags", list)
    return replace(now, open=bare)


# --- the way from an address to a page ---


def test_route_shows_page_and_run(runs: Runs, text_of: Texts, ids_of: Callable[..., Any]) -> None:
    page, nav, facts, options, picked, playbar = route(runs, "/?run=hour&t=60")
    assert {"overview-kpis", "overview-plant", "overview-flags", "view"} <= ids_of(page)
    assert [link.className for link in nav] == ["active", *[""] * 5]
    assert "One hour" in " ".join(text_of(f) for f in facts)
    assert picked == "hour"
    assert {o["value"] for o in options} == {"hour", "stopped", "broken"}
    assert {o["label"] for o in options} == {"hour", "stopped (cancelled)", "broken (broken)"}
    assert (playbar["run"], playbar["t_s"], playbar["end_s"]) == ("hour", 60.0, 3600.0)


@pytest.mark.parametrize("page", ["", "twin", "workcell", "workcell/mixing", "bottleneck", "flags"])
def test_every_page_names_its_view(runs: Runs, page: str) -> None:
    built = route(runs, f"/{page}?run=hour&t=60")[0]
    stores = [c for c in built.children if getattr(c, "id", "") == "view"]
    assert parse(stores[0].data).run == "hour"
    assert parse(stores[0].data).t_s == 60.0


def test_playhead_stays_when_the_page_changes(runs: Runs) -> None:
    kept = route(runs, "/flags?run=hour", 777.0, {"run": "hour"})[5]
    assert kept["t_s"] == 777.0
    other = route(runs, "/flags?run=stopped", 777.0, {"run": "hour"})[5]
    assert other["t_s"] != 777.0, "another run has its own time"
    asked = route(runs, "/flags?run=hour&t=5", 777.0, {"run": "hour"})[5]
    assert asked["t_s"] == 5.0, "what the address says comes first"


@pytest.mark.parametrize("t", [float("nan"), "x", None, {"t": 1}, True])
def test_nonsense_from_the_browser_is_the_first_moment(runs: Runs, t: object) -> None:
    found = route(runs, "/?run=hour", t, {"run": "hour"})[5]
    assert 0.0 <= found["t_s"] <= 3600.0


def test_playhead_stays_inside_the_run(runs: Runs) -> None:
    assert route(runs, "/?run=hour&t=99999")[5]["t_s"] == 3600.0


def test_no_runs_tell_how_to_get_one(tmp_path: Any, text_of: Texts) -> None:
    page, _, facts, options, picked, playbar = route(Runs(tmp_path), "/")
    assert "celltwin demo" in text_of(page)
    assert str(tmp_path) in text_of(page)
    assert (facts, options, picked, playbar) == (None, [], None, None)


def test_broken_run_shows_its_error_and_the_others(
    runs: Runs, text_of: Texts, links_of: Links
) -> None:
    page = route(runs, "/?run=broken")[0]
    assert "run format 9 cannot be read" in text_of(page)
    assert "/?run=hour" in links_of(page)


def test_unknown_run_workcell_and_page(runs: Runs, text_of: Texts) -> None:
    assert "there is no run 'houre'" in text_of(route(runs, "/?run=houre")[0])
    assert "no workcell 'mixin' (nearest: 'mixing')" in text_of(
        route(runs, "/workcell/mixin?run=hour")[0]
    )
    assert "no such page" in text_of(route(runs, "/nothing?run=hour")[0])


def test_a_page_that_fails_leaves_the_shell(
    runs: Runs, text_of: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "layout", lambda now: 1 / 0)
    page, nav, *_ = route(runs, "/?run=hour")
    assert "cannot be shown" in text_of(page)
    assert len(nav) == 6


def test_run_facts_mark_what_is_not_complete(runs: Runs, text_of: Texts) -> None:
    stopped = shown(runs, "/?run=stopped")
    parts = shell.run_facts(stopped)
    assert "cancelled" in text_of(parts[-1])
    assert "status-cancelled" in parts[-1].className


def test_first_moment_is_a_minute_into_the_worst_flag(now: Shown) -> None:
    found = OpenRun(now.run)
    first = Flag("mixing", "mix", 100.0, 3600.0, "slow_cycle", None, 9.0, "warning")
    worst = Flag("inserting", "arm", 1800.0, 3600.0, "vacuum_leak", "grip", 1.0, "critical")
    found.once("flags", lambda: [first, worst])
    assert first_moment(found) == 1860.0
    assert first_moment(without_flags(now).open) == 1800.0, "the middle of a run without flags"


def test_a_flag_is_found(now: Shown) -> None:
    """The scenario of all these tests: the robot's slow grip."""
    (flag,) = [f for f in now.open.flags if f.resource == "arm"]
    assert (flag.workcell, flag.substep) == ("inserting", "grip")
    assert flag.since_s == pytest.approx(1800.0, abs=60.0)


# --- overview ---


def test_key_figures(now: Shown, text_of: Texts) -> None:
    text = text_of(overview.kpi_cards(now))
    assert "Throughput 180 per h 100.0 % of plan (180 per h)" in text
    assert "Work in progress 0.5000 battery cells" in text
    assert "Flow time 10.0 s" in text
    assert "Energy 3.000 kWh" in text


def test_a_missing_figure_says_why(now: Shown, text_of: Texts) -> None:
    (card,) = [overview.kpi("Yield", "–", "", "of all", why="nothing was shipped")]
    assert "nothing was shipped" in text_of(card)


@pytest.mark.parametrize(
    ("share", "level"),
    [(None, "normal"), (1.2, "normal"), (0.97, "normal"), (0.95, "warning"), (0.5, "critical")],
)
def test_output_below_plan_is_coloured(share: float | None, level: str) -> None:
    assert overview._plan_level(share) == level


def test_plant_strip_colours_only_what_is_abnormal(
    now: Shown, classes_of: Callable[..., set[str]], text_of: Texts
) -> None:
    calm = replace(without_flags(now), t_s=100.0)
    assert not {"warning", "critical"} & classes_of(strip.plant_strip(calm))
    down = replace(without_flags(now), t_s=1000.0)
    assert "warning" in classes_of(strip.plant_strip(down))
    assert "1 of 2 stopped" in text_of(strip.plant_strip(down))
    assert "25 % full" in text_of(strip.plant_strip(calm))


def test_flag_list_leads_to_the_workcell_at_its_time(now: Shown, links_of: Links) -> None:
    view = parse(links_of(overview.flag_list(now))[0])
    assert (view.page, view.workcell, view.resource) == ("workcell", "inserting", "arm")
    assert view.t_s == pytest.approx(1800.0, abs=60.0)


def test_no_flags_is_said(now: Shown, text_of: Texts) -> None:
    assert "No flags" in text_of(overview.flag_list(without_flags(now)))


def test_many_flags_are_cut_with_a_link(now: Shown, links_of: Links) -> None:
    found = OpenRun(now.run)
    one = Flag("mixing", "mix", 0.0, 9.0, "slow_cycle", None, 1.0, "warning", title="Slow")
    found.once("flags", lambda: [one] * 20)
    links = links_of(overview.flag_list(replace(now, open=found)))
    assert len(links) == overview.MOST_FLAGS + 1
    assert parse(links[-1]).page == "flags"


# --- workcell ---


@pytest.mark.parametrize(
    ("address", "workcell_id", "station"),
    [
        ("/workcell/mixing?run=hour", "mixing", "mix"),
        ("/workcell?run=hour", "inserting", "insert"),
        ("/workcell/inserting?run=hour&resource=arm", "inserting", "insert"),
        ("/workcell/mixing?run=hour&resource=mix_2", "mixing", "mix"),
        ("/workcell/mixing?run=hour&resource=nonsense", "mixing", "mix"),
    ],
)
def test_focus(runs: Runs, address: str, workcell_id: str, station: str) -> None:
    here = focus(shown(runs, address))
    assert here.workcell.id == workcell_id
    assert here.station is not None
    assert here.station.id == station


def test_focus_of_an_unknown_workcell_is_refused(runs: Runs) -> None:
    with pytest.raises(RunError, match="has no workcell"):
        focus(shown(runs, "/workcell/x%20y?run=hour"))


def test_a_robot_workcell_has_sub_steps_and_others_have_places(
    runs: Runs, ids_of: Callable[..., set[str]]
) -> None:
    robot = ids_of(workcell.layout(shown(runs, "/workcell/inserting?run=hour")))
    other = ids_of(workcell.layout(shown(runs, "/workcell/mixing?run=hour")))
    assert "workcell-substeps" in robot
    assert "workcell-levels" not in robot
    assert "workcell-levels" in other
    assert "workcell-substeps" not in other


def test_links_go_to_the_neighbours_and_the_twin(runs: Runs, links_of: Links) -> None:
    views = [parse(a) for a in links_of(workcell.layout(shown(runs, "/workcell/mixing?run=hour")))]
    assert [v.workcell for v in views if v.page == "workcell"] == ["inserting"]
    assert [v.camera for v in views if v.page == "twin"] == ["workcell:mixing"]


def test_sub_steps_card(now: Shown, text_of: Texts) -> None:
    text = text_of(workcell_cards.substeps(now))
    assert "7.00 s instead of 6.00 s" in text
    assert "while flagged" in text
    assert "6.50 s" in text_of(workcell_cards.substeps(without_flags(now)))


def test_flag_cards_show_the_evidence(now: Shown, text_of: Texts) -> None:
    text = text_of(workcell_cards.flag_cards(now))
    assert "Expected 1.00 s" in text
    assert "Observed 2.00 s" in text
    assert "still open" in text


def test_readings_follow_the_playhead(now: Shown, text_of: Texts) -> None:
    assert "Vacuum 60.0 kPa" in text_of(workcell_cards.readings(now))
    assert "Vacuum 80.0 kPa" in text_of(workcell_cards.readings(replace(now, t_s=100.0)))


def test_cards_without_data_say_so(runs: Runs, text_of: Texts) -> None:
    soak = shown(runs, "/workcell/soaking?run=hour&t=60")
    assert "records no signals" in text_of(workcell_cards.signals(soak))
    assert "No cycle began" in text_of(workcell_cards.cycles(soak))
    assert "No states" in text_of(workcell_cards.shares(soak))
    assert "no robot" in text_of(workcell_cards.substeps(soak))


def test_states_around_the_playhead(now: Shown) -> None:
    drawn = workcell_cards.states(replace(now, t_s=10.0)).children.figure
    low, high = drawn.layout.xaxis.range
    assert high - low == workcell_cards.AROUND_S * 1000
    late = workcell_cards.states(replace(now, t_s=3600.0)).children.figure
    assert late.layout.xaxis.range[1] - high == pytest.approx(2400e3)


def test_machine_table(runs: Runs, text_of: Texts) -> None:
    text = text_of(workcell_cards.machine_table(shown(runs, "/workcell/mixing?run=hour&t=1000")))
    assert "Mixer 1 Working" in text
    assert "Mixer 2 Down 100 s" in text
    assert "5.00 min" in text, "mean repair time"
    places = text_of(
        workcell_cards.machine_table(shown(runs, "/workcell/inserting?run=hour&t=700"))
    )
    assert "Parts 2 of 4 lots" in places


# --- 3D ---


def test_twin_has_tools_for_every_workcell_and_robot(runs: Runs, text_of: Texts) -> None:
    text = text_of(twin.layout(shown(runs, "/twin?run=hour")))
    assert "Mixing Inserting Soaking" in text
    assert "From Insertion robot" in text


def test_twin_restores_camera_and_selection(runs: Runs) -> None:
    page = twin.layout(shown(runs, "/twin?run=hour&t=60&camera=top&resource=arm"))
    view = page.children[1].children[0]
    assert (view.camera, view.selected, view.playhead) == ("top", "arm", 60.0)


@pytest.mark.parametrize(
    ("name", "kind", "state"),
    [
        ("mix_2", "machine", "Down"),
        ("arm", "robot", "Working"),
        ("parts", "buffer", "2 of 4 lots"),
        ("soak", "rack store", "2 of 8 lots"),
        ("goods_in", "goods in", "In place"),
    ],
)
def test_what_is_known_of_an_object(now: Shown, name: str, kind: str, state: str) -> None:
    facts = object_facts(replace(now, t_s=1001.0), name)
    assert facts is not None
    assert (facts.kind, facts.state) == (kind, state)


def test_flags_of_the_robot_belong_to_its_station_too(now: Shown) -> None:
    for name in ("arm", "insert"):
        facts = object_facts(now, name)
        assert facts is not None
        assert [f.resource for f in facts.flags] == ["arm"]
    assert object_facts(now, "mix_1") is not None
    assert object_facts(now, "mix_1").flags == ()  # type: ignore[union-attr]


def test_unknown_object_is_nothing(now: Shown, text_of: Texts) -> None:
    assert object_facts(now, "<script>") is None
    assert object_kind(now.run.plant, "nobody") is None
    assert "Nothing selected" in text_of(twin.selection_panel(now, "<script>"))
    assert "Nothing selected" in text_of(twin.selection_panel(now, None))


def test_selection_panel(now: Shown, text_of: Texts, links_of: Links) -> None:
    panel = twin.selection_panel(replace(now, t_s=1000.0), "mix_2")
    assert "Mixer 2 machine" in text_of(panel)
    assert "breakdown" in text_of(panel)
    assert parse(links_of(panel)[0]) == View(
        "workcell", run="hour", workcell="mixing", resource="mix_2", t_s=1000.0
    )


def test_flag_panel_follows_the_playhead(now: Shown, text_of: Texts) -> None:
    assert "Insertion robot" in text_of(twin.flag_panel(now))
    assert "None at this time" in text_of(twin.flag_panel(without_flags(now)))


# --- flags ---


def test_flag_rows(now: Shown) -> None:
    k = next(k for k, f in enumerate(now.open.flags) if f.resource == "arm")
    row = flags.row(now, now.open.flags[k], k)
    assert (row["workcell"], row["resource"]) == ("Inserting", "Insertion robot")
    assert (row["since"], row["until"], row["id"]) == ("00:30", "open", str(k))


def test_the_address_picks_a_flag(now: Shown) -> None:
    early = Flag("inserting", "arm", 100.0, 200.0, "slow_substep", "grip", 1.0, "warning")
    late = replace(early, since_s=1800.0, until_s=3600.0)
    bad = replace(early, resource="mix", severity="critical")
    found = OpenRun(now.run)
    found.once("flags", lambda: [early, late, bad])
    view = View("flags", run="hour", resource="arm")
    assert flags.picked_index(Shown(found, view, 1900.0)) == 1
    assert flags.picked_index(Shown(found, view, 0.0)) == 0
    assert flags.picked_index(Shown(found, View("flags"), 0.0)) == 2, "the worst"
    assert flags.picked_index(without_flags(now)) is None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"id": "1"}], 1), ([{"id": "2"}], None), ([{"id": "-1"}], None), ([{"id": "x"}], None),
        ([{}], None), ([], None), (None, None), ("1", None), ([{"id": 1}], None), ([3], None),
    ],
)  # fmt: skip
def test_picked_row_is_checked(rows: object, expected: int | None) -> None:
    assert flags._index(rows, 2) == expected


def test_flag_detail(now: Shown, text_of: Texts, links_of: Links) -> None:
    (flag,) = [f for f in now.open.flags if f.resource == "arm"]
    page = flag_detail.detail(now, flag)
    assert flag.title in text_of(page)
    views = [parse(a) for a in links_of(page)]
    assert [(v.page, v.resource) for v in views] == [("workcell", "arm"), ("twin", "arm")]
    assert all(v.t_s == pytest.approx(flag.since_s, abs=0.1) for v in views)


def test_detail_of_a_finding_about_the_whole_plant(now: Shown, links_of: Links) -> None:
    flag = Flag("", "tiny", 0.0, 9.0, "below_plan", None, 5.0, "warning", title="Below plan")
    page = flag_detail.detail(now, flag)
    assert links_of(page) == []
    assert len(page.children[0].children) == 1
    assert flags.row(now, flag, 0)["workcell"] == flags.PLANT


def test_detail_of_a_station(now: Shown) -> None:
    flag = Flag("mixing", "mix", 0.0, 9.0, "slow_cycle", None, 5.0, "warning", title="Slow")
    assert len(flag_detail.detail(now, flag).children[0].children) == 3


def test_the_page_without_flags_has_no_table(now: Shown, text_of: Texts, ids_of: Any) -> None:
    page = flags.layout(without_flags(now))
    assert "none in this run" in text_of(page)
    assert ids_of(page) == {"view"}
