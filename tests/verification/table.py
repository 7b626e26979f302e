"""Write the tables of docs/verification.md: ``python -m tests.verification.table [FILE ...]``.

Every verification file is listed with the first sentence of its docstring, and the statistical
comparisons in its ``CASES`` are simulated anew: of all files (some two minutes), or of those named,
``test_oven`` for example; with ``list`` of none. The same seeds give the same page.
"""

from __future__ import annotations

import importlib
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from tests.support.comparison import Case, Comparison

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "verification.md"
HEAD = "| case: compared figure | expected | simulated | 99 % interval | half-width |\n"
HEAD += "|---|---:|---:|---:|---:|\n"


def modules() -> Iterator[ModuleType]:
    """Yield the verification files in order of their names."""
    for path in sorted(FOLDER.glob("test_*.py")):
        yield importlib.import_module(f"tests.verification.{path.stem}")


def cases(module: ModuleType) -> dict[str, Case]:
    """Return the statistical comparisons of a file."""
    found: dict[str, Case] = getattr(module, "CASES", {})
    return found


def title(module: ModuleType) -> str:
    """Return the first sentence of a file's docstring, on one line."""
    text = (module.__doc__ or "").strip().split("\n\n")[0]
    return re.split(r"(?<=\.)\s", re.sub(r"\s+", " ", text))[0].rstrip(":.")


def row(name: str, result: Comparison) -> str:
    """Return the line of one comparison."""
    low, high = result.simulated - result.half_width, result.simulated + result.half_width
    cells = [
        name, f"{result.expected:.5g}", f"{result.simulated:.5g}", f"{low:.5g} to {high:.5g}",
        f"{result.relative:.2%}".replace("%", " %"),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def index_markdown() -> str:
    """Return the table of all files."""
    lines = ["| file | what is verified | comparisons in the mean |\n", "|---|---|---:|\n"]
    for module in modules():
        name = module.__name__.rpartition(".")[2]
        link = f"[{name}](../tests/verification/{name}.py)"
        lines.append(f"| {link} | {title(module)} | {len(cases(module)) or ''} |\n")
    return "".join(lines)


def comparisons_markdown(page: str, chosen: list[str]) -> str:
    """Return the tables of all files; those not chosen are taken from the page as they are."""
    parts = []
    for module in modules():
        name = module.__name__.rpartition(".")[2]
        if not cases(module):
            continue
        before = re.search(rf"<!-- {name} -->\n.*?(?=\n<!-- )", page, re.DOTALL)
        if before is not None and chosen and name not in chosen:
            parts.append(before[0])
        else:
            parts.append(f"<!-- {name} -->\n### {title(module)}\n\n{HEAD}{rows(module)}")
    return "\n".join(parts)


def rows(module: ModuleType) -> str:
    """Simulate every comparison of a file and return the lines of its table."""
    lines = []
    for name, case in cases(module).items():
        with tempfile.TemporaryDirectory() as folder:
            result = case(Path(folder) / "r")
        sys.stderr.write(f"{name}\n")
        result.check()
        lines.append(row(name, result))
    return "".join(lines)


def with_section(text: str, name: str, body: str) -> str:
    """Return `text` with the part between the markers of `name` replaced by `body`."""
    pattern = re.compile(rf"(<!-- {name}:.*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}\n{body}\n{match[2]}", text)


def main(chosen: list[str]) -> None:
    """Rewrite the tables of the page."""
    before = PAGE.read_text("utf-8")
    page = with_section(before, "files", index_markdown())
    PAGE.write_text(
        with_section(page, "comparisons", comparisons_markdown(before, chosen)), "utf-8"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
