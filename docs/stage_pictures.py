"""Take the pictures of the USD stage of a run: ``python docs/stage_pictures.py RUN [NAME ...]``.

Needs Blender as a Python module, in an environment of its own: ``make render-env``, or
``CELLTWIN_BPY=/path/to/python``. Without it the pictures stay as they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from twin.run.run import Run
from twin.usd import write_stage

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
BLENDER = HERE.parent / ".venv-bpy" / "bin" / "python"
WINDOW_S = (10800.0, 10980.0)
PLAIN = {"stage-outside": "Orbit@10808"}
HEAT = {"stage-heat-map": "Orbit@10808"}
CLOSED = {
    "stage-closed": "Orbit@10822",
    "stage-inside": "FlyThrough@10839",
    "stage-flight-1": "FlyThrough@10868",
    "stage-flight-2": "Workcells/formation_towers@10830",
    "stage-workcell": "Workcells/stacking@10810",
}


def blender() -> Path | None:
    """Return the Python that has `bpy`; None where there is none."""
    found = Path(os.environ.get("CELLTWIN_BPY", BLENDER))
    return found if found.is_file() else None


def take(run: Path, wanted: list[str] | None = None) -> None:
    """Take the pictures (`wanted`, or all), or say why not."""
    python = blender()
    if python is None:
        print("The pictures of the stage are left as they are: there is no Blender.")
        print("Make its environment with 'make render-env', or set CELLTWIN_BPY.")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = write_stage(Run.open(run), Path(folder) / "stage", window=WINDOW_S).root
        for pictures, options in (
            (PLAIN, []),
            (HEAT, ["--variant", "heat_map=utilisation"]),
            (CLOSED, ["--variant", "shell=closed"]),
        ):
            shots = [f"{n}={at}" for n, at in pictures.items() if not wanted or n in wanted]
            if shots:
                script = [str(python), str(HERE / "render_stage.py"), str(root), str(PICTURES)]
                subprocess.run([*script, *shots, *options], check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
