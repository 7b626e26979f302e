"""How a run is seen: a Dash app with an overview, a 3D view, workcells and flags."""

from __future__ import annotations

from dashboard.app import create_app
from dashboard.serve import serve

__all__ = ["create_app", "serve"]
