"""The address of a view: what the address bar says is all that is needed to show it again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote, urlencode, urlsplit

PAGES = ("overview", "twin", "workcell", "bottleneck", "flags", "condition")
_LONGEST_TEXT = 200


@dataclass(frozen=True)
class View:
    """What is shown.

    Attributes
    ----------
    page : str
        One of `PAGES`, or ``missing``.
    run : str or None
        Name of the run; None: the latest.
    t_s : float or None
        Playhead, seconds since the start of the run; None: where it is.
    workcell : str or None
        Workcell of the page ``workcell``.
    resource : str or None
        Machine, robot, place or flag picked on the page.
    camera : str or None
        Camera of the 3D view.
    """

    page: str
    run: str | None = None
    t_s: float | None = None
    workcell: str | None = None
    resource: str | None = None
    camera: str | None = None

    def to(self, page: str, **changes: object) -> View:
        """Return a view of another page of the same run; the playhead stays where it is."""
        return replace(View(page, run=self.run), **changes)  # type: ignore[arg-type]

    @property
    def href(self) -> str:
        """The address of the view, without the host."""
        path = "/" if self.page == "overview" else f"/{self.page}"
        if self.page == "workcell" and self.workcell:
            path += f"/{quote(self.workcell, safe='')}"
        asked = {
            "run": self.run,
            "t": None if self.t_s is None else f"{self.t_s:.1f}".removesuffix(".0"),
            "resource": self.resource,
            "camera": self.camera,
        }
        query = urlencode({key: value for key, value in asked.items() if value is not None})
        return f"{path}?{query}" if query else path


def parse(address: str | None) -> View:
    """Return the view an address stands for; what cannot be understood is left out."""
    parts = urlsplit(address or "/")
    asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    path = [step for step in parts.path.split("/") if step]
    page = path[0] if path else "overview"
    if page not in PAGES or len(path) > (2 if page == "workcell" else 1):
        page = "missing"
    return View(
        page,
        run=_text(asked.get("run")),
        t_s=_seconds(asked.get("t")),
        workcell=_text(path[1]) if page == "workcell" and len(path) == 2 else None,
        resource=_text(asked.get("resource")),
        camera=_text(asked.get("camera")),
    )


def _text(value: str | None) -> str | None:
    return value if value and len(value) <= _LONGEST_TEXT and value.isprintable() else None


def _seconds(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None
