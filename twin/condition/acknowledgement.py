"""What people did about alarms: ``alarms.json`` beside the tables of a run.

The tables of a run are never changed. The file is replaced as a whole, so a reader never sees half
of it; one process at a time writes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from twin.errors import Problem, RunError
from twin.run.lock import run_lock

FILE_NAME = "alarms.json"
LOCK_NAME = "alarms.lock"
VERSION = 1


@dataclass(frozen=True)
class Acknowledgement:
    """What was done about one alarm; times are those of the run.

    Attributes
    ----------
    acknowledged_s : float
        When somebody took it on.
    resolved_s : float or None
        When it was resolved, with a failure mode, cause and action.
    mode, cause, action : str
        Codes of `twin.condition.codes`; empty until resolved.
    note : str
    """

    acknowledged_s: float
    resolved_s: float | None = None
    mode: str = ""
    cause: str = ""
    action: str = ""
    note: str = ""


def load_acknowledgements(folder: Path) -> dict[str, Acknowledgement]:
    """Read what was done about alarms, by their id; empty where nothing was.

    Raises
    ------
    RunError
        The file is damaged or of another version.
    """
    path = folder / FILE_NAME
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["version"] != VERSION:
            what = f"has version {data['version']}; this celltwin reads version {VERSION}."
            raise RunError(Problem(str(path), what, "Install the celltwin that wrote it."))
        return {str(key): _checked(value) for key, value in data["alarms"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"cannot be read ({error})."
        raise RunError(Problem(str(path), what, "Correct it, or delete it.")) from error


def save_acknowledgement(folder: Path, alarm: str, done: Acknowledgement) -> None:
    """Add what was done about one alarm, or replace it.

    Raises
    ------
    RunError
        Another process writes the file, or it is damaged.
    """
    with run_lock(folder, LOCK_NAME):
        _save(folder, {**load_acknowledgements(folder), alarm: done})


def _save(folder: Path, found: Mapping[str, Acknowledgement]) -> None:
    path = folder / FILE_NAME
    temporary = path.with_suffix(".json.tmp")
    data = {"version": VERSION, "alarms": {key: asdict(a) for key, a in sorted(found.items())}}
    temporary.write_text(json.dumps(data, indent=2, allow_nan=False) + "\n", "utf-8")
    os.replace(temporary, path)


def _checked(value: dict[str, object]) -> Acknowledgement:
    made = Acknowledgement(**value)  # type: ignore[arg-type]
    times = (made.acknowledged_s, 0.0 if made.resolved_s is None else made.resolved_s)
    texts = (made.mode, made.cause, made.action, made.note)
    if not all(isinstance(t, int | float) for t in times) or not all(
        isinstance(t, str) for t in texts
    ):
        raise TypeError("a time is no number, or a code no text")
    return made
