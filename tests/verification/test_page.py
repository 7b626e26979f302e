"""The page docs/verification.md: it lists what the files of this folder compare."""

from __future__ import annotations

import re

from tests.support.comparison import LARGEST_HALF_WIDTH
from tests.verification.table import PAGE, cases, index_markdown, modules

UPDATE = "run: python -m tests.verification.table"
ROW = re.compile(
    r"^\| (?P<name>[^|]+) \| (?P<expected>\S+) \| (?P<simulated>\S+) \|"
    r" (?P<low>\S+) to (?P<high>\S+) \| (?P<share>\S+) % \|$",
    re.MULTILINE,
)


def test_every_file_is_listed() -> None:
    assert index_markdown() in PAGE.read_text("utf-8"), UPDATE


def test_every_comparison_is_listed_and_agrees() -> None:
    rows = {found["name"]: found for found in ROW.finditer(PAGE.read_text("utf-8"))}
    assert rows.keys() == {name for module in modules() for name in cases(module)}, UPDATE
    for found in rows.values():
        low, expected, high = (float(found[k]) for k in ("low", "expected", "high"))
        rounding = 1e-4 * abs(expected)
        assert low - rounding <= expected <= high + rounding
        assert float(found["share"]) <= 100 * LARGEST_HALF_WIDTH
