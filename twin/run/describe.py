"""The reference of the run tables, written out from `twin.run.tables`."""

from __future__ import annotations

from twin.run.tables import FORMAT_VERSION, TABLES

_TYPES = {
    "f8": "float64",
    "i8": "int64",
    "i4": "int32",
    "text": "text (dictionary)",
}


def tables_markdown() -> str:
    """Return every table of a run folder as Markdown, column by column."""
    lines = [f"Format version {FORMAT_VERSION[0]}.{FORMAT_VERSION[1]}.", ""]
    for table in TABLES.values():
        lines += [f"### `{table.name}`", "", f"A row is {table.row}.", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {_TYPES[c.type]} | {c.meaning} |" for c in table.columns]
        lines.append("")
    return "\n".join(lines)
