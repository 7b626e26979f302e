"""What the commands print: messages, tables and progress. Results go to stdout, the rest not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from twin.errors import CelltwinError

STEP_WITHOUT_TERMINAL_S = 10.0

Tick = Callable[[float, float], None]


def console() -> Console:
    """Return the console of the results (stdout)."""
    made = Console(highlight=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = max(made.width, 160)
    return made


def messages() -> Console:
    """Return the console of messages and progress (stderr)."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print one message line to stderr."""
    messages().print(escape(text))


def complain(error: CelltwinError) -> None:
    """Print every problem of an error, one a line, and their number where there are several."""
    out = messages()
    for problem in error.problems:
        out.print(escape(str(problem)))
    if len(error.problems) > 1:
        out.print(f"{len(error.problems)} problems.")


def print_json(data: object) -> None:
    """Print data as JSON to stdout."""
    Console(soft_wrap=True, highlight=False, markup=False, emoji=False).print(
        json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False)
    )


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; the first column and texts are left-aligned, numbers right-aligned."""
    drawn = Table(title=escape(title), title_justify="left", header_style="bold", box=None)
    for k, name in enumerate(columns):
        values = [row[k] for row in rows]
        right = k > 0 and all(isinstance(v, int | float) or v is None for v in values)
        drawn.add_column(escape(name), justify="right" if right else "left", no_wrap=k == 0)
    for row in rows:
        drawn.add_row(*(escape(shown(value)) for value in row))
    out = console()
    out.print(drawn)
    out.print()


def shown(value: object) -> str:
    """Write a value for people: four significant digits, a dash for a missing one."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def clock(t_s: float) -> str:
    """Write seconds since the start of the run as h:mm:ss."""
    whole = round(t_s)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


@contextmanager
def progress(what: str) -> Iterator[Tick]:
    """Show a bar with the time left on a terminal, and a line now and then elsewhere.

    Yields a function to call with (done, total).
    """
    out = messages()
    if out.is_terminal:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=out,
        ) as bars:
            task = bars.add_task(escape(what), total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total)
        return
    yield _lines(what, out)


def _lines(what: str, out: Console) -> Tick:
    began = last = time.monotonic()

    def tick(done: float, total: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < STEP_WITHOUT_TERMINAL_S or not 0 < done < total:
            return
        last = now
        left = (now - began) * (total - done) / done
        out.print(f"{escape(what)}: {100 * done / total:.0f} %, {left:.0f} s left")

    return tick
