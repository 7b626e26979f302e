"""``scenario.yaml``: the resolved scenario stored inside a run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from twin.errors import Problem, RunError
from twin.plant.scenario import Scenario

FILE_NAME = "scenario.yaml"
SCRIPT_NAME = "script.py"


def _plain(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def scenario_hash(scenario: Scenario) -> str:
    """Return a hash of everything that decides the run's result."""
    left_out = {"label", "description", "sources", "script"}
    said = scenario.model_dump(mode="json", by_alias=True, exclude=left_out)
    del said["plant"]["costs"]  # applied to the tables, never part of a run
    if scenario.script is not None:
        said["script"] = scenario.script.text
    text = json.dumps(said, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def save_scenario(scenario: Scenario, folder: Path) -> None:
    """Write the resolved scenario, and its script if it has one, into a run folder.

    It is written as JSON, which is YAML too: a plant of thousands of objects is so written and
    read in a tenth of a second instead of ten.
    """
    text = json.dumps(_plain(scenario), indent=1, ensure_ascii=False)
    (folder / FILE_NAME).write_text(text + "\n", "utf-8")
    if scenario.script is not None:
        (folder / SCRIPT_NAME).write_text(scenario.script.text, "utf-8")


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return YAML(typ="safe").load(text)


def load_stored_scenario(folder: Path) -> Scenario:
    """Read the resolved scenario of a run folder.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    path = folder / FILE_NAME
    try:
        return Scenario.model_validate(_read(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise RunError(
            Problem(str(path), "is missing.", "The run is damaged; simulate again.")
        ) from error
    except (ValidationError, YAMLError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise RunError(
            Problem(str(path), f"cannot be read ({first}).", "The run is damaged; simulate again.")
        ) from error
