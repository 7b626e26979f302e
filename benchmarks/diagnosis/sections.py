"""Measured sections of the page, so that one part of the board can be refreshed alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.page import BEGIN, END
from benchmarks.table import grid

GOALS = "Goals"
"""Section whose rows belong to several parts: rows are replaced one by one."""

Sections = dict[str, str]


def written(page: Path) -> Sections:
    """Return the measured sections of a page by their title, in order."""
    measured = page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    parts = re.split(r"^### (.+)$", measured, flags=re.MULTILINE)
    return {t: text.strip() for t, text in zip(parts[1::2], parts[2::2], strict=True)}


def merged(old: Mapping[str, str], new: Mapping[str, str]) -> Sections:
    """Return the old sections with the new ones in their place, or behind them."""
    found = {**old, **new}
    if GOALS in old and GOALS in new:
        found[GOALS] = _rows_merged(old[GOALS], new[GOALS])
    return found


def text_of(sections: Mapping[str, str]) -> str:
    """Return sections as Markdown."""
    return "\n\n".join(f"### {title}\n\n{text}" for title, text in sections.items())


def _rows_merged(old: str, new: str) -> str:
    """Return a table whose rows of the same first cell are the new ones, the others the old."""
    fresh = {_name(line): line for line in new.splitlines()[2:]}
    lines = [fresh.pop(_name(line), line) for line in old.splitlines()]
    rows = [[c.strip() for c in line.strip("| ").split("|")] for line in [*lines, *fresh.values()]]
    del rows[1]
    return grid(rows[0], rows[1:])


def _name(line: str) -> str:
    return line.strip("| ").split("|")[0].strip()
