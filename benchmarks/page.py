"""Refreshing the measured tables in the documentation."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN = "<!-- measured: written by python -m benchmarks --write -->"
END = "<!-- end of measured -->"


def refresh(text: str, page: Path = PAGE) -> None:
    """Replace what stands between the markers of a page.

    Raises
    ------
    ValueError
        The page has no markers.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: the lines '{BEGIN}' and '{END}' are missing; add them.")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
