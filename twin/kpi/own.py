"""Key figures a script added to a run: numbers kept in the run folder, never code."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from twin.errors import Problem, RunError

FILE_NAME = "script_kpis.json"


@dataclass(frozen=True)
class OwnValue:
    """A key figure of a script over the whole run; `why` where it has no value."""

    value: float | None
    unit: str
    definition: str
    why: str | None = None


def save_own(folder: Path, values: dict[str, OwnValue]) -> None:
    """Write the key figures of a script into a run folder."""
    path = folder / FILE_NAME
    temporary = path.with_suffix(".tmp")
    data = {name: asdict(value) for name, value in values.items()}
    temporary.write_text(json.dumps(data, indent=2, allow_nan=False) + "\n", "utf-8")
    os.replace(temporary, path)


def load_own(folder: Path) -> dict[str, OwnValue]:
    """Read the key figures of a script; empty where the run has none.

    Raises
    ------
    RunError
        The file is damaged.
    """
    path = folder / FILE_NAME
    try:
        data = json.loads(path.read_text("utf-8"))
        return {name: OwnValue(**value) for name, value in data.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        what = f"cannot be read ({error})."
        raise RunError(Problem(str(path), what, "Simulate again, or delete it.")) from error
