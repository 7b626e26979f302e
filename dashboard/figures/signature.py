"""Scores of single cycles of a robot or machine over the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import theme
from dashboard.figures.sample import thinned
from dashboard.theme import Floats
from twin import palette
from twin.diagnose.finding import lasting
from twin.run.run import Run
from twin.signature import signature
from twin.signature.score import LIMIT

MOST_NORMAL = 500
MOST_ODD = 400
"""Points of one verdict and row at most."""
SHOWN_SD = 12.0
"""Scores beyond it are drawn at the edge; the label says their value."""
ROWS = (
    ("duration_score", "Duration"),
    ("standstill_score", "Standstill"),
    ("load_score", "Load"),
    ("signal_score", "Oddest signal"),
)
COLOURS = {
    "normal": theme.FAINT,
    "fast": theme.MAIN,
    "unusual": theme.MAIN,
    "slow": palette.WARNING,
    "overload": palette.WARNING,
    "load_lost": palette.CRITICAL,
    "stopped": palette.CRITICAL,
}
"""Grey is normal, blue-grey is odd but costs nothing, amber and red cost time or the part."""


@dataclass(frozen=True)
class Dots:
    """Cycles of one verdict in one row: begin and score."""

    row: int
    verdict: str
    t_s: Floats
    score: Floats


@dataclass(frozen=True)
class SignatureData:
    """Scores of the cycles of one robot or machine.

    Attributes
    ----------
    start : str
        Wall-clock time of second 0.
    end_s : float
        End of the run.
    resource : str
    n : int
        Cycles scored.
    rows : tuple of str
        Names of the scores that are known.
    counts : dict
        Verdict -> cycles.
    dots : tuple of Dots
    """

    start: str
    end_s: float
    resource: str
    n: int
    rows: tuple[str, ...]
    counts: dict[str, int]
    dots: tuple[Dots, ...]


def signature_data(run: Run, resource: str) -> SignatureData:
    """Return the scores of every cycle against the others.

    Raises
    ------
    RunError
        It has too few cycles.
    """
    found = signature(run, resource)
    cycles = found.cycles
    known = [(c, name) for c, name in ROWS if c in cycles and cycles[c].notna().any()]
    dots = []
    for row, (column, _) in enumerate(known):
        for verdict in COLOURS:
            mine = cycles[(cycles["verdict"] == verdict) & cycles[column].notna()]
            if len(mine):
                most = MOST_NORMAL if verdict == "normal" else MOST_ODD
                t_s = mine["start_s"].to_numpy(np.float64)
                dots.append(
                    Dots(row, verdict, *thinned(t_s, mine[column].to_numpy(np.float64), most))
                )
    counts = cycles["verdict"].value_counts()
    return SignatureData(
        start=run.scenario.start,
        end_s=run.horizon_s,
        resource=resource,
        n=found.n,
        rows=tuple(name for _, name in known),
        counts={v: int(counts[v]) for v in COLOURS if v in counts},
        dots=tuple(dots),
    )


def signature_figure(data: SignatureData) -> go.Figure:
    """Draw one row for each score, cycles as dots in the colour of their verdict."""
    n = max(len(data.rows), 1)
    fig = make_subplots(rows=n, cols=1, shared_xaxes=True, vertical_spacing=0.24 / n)
    named: set[str] = set()
    usual = {"normal", *lasting(data.counts)}
    for dots in data.dots:
        word = dots.verdict.replace("_", " ")
        score = np.round(dots.score, 2)
        fig.add_trace(
            go.Scatter(
                x=theme.clock_ms(data.start, dots.t_s), y=np.clip(score, -SHOWN_SD, SHOWN_SD),
                customdata=score, mode="markers", name=word, legendgroup=word,
                showlegend=word not in named,
                marker={"size": 3 if dots.verdict in usual else 6,
                        "color": COLOURS[dots.verdict]},
                hovertemplate=f"%{{customdata:.1f}} sd<extra>{word}</extra>",
            ),
            row=dots.row + 1, col=1,
        )  # fmt: skip
        named.add(word)
    theme.layout(fig, margin={"l": 40, "r": 12, "t": 34, "b": 28}, showlegend=True)
    fig.update_layout(legend={"y": 1.06})
    theme.time_axis(fig, data.start, 0.0, data.end_s)
    for row, name in enumerate(data.rows, start=1):
        fig.add_annotation(
            text=f"{name} [sd]", xref="x domain", yref=f"y{row if row > 1 else ''} domain", x=1,
            y=1, yanchor="top", xanchor="right", showarrow=False, bgcolor=theme.SURFACE,
            font={"size": 11, "color": theme.MUTED},
        )  # fmt: skip
        for limit in (-LIMIT, LIMIT):
            fig.add_hline(
                y=limit, line={"color": theme.LINE, "width": 1, "dash": "dot"}, row=row, col=1
            )
    fig.update_yaxes(nticks=4, range=[-SHOWN_SD * 1.05, SHOWN_SD * 1.05])
    return fig
