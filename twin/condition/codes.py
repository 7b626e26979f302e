"""What people say of an alarm: failure mode, cause and action.

The three lists are celltwin's own, short enough to choose from; they follow the usual structure of
maintenance records (what failed how, why, what was done) and no standard's list.
"""

from __future__ import annotations

from twin.errors import Problem, nearest

MODES: dict[str, str] = {
    "no_failure": "Nothing was wrong: a false alarm",
    "imbalance": "Rotating part out of balance",
    "misalignment": "Shafts, guides or axes not aligned",
    "looseness": "Loose fastening or foundation",
    "bearing": "Bearing damaged or worn",
    "lubrication": "Too little, too much or wrong lubricant",
    "friction": "A joint or guide runs hard",
    "overheating": "Too hot: cooling, load or friction",
    "leak": "Vacuum, air, coolant or electrolyte leaks",
    "blockage": "Something is stuck or clogged",
    "tool_wear": "Tool, gripper, knife or electrode worn",
    "electrical": "Drive, cable, supply or contact",
    "sensor": "The sensor, not the asset",
    "control": "Program, parameter or taught point",
    "safety_stop": "A safety function stopped it",
    "energy_low": "Battery or supply too low",
    "breakage": "A part broke",
    "other": "None of these",
    "unknown": "Not found out",
}
CAUSES: dict[str, str] = {
    "wear": "Ordinary wear",
    "ageing": "Age, not use",
    "contamination": "Dust, chips, electrolyte, foreign matter",
    "overload": "Used beyond its limits",
    "operation": "Wrong handling",
    "maintenance": "Maintenance left out or done wrongly",
    "installation": "Built in or set up wrongly",
    "design": "Not made for what it does",
    "material": "Material or part supplied was bad",
    "environment": "Temperature, humidity, supply",
    "software": "Program or parameter",
    "other": "None of these",
    "unknown": "Not found out",
}
ACTIONS: dict[str, str] = {
    "none": "Nothing was done",
    "inspected": "Looked at, nothing changed",
    "adjusted": "Adjusted, aligned or tightened",
    "cleaned": "Cleaned",
    "lubricated": "Lubricated",
    "repaired": "Repaired in place",
    "replaced": "A part was replaced",
    "overhauled": "Taken apart and renewed",
    "reprogrammed": "Program, parameter or point changed",
    "restarted": "Reset or restarted",
    "charged": "Battery charged or exchanged",
    "other": "None of these",
}
LISTS: dict[str, dict[str, str]] = {"mode": MODES, "cause": CAUSES, "action": ACTIONS}


def code_problems(codes: dict[str, str]) -> list[Problem]:
    """Return what is wrong with codes given by the name of their list."""
    return [
        Problem(
            f"--{name}",
            f"'{code}' is no {name} code{nearest(code, [*LISTS[name]])}.",
            f"Codes are {', '.join(LISTS[name])}.",
        )
        for name, code in codes.items()
        if code not in LISTS[name]
    ]


def codes_markdown() -> str:
    """Return the three lists as Markdown."""
    lines: list[str] = []
    for name, codes in LISTS.items():
        lines += [f"| {name} | meaning |", "|---|---|"]
        lines += [f"| `{code}` | {text} |" for code, text in codes.items()]
        lines.append("")
    return "\n".join(lines)
