"""Addresses: what is written is read back, what makes no sense is left out."""

from __future__ import annotations

import pytest

from dashboard.urls import View, parse


@pytest.mark.parametrize(
    "view",
    [
        View("overview"),
        View("overview", run="demo", t_s=7200.0),
        View("twin", run="a run", t_s=0.5, camera="workcell:pouch", resource="arm_1"),
        View("workcell", run="demo", workcell="pouch", resource="robot_pouch", t_s=7203.4),
        View("flags", run="demo", resource="x"),
        View("workcell"),
    ],
)
def test_address_is_read_back(view: View) -> None:
    assert parse(view.href) == view


def test_address_is_short_and_readable() -> None:
    view = View("workcell", run="demo", workcell="pouch", t_s=7200.0)
    assert view.href == "/workcell/pouch?run=demo&t=7200"
    assert View("overview").href == "/"


@pytest.mark.parametrize("address", ["/nothing", "/twin/more", "/workcell/a/b", "/overview/x"])
def test_unknown_path_is_missing(address: str) -> None:
    assert parse(address).page == "missing"


@pytest.mark.parametrize("t", ["", "x", "nan", "inf", "-inf"])
def test_time_that_is_no_number_is_left_out(t: str) -> None:
    assert parse(f"/?t={t}").t_s is None


def test_time_before_the_start_is_the_start() -> None:
    assert parse("/?t=-5").t_s == 0.0


@pytest.mark.parametrize("name", ["%00", "%0a", "x" * 201, ""])
def test_unprintable_and_endless_names_are_left_out(name: str) -> None:
    assert parse(f"/?run={name}").run is None


def test_nothing_is_the_overview() -> None:
    assert parse(None) == parse("") == View("overview")


def test_another_page_keeps_the_run_only() -> None:
    here = View("workcell", run="demo", t_s=5.0, workcell="pouch", resource="r")
    assert here.to("flags") == View("flags", run="demo")
    assert here.to("twin", camera="top", t_s=3.0) == View("twin", run="demo", t_s=3, camera="top")
