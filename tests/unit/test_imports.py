"""The rooms of the code: who may import whom, read from the source by its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ROOMS = {
    "twin": {"twin"},
    "sim": {"twin", "sim"},
    "dashboard": {"twin", "sim", "dashboard"},
    "scenes": {"twin", "sim", "dashboard", "scenes"},
}
FRONT_DOOR = "twin.cli"  # may import every room

HEAVY = {
    "pxr": ("twin.usd", "scenes.assets"),
    "simpy": ("sim",),
    "dash": ("dashboard",),
    "plotly": ("dashboard",),
    "dash_mantine_components": ("dashboard",),
    "dash_ag_grid": ("dashboard",),
    "flask": ("dashboard",),
    "paho": ("twin.live",),
    "asyncua": ("twin.live",),
}


@dataclass(frozen=True)
class Import:
    """One imported name: ``from target import name`` or ``import target``."""

    target: str
    name: str
    for_types: bool

    def candidates(self) -> tuple[str, ...]:
        """Modules it may mean, the most exact first."""
        return (f"{self.target}.{self.name}", self.target) if self.name else (self.target,)


def imports(module: str, source: str, *, package: bool = False) -> list[Import]:
    """Return every import of a module, those inside functions too."""
    base = module if package else module.rpartition(".")[0]
    found: list[Import] = []
    for node, for_types in _nodes(ast.parse(source), for_types=False):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, "", for_types) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = base.split(".")[: len(base.split(".")) - (node.level - 1)]
            prefix = ".".join(parents) if node.level else ""
            target = ".".join(part for part in (prefix, node.module or "") if part)
            found += [Import(target, alias.name, for_types) for alias in node.names]
    return found


def _nodes(node: ast.AST, *, for_types: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        typing_only = for_types or (
            isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        )
        yield child, typing_only
        yield from _nodes(child, for_types=typing_only)


def violations(module: str, found: Iterable[Import]) -> list[str]:
    """Return what `module` imports and may not."""
    wrong = []
    for item in found:
        top = item.target.partition(".")[0]
        if top in ROOMS and top not in ROOMS[module.partition(".")[0]]:
            if not _within(module, FRONT_DOOR):
                wrong.append(f"{module} imports {item.target}: another room")
        elif top in HEAVY and not any(_within(module, home) for home in HEAVY[top]):
            wrong.append(f"{module} imports {item.target}: only in {' and '.join(HEAVY[top])}")
    return wrong


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """Return one circle of imports, or an empty list."""
    done: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        path.append(module)
        for target in sorted(graph.get(module, ())):
            if found := visit(target):
                return found
        path.pop()
        done.add(module)
        return []

    return next((found for module in sorted(graph) if (found := visit(module))), [])


def _all_imports() -> dict[str, list[Import]]:
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            package = parts[-1] == "__init__"
            module = ".".join(parts[:-1] if package else parts)
            found[module] = imports(module, path.read_text("utf-8"), package=package)
    return found


ALL = _all_imports()


def graph_of(found: dict[str, list[Import]]) -> dict[str, set[str]]:
    """Return which module imports which at run time."""
    graph: dict[str, set[str]] = {module: set() for module in found}
    for module, items in found.items():
        for item in items:
            target = next((c for c in item.candidates() if c in found), None)
            if target and target != module and not item.for_types:
                graph[module].add(target)
    return graph


def test_every_room_is_read() -> None:
    assert {module.partition(".")[0] for module in ALL} >= {"twin"}
    assert "twin.run.run" in ALL


def test_rooms_and_heavy_libraries_keep_to_the_rules() -> None:
    assert [text for module, found in ALL.items() for text in violations(module, found)] == []


def test_no_import_cycles() -> None:
    assert cycle(graph_of(ALL)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("twin.kpi.oee", "from sim import simulate"),
        ("twin.kpi.oee", "def f():\n    import simpy"),
        ("sim.engine", "import dashboard.app"),
        ("sim.engine", "if TYPE_CHECKING:\n    from pxr import Usd"),
        ("twin.flags.rule", "import plotly.graph_objects as go"),
        ("dashboard.app", "from pxr import Usd"),
        ("scenes.pilot", "from pxr import Usd"),
        ("twin.cli.run", "import simpy"),
        ("twin.usdx", "from pxr import Usd"),
    ],
)
def test_checker_finds_a_violation(module: str, source: str) -> None:
    assert len(violations(module, imports(module, source))) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("twin.cli.run", "def f():\n    from dashboard import serve\n    from sim import simulate"),
        ("twin.usd.stage", "from pxr import Usd"),
        ("scenes.assets.robot", "from pxr import Usd\nimport twin.palette"),
        ("sim.engine", "import simpy\nfrom twin.run.writer import RunWriter"),
        ("dashboard.pages.twin", "import dash\nfrom sim import simulate"),
    ],
)
def test_checker_accepts_what_is_allowed(module: str, source: str) -> None:
    assert violations(module, imports(module, source)) == []


def test_checker_finds_a_cycle_through_a_function_and_a_relative_import() -> None:
    found = {
        "sim.a": imports("sim.a", "from .b import x"),
        "sim.b": imports("sim.b", "def f():\n    from sim import a"),
    }
    assert cycle(graph_of(found)) == ["sim.a", "sim.b", "sim.a"]


def test_checker_leaves_out_imports_for_types() -> None:
    found = {
        "sim.a": imports("sim.a", "import sim.b"),
        "sim.b": imports("sim.b", "if TYPE_CHECKING:\n    import sim.a"),
    }
    assert cycle(graph_of(found)) == []
