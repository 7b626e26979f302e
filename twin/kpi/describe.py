"""The reference of the key figures as Markdown, from `registry` and `state_map`."""

from __future__ import annotations

from itertools import groupby

from twin.kpi.policy import POLICIES, TPM
from twin.kpi.registry import DEFINITIONS
from twin.kpi.state_map import STATE_MAP

_TITLES = {
    "plant": "Plant",
    "oee_policy": "OEE policy",
    "energy": "Energy",
    "cost": "Cost",
    "bottleneck": "Bottleneck",
    "stations": "Stations",
    "buffers": "Buffers, conveyors and stores",
    "workcells": "Workcells",
    "lines": "Lines",
    "robots": "Robots",
    "orders": "Orders",
    "ergonomics": "Manual handling",
    "fleets": "Vehicle fleets",
    "cranes": "Cranes",
    "pools": "Workers",
    "script": "Key figures of a script",
}

_MEANINGS = (
    "state", "reason", "loss", "six big losses", "ISO 22400", "PackML", "PackML detail",
    "SEMI E10", "power",
)  # fmt: skip


def definitions_markdown() -> str:
    """Return tables of all key figures with unit and definition."""
    lines: list[str] = []
    ordered = sorted(DEFINITIONS, key=lambda d: [*_TITLES].index(d.group))
    for group, found in groupby(ordered, key=lambda d: d.group):
        lines += [f"### {_TITLES[group]}", "", "| key | unit | definition |", "|---|---|---|"]
        lines += [f"| `{d.path}` | {d.unit} | {d.text} |" for d in found]
        lines.append("")
    return "\n".join(lines)


def policies_markdown() -> str:
    """Return the table of OEE policies: where each loss counts, and the sources."""
    names = [*POLICIES]
    lines = ["| loss | " + " | ".join(f"`{n}`" for n in names) + " |", "|---" * 4 + "|"]
    for loss in TPM.counts():
        told = " | ".join(POLICIES[n].counts()[loss] for n in names)
        lines.append(f"| `{loss}` | {told} |")
    lines.append("")
    for policy in POLICIES.values():
        told = f"{policy.title}. Planned time is {policy.planned_time}. Source: {policy.source}"
        lines.append(f"* `{policy.name}`: {told}")
    return "\n".join(lines) + "\n"


def state_map_markdown() -> str:
    """Return the table from run states to other vocabularies."""
    lines = [
        f"| {' | '.join(_MEANINGS)} |",
        "|---" * len(_MEANINGS) + "|",
    ]
    for m in STATE_MAP:
        packml = (m.packml, m.packml_detail)
        cells = (m.loss, m.six_big_losses, m.iso22400, *packml, m.semi_e10, m.power)
        lines.append(f"| `{m.state}` | {m.reason or 'any other'} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
