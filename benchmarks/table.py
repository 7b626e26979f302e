"""Results as text that is also Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.check import Estimate
from benchmarks.result import Figure, Result, Row
from benchmarks.subjects import BARE, BASE

COMPARED = ("simulator", "records", "CPU s", "visits/CPU s", "x SimPy written", "x SimPy bare")
FIGURES = ("figure", "value", "unit", "target", "reached", "note")


def text(results: Sequence[Result]) -> str:
    """Return every result under its title."""
    return "\n\n".join(_one(result) for result in results)


def _one(result: Result) -> str:
    title = f"### {result.title}"
    if result.left_out:
        return f"{title}\n\nLeft out: {result.left_out}."
    if result.rows:
        return f"{title}\n\n{_expected(result)}\n\n{_compared(result)}"
    return f"{title}\n\n{grid(FIGURES, [_figure(f) for f in result.figures])}"


def _expected(result: Result) -> str:
    if result.expected is None:
        return ""
    return f"Expected {result.quantity}: {_estimate(result.expected)}."


def _compared(result: Result) -> str:
    head = (*COMPARED, result.quantity, "agrees")
    return grid(head, [_row(result, row) for row in result.rows])


def _row(result: Result, row: Row) -> list[str]:
    if row.cpu_s is None or row.rate is None or row.observed is None:
        return [row.subject, row.records, row.why, *[""] * 5]
    return [
        row.subject,
        row.records,
        f"{row.cpu_s:.2f}",
        f"{row.rate:,.0f}",
        _times(result.ratio(row, BASE)),
        _times(result.ratio(row, BARE)),
        _estimate(row.observed),
        "yes" if row.agrees else "NO",
    ]


def _figure(figure: Figure) -> list[str]:
    target = (
        ""
        if figure.target is None
        else f"{'>=' if figure.more_is_better else '<='} {figure.target:g}"
    )
    reached = {None: "", True: "yes", False: "no"}[figure.reached]
    return [figure.name, _number(figure.value), figure.unit, target, reached, figure.note]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def _estimate(estimate: Estimate) -> str:
    if not estimate.half_width:
        return f"{estimate.mean:.4g}"
    return f"{estimate.mean:.4f} ± {estimate.half_width:.4f}"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with columns of equal width."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    rule = [("-" * width) for width in widths]
    return "\n".join(line(cells) for cells in (head, rule, *rows))
