"""Take the pictures of the documentation from the demo run: ``python docs/pictures.py``.

Needs Chromium and Playwright (``pip install celltwin[dev]``). The pictures of the USD stage need
Blender (``make render-env``); without it they stay as they are.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stage_pictures
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PORT = 8471
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1366, "height": 768}
PAGES = {
    "overview": "/?run=demo&t=10800",
    "twin": "/twin?run=demo&t=10800",
    "twin-robot": "/twin?run=demo&t=10810&camera=workcell:pouch",
    "workcell": "/workcell/pouch?run=demo&t=10800",
    "flags": "/flags?run=demo",
    "condition": "/condition?run=demo",
}
DRAWN = """() => {
  const drawn = window.__twinviewer;
  return !document.querySelector('.twinview canvas') || (drawn && drawn.stats()?.sharp);
}"""


@contextmanager
def served(runs: Path) -> Iterator[str]:
    """Serve a folder of runs while the pictures are taken."""
    command = [sys.executable, "-m", "twin.cli", "dashboard", str(runs), "--port", str(PORT)]
    server = subprocess.Popen(command)  # noqa: S603 - our own command
    address = f"http://127.0.0.1:{PORT}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"nothing answers at {address}")


def take(page: Page, address: str) -> None:
    """Take every picture."""
    for name, path in PAGES.items():
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(1000)
        page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Simulate the demo, serve it, and take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        demo = [sys.executable, "-m", "twin.cli", "demo", "--no-serve", "--out", str(runs / "demo")]
        subprocess.run(demo, check=True)  # noqa: S603 - our own command
        with served(runs) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_path,
                args=["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"],
            )
            take(browser.new_page(viewport=SIZE), address)  # type: ignore[arg-type]
            browser.close()
        stage_pictures.take(runs / "demo")


if __name__ == "__main__":
    main()
