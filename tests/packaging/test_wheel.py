"""The wheel holds everything, and works in an empty environment without a network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VIEWER = ROOT / "dashboard" / "viewer"
NOT_SOURCE = (".*", "node_modules", "runs", "build", "dist", "__pycache__")

NO_NETWORK = """
import socket

def _loopback_only(connect):
    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"no network in this test: {address}")
        return connect(self, address)
    return guarded

socket.socket.connect = _loopback_only(socket.socket.connect)
socket.socket.connect_ex = _loopback_only(socket.socket.connect_ex)
"""


def _call(command: list[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def test_lock_file_names_no_registry_and_keeps_the_hashes() -> None:
    text = (VIEWER / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert "resolved" not in text
    assert re.findall(r"https?://\S*\.tgz", text) == []
    assert all(p.get("integrity", "").startswith("sha512-") for name, p in packages.items() if name)


def test_lock_file_belongs_to_package_json() -> None:
    wanted = json.loads((VIEWER / "package.json").read_text("utf-8"))
    locked = json.loads((VIEWER / "package-lock.json").read_text("utf-8"))["packages"][""]
    assert locked["dependencies"] == wanted["dependencies"]
    assert locked["devDependencies"] == wanted["devDependencies"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources through the sdist."""
    base = tmp_path_factory.mktemp("wheel")
    source = base / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    shutil.copy(VIEWER / ".npmrc", source / "dashboard" / "viewer")
    shutil.copy(ROOT / ".gitignore", source)
    _call([sys.executable, "-m", "build", "--no-isolation", "--outdir", base / "dist"], source)
    return next((base / "dist").glob("*.whl"))


@pytest.mark.packaging
@pytest.mark.timeout(1800)
def test_wheel_holds_content_bundle_and_types_but_no_sources_of_the_bundle(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{package}/py.typed" for package in ("twin", "sim", "dashboard", "scenes")} <= names
    static = {"twinview.js", "scene.bundle.js", "twinview.css", "THIRD_PARTY_LICENSES.txt"}
    assert {f"dashboard/viewer/static/{name}" for name in static} <= names
    for folder in ("scenes/plants", "scenes/scenarios", "twin/plant/robot_models"):
        shipped = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).glob("*.yaml")}
        assert shipped
        assert shipped <= names
    library = ROOT / "scenes" / "assets" / "library"
    assets = {p.relative_to(ROOT).as_posix() for p in library.glob("*/*.usd?")}
    assert len(assets) >= 2
    assert {*assets, "scenes/assets/materials/materials.usda"} <= names
    assert not [n for n in names if "node_modules" in n or n.startswith(("tests", "benchmarks"))]
    assert not [n for n in names if n.startswith("dashboard/viewer/js")]
    assert any(n.endswith("licenses/LICENSE") for n in names)


@pytest.mark.packaging
@pytest.mark.timeout(1800)
def test_demo_runs_from_the_wheel_in_an_empty_environment_without_network(
    wheel: Path, tmp_path: Path
) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _call([*pip, wheel], tmp_path)
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(NO_NETWORK)
    alone = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    demo = [home / "bin" / "celltwin", "demo", "--no-serve", "--out", tmp_path / "demo"]
    _call([*_cut_off(), *demo], tmp_path, {**alone, "PYTHONPATH": str(guard)})
    assert json.loads((tmp_path / "demo" / "run.json").read_text())["status"] == "complete"
    assert (tmp_path / "demo" / "stage" / "root.usda").is_file()


def _cut_off() -> list[str | Path]:
    """Return the command that runs another one without network, where the system allows it."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which(command[0]):
            tried = subprocess.run([*command, "true"], check=False, capture_output=True)
            if tried.returncode == 0:
                return list(command)
    return []


def test_guard_refuses_the_network_and_lets_loopback_pass(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    code = (
        "import socket\n"
        "s = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(s.getsockname()).close()\n"
        "try:\n    socket.create_connection(('192.0.2.1', 9), timeout=1)\n"
        "except OSError as error:\n    assert 'no network in this test' in str(error), error\n"
        "else:\n    raise SystemExit('connected')\n"
    )
    _call([sys.executable, "-c", code], tmp_path, {**os.environ, "PYTHONPATH": str(tmp_path)})
