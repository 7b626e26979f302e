"""Where the browser gets what the viewer draws: ``/api/run/<run>/scene.json`` and its chunks."""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request

from dashboard.viewer.payload import Payload, version
from twin.errors import CelltwinError
from twin.run.run import Run

FOREVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
KEPT_RUNS = 4
KEPT_ANSWERS = 96

_RUN_NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$")

FindRun = Callable[[str], Run]

_V = TypeVar("_V")


def source_url(run: Run, prefix: str = "") -> str:
    """Return the `src` of a `TwinView`: where the run is served, and which version of it."""
    return f"{prefix}/api/run/{quote(run.name)}?v={version(run)}"


@dataclass(frozen=True)
class Answer:
    """One answer, packed once: plain and compressed."""

    plain: bytes
    packed: bytes
    mimetype: str


class Answers:
    """Payloads of the last runs and their last answers."""

    def __init__(self) -> None:
        self._payloads: OrderedDict[str, Payload] = OrderedDict()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def scene(self, run: Run) -> Answer:
        """Return the scene of a run; its motion is read meanwhile, as it is asked for next."""
        payload = self._payload(run)
        Thread(target=payload.prepare, name="viewer").start()  # no daemon: it ends cleanly
        return self._answer(run, "scene", "application/json", payload.scene_bytes)

    def chunk(self, run: Run, index: int) -> Answer:
        """Return one chunk of a run.

        Raises
        ------
        IndexError
            The run has no such chunk.
        """
        payload = self._payload(run)
        return self._answer(
            run, str(index), "application/octet-stream", lambda: payload.chunk(index)
        )

    def _answer(self, run: Run, name: str, mimetype: str, make: Callable[[], bytes]) -> Answer:
        key = f"{run.folder}|{version(run)}|{name}"
        with self._lock:
            if key in self._answers:
                return _used(self._answers, key, KEPT_ANSWERS)
        plain = make()
        answer = Answer(plain, gzip.compress(plain, compresslevel=5, mtime=0), mimetype)
        with self._lock:
            self._answers[key] = answer
            return _used(self._answers, key, KEPT_ANSWERS)

    def _payload(self, run: Run) -> Payload:
        key = f"{run.folder}|{version(run)}"
        with self._lock:
            if key not in self._payloads:
                self._payloads[key] = Payload(run)
            return _used(self._payloads, key, KEPT_RUNS)


def _used(kept: OrderedDict[str, _V], key: str, most: int) -> _V:
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]


def viewer_routes(find_run: FindRun) -> Blueprint:
    """Return the routes of the viewer.

    Parameters
    ----------
    find_run : callable
        Gives the run of a name; raises `CelltwinError` where there is none or it is broken.
    """
    routes = Blueprint("viewer", __name__, url_prefix="/api/run")
    answers = Answers()

    @routes.get("/<name>/scene.json")
    def scene(name: str) -> tuple[Response, int] | Response:
        return _served(find_run, name, answers.scene)

    @routes.get("/<name>/chunk/<int:index>.bin")
    def chunk(name: str, index: int) -> tuple[Response, int] | Response:
        return _served(find_run, name, lambda run: answers.chunk(run, index))

    return routes


def _served(
    find_run: FindRun, name: str, make: Callable[[Run], Answer]
) -> tuple[Response, int] | Response:
    if not _RUN_NAME.match(name):
        return jsonify(error="There is no such run."), 404
    try:
        run = find_run(name)
        answer = make(run)
    except CelltwinError as error:
        return jsonify(error=" ".join(problem.what for problem in error.problems)), 404
    except IndexError:
        return jsonify(error="The run has no such part."), 404
    return _response(answer, is_current=request.args.get("v") == version(run))


def _response(answer: Answer, *, is_current: bool) -> Response:
    """Pack an answer; it may be kept for ever where the address names the run's version."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(answer.packed if packs else answer.plain, mimetype=answer.mimetype)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER if is_current else ASK_AGAIN
    return response
