"""A real Chromium: pages that may only talk to this machine, and pictures of failures."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

SCREENSHOTS = Path(__file__).parent / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
SIZE = {"width": 1366, "height": 768}
HARMLESS = re.compile(r"GPU stall|WebGL")
TIMEOUT_MS = 60_000

SETTLED = """() => {
  const s = window.store && window.store.getState();
  const open = ['requested', 'prioritized', 'executing', 'watched', 'blocked'];
  return s && s.appLifecycle === 'HYDRATED' && !s.isLoading
    && open.every((k) => !(s.callbacks[k] || []).length);
}"""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep the result of each phase, for the picture of a failure."""
    report = (yield).get_result()  # type: ignore[misc]
    setattr(item, f"report_{report.when}", report)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this worker."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        if os.environ.get("CELLTWIN_REQUIRE_BROWSER"):
            pytest.fail("there is no Chromium; install it (apt-get install chromium)")
        pytest.skip("there is no Chromium; `make test` installs it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What a page did that it must not do."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error in the console."""
        if message.type == "error" and not HARMLESS.search(message.text):
            self.errors.append(message.text)

    def guard(self, route: Route) -> None:
        """Let requests to this machine pass; stop and note all others."""
        if urlsplit(route.request.url).hostname in {"127.0.0.1", "localhost"}:
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()


@pytest.fixture
def watch() -> Watch:
    """What the page of this test did."""
    return Watch()


@pytest.fixture
def page(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A new page; the test fails on console errors and on requests to other machines."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
    opened = context.new_page()
    opened.set_default_timeout(TIMEOUT_MS)
    opened.on("console", watch.console)
    opened.on("pageerror", lambda error: watch.errors.append(str(error)))
    opened.route("**/*", watch.guard)
    yield opened
    report = getattr(request.node, "report_call", None)
    if report is None or report.failed or watch.errors or watch.foreign:
        SCREENSHOTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "_", request.node.name)
        opened.screenshot(path=SCREENSHOTS / f"{name}.png")
    context.close()
    assert watch.foreign == []
    assert watch.errors == []


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Flask], str]]:
    """A function that serves a Flask app on a free port and returns its address."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def settled() -> Callable[[Page], Any]:
    """A function that waits until Dash has nothing more to do."""
    return lambda opened: opened.wait_for_function(SETTLED)
