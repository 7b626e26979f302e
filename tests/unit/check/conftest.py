"""Plants for the checks: the shipped ones, and copies of them with a text replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.plant.library import find_plant
from twin.plant.load import LoadedPlant, load_plant

Edited = Callable[..., LoadedPlant]


@pytest.fixture(scope="session")
def pilot() -> LoadedPlant:
    return load_plant("pilot")


@pytest.fixture(scope="session")
def starter() -> LoadedPlant:
    return load_plant("starter")


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """Load a shipped plant with texts replaced; each old text must occur exactly once."""

    def load(name: str, *changes: tuple[str, str]) -> LoadedPlant:
        text = find_plant(name).read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
            text = text.replace(old, new)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, "utf-8")
        return load_plant(path)

    return load


@pytest.fixture
def line_of(tmp_path: Path) -> Callable[[str], int]:
    """Return the number of the line that reads like this in the edited plant."""

    def find(text: str) -> int:
        (path,) = tmp_path.glob("*.yaml")
        lines = path.read_text("utf-8").splitlines()
        return next(k for k, line in enumerate(lines, start=1) if line.strip() == text)

    return find
