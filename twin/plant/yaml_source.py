"""Read a YAML file into a tree of values with positions."""

from __future__ import annotations

import math
import stat
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from twin.errors import PlantError, Problem
from twin.plant.tree import Node, Problems, Scalar

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_TAG + name for name in ("int", "float", "bool", "null"))
_TEXT_TAGS = frozenset(_TAG + name for name in ("str", "timestamp"))
_MAX_NODES = 300_000


def shown_path(path: Path) -> str:
    """Return the path as problems name it: relative to the working folder where it is inside."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    PlantError
        It is missing, a folder, not readable, not UTF-8 text or empty.
    """
    where = shown_path(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a folder" if path.is_dir() else "no ordinary file"
            raise PlantError(Problem(where, f"is {kind}.", "Name a YAML file."))
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise PlantError(Problem(where, "does not exist.")) from None
    except UnicodeDecodeError as error:
        raise PlantError(
            Problem(where, f"is no UTF-8 text (byte {error.start}).", "Name a YAML file.")
        ) from None
    except OSError as error:
        raise PlantError(Problem(where, f"cannot be read ({error.strerror}).")) from None
    if "\0" in text:
        raise PlantError(Problem(where, "is a binary file.", "Name a YAML file."))
    if not text.strip():
        raise PlantError(Problem(where, "is empty.", "'celltwin new NAME' writes a starter plant."))
    return text


def read_yaml(path: Path, problems: Problems) -> Node:
    """Read a YAML file whose top level is a mapping.

    Parameters
    ----------
    path : Path
    problems : Problems
        Receives duplicate keys, unknown tags and numbers that are not finite.

    Raises
    ------
    PlantError
        The file cannot be read, or its syntax is wrong (one problem, with its line).
    """
    text = read_text(path)
    file = shown_path(path)
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise PlantError(Problem(f"{file}:{line}", f"is no valid YAML: {what}.")) from None
    except (YAMLError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise PlantError(Problem(file, f"is no valid YAML: {first}.")) from None
    except RecursionError:
        raise PlantError(Problem(file, "is nested too deeply.")) from None
    if not isinstance(root, MappingNode):
        remedy = "Write 'key: value' lines; see docs/plant-format.md."
        raise PlantError(Problem(f"{file}:1", "holds no mapping at its top level.", remedy))
    return _Reader(file, yaml, problems).node(root, 1)


class _Reader:
    """Turns composed YAML nodes into a tree."""

    def __init__(self, file: str, yaml: YAML, problems: Problems) -> None:
        self.file = file
        self.yaml = yaml
        self.problems = problems
        self.count = 0
        self.open: set[int] = set()

    def node(self, raw: YamlNode, line: int) -> Node:
        where = f"{self.file}:{line}"
        self.count += 1
        if self.count > _MAX_NODES:
            raise PlantError(Problem(where, f"the file has more than {_MAX_NODES:,} values."))
        if isinstance(raw, ScalarNode):
            return Node(self.scalar(raw, where), where, line)
        if id(raw) in self.open:
            raise PlantError(Problem(where, "an alias contains itself."))
        self.open.add(id(raw))
        if isinstance(raw, SequenceNode):
            made = Node([self.node(item, _line(item)) for item in raw.value], where, line)
        else:
            entries = raw.value if isinstance(raw, MappingNode) else []
            made = Node(self.mapping(entries), where, line)
        self.open.discard(id(raw))
        return made

    def mapping(self, entries: list[tuple[YamlNode, YamlNode]]) -> dict[str, Node]:
        result: dict[str, Node] = {}
        for raw_key, raw_value in entries:
            line = _line(raw_key)
            where = f"{self.file}:{line}"
            if not isinstance(raw_key, ScalarNode) or raw_key.tag == _TAG + "null":
                self.problems.add(where, "a key must be a name.")
                continue
            key = str(raw_key.value)
            if key == "<<":
                remedy = "Use 'templates' and 'like'."
                self.problems.add(where, "'<<' is not supported.", remedy)
            elif key in result:
                first = result[key].line
                remedy = "Remove or rename one of them."
                self.problems.add(where, f"key '{key}' is also on line {first}.", remedy)
            else:
                result[key] = self.node(raw_value, line)
        return result

    def scalar(self, raw: ScalarNode, where: str) -> Scalar:
        if raw.tag in _TEXT_TAGS:
            return str(raw.value)
        if raw.tag not in _PLAIN_TAGS:
            self.problems.add(where, f"tag '{raw.tag}' is not supported.", "Remove it.")
            return str(raw.value)
        try:
            value = self.yaml.constructor.construct_object(raw)
        except (YAMLError, ValueError):
            self.problems.add(where, f"'{raw.value[:40]}' is no number that can be used.")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.problems.add(where, f"'{raw.value}' is not a finite number.")
            return None
        return value if value is None or isinstance(value, bool) else _number(value)


def _number(value: float) -> float:
    """Return a plain int or float (the parser's own number types keep their notation)."""
    return int(value) if isinstance(value, int) else float(value)


def _line(raw: YamlNode) -> int:
    return int(raw.start_mark.line) + 1
