"""Where plants and scenarios are found: those that come with celltwin, and files by path."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from twin.errors import PlantError, Problem, nearest

_SUFFIXES = (".yaml", ".yml")


def shipped(kind: str, suffix: str = ".yaml") -> dict[str, Path]:
    """Return the shipped files of ``plants``, ``scenarios``, ``examples``, ``scripts`` by name."""
    spec = find_spec("scenes")
    folders = (
        [] if spec is None else [Path(place) for place in spec.submodule_search_locations or ()]
    )
    return {
        path.stem: path
        for folder in folders
        for path in sorted((folder / kind).glob(f"*{suffix}"))
        if path.stem != "__init__"
    }


def plant_names() -> list[str]:
    """Return the names of the shipped plants."""
    return list(shipped("plants"))


def scenario_names() -> list[str]:
    """Return the names of the shipped scenarios."""
    return list(shipped("scenarios"))


def describe_plants() -> list[tuple[str, str]]:
    """Return name and one-line description of every shipped plant."""
    return [(name, _one_line(path)) for name, path in shipped("plants").items()]


def describe_scenarios() -> list[tuple[str, str]]:
    """Return name and one-line description of every shipped scenario."""
    return [(name, _one_line(path)) for name, path in shipped("scenarios").items()]


def describe_examples() -> list[tuple[str, str]]:
    """Return name and one-line description of every shipped example."""
    return [(name, _one_line(path)) for name, path in shipped("examples").items()]


def find_plant(ref: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a plant given by name or path.

    Parameters
    ----------
    ref : str or Path
        Name of a shipped plant, or path of a file.
    beside : Path, optional
        Folder that relative paths start from, instead of the working folder.

    Raises
    ------
    PlantError
        There is no such plant; names the nearest one.
    """
    known = {**shipped("plants"), **shipped("examples")}
    return _find(str(ref), known, what="plant", beside=beside)


def find_scenario(ref: str | Path) -> Path:
    """Return the file of a scenario or plant given by name or path.

    Raises
    ------
    PlantError
        There is no such scenario or plant; names the nearest one.
    """
    known = {**shipped("plants"), **shipped("scenarios"), **shipped("examples")}
    return _find(str(ref), known, what="scenario or plant", beside=None)


def find_script(ref: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a scenario script given by name or path.

    Raises
    ------
    PlantError
        There is no such script; names the nearest one.
    """
    known = shipped("scripts", ".py")
    path = Path(ref) if beside is None else beside / ref
    if path.is_file():
        return path
    if str(ref) in known:
        return known[str(ref)]
    what = f"no such script{nearest(Path(ref).stem, [*known])}."
    remedy = f"Give a path relative to the scenario, or one of: {', '.join(known)}."
    raise PlantError(Problem(str(ref), what, remedy))


def describe_scripts() -> list[tuple[str, str]]:
    """Return name and first line of every shipped script."""
    return [
        (name, path.read_text("utf-8").lstrip('"').partition("\n")[0].rstrip('."'))
        for name, path in shipped("scripts", ".py").items()
    ]


def _find(ref: str, known: dict[str, Path], *, what: str, beside: Path | None) -> Path:
    path = Path(ref) if beside is None else beside / ref
    if path.suffix in _SUFFIXES or path.is_file():
        if path.exists():
            return path
    elif ref in known:
        return known[ref]
    elif path.exists():
        return path
    stem = Path(ref).stem if path.suffix in _SUFFIXES else ref
    missing = "no such file" if path.suffix in _SUFFIXES or "/" in ref else f"no such {what}"
    raise PlantError(
        Problem(ref, f"{missing}{nearest(stem, list(known))}.", "'celltwin plants' lists them.")
    )


def _one_line(path: Path) -> str:
    """Return the label of a file, or the first sentence of its description."""
    try:
        root = YAML(typ="safe", pure=True).compose(path.read_text("utf-8"))
    except (OSError, YAMLError, UnicodeDecodeError):
        return "(cannot be read)"
    texts = {
        key.value: value.value
        for key, value in (root.value if isinstance(root, MappingNode) else [])
        if isinstance(value, ScalarNode)
    }
    description = " ".join(texts.get("description", "").split())
    return str(texts.get("label") or description.split(". ")[0])
