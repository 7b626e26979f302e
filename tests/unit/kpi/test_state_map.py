"""The state map covers every state once, in vocabularies that exist."""

from __future__ import annotations

import pytest

from twin.kpi.state_map import (
    BUSY_STATES,
    MINOR_STOP,
    PLANNED_LOSSES,
    STATE_MAP,
    UNPLANNED_LOSSES,
    meaning,
)
from twin.run.tables import STATES, VEHICLE_STATES

PACKML = {"Execute", "Idle", "Suspended", "Held", "Aborted", "Stopped"}
SEMI_E10 = {"productive", "standby", "scheduled down", "unscheduled down", "non-scheduled"}
ISO = {"APT", "ADET", "ADOT", "AUST", "outside PBT"}


def test_every_state_is_mapped() -> None:
    assert {m.state for m in STATE_MAP} == set(STATES)
    keys = [(m.state, m.reason) for m in STATE_MAP]
    assert len(keys) == len(set(keys))


def test_every_loss_known_from_states_is_used_once() -> None:
    losses = [m.loss for m in STATE_MAP]
    assert len(losses) == len(set(losses))
    assert set(losses) == {*PLANNED_LOSSES, *UNPLANNED_LOSSES} - {"scrap", "unrecorded"}


def test_only_known_words_are_used() -> None:
    assert {m.packml for m in STATE_MAP} <= PACKML
    assert {m.semi_e10 for m in STATE_MAP} == SEMI_E10
    assert {m.iso22400 for m in STATE_MAP} == ISO


def test_unplanned_losses_are_outside_busy_time() -> None:
    for m in STATE_MAP:
        assert (m.iso22400 == "outside PBT") == (m.loss in UNPLANNED_LOSSES)


def test_a_minor_stop_is_no_breakdown() -> None:
    assert meaning("down", MINOR_STOP).loss == "minor_stops"
    assert meaning("down", "breakdown").loss == "breakdowns"
    assert meaning("down").power == "down"
    assert meaning("down", MINOR_STOP).power == "idle"


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        meaning("dancing")


def test_busy_states_are_states() -> None:
    for kind, states in BUSY_STATES.items():
        assert set(states) <= {*STATES, *VEHICLE_STATES}, kind


def test_packml_says_what_was_missing_and_in_which_mode() -> None:
    details = {m.state: m.packml_detail for m in STATE_MAP if not m.reason}
    assert details["starved"] == "EquipmentStarved"
    assert details["blocked"] == "EquipmentBlocked"
    assert details["setup"] == "mode Setup"
    assert details["maintenance"] == "mode Maintenance"
    assert meaning("protective_stop").packml == "Held"
