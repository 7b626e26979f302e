"""A plant written as YAML and loaded again is the same plant, whatever its numbers."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from twin.plant.assembly import checked_plant
from twin.plant.base import Duration, parse_time_s
from twin.plant.item import Item
from twin.plant.library import plant_names
from twin.plant.load import load_plant
from twin.plant.place import Buffer, Conveyor, Sink, Source
from twin.plant.plant import Building, Line, Plant, Workcell
from twin.plant.repeat import expand_repeats
from twin.plant.station import Breakdown, Power, Station, Take
from twin.plant.template import apply_templates
from twin.plant.tree import Problems, from_plain, plain
from twin.plant.yaml_source import read_yaml

SMALL = load_plant("starter").plant.model_dump(mode="json", by_alias=True, exclude_defaults=True)

sizes = st.tuples(*[st.floats(0.1, 100)] * 3)
points = st.tuples(*[st.floats(-1e6, 1e6)] * 3)
positive = st.floats(1e-6, 1e9)
shares = st.floats(0.01, 1)
ids = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,12}\Z")
labels = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)
durations = st.builds(
    Duration,
    mean_s=positive,
    cv=st.floats(0, 0.4),
    kind=st.sampled_from(["lognormal", "gamma", "normal", "uniform", "triangular"]),
)
powers = st.builds(Power, working_kw=positive, idle_kw=positive)
breakdowns = st.none() | st.builds(
    Breakdown, mtbf_h=positive, mttr_h=positive, clock=st.sampled_from(["operating", "calendar"])
)


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    """A line of stations with buffers between, and a lot size that fits everywhere."""
    count = draw(st.integers(1, 4))
    names = draw(st.lists(ids, min_size=2 * count + 6, max_size=2 * count + 6, unique_by=str))
    plant, item, source, sink, line, cell, *rest = names
    places, stations = rest[:count], rest[count:]
    lot = draw(st.integers(1, 1000))
    made = [
        Station(
            id=name,
            label=draw(labels),
            kind="discrete",
            position_m=draw(points),
            size_m=draw(sizes),
            heading_deg=draw(st.floats(-360, 360)),
            take=[Take(place=places[k])],
            put=places[k + 1] if k + 1 < count else sink,
            cycle=draw(durations),
            performance=draw(shares),
            yield_=draw(shares),
            breakdown=draw(breakdowns),
            power=draw(powers),
            workcell=cell,
            line=line,
        )
        for k, name in enumerate(stations)
    ]  # fmt: skip
    kept = [
        Buffer(id=name, item=item, capacity=draw(st.integers(1, 99)), position_m=draw(points),
               size_m=draw(sizes))
        if draw(st.booleans())
        else Conveyor(id=name, item=item, capacity=draw(st.integers(1, 99)),
                      path_m=[draw(points)[:2], draw(points)[:2]], speed_mps=draw(positive))
        for name in places
    ]  # fmt: skip
    workcell = Workcell(
        id=cell,
        stations=made,
        buffers=[place for place in kept if isinstance(place, Buffer)],
        conveyors=[place for place in kept if isinstance(place, Conveyor)],
    )
    return Plant(
        id=plant,
        label=draw(labels),
        building=Building(size_m=draw(sizes)),
        items=[Item(id=item, units_per_lot=lot, size_m=draw(sizes))],
        sources=[Source(id=source, item=item, put=places[0], position_m=draw(points))],
        sinks=[Sink(id=sink, position_m=draw(points))],
        lines=[Line(id=line, workcells=[workcell])],
    )


def written(plant: Plant) -> str:
    data = plant.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_unicode = True
    yaml.dump(data, stream)
    return stream.getvalue()


@settings(max_examples=40, deadline=None)
@given(plant=plants())
def test_random_plant_survives_the_file(tmp_path_factory: pytest.TempPathFactory, plant: Plant):
    path = tmp_path_factory.mktemp("round") / "plant.yaml"
    path.write_text(written(plant), "utf-8")
    assert load_plant(path).plant == plant


@pytest.mark.parametrize("name", plant_names())
def test_shipped_plant_survives_the_file(tmp_path: Path, name: str):
    plant = load_plant(name).plant
    path = tmp_path / "again.yaml"
    path.write_text(written(plant), "utf-8")
    assert load_plant(path).plant == plant


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | labels,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ids, inner, max_size=3),
    max_leaves=12,
)


@given(value=json_values)
def test_tree_keeps_plain_data(value: Any):
    assert plain(from_plain(value, "here")) == value


@settings(max_examples=60, deadline=None)
@given(value=st.dictionaries(ids, json_values, min_size=1, max_size=4))
def test_any_mapping_is_refused_with_problems_and_never_fails(value: dict[str, Any]):
    problems = Problems()
    assert checked_plant(from_plain(value, "file:1"), problems) is None
    assert problems
    assert all(str(problem).startswith("file:1: ") for problem in problems)


def every_path(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of everything inside nested dicts and lists."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for key, child in children:
        found.append((*path, key))
        if isinstance(child, dict | list):
            found += every_path(child, (*path, key))
    return found


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_plant_with_one_wrong_value_gives_problems_and_never_fails(data: st.DataObject):
    content = copy.deepcopy(SMALL)
    path = data.draw(st.sampled_from(every_path(content)))
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(json_values)
    problems = Problems()
    tree = expand_repeats(apply_templates(from_plain(content, "file:1"), None, problems), problems)
    plant = checked_plant(tree, problems)
    assert (plant is None) == bool(problems)


def test_plain_numbers_of_yaml_are_plain(bench):
    path = bench.write("a: 0x10\nb: 1_000\nc: 1e3\nd: 2026-01-05\ne: 02:00\nf: yes\ng: null\n")
    problems = Problems()
    tree = read_yaml(path, problems)
    assert not problems
    assert plain(tree) == {
        "a": 16, "b": 1000, "c": 1000.0, "d": "2026-01-05", "e": "02:00", "f": "yes", "g": None,
    }  # fmt: skip
    assert all(type(node.value) in {int, float, str, type(None)} for node in tree.fields.values())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("8h", 28800), ("2h 30m", 9000), ("02:00", 7200), ("1d", 86400), ("90s", 90), ("5 min", 300)],
)
def test_times_as_people_write_them(text: str, seconds: float):
    assert parse_time_s(text) == seconds
