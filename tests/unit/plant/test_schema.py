"""The JSON Schema accepts what the loader accepts, and refuses misspelt keys and wrong types."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from twin.errors import CelltwinError
from twin.plant.library import shipped
from twin.plant.schema import json_schema

SHIPPED = [(kind, name) for kind in ("plants", "scenarios") for name in shipped(kind)]


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.fixture(scope="module")
def plants() -> jsonschema.Draft202012Validator:
    return validator("plant")


@pytest.mark.parametrize(("kind", "name"), SHIPPED)
def test_shipped_files_are_accepted(kind: str, name: str):
    data = read(shipped(kind)[name].read_text("utf-8"))
    assert list(validator(kind.removesuffix("s")).iter_errors(data)) == []


def test_plant_with_every_form_of_writing_is_accepted(bench, plants):
    text = bench.changed("  - id: line\n", "  - id: line\n    repeat: {count: 2}\n")
    text = text.replace("put: incoming", "put: 'incoming_{n}'")
    text = text.replace("capacity: 20", "capacity: {value: 20, source: x, note: y}")
    text = text.replace("[5, 4, 2.5]", "{value: [5, {value: 4, source: x}, 2.5], source: y}")
    text = text.replace("size_m: [60, 20, 8]", "size_m: [60, 20, 8], source: assumption")
    assert list(plants.iter_errors(read(text))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pitch_m:", "pich_m:"),
        ("mttr_h: 0.12", "mttr_hours: 0.12"),
        ("machines: 2", "machines: 0"),
        ("machines: 2", "machines: two"),
        ("kind: assembly", "kind: assemble"),
        ("{value: 42.4, source: RWTH", "{value: 42.4, sauce: RWTH"),
        ("{value: 42.4, source: RWTH", "{source: RWTH"),
        ("lift_mps: 0.5, ", ""),
        ("building: {size_m: [60, 20, 8]}\n", ""),
        ("  - id: line\n", "  - id: line\n    repeat: {n: 2}\n"),
        ('start: "06:00"', "start: six"),
        ("  stations:\n    stacker", "  station:\n    stacker"),
        ("{id: day,", "{id: 1day,"),
    ],
)
def test_plant_that_is_wrong_is_refused(bench, plants, old: str, new: str):
    assert list(plants.iter_errors(read(bench.text))) == []
    assert list(plants.iter_errors(read(bench.changed(old, new))))


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("horizon: 8h", True),
        ("horizon: 2h 30min", True),
        ("horizon: 3600", True),
        ("horizon: long", False),
        ("set: {a.b: 3, c: {value: 1, source: x}}", True),
        ("faults: [{kind: vacuum_leak, at: '02:00', robot: r, extra_grip_s: 0.8}]", True),
        ("faults: [{kind: vacuum_leak, at: 0, robot: r}]", False),
        ("faults: [{kind: leak, at: 0}]", False),
        ("repeat: {count: 2}", False),
        ("citations: {A: b}", True),
    ],
)
def test_scenario_schema(body: str, right: bool):
    errors = list(validator("scenario").iter_errors(read(f"id: s\nplant: p\n{body}\n")))
    assert (errors == []) is right


def test_fields_set_by_the_loader_are_not_offered():
    definitions = json_schema("plant")["$defs"]
    assert "workcell" not in definitions["Station"]["properties"]
    assert "line" not in definitions["Robot"]["properties"]


def test_unknown_kind_is_named():
    with pytest.raises(CelltwinError, match="'plnt' is no kind of file"):
        json_schema("plnt")


def test_people_failures_and_durations_are_accepted_as_written(bench, plants):
    text = bench.changed(
        "            put: stacks\n",
        "            put: stacks\n"
        "            maintenance: {oil: {every_h: 9, work: {values_s: [3, {value: 4, source: x}],"
        " kind: discrete}, window_s: 5min}}\n"
        "            attend: {pool: operators, work: {low_s: 1, high_s: 2, kind: uniform},"
        " during: share, share: 0.5}\n",
    )
    text = text.replace("breakdown: {mtbf_h: 6,", "breakdown: {failure_cv: 0.5, mtbf_h: 6,")
    text = text.replace(
        'start: "06:00", hours: 24}',
        'start: "06:00", hours: 24, days: [mon], breaks: [{start: "10:00", length: 30min}]}',
    )
    text = text.replace(
        "pools:\n", "calendars: [{id: work, shifts: [day]}]\ncalendar: work\npools:\n"
    )
    assert list(plants.iter_errors(read(text))) == []
    plant = bench.load(text).plant
    assert plant.stations["stack"].maintenance["oil"].work.mean_s == 3.5
    assert list(plants.iter_errors(read(text.replace("during: share", "during: shore"))))
