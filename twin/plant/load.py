"""Load plants and scenarios: the front door of `twin.plant`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from twin.errors import PlantError, Problem, nearest
from twin.plant.assembly import PlantTree, checked_plant, read_plant
from twin.plant.change import apply_changes
from twin.plant.citations import read_citations, resolve_sources
from twin.plant.library import find_plant, find_scenario, find_script
from twin.plant.naming import ROBOT_MODELS, built_in_models
from twin.plant.origin import Index, origins
from twin.plant.plant import Plant
from twin.plant.robot import RobotModel
from twin.plant.scenario import Scenario, ScenarioFile, ScenarioScript
from twin.plant.scenario_rules import check_scenario
from twin.plant.start import checked_start
from twin.plant.tree import Node, Problems, from_plain
from twin.plant.validation import validated
from twin.plant.yaml_source import read_yaml


@dataclass(frozen=True)
class LoadedPlant:
    """A plant with what its file says about itself.

    Attributes
    ----------
    plant : Plant
    sources : dict
        Address -> where the number comes from (``assumption`` if assumed). An object with an id
        is addressed ``<list>.<id>`` wherever it stands: ``stations.stack.cycle.mean_s``.
    path : Path
        The file.
    lines : dict
        Address, or id of an object -> line in the file.
    places : dict
        Address -> ``file:line``; not always in the same file, where a plant extends another.
    citations : dict
        Short key -> full text.
    unsourced : tuple of str
        Addresses of quantities without a source.
    notes : dict
        Address -> note beside the source.
    """

    plant: Plant
    sources: dict[str, str]
    path: Path
    lines: dict[str, int]
    places: dict[str, str]
    citations: dict[str, str]
    unsourced: tuple[str, ...]
    notes: dict[str, str]


def load_plant(ref: str | Path) -> LoadedPlant:
    """Load a plant by name or path.

    Raises
    ------
    PlantError
        The file cannot be used; holds every problem found.
    """
    problems = Problems()
    read = read_plant(find_plant(ref), problems)
    plant = checked_plant(read.root, problems)
    if plant is None:
        raise PlantError(problems)
    found, index = origins(read.root), Index(read.root)
    return LoadedPlant(
        plant=plant,
        sources=found.sources,
        path=read.path,
        lines=index.lines(),
        places=index.places(),
        citations=read.citations,
        unsourced=found.unsourced,
        notes=found.notes,
    )


def load_scenario(
    ref: str | Path,
    *,
    horizon_s: float | None = None,
    warmup_s: float | None = None,
    seed: int | None = None,
    changes: Mapping[str, object] | None = None,
    snapshot: str | Path | None = None,
    script: str | Path | None = None,
) -> Scenario:
    """Load a scenario, or a plant as a scenario of its own, with all changes applied.

    Parameters
    ----------
    ref : str or Path
        Name or path of a scenario or plant.
    horizon_s, warmup_s, seed, script : optional
        Replace the scenario's own; the script by name or path.
    changes : mapping, optional
        Path -> value, applied after the scenario's ``set``.
    snapshot : str or Path, optional
        Plant state the run begins with, instead of the scenario's own initial state.

    Raises
    ------
    PlantError
        Scenario or plant cannot be used; holds every problem found in both.
    """
    problems = Problems()
    path = find_scenario(ref)
    said, read = _read_scenario(path, problems)
    root = read.root
    said = _replaced(
        _beginning_with(said, snapshot),
        {"horizon": horizon_s, "warmup": warmup_s, "seed": seed, "script": script},
    )
    for group in (said.fields.get("set", Node({}, "")).fields, _given(changes)):
        root = apply_changes(root, group, problems)
    scenario = validated(said, ScenarioFile, problems)
    plant = checked_plant(root, problems)
    if scenario is not None:
        check_scenario(said, scenario, plant, problems)
        initial = checked_start(scenario.initial, plant, beside=path.parent, problems=problems)
    code = _read_script(said, path.parent if script is None else None, problems)
    if problems or plant is None or scenario is None:
        raise PlantError(problems)
    return Scenario(
        id=scenario.id,
        label=scenario.label,
        description=scenario.description,
        plant=plant,
        faults=scenario.faults,
        script=code,
        horizon_s=scenario.horizon,
        warmup_s=scenario.warmup,
        seed=scenario.seed,
        initial=initial,
        start=scenario.start,
        sources=origins(root).sources,
    )


def _given(changes: Mapping[str, object] | None) -> dict[str, Node]:
    """Return the changes that an option ``--set`` asks for."""
    return {path: from_plain(value, "--set") for path, value in (changes or {}).items()}


def _replaced(said: Node, options: Mapping[str, object]) -> Node:
    """Return what a scenario says with the options that are given."""
    for key, option in options.items():
        if option is not None:
            given = str(option) if isinstance(option, Path) else option
            said = said.with_value({**said.fields, key: from_plain(given, f"--{key}")})
    return said


def _beginning_with(said: Node, snapshot: str | Path | None) -> Node:
    if snapshot is None:
        return said
    start = from_plain({"snapshot": str(Path(snapshot).resolve())}, "--from-snapshot")
    return said.with_value({**said.fields, "initial": start})


def _read_scenario(path: Path, problems: Problems) -> tuple[Node, PlantTree]:
    """Return what a scenario file says, and its plant; a plant is a scenario of its own."""
    root = read_yaml(path, problems)
    if "plant" not in root.fields:
        read = read_plant(path, problems, root)
        kept = {k: v for k, v in read.root.fields.items() if k in {"id", "label", "description"}}
        return root.with_value({**kept, "plant": from_plain(str(path), root.where)}), read
    citations = read_citations(root.fields.get("citations"), problems)
    kept = {k: v for k, v in root.fields.items() if k != "citations"}
    said = resolve_sources(root.with_value(kept), citations, problems)
    named = said.fields["plant"]
    try:
        plant_path = find_plant(str(named.value), beside=path.parent)
    except PlantError as error:
        problems.add(named, "; ".join(f"plant '{p.where}': {p.what}" for p in error.problems))
        raise PlantError(problems) from None
    return said, read_plant(plant_path, problems)


def _read_script(said: Node, beside: Path | None, problems: Problems) -> ScenarioScript | None:
    """Return the script a scenario names, read relative to the folder `beside`."""
    named = said.fields.get("script")
    if named is None or not isinstance(named.value, str):
        return None
    try:
        path = find_script(named.value, beside)
        return ScenarioScript(path=str(path), text=path.read_text("utf-8"))
    except PlantError as error:
        for problem in error.problems:
            problems.add(named, f"script '{problem.where}': {problem.what}", problem.remedy)
    except (OSError, UnicodeDecodeError) as error:
        problems.add(named, f"script '{named.value}' cannot be read ({error}).")
    return None


def robot_model(plant: Plant | None, name: str) -> RobotModel:
    """Return a robot model by name: the plant's own, or one that comes with celltwin.

    Raises
    ------
    PlantError
        There is no such model; names the nearest one.
    """
    own = {model.id: model for model in (plant.robot_models if plant else ())}
    if name in own:
        return own[name]
    if name in built_in_models():
        return _built_in(name)
    close = nearest(name, [*own, *built_in_models()])
    remedy = f"Built in: {', '.join(built_in_models())}."
    raise PlantError(Problem("robot model", f"'{name}' does not exist{close}.", remedy))


@cache
def _built_in(name: str) -> RobotModel:
    problems = Problems()
    root = read_yaml(ROBOT_MODELS / f"{name}.yaml", problems)
    citations = read_citations(root.fields.get("citations"), problems)
    kept = {k: v for k, v in root.fields.items() if k != "citations"}
    tree = resolve_sources(root.with_value(kept), citations, problems)
    model = validated(tree, RobotModel, problems)
    if model is None or problems:
        raise PlantError(problems)
    return model
