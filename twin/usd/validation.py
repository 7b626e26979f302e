"""Validation of a stage with the validators that come with OpenUSD."""

from __future__ import annotations

from pathlib import Path

from pxr import Usd, UsdUtils, UsdValidation

from twin.errors import CelltwinError, Problem


def validate(path: str | Path) -> list[str]:
    """Run every validator of OpenUSD over a stage.

    Parameters
    ----------
    path : str or Path
        A file of USD, or the folder of a stage.

    Returns
    -------
    list of str
        Findings; none for a stage written by celltwin.

    Raises
    ------
    CelltwinError
        There is no such stage.
    """
    file = Path(path)
    file = file / "root.usda" if file.is_dir() else file
    if not file.is_file():
        raise CelltwinError(
            Problem(str(path), "there is no USD stage.", "Write one with 'celltwin stage RUN'.")
        )
    diagnostics = UsdUtils.CoalescingDiagnosticDelegate()
    stage = Usd.Stage.Open(str(file))
    known = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    found = UsdValidation.ValidationContext(known).Validate(stage)
    said = [f"OpenUSD: {one.commentary}" for one in diagnostics.TakeUncoalescedDiagnostics()]
    return [*said, *(_sentence(error) for error in found)]


def _sentence(error: UsdValidation.ValidationError) -> str:
    """Return one finding as text."""
    sites = ", ".join(_place(site) for site in error.GetSites())
    return f"{error.GetName()}: {error.GetMessage()} ({sites})"


def _place(site: UsdValidation.ValidationErrorSite) -> str:
    if site.IsPrim():
        return str(site.GetPrim().GetPath())
    if site.IsProperty():
        return str(site.GetProperty().GetPath())
    layer = site.GetLayer()
    return Path(layer.identifier).name if layer else "stage"
