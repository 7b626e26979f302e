"""Tables to sort and filter, of which one row is picked."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
from dash.development.base_component import Component

MOST_ROWS = 8
PLAIN = {"suppressHeaderFilterButton": True}
"""Of a narrow column: sorted by a click, without a button for a filter."""


def grid(
    grid_id: str,
    rows: list[dict[str, Any]],
    columns: list[dict[str, Any]],
    selected: list[dict[str, Any]],
    *,
    row_px: int = 30,
    tooltip: str,
) -> Component:
    """Return a table; it shows up to `MOST_ROWS` rows at once.

    Parameters
    ----------
    grid_id : str
    rows : list of dict
        Values by the name of the column; ``id`` tells them apart.
    columns : list of dict
        What AG Grid needs to know of each column.
    selected : list of dict
        The rows picked at first.
    row_px : int
        Height of a row.
    tooltip : str
        Column shown where the pointer rests on a cell.
    """
    made: Component = dag.AgGrid(
        id=grid_id,
        rowData=rows,
        columnDefs=columns,
        defaultColDef={
            "sortable": True,
            "filter": True,
            "resizable": True,
            "tooltipField": tooltip,
        },
        selectedRows=selected,
        getRowId="params.data.id",
        dashGridOptions={
            "rowSelection": {
                "mode": "singleRow",
                "checkboxes": False,
                "enableClickSelection": True,
            },
            "rowHeight": row_px,
            "headerHeight": row_px,
            "suppressCellFocus": False,
            "animateRows": False,
        },
        className="ag-theme-alpine compact",
        style={"height": f"{min(MOST_ROWS, len(rows)) * row_px + row_px + 4}px"},
    )
    return made


def picked_id(rows: object) -> str:
    """Return the id of the picked row as the browser sent it; empty if none is picked."""
    first = rows[0] if isinstance(rows, list) and rows else None
    text = first.get("id") if isinstance(first, dict) else None
    return text if isinstance(text, str) else ""
