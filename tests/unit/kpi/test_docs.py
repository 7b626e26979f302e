"""The reference page says what the code computes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from twin.kpi import series
from twin.kpi.describe import definitions_markdown, policies_markdown, state_map_markdown
from twin.kpi.registry import DEFINITIONS, definition

PAGE = (Path(__file__).parents[3] / "docs/kpi-reference.md").read_text("utf-8")
FLAGS_PAGE = (Path(__file__).parents[3] / "docs/background-flags.md").read_text("utf-8")


def section(name: str) -> str:
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- end of {name} -->", PAGE, re.DOTALL)
    assert found, name
    return found[1]


def test_key_figures_are_up_to_date() -> None:
    assert section("key figures") == definitions_markdown(), "run: python docs/generate.py"


def test_state_map_is_up_to_date() -> None:
    assert section("state map") == state_map_markdown(), "run: python docs/generate.py"


def test_policies_are_up_to_date() -> None:
    assert section("policies") == policies_markdown(), "run: python docs/generate.py"


def test_paths_are_unique_and_found_by_concrete_names() -> None:
    paths = [d.path for d in DEFINITIONS]
    assert len(paths) == len(set(paths))
    assert definition("stations.stack.oee.losses.speed").unit == "s"
    with pytest.raises(KeyError):
        definition("stations.stack.beauty")


def test_every_series_is_named_on_the_page() -> None:
    public = {
        name
        for name, thing in vars(series).items()
        if callable(thing)
        and getattr(thing, "__module__", "") == series.__name__
        and not name.startswith("_")
        and name != "thinned"
    }
    assert public
    assert all(f"`{name}`" in PAGE for name in public)


def test_flags_page_states_the_limits_in_force() -> None:
    from twin.flags import breakdown, cycle_stream, flag, impact, plan, signal, substep, waiting

    assert f"{100 * cycle_stream.LEAST_SHARE:.0f} % of the cycle |" in FLAGS_PAGE
    assert f"{100 * substep.LEAST_STEP_SHARE:.0f} % of the sub-step" in FLAGS_PAGE
    assert f"and {100 * substep.LEAST_CYCLE_SHARE:.0f} % of the cycle" in FLAGS_PAGE
    assert f"{100 * substep.ONE_STEP_SHARE:.0f} %" in FLAGS_PAGE
    assert f"of at least {signal.LEAST_STANDARD_ERRORS:.0f}" in FLAGS_PAGE
    assert f"{100 * signal.LEAST_CHANGE:.0f} % of the signal" in FLAGS_PAGE
    assert f"{100 * breakdown.LEAST_EXCESS_SHARE:.0f} % of machine time and 5 min" in FLAGS_PAGE
    assert breakdown.LEAST_EXCESS_S == 300
    assert f"{100 * waiting.LEAST_SHARE:.0f} %, if not starved" in FLAGS_PAGE
    assert f"{100 * plan.LEAST_SHORTFALL:.0f} % of the plan" in FLAGS_PAGE
    assert f"from {100 * flag.CRITICAL_CAPACITY_LOSS:.0f} % of the resource" in FLAGS_PAGE
    assert f"for {100 * impact.SPARE_LEFT:.0f} % of its time" in FLAGS_PAGE
