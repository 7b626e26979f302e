"""The 3D viewer: a Dash component, the data it draws, and the routes that serve them."""

from __future__ import annotations

from dash.development.base_component import ComponentRegistry

from dashboard.viewer.component import CAMERA_PRESETS, LAYERS, TwinView
from twin import __version__

__all__ = ["CAMERA_PRESETS", "LAYERS", "TwinView", "__version__"]

_js_dist = [
    {"relative_package_path": "static/twinview.js", "namespace": __name__},
    {"relative_package_path": "static/scene.bundle.js", "namespace": __name__, "dynamic": True},
]
_css_dist = [{"relative_package_path": "static/twinview.css", "namespace": __name__}]

# Dash looks for the scripts of a component in its top package only; they belong to this one.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]
